"""A connection to PostgreSQL that takes the library's statements, and what PostgreSQL says in its own way.

The statements are translated by a few rules and not parsed: they are the library's own, and `tests/library` runs every
one on both stores. `LIKE` becomes `ILIKE`; the columns have the collation "C", so that it takes only A to Z for a to z,
as SQLite does. `+missing` and `+path` tell SQLite which index not to use and `CROSS JOIN` in which order to join; here
the planner decides.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
from psycopg.adapt import Dumper

from mmbm_desktop.library.postgres.letters import asked_grams, grams_of
from mmbm_desktop.library.rows import like_literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from mmbm_desktop.library.connection import Condition, Connection, Dialect

_RULES = (("%", "%%"), ("?", "%s"), ("CROSS JOIN", "JOIN"))
_LIKE = re.compile(r"\bLIKE\b")
_UNINDEXED = re.compile(r"\+(?=(?:missing|path)\b)")
_INT4 = 23


class PostgresDialect:
    """See `Dialect`. A row's place is in its column `origin`."""

    same_inode = "(inode = ? OR origin <> current_setting('mmbm.place'))"
    tag_is = "lower(name) = lower(?)"
    tag_key = "lower(t.name)"
    here = " AND origin = current_setting('mmbm.place')"

    def vector(self, half: npt.NDArray[np.floating]) -> str:
        """See `Dialect.vector`."""
        return vector_text(half)

    def in_a_folder(self, part: str) -> Condition:
        """See `Dialect.in_a_folder`; letters other than A to Z are compared as bytes, as SQLite does."""
        sep = like_literal(_escaped(os.sep))
        pattern = f"%{sep}%{like_literal(_escaped(part))}%{sep}%"
        return r"""encode(path, 'escape') COLLATE "C" LIKE ? ESCAPE '\'""", (pattern,)

    def holding(self, wanted: str) -> Condition:
        """See `Dialect.holding`."""
        folded = wanted.lower()
        return "SELECT rowid FROM words WHERE grams @> ?::int[] AND strpos(folded, ?) > 0", (
            asked_grams(folded),
            folded,
        )

    def put_words(self, connection: Connection, item_id: int, words: tuple[str, str, str]) -> None:
        """See `Dialect.put_words`."""
        folded = "\n".join(words).lower()
        connection.execute(
            "INSERT INTO words (rowid, folded, grams) VALUES (?, ?, ?::int[]) ON CONFLICT (rowid)"
            " DO UPDATE SET folded = excluded.folded, grams = excluded.grams",
            (item_id, folded, grams_of(folded)),
        )


def vector_text(vector: npt.NDArray[np.floating]) -> str:
    """Return a vector as pgvector reads it; the numbers are exact."""
    return f"[{','.join(map(repr, np.nan_to_num(vector).astype(np.float32).astype(float).tolist()))}]"


def _escaped(text: str) -> str:
    """Return text as `encode(…, 'escape')` writes its bytes."""
    return "".join(
        "\\\\" if byte == ord("\\") else chr(byte) if 0 < byte < 0x80 else f"\\{byte:03o}"
        for byte in text.encode("utf-8", "surrogatepass")
    )


class Rows(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor that knows the id of the row it inserted."""

    @property
    def lastrowid(self) -> int | None:
        """The number that the session's last INSERT drew."""
        row = self.connection.execute("SELECT lastval()").fetchone()
        return int(row[0]) if row else None


class _BoolAsNumber(Dumper):
    """The tables have numbers where they mean yes and no."""

    oid = _INT4

    def dump(self, obj: object) -> bytes:
        return b"1" if obj else b"0"


def numbers_for_yes_and_no(raw: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Have a new connection send 1 and 0 where Python has True and False."""
    raw.adapters.register_dumper(bool, _BoolAsNumber)


class PostgresConnection:
    """See `Connection`.

    Args:
        raw: the driver's connection, in autocommit mode.
    """

    dialect: Dialect = PostgresDialect()

    def __init__(self, raw: psycopg.Connection[tuple[Any, ...]]) -> None:
        self.raw = raw

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        """Run a statement with values for its question marks."""
        cursor = Rows(self.raw)
        cursor.execute(translated(sql), parameters)
        return cursor

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object:
        """Run a statement once for each row of values."""
        cursor = Rows(self.raw)
        cursor.executemany(translated(sql), parameters)
        return cursor


@lru_cache(maxsize=4096)
def translated(sql: str) -> bytes:
    """Return one of the library's statements as PostgreSQL takes it."""
    for said, meant in _RULES:
        sql = sql.replace(said, meant)
    return _UNINDEXED.sub("", _LIKE.sub("ILIKE", sql)).encode()
