"""`mmbm caption`: captions for pictures, one after the other; a broken one does not stop the rest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.cli.output import Output, rounded
from mmbm_desktop.cli.session import open_engine, run
from mmbm_desktop.library.sidecars.beside import write_captions
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.requests import CaptionRequest
from mmbm_desktop.protocol.results import CaptionResult

if TYPE_CHECKING:
    import argparse

    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.protocol.requests import Language


def caption(arguments: argparse.Namespace) -> int:
    """Caption each path and return the exit status."""
    output = Output(as_json=arguments.json)
    with open_engine() as engine:
        for path in arguments.paths:
            _caption_one(engine, path, arguments, output)
    return output.exit_status


def _caption_one(engine: Engine, path: str, arguments: argparse.Namespace, output: Output) -> None:
    request = CaptionRequest(
        str(Path(path).absolute()),
        languages=(cast("Language", arguments.lang),),
        best=arguments.best,
        beam=max(3, arguments.best),
        model=arguments.model,
    )
    job = run(engine, request, Path(path).name)
    if job.failure is not None:
        output.failure(job.failure, path=path)
    elif isinstance(job.result, CaptionResult):
        _print(path, job.result, output)
        if arguments.sidecar:
            _write(Path(path), job.result, arguments.sidecar, output)


def _print(path: str, result: CaptionResult, output: Output) -> None:
    for number, one in enumerate(result.captions):
        record: dict[str, object] = {
            "path": path,
            "task": "caption",
            "text": one.text,
            "language": one.language,
            "score": round(one.score, 4),
            "fit": round(result.fit, 4),
            "probability": rounded(result.probability) if number == 0 else None,
            "model": result.made.model,
            "device": result.made.device,
            "ms": round(result.made.ms, 1),
        }
        output.answer(record, f"{path}: {one.text}  ({one.score:.2f})")


def _write(path: Path, result: CaptionResult, form: str, output: Output) -> None:
    try:
        write_captions(path, result.captions, form)
    except MmbmError as error:
        output.failure(Failure.of(error), path=str(error.params.get("path", path)))
