"""Finds items by what their names, captions and transcripts contain: an index of trigrams, then the text itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.library.finding import condition_of
from mmbm_desktop.library.postgres.letters import LETTERS
from mmbm_desktop.library.rows import in_parts
from mmbm_desktop.library.word_search import WORTH_RANKING, ranked

if TYPE_CHECKING:
    from mmbm_desktop.library.connection import Connection
    from mmbm_desktop.protocol.filters import Filters


class PostgresWords:
    """Any number of threads may search."""

    def ids(self, connection: Connection, wanted: str, top: int, filters: Filters) -> tuple[int, ...]:
        """Return ids of up to `top` items that contain `wanted`, which is not empty.

        They are ranked as `library.word_search` ranks them: up to 300 by BM25, more of them by age.
        """
        holding, asked = connection.dialect.holding(wanted)
        where, values = condition_of(connection.dialect, filters)
        rows = connection.execute(
            f"SELECT id FROM items WHERE id IN ({holding}) AND missing = 0{where} ORDER BY id DESC LIMIT ?",  # noqa: S608
            (*asked, *values, max(top, WORTH_RANKING + 1)),
        )
        found = [row[0] for row in rows]
        if len(found) <= WORTH_RANKING and len(wanted) >= LETTERS:
            found = ranked(found, _weights(connection, found, wanted.lower()))
        return tuple(found[:top])


def _weights(connection: Connection, ids: list[int], folded: str) -> dict[int, tuple[int, int]]:
    """Return by item how often its words contain a text, and how many letters they have."""
    found: dict[int, tuple[int, int]] = {}
    for marks, part in in_parts(ids):
        rows = connection.execute(
            f"SELECT rowid, length(folded), length(replace(folded, ?, '')) FROM words WHERE rowid IN ({marks})",  # noqa: S608
            (folded, *part),
        )
        found.update((number, ((whole - rest) // len(folded), whole)) for number, whole, rest in rows)
    return found
