"""What SQLite says in its own way: full text by FTS5's trigrams, vectors as bytes, tags by a collation."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.library.rows import like_literal

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.library.connection import Condition, Connection, Dialect

TRIGRAM = 3
END = "\n\n"
"""Behind every text of the full-text table: so its last letters, too, begin trigrams."""
BEGINNING = "SELECT term FROM words_terms WHERE term >= ? AND term < ?"
_LISTED = """GROUP_CONCAT('"' || REPLACE(term, '"', '""') || '"', ' OR ')"""
_ANY_OF_THEM = f"""COALESCE((SELECT {_LISTED} FROM ({BEGINNING})), '""')"""  # noqa: S608 - our own
ALL_WORDS = "name || char(10) || captions || char(10) || transcript"
_LAST_LETTER = "\U0010ffff"


class SqliteDialect:
    """See `Dialect`. The column of a tag's name has the collation NOCASE. A file is at one place."""

    same_inode = "inode = ?"
    tag_is = "name = ?"
    tag_key = "t.name"
    here = ""

    def vector(self, half: npt.NDArray[np.float16]) -> bytes:
        """See `Dialect.vector`."""
        return half.tobytes()

    def in_a_folder(self, part: str) -> Condition:
        """See `Dialect.in_a_folder`."""
        sep = like_literal(os.sep)
        return r"CAST(path AS TEXT) LIKE ? ESCAPE '\'", (f"%{sep}%{like_literal(part)}%{sep}%",)

    def folder_of_path(self) -> Condition:
        """See `Dialect.folder_of_path`: the path without whatever letters it has at its end but the separator."""
        return "CAST(rtrim(CAST(path AS TEXT), replace(CAST(path AS TEXT), ?, '')) AS BLOB)", (os.sep,)

    def holding(self, wanted: str) -> Condition:
        """See `Dialect.holding`; two letters begin few enough trigrams, one letter too many."""
        if len(wanted) == TRIGRAM - 1:
            return f"SELECT rowid FROM words WHERE words MATCH {_ANY_OF_THEM}", beginning(wanted)  # noqa: S608
        if len(wanted) < TRIGRAM:
            return rf"SELECT rowid FROM words WHERE {ALL_WORDS} LIKE ? ESCAPE '\'", (f"%{like_literal(wanted)}%",)  # noqa: S608
        return "SELECT rowid FROM words WHERE words MATCH ?", (f'"{wanted.replace(chr(34), chr(34) * 2)}"',)

    def vector_of(self, stored: bytes) -> npt.NDArray[np.float16]:
        """See `Dialect.vector_of`."""
        return np.frombuffer(stored, np.float16)

    def put_words(self, connection: Connection, words: Mapping[int, tuple[str, str, str]]) -> None:
        """See `Dialect.put_words`."""
        connection.executemany(
            "INSERT OR REPLACE INTO words (rowid, name, captions, transcript) VALUES (?, ?, ?, ?)",
            [(item_id, *(text + END for text in texts)) for item_id, texts in words.items()],
        )

    def new_items(self, connection: Connection, count: int) -> list[int]:
        """See `Dialect.new_items`; nobody else writes meanwhile."""
        (last,) = connection.execute("SELECT COALESCE(MAX(id), 0) FROM items").fetchone()
        return list(range(last + 1, last + 1 + count))

    def last_number(self, connection: Connection, table: str, column: str) -> int:
        """See `Dialect.last_number`; SQLite remembers it for tables that use no number twice."""
        (there,) = connection.execute(f"SELECT COALESCE(MAX({column}), 0) FROM {table}").fetchone()  # noqa: S608 - our own
        row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return max(int(there), int(row[0]) if row else 0)

    def number_after(self, connection: Connection, table: str, column: str, number: int) -> None:
        """See `Dialect.number_after`; other tables go on from their highest row by themselves."""
        del column
        connection.execute("UPDATE sqlite_sequence SET seq = MAX(seq, ?) WHERE name = ?", (number, table))


def beginning(letters: str) -> tuple[str, str]:
    """Return what `BEGINNING` is asked with for the trigrams that begin with one or two letters."""
    folded = letters.lower()
    return folded, folded + _LAST_LETTER


class SqliteConnection(sqlite3.Connection):
    """A connection that knows its dialect; see `Connection`."""

    dialect: Dialect = SqliteDialect()

    def ask(self, *questions: tuple[str, Sequence[Any]]) -> list[list[Any]]:
        """See `Connection.ask`."""
        return [self.execute(sql, values).fetchall() for sql, values in questions]

    def batches(self, sql: str, size: int) -> Generator[list[Any]]:
        """See `Connection.batches`."""
        rows = self.execute(sql)
        while part := rows.fetchmany(size):
            yield part

    def insert_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """See `Connection.insert_rows`."""
        marks = ", ".join("?" * len(columns))
        self.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 - our own
