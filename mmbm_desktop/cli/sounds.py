"""`mmbm sounds`: which sounds are heard in audio files, and when, as lines of text or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.cli.messages import prefers_chinese, words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.session import open_engine, run
from mmbm_desktop.protocol.requests import SoundsRequest
from mmbm_desktop.protocol.results import SoundsResult

if TYPE_CHECKING:
    import argparse


def sounds(arguments: argparse.Namespace) -> int:
    """Listen to each path and return the exit status."""
    output = Output(as_json=arguments.json)
    with open_engine() as engine:
        for path in arguments.paths:
            job = run(engine, SoundsRequest(str(Path(path).absolute()), arguments.model), Path(path).name)
            if job.failure is not None:
                output.failure(job.failure, path=path)
            elif isinstance(job.result, SoundsResult):
                _print(path, job.result, output)
    return output.exit_status


def _print(path: str, result: SoundsResult, output: Output) -> None:
    about = {"path": path, "task": "sounds"}
    made = {"model": result.made.model, "device": result.made.device, "ms": round(result.made.ms, 1)}
    language = "zh" if prefers_chinese() else "en"
    for sound in result.sounds:
        start, end, score = round(sound.start_s, 3), round(sound.end_s, 3), round(sound.score, 4)
        record = {**about, "label": sound.label, "start": start, "end": end, "score": score, **made}
        name = result.name(sound.label, language)
        output.answer(record, f"{start:8.2f} {end:8.2f}  {score:.2f}  {name}")
    if not result.sounds:
        output.note(f"{path}: {words('nothing-heard')}")
        output.answer({**about, "label": "", "start": 0.0, "end": 0.0, "score": 0.0, **made}, "")
