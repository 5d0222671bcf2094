"""What the library's statements run on, and where its two stores differ. No database is imported here.

The statements in `writing`, `journal`, `tagging`, `finding` and their neighbours are written once, in what SQLite and
PostgreSQL both understand: question marks for values, `ON CONFLICT`, numbers for booleans, `LIKE` that takes capital
and small letters A to Z for the same. What they cannot both say is asked of the connection's `Dialect`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    import numpy as np
    import numpy.typing as npt

Value = str | bytes | float | list[int] | None
Condition = tuple[str, tuple[Value, ...]]
"""A piece of a statement, and the values of its question marks."""


class Cursor(Protocol):
    """The rows of a statement."""

    @property
    def lastrowid(self) -> int | None:
        """The id of the row that an INSERT made."""
        ...

    @property
    def rowcount(self) -> int:
        """How many rows a statement changed."""
        ...

    @property
    def description(self) -> Sequence[Sequence[Any]] | None:
        """The columns; the first of each is its name. None where there are no rows."""
        ...

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        ...

    def fetchmany(self, size: int, /) -> list[Any]:
        """Return up to `size` rows."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection in its caller's transaction; `sqlite3.Connection` is one but for the dialect."""

    @property
    def dialect(self) -> Dialect:
        """What this store says in its own way."""
        ...

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Run a statement with values for its question marks."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object:
        """Run a statement once for each row of values."""
        ...

    def ask(self, *questions: tuple[str, Sequence[Any]]) -> list[list[Any]]:
        """Return the rows of several statements with their values; a server is asked all of them at once."""
        ...

    def batches(self, sql: str, size: int) -> Generator[list[Any]]:
        """Yield the rows of a statement, `size` at a time, without having all of them in memory."""
        ...

    def insert_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add rows to a table, as quickly as the store can."""
        ...


class Dialect(Protocol):
    """What a store says in its own way.

    Attributes:
        same_inode: a condition that a file has the inode that is stored; each computer may see another one.
        tag_is: a condition on `tags.name`, whatever its capital letters.
        tag_key: what is the same for tags `t` that differ in capital letters only.
        here: a condition, to be put behind another, on rows that came from this place (see `PostgresLibrary`).
    """

    same_inode: str
    tag_is: str
    tag_key: str
    here: str

    def vector(self, half: npt.NDArray[np.float16]) -> Value:
        """Return a vector as the table takes it."""
        ...

    def in_a_folder(self, part: str) -> Condition:
        """Return the condition that a path has `part` in the name of a folder: between two separators."""
        ...

    def folder_of_path(self) -> Condition:
        """Return the expression for the folder of `path`, as bytes, with the separator behind it."""
        ...

    def holding(self, wanted: str) -> Condition:
        """Return a statement for the ids of the items whose words contain a text."""
        ...

    def vector_of(self, stored: Any) -> npt.NDArray[np.float16]:
        """Return the vector that the table holds as `stored`."""
        ...

    def put_words(self, connection: Connection, words: Mapping[int, tuple[str, str, str]]) -> None:
        """Write the names, captions and transcripts of items for searching; what was written before is replaced."""
        ...

    def new_items(self, connection: Connection, count: int) -> list[int]:
        """Return ids for `count` new items, rising."""
        ...

    def last_number(self, connection: Connection, table: str, column: str) -> int:
        """Return the highest number that was ever given to a row of a table, as far as the store remembers."""
        ...

    def number_after(self, connection: Connection, table: str, column: str, number: int) -> None:
        """Have the next row of a table numbered higher than `number`."""
        ...


class Connections(Protocol):
    """Lends connections out; `library.connections` and `library.postgres.connections` have one each."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Lend a connection all of whose reads see one moment; its errors come out sorted."""
        ...

    def writing(self) -> AbstractContextManager[Connection]:
        """Lend a connection in a transaction that is committed whole at the end, or not at all; one at a time."""
        ...

    def others_wrote(self) -> bool:
        """Whether somebody else has committed since this was last asked; False while a write is in hand here."""
        ...

    def close(self) -> None:
        """Close every connection; later use raises LIBRARY_LOCKED."""
        ...
