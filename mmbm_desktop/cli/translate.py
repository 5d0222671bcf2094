"""`mmbm translate`: a text, or every line of standard input, into English or Chinese."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.session import open_engine, run
from mmbm_desktop.protocol.requests import TranslateRequest
from mmbm_desktop.protocol.results import TranslateResult

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

STANDARD_INPUT = "-"


def translate(arguments: argparse.Namespace) -> int:
    """Translate each text and return the exit status."""
    output = Output(as_json=arguments.json)
    with open_engine() as engine:
        for text in _texts(arguments.text):
            request = TranslateRequest(text, arguments.to, arguments.source, model=arguments.model)
            job = run(engine, request)
            if job.failure is not None:
                output.failure(job.failure, path=text, key="input")
            elif isinstance(job.result, TranslateResult):
                _print(job.result, output)
    return output.exit_status


def _texts(text: str) -> Iterator[str]:
    """Give the text, or the lines of standard input that are not blank, as they come."""
    if text != STANDARD_INPUT:
        yield text
        return
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for line in sys.stdin:
        if line.strip():
            yield line.strip()


def _print(result: TranslateResult, output: Output) -> None:
    record: dict[str, object] = {
        "input": result.text,
        "task": "translate",
        "text": result.translation,
        "from": result.source,
        "to": result.to,
        "score": round(result.score, 4),
        "back": result.back,
        "back_score": round(result.back_score, 4),
        "model": result.made.model,
        "device": result.made.device,
        "ms": round(result.made.ms, 1),
    }
    back = words("translated-back", back=result.back, score=result.back_score)
    output.answer(record, f"{result.translation}  ({result.score:.2f})\n    {back}")
