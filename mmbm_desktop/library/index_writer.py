"""Writes an index of vectors, a new one or a longer one; nobody sees it before its record is published."""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.files import os_errors_sorted, sha256_of, write_atomically
from mmbm_desktop.library.vector_index import GONE, LEVELS, IndexRecord, rounded, usearch_version

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.library.vector_index import IndexFolder, VectorIndex

_CONNECTIVITY = 16
_BREADTH = 128
_TOKEN_LETTERS = 12


class IndexWriter:
    """One index being written, by one thread. Use it while `IndexFolder.building`.

    Args:
        folder: where to.
        model: whose vectors they are.
        dimensions: numbers in a vector.
        old: an index `loaded` to be made longer; None for a new one.

    Raises:
        MmbmError: from any method: the disk is full or the folder cannot be written.
    """

    def __init__(self, folder: IndexFolder, model: str, dimensions: int, old: VectorIndex | None = None) -> None:
        from usearch.index import Index

        self._folder = folder
        self._old = old
        self._scale = old.record.scale if old else 0.0
        self._ids = [old.ids.copy()] if old else []
        self.rows = old.record.rows if old else 0
        self.token = uuid.uuid4().hex[:_TOKEN_LETTERS]
        self._named = IndexRecord(model, dimensions, 0.0, 0, 0, self.token, (0, 0), ("", ""), usearch_version())
        self._graph = old.graph if old else Index(ndim=dimensions, metric="cos", dtype="i8", connectivity=_CONNECTIVITY)
        self._graph.expansion_add = _BREADTH
        with os_errors_sorted(folder.folder):
            self._file = folder.files(self._named)[1].open("wb")
            if old:
                with folder.files(old.record)[1].open("rb") as source:
                    shutil.copyfileobj(source, self._file, 1 << 20)
                self._file.seek(old.vectors.nbytes)
                self._file.truncate()

    def drop(self, ids: npt.NDArray[np.int64]) -> None:
        """Take items out of the old index: they got another vector, or none."""
        if self._old is None:
            return
        rows = self._old.rows_of(ids)
        self._ids[0][rows] = GONE
        self._graph.remove(rows)

    def add(self, ids: npt.NDArray[np.int64], vectors: npt.NDArray[np.float16], threads: int) -> None:
        """Add vectors (n, D) of items (n,) that are not in the index, or were dropped.

        The largest number in the first vectors says how all of them are rounded: unit vectors use few of 127 levels.
        """
        if not self._scale:
            self._scale = LEVELS / max(float(np.abs(vectors).max(initial=0.0)), 1e-6)
        with os_errors_sorted(self._folder.folder):
            self._file.write(vectors.tobytes())
        self._graph.add(np.arange(self.rows, self.rows + len(ids)), rounded(vectors, self._scale), threads=threads)
        self._ids.append(ids)
        self.rows += len(ids)

    def write(self, version: int) -> IndexRecord:
        """Bring everything to the disk and return the record, which nobody sees yet."""
        graph, vectors = self._folder.files(self._named)
        with os_errors_sorted(vectors):
            for ids in self._ids:
                self._file.write(ids.astype(np.int64).tobytes())
            self._file.close()
            try:
                self._graph.save(str(graph))
            except RuntimeError as error:  # usearch's word for every failed write
                raise OSError(str(error)) from error
            sizes = (graph.stat().st_size, vectors.stat().st_size)
        digests = (sha256_of(graph), sha256_of(vectors))
        named = self._named
        return IndexRecord(
            *(named.model, named.dimensions, self._scale, version, self.rows, self.token, sizes, digests),
            usearch=named.usearch,
        )

    def publish(self, record: IndexRecord) -> None:
        """Make the written index the one that everybody opens from now on."""
        file = self._folder.record_file(record.model, record.dimensions)
        write_atomically(file, json.dumps(asdict(record), indent=1).encode())

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        self._file.close()
