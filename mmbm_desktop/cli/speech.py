"""`mmbm transcribe`: what is said in audio files, as text, subtitles or JSON lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.session import open_engine, run
from mmbm_desktop.media.subtitles import as_srt, as_text, as_vtt
from mmbm_desktop.protocol.requests import TranscribeRequest
from mmbm_desktop.protocol.results import TranscriptResult

if TYPE_CHECKING:
    import argparse

_WRITERS = {"txt": as_text, "srt": as_srt, "vtt": as_vtt}


def transcribe(arguments: argparse.Namespace) -> int:
    """Transcribe each path and return the exit status."""
    form = "json" if arguments.json else arguments.format
    output = Output(as_json=form == "json")
    with open_engine() as engine:
        for path in arguments.paths:
            request = TranscribeRequest(str(Path(path).absolute()), arguments.lang, arguments.model)
            job = run(engine, request, Path(path).name)
            if job.failure is not None:
                output.failure(job.failure, path=path)
            elif isinstance(job.result, TranscriptResult):
                _print(path, job.result, form, output)
    return output.exit_status


def _print(path: str, result: TranscriptResult, form: str, output: Output) -> None:
    if form != "json":
        if not result.segments:
            output.note(f"{path}: {words('nothing-said')}")
        output.answer({}, _WRITERS[form](result.segments).rstrip("\n"))
        return
    made = {"model": result.made.model, "device": result.made.device, "ms": round(result.made.ms, 1)}
    for segment in result.segments:
        spoken = [
            {"text": w.text, "start": round(w.start_s, 3), "end": round(w.end_s, 3), "score": round(w.confidence, 4)}
            for w in segment.words
        ]
        record: dict[str, object] = {
            "path": path,
            "task": "transcribe",
            "text": segment.text,
            "start": round(segment.start_s, 3),
            "end": round(segment.end_s, 3),
            "score": round(segment.confidence, 4),
            **made,
            "words": spoken,
        }
        output.answer(record, "")
    if not result.segments:
        output.answer({"path": path, "task": "transcribe", "text": "", "score": 0.0, **made}, "")
