"""What the command line prints: JSON lines or plain text, errors beside the results, and the exit status."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from mmbm_desktop.cli.messages import error_words

if TYPE_CHECKING:
    from mmbm_desktop.protocol.failure import Failure


def rounded(number: float | None) -> float | None:
    """Return a number as JSON lines show it, to four digits."""
    return None if number is None else round(number, 4)


class Output:
    """Prints answers and errors of one command and remembers whether any input failed."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.failures = 0

    @property
    def exit_status(self) -> int:
        """0, or 1 when any input failed."""
        return 1 if self.failures else 0

    def answer(self, record: dict[str, object], text: str) -> None:
        """Print one answer: `record` as a JSON line, else `text`."""
        if self.as_json:
            print(json.dumps(record, ensure_ascii=False), flush=True)
        elif text:
            print(text, flush=True)

    def note(self, text: str) -> None:
        """Print something for the person that is no answer; not in JSON mode."""
        if not self.as_json:
            print(text, file=sys.stderr, flush=True)

    def failure(self, failure: Failure, *, path: str | None = None, key: str = "path") -> None:
        """Print one error; the other inputs go on."""
        self.failures += 1
        message = error_words(failure)
        if self.as_json:
            record = {key: path, "error": failure.code.value, "message": message}
            print(json.dumps(record, ensure_ascii=False), flush=True)
        else:
            print(f"{path}: {message}" if path else message, file=sys.stderr, flush=True)
