"""`mmbm classify`: which of a trained model's classes pictures show, as lines of text or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.session import open_engine, run
from mmbm_desktop.protocol.requests import ClassifyRequest
from mmbm_desktop.protocol.results import ClassifyResult

if TYPE_CHECKING:
    import argparse


def classify(arguments: argparse.Namespace) -> int:
    """Classify each path and return the exit status; a broken picture does not stop the rest."""
    output = Output(as_json=arguments.json)
    with open_engine() as engine:
        for path in arguments.paths:
            request = ClassifyRequest(str(Path(path).absolute()), arguments.best, arguments.model)
            job = run(engine, request, Path(path).name)
            if job.failure is not None:
                output.failure(job.failure, path=path)
            elif isinstance(job.result, ClassifyResult):
                _print(path, job.result, output)
    return output.exit_status


def _print(path: str, result: ClassifyResult, output: Output) -> None:
    made = {"model": result.made.model, "device": result.made.device, "ms": round(result.made.ms, 1)}
    for guess in result.guesses:
        record = {"path": path, "task": "classify", "label": guess.label, "score": round(guess.score, 4), **made}
        output.answer(record, f"{path}: {guess.label}  ({guess.score:.2f})")
