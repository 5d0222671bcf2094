"""One bundle's index of nearest vectors on disk, for reading. Knows no database.

An index is two files, the graph of usearch and the vectors themselves in half precision, and a record that says what
they are. Both are mapped into memory, and usearch trusts what it finds there, so nothing is opened before the record,
the sizes and the digests agree. Files of a new name are written and then the record is replaced: whoever is killed
meanwhile, or has the old files open, is not disturbed.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import logging
import re
import sqlite3
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import os_errors_sorted, sha256_of

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    import numpy.typing as npt
    from usearch.index import Index

    Ids = npt.NDArray[np.int64]

log = logging.getLogger(__name__)

FORMAT = 1
GONE = -1
"""The item id of a row whose item got another vector, or none."""
LEVELS = 127
_KEY_LETTERS = 12


@dataclass(frozen=True)
class IndexRecord:
    """What lies in the files of an index.

    Attributes:
        model: the bundle whose vectors they are.
        dimensions: numbers in a vector.
        scale: what a vector was multiplied with before it was rounded to 8 bits.
        version: the library's counter; every vector that was stored up to it is in the index.
        rows: how many vectors lie in the file of vectors, those that are gone too.
        token: what the files are called by.
        sizes_bytes: sizes of the graph and of the vectors.
        sha256: their digests, 64 hexadecimal digits each.
        usearch: version of the package that wrote it.
        format: version of this record.
    """

    model: str
    dimensions: int
    scale: float
    version: int
    rows: int
    token: str
    sizes_bytes: tuple[int, int]
    sha256: tuple[str, str]
    usearch: str
    format: int = FORMAT


class VectorIndex:
    """An open index; it can be searched from any thread."""

    def __init__(self, record: IndexRecord, graph: Index, vectors_file: Path) -> None:
        self.record = record
        self.graph = graph
        size = record.rows * record.dimensions * np.dtype(np.float16).itemsize
        shape = (record.rows, record.dimensions)
        self.vectors: npt.NDArray[np.float16] = np.memmap(vectors_file, np.float16, "r", 0, shape)
        self.ids: Ids = np.fromfile(vectors_file, np.int64, record.rows, offset=size)
        self._lock = threading.Lock()

    def nearest(self, query: npt.NDArray[np.float32], count: int) -> Ids:
        """Return about the `count` rows most similar to `query` (D,), none of a gone item."""
        count = min(count, len(self.graph))
        if count <= 0:
            return np.zeros(0, np.int64)
        scale = LEVELS / max(float(np.abs(query).max(initial=0.0)), 1e-6)
        with self._lock:
            self.graph.expansion_search = count
            found = self.graph.search(rounded(query, scale), count, threads=1)
        rows = np.asarray(found.keys).astype(np.int64)
        return rows[self.ids[rows] != GONE]

    def rows_of(self, ids: Ids) -> Ids:
        """Return the rows of those of the items `ids` that are in the index."""
        order, sorted_ids = self._by_id
        places = np.minimum(np.searchsorted(sorted_ids, ids), max(0, len(order) - 1))
        return order[places[sorted_ids[places] == ids]] if len(order) else np.zeros(0, np.int64)

    @cached_property
    def _by_id(self) -> tuple[Ids, Ids]:
        order = np.argsort(self.ids, kind="stable")
        return order, self.ids[order]


class IndexFolder:
    """The folder beside a library where its indexes are. Deleting it costs only the time to make them again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def stamp(self, model: str, dimensions: int) -> tuple[int, int] | None:
        """Return what changes whenever another index is published; None where there is none."""
        try:
            facts = self.record_file(model, dimensions).stat()
        except OSError:
            return None
        return facts.st_mtime_ns, facts.st_ino

    def record(self, model: str, dimensions: int) -> IndexRecord | None:
        """Return what is known of the published index; None where there is none, or none that this program reads."""
        try:
            record = IndexRecord(**json.loads(self.record_file(model, dimensions).read_bytes()))
            sizes, digests = tuple(record.sizes_bytes), tuple(record.sha256)
        except (OSError, ValueError, TypeError):
            return None
        ours = (model, dimensions, FORMAT, usearch_version(), 2, 2)
        theirs = (record.model, record.dimensions, record.format, record.usearch, len(sizes), len(digests))
        return record if theirs == ours and re.fullmatch("[0-9a-f]+", record.token) else None

    def files(self, record: IndexRecord) -> tuple[Path, Path]:
        """Return the file of the graph and the file of the vectors."""
        stem = f"{_key(record.model, record.dimensions)}.{record.token}"
        return self.folder / f"{stem}.usearch", self.folder / f"{stem}.vectors"

    def opened(self, model: str, dimensions: int, *, loaded: bool = False) -> VectorIndex | None:
        """Return the published index, its graph mapped or `loaded` to be added to; None if there is no whole one.

        One that is damaged is withdrawn: there is none after that.
        """
        from usearch.index import Index

        record = self.record(model, dimensions)
        if record is None:
            return None
        try:
            for file, size, digest in zip(self.files(record), record.sizes_bytes, record.sha256, strict=True):
                if file.stat().st_size != size or sha256_of(file) != digest:
                    raise ValueError("a file is not what its record says")
            graph, vectors = self.files(record)
            index = Index.restore(str(graph), view=not loaded, enable_key_lookups=loaded)
            if index is None or index.ndim != dimensions or len(index) > record.rows:
                raise ValueError("usearch does not know the file")
            return VectorIndex(record, index, vectors)
        except (OSError, MmbmError, ValueError, RuntimeError) as error:
            log.info("the index of %s is made anew: %s", model, error)
            if record == self.record(model, dimensions):
                with contextlib.suppress(OSError):
                    self.record_file(model, dimensions).unlink()
            return None

    def clean(self, model: str, dimensions: int) -> None:
        """Delete what no record names any more; call it while `building`."""
        record = self.record(model, dimensions)
        kept = {file.name for file in self.files(record)} if record else set()
        for suffix in ("usearch", "vectors"):
            for file in self.folder.glob(f"{_key(model, dimensions)}.*.{suffix}"):
                # One that another process still maps cannot be deleted on Windows: the next time, then.
                if file.name not in kept:
                    with contextlib.suppress(OSError):
                        file.unlink()

    @contextlib.contextmanager
    def building(self) -> Generator[bool]:
        """Whether the caller may build, which one process at a time may. A killed one leaves no lock behind.

        SQLite's file locks work on every system and end with their process.

        Raises:
            MmbmError: the folder cannot be written.
        """
        with os_errors_sorted(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        try:
            lock = sqlite3.connect(
                self.folder / "building.lock", timeout=0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error:
            yield False
            return
        with contextlib.closing(lock):
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error:
                mine = False
            else:
                mine = True
            yield mine

    def record_file(self, model: str, dimensions: int) -> Path:
        """Return the record's file."""
        return self.folder / f"{_key(model, dimensions)}.json"


def rounded(vectors: npt.NDArray[np.floating], scale: float) -> npt.NDArray[np.int8]:
    """Return vectors in 8 bits."""
    return np.clip(np.rint(np.asarray(vectors, np.float32) * scale), -LEVELS, LEVELS).astype(np.int8)


def usearch_version() -> str:
    """Return the version of the package: another one may write other files."""
    return importlib.metadata.version("usearch")


def _key(model: str, dimensions: int) -> str:
    """Return a file name for a model, whatever its name is made of."""
    digest = hashlib.sha256(f"{model}\n{dimensions}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{re.sub(r'[^A-Za-z0-9-]+', '-', model)[:40]}-{digest[:_KEY_LETTERS]}"
