"""The command line's start: parse, run one command, sort what went wrong into an exit status."""

from __future__ import annotations

import io
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.cli.arguments import build_parser
from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

COMMANDS = {
    "caption": ("mmbm_desktop.cli.caption", "caption"),
    "classify": ("mmbm_desktop.cli.classify", "classify"),
    "index": ("mmbm_desktop.cli.library", "index"),
    "export": ("mmbm_desktop.cli.exporting", "export"),
    "import": ("mmbm_desktop.cli.exporting", "import_words"),
    "library": ("mmbm_desktop.cli.keeping", "library"),
    "undo": ("mmbm_desktop.cli.library", "undo"),
    "tag": ("mmbm_desktop.cli.tags", "tag"),
    "search": ("mmbm_desktop.cli.library", "search"),
    "transcribe": ("mmbm_desktop.cli.speech", "transcribe"),
    "translate": ("mmbm_desktop.cli.translate", "translate"),
    "sounds": ("mmbm_desktop.cli.sounds", "sounds"),
    "train": ("mmbm_desktop.cli.training", "train"),
    "corrections": ("mmbm_desktop.cli.improving", "corrections"),
    "improve": ("mmbm_desktop.cli.improving", "improve"),
    "runs": ("mmbm_desktop.cli.runs", "runs"),
    "capture": ("mmbm_desktop.cli.capturing", "capture"),
    "examine": ("mmbm_desktop.cli.examining", "examine"),
    "evaluate": ("mmbm_desktop.cli.training", "evaluate"),
    "play": ("mmbm_desktop.cli.play", "play"),
    "models": ("mmbm_desktop.cli.installed", "models"),
    "doctor": ("mmbm_desktop.cli.doctor", "doctor"),
    "bench": ("mmbm_desktop.cli.bench", "bench"),
}
INTERRUPTED = 130


def main(argv: list[str]) -> int:
    """Run one command: 0 all done, 1 an input failed, 2 wrong arguments, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    arguments = build_parser().parse_args(argv)
    module, name = COMMANDS[arguments.command]
    run: Callable[[argparse.Namespace], int] = getattr(import_module(module), name)
    try:
        return run(arguments)
    except MmbmError as error:
        output = Output(as_json=arguments.json)
        output.failure(Failure.of(error), path=str(error.params.get("path", "")) or None)
        return 1
    except KeyboardInterrupt:
        print(words("interrupted"), file=sys.stderr)
        return INTERRUPTED
