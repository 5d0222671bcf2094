"""What SQLite says in its own way: full text by FTS5's trigrams, vectors as bytes, tags by a collation."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from mmbm_desktop.library.rows import like_literal

if TYPE_CHECKING:
    import numpy as np
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

    def holding(self, wanted: str) -> Condition:
        """See `Dialect.holding`; two letters begin few enough trigrams, one letter too many."""
        if len(wanted) == TRIGRAM - 1:
            return f"SELECT rowid FROM words WHERE words MATCH {_ANY_OF_THEM}", beginning(wanted)  # noqa: S608
        if len(wanted) < TRIGRAM:
            return rf"SELECT rowid FROM words WHERE {ALL_WORDS} LIKE ? ESCAPE '\'", (f"%{like_literal(wanted)}%",)  # noqa: S608
        return "SELECT rowid FROM words WHERE words MATCH ?", (f'"{wanted.replace(chr(34), chr(34) * 2)}"',)

    def put_words(self, connection: Connection, item_id: int, words: tuple[str, str, str]) -> None:
        """See `Dialect.put_words`."""
        connection.execute(
            "INSERT OR REPLACE INTO words (rowid, name, captions, transcript) VALUES (?, ?, ?, ?)",
            (item_id, *(text + END for text in words)),
        )


def beginning(letters: str) -> tuple[str, str]:
    """Return what `BEGINNING` is asked with for the trigrams that begin with one or two letters."""
    folded = letters.lower()
    return folded, folded + _LAST_LETTER


class SqliteConnection(sqlite3.Connection):
    """A connection that knows its dialect."""

    dialect: Dialect = SqliteDialect()
