"""A connection to PostgreSQL that takes the library's statements, and what PostgreSQL says in its own way.

The statements are translated by a few rules and not parsed: they are the library's own, and `tests/library` runs every
one on both stores. `LIKE` becomes `ILIKE`; the columns have the collation "C", so that it takes only A to Z for a to z,
as SQLite does. A list of question marks becomes an array. `+missing` and `+path` tell SQLite which index not to use and
`CROSS JOIN` in which order to join; here the planner decides.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import psycopg
from psycopg.adapt import Dumper

from mmbm_desktop.library.postgres.letters import asked_grams, grams_of
from mmbm_desktop.library.rows import like_literal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.library.connection import Condition, Connection, Dialect

    Raw = psycopg.Connection[tuple[Any, ...]]

T = TypeVar("T")

_RULES = (("%", "%%"), ("?", "%s"), ("CROSS JOIN", "JOIN"))
_LIKE = re.compile(r"\bLIKE\b")
_LIST = re.compile(r"IN \(\?(?:,\?)*\)")
_ARRAYS = {int: "bigint[]", str: "text[]", bytes: "bytea[]"}
_UNINDEXED = re.compile(r"\+(?=(?:missing|path)\b)")
_INT4 = 23
_SEQUENCE = "pg_get_serial_sequence('mmbm.' || ?, ?)"


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

    def folder_of_path(self) -> Condition:
        """See `Dialect.folder_of_path`."""
        pattern = f"^.*{re.escape(_escaped(os.sep))}"
        return "decode(COALESCE(substring(encode(path, 'escape') from ?::text), ''), 'escape')", (pattern,)

    def holding(self, wanted: str) -> Condition:
        """See `Dialect.holding`."""
        folded = wanted.lower()
        return "SELECT rowid FROM words WHERE grams @> ?::int[] AND strpos(folded, ?) > 0", (
            asked_grams(folded),
            folded,
        )

    def vector_of(self, stored: str) -> npt.NDArray[np.float16]:
        """See `Dialect.vector_of`; pgvector writes one as `vector_text` does."""
        return np.array(stored[1:-1].split(","), np.float32).astype(np.float16)

    def put_words(self, connection: Connection, words: Mapping[int, tuple[str, str, str]]) -> None:
        """See `Dialect.put_words`."""
        folded = {number: "\n".join(texts).lower() for number, texts in words.items()}
        connection.execute("DELETE FROM words WHERE rowid = ANY(?::bigint[])", (list(words),))
        connection.insert_rows(
            "words", ("rowid", "folded", "grams"), ((number, text, grams_of(text)) for number, text in folded.items())
        )

    def new_items(self, connection: Connection, count: int) -> list[int]:
        """See `Dialect.new_items`."""
        drawn = f"SELECT nextval({_SEQUENCE}) FROM generate_series(1, ?)"  # noqa: S608 - our own
        return [row[0] for row in connection.execute(drawn, ("items", "id", count))]

    def last_number(self, connection: Connection, table: str, column: str) -> int:
        """See `Dialect.last_number`."""
        row = connection.execute(
            f"SELECT COALESCE(MAX({column}), 0), COALESCE(pg_sequence_last_value({_SEQUENCE}::regclass), 0)"  # noqa: S608
            f" FROM {table}",
            (table, column),
        ).fetchone()
        return max(row)

    def number_after(self, connection: Connection, table: str, column: str, number: int) -> None:
        """See `Dialect.number_after`."""
        last = max(number, self.last_number(connection, table, column))
        if last:
            connection.execute(f"SELECT setval({_SEQUENCE}, ?)", (table, column, last))


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


def numbers_for_yes_and_no(raw: Raw) -> None:
    """Have a new connection send 1 and 0 where Python has True and False."""
    raw.adapters.register_dumper(bool, _BoolAsNumber)


class PostgresConnection:
    """See `Connection`.

    Args:
        raw: the driver's connection, in autocommit mode.
        begin: how its transaction begins; it is sent along with the first statement.
        anew: makes another connection if the server let go of this one before its first statement; None where it
            was made just now.
    """

    dialect: Dialect = PostgresDialect()

    def __init__(self, raw: Raw, begin: bytes, anew: Callable[[], Raw] | None = None) -> None:
        self.raw = raw
        self._begin: bytes | None = begin
        self._anew = anew

    @property
    def begun(self) -> bool:
        """Whether anything was asked."""
        return self._begin is None

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        """Run a statement with values for its question marks."""
        return self._sent(lambda raw: _executed(raw, sql, parameters))

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object:
        """Run a statement once for each row of values."""
        cursor = Rows(self.raw)
        cursor.executemany(translated(sql), parameters)
        return cursor

    def ask(self, *questions: tuple[str, Sequence[Any]]) -> list[list[Any]]:
        """See `Connection.ask`: the server gets all statements before it is waited for."""
        return self._sent(lambda raw: _asked(raw, questions)) if questions else []

    def batches(self, sql: str, size: int) -> Generator[list[Any]]:
        """See `Connection.batches`: the rows stay on the server until they are wanted."""
        self.ask(("SELECT 1", ()))
        with self.raw.cursor(name="mmbm_batches") as cursor:
            cursor.execute(translated(sql))
            while part := cursor.fetchmany(size):
                yield part

    def insert_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """See `Connection.insert_rows`."""
        names = ", ".join(columns)
        with self.raw.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def _sent(self, send: Callable[[Raw], T]) -> T:
        """Send statements, behind the beginning of the transaction if they are the first."""
        begin, self._begin = self._begin, None
        if begin is None:
            return send(self.raw)
        try:
            return _behind(begin, self.raw, send)
        except psycopg.OperationalError:
            if self._anew is None or not self.raw.closed:
                raise
        self.raw = self._anew()
        return _behind(begin, self.raw, send)


def _behind(begin: bytes, raw: Raw, send: Callable[[Raw], T]) -> T:
    with raw.pipeline():
        raw.execute(begin)
        return send(raw)


def _executed(raw: Raw, sql: str, parameters: Sequence[Any]) -> Rows:
    """Run a statement; one that asks for items by a list is planned once, as it is the same whatever the list holds."""
    cursor = Rows(raw)
    asked, values = _with_arrays(sql, parameters)
    cursor.execute(translated(asked), values, prepare=True if asked is not sql else None)
    return cursor


def _with_arrays(sql: str, parameters: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """Return a statement with an array in place of each list of question marks, and its values."""
    lists = list(_LIST.finditer(sql))
    if not lists:
        return sql, parameters
    parts: list[str] = []
    values: list[Any] = []
    given, end = iter(parameters), 0
    for found in lists:
        before = sql[end : found.start()]
        values += islice(given, before.count("?"))
        listed = list(islice(given, found[0].count("?")))
        values.append(listed)
        parts += [before, f"= ANY(?::{_ARRAYS[type(listed[0])]})"]
        end = found.end()
    return "".join([*parts, sql[end:]]), [*values, *given]


def _asked(raw: Raw, questions: Iterable[tuple[str, Sequence[Any]]]) -> list[list[Any]]:
    with raw.pipeline():
        cursors = [_executed(raw, sql, values) for sql, values in questions]
        return [cursor.fetchall() for cursor in cursors]


@lru_cache(maxsize=4096)
def translated(sql: str) -> bytes:
    """Return one of the library's statements as PostgreSQL takes it."""
    for said, meant in _RULES:
        sql = sql.replace(said, meant)
    return _UNINDEXED.sub("", _LIKE.sub("ILIKE", sql)).encode()
