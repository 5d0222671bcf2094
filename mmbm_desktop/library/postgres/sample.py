"""A few texts of the library, by which a search guesses how many items will contain what is looked for."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.library.connection import Connection

_TEXTS = 500
_LETTERS = 2000
_GROWN = 2


@dataclass(frozen=True)
class Sample:
    """Folded texts, evenly spread over a library whose highest item id was `newest`."""

    newest: int
    texts: tuple[str, ...]

    def share(self, folded: str) -> float:
        """Return which part of the texts contains some letters."""
        return sum(folded in text for text in self.texts) / max(1, len(self.texts))

    def rarest(self, groups: list[str], most: int) -> list[str]:
        """Return those of some groups of letters that are in the fewest texts."""
        return sorted(groups, key=self.share)[:most]


class Sampling:
    """Keeps the sample; a new one is taken when the library has doubled. Any number of threads may ask."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._sample = Sample(0, ())

    def sample(self, connection: Connection) -> Sample:
        """Return the sample of before, or a first one."""
        with self._guard:
            if not self._sample.newest:
                self._sample = _drawn(connection)
            return self._sample

    def grown_to(self, newest: int) -> None:
        """Note the highest item id; the next search takes a new sample if there are many more items."""
        with self._guard:
            if newest > _GROWN * self._sample.newest:
                self._sample = Sample(0, ())


def _drawn(connection: Connection) -> Sample:
    (newest,) = connection.execute("SELECT COALESCE(MAX(rowid), 0) FROM words").fetchone()
    numbers = list(range(1, newest + 1, max(1, newest // _TEXTS)))
    rows = connection.execute("SELECT left(folded, ?) FROM words WHERE rowid = ANY(?::bigint[])", (_LETTERS, numbers))
    return Sample(newest, tuple(text for (text,) in rows))
