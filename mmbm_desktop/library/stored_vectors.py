"""Questions to the tables of vectors and of counts; every one inside the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.library.rows import in_parts

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.library.connection import Connection

    Vectors = tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]
    """Item ids (n,) and their vectors (n, D)."""


def counter(connection: Connection) -> int:
    """Return the counter that every change of what can be found bumps."""
    return int(connection.execute("SELECT value FROM counters WHERE name = 'vectors'").fetchone()[0])


def stored(connection: Connection, model: str) -> int:
    """Return how many vectors a model has, those of missing items too."""
    row = connection.execute(
        "SELECT COALESCE(SUM(stored), 0) FROM embedding_counts WHERE model = ?", (model,)
    ).fetchone()
    return int(row[0])


def searchable(connection: Connection, model: str) -> int:
    """Return how many items that are not missing have a vector of a model."""
    (missing,) = connection.execute(
        "SELECT COUNT(*) FROM items i WHERE i.missing > 0"
        " AND EXISTS (SELECT 1 FROM embeddings WHERE model = ? AND item_id = i.id)",
        (model,),
    ).fetchone()
    return stored(connection, model) - int(missing)


def missing_ids(connection: Connection) -> npt.NDArray[np.int64]:
    """Return the ids of the missing items, sorted."""
    return np.sort(
        np.fromiter((row[0] for row in connection.execute("SELECT id FROM items WHERE missing > 0")), np.int64)
    )


def newer_than(connection: Connection, model: str, version: int) -> int:
    """Return how often a vector of a model was stored or deleted since the counter stood at `version`."""
    row = connection.execute(
        "SELECT COUNT(*) FROM embedding_log WHERE model = ? AND version > ?", (model, version)
    ).fetchone()
    return int(row[0])


def newer_ids(connection: Connection, model: str, version: int) -> npt.NDArray[np.int64]:
    """Return the items whose vector of a model was stored or deleted since the counter stood at `version`, sorted."""
    rows = connection.execute("SELECT item_id FROM embedding_log WHERE model = ? AND version > ?", (model, version))
    return np.unique(np.fromiter((row[0] for row in rows), np.int64))


def vectors_of(connection: Connection, model: str, dimensions: int, ids: npt.NDArray[np.int64]) -> Vectors:
    """Return the vectors of those of the items `ids` that have one of this model and size."""
    rows: list[tuple[int, bytes]] = []
    for marks, part in in_parts(ids.tolist()):
        rows += connection.execute(
            f"SELECT item_id, vector FROM embeddings WHERE model = ? AND item_id IN ({marks}) AND length(vector) = ?",  # noqa: S608
            (model, *part, _bytes(dimensions)),
        ).fetchall()
    return _as_arrays(rows, dimensions)


def vectors_after(connection: Connection, model: str, dimensions: int, item_id: int, most: int) -> Vectors:
    """Return up to `most` vectors of items with a larger id, by id."""
    rows = connection.execute(
        "SELECT item_id, vector FROM embeddings WHERE model = ? AND item_id > ? AND length(vector) = ?"
        " ORDER BY item_id LIMIT ?",
        (model, item_id, _bytes(dimensions), most),
    ).fetchall()
    return _as_arrays(rows, dimensions)


def accepted_tokens(connection: Connection, model: str, dimensions: int) -> tuple[str, ...]:
    """Return the tokens of the indexes that were made of this database: the newest one's and the one's before."""
    row = connection.execute(
        "SELECT token, before FROM vector_indexes WHERE model = ? AND dimensions = ?", (model, dimensions)
    ).fetchone()
    return row or ()


def accept_token(connection: Connection, model: str, dimensions: int, token: str) -> None:
    """Note that an index was made of this database."""
    known = accepted_tokens(connection, model, dimensions)
    connection.execute(
        "INSERT OR REPLACE INTO vector_indexes (model, dimensions, token, before) VALUES (?, ?, ?, ?)",
        (model, dimensions, token, known[0] if known else ""),
    )


def _as_arrays(rows: list[tuple[int, bytes]], dimensions: int) -> Vectors:
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    return ids, np.frombuffer(b"".join(row[1] for row in rows), np.float16).reshape(len(rows), dimensions)


def _bytes(dimensions: int) -> int:
    return dimensions * np.dtype(np.float16).itemsize
