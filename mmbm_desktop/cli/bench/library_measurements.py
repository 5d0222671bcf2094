"""Measures a library of any size: searching as the window asks, scrolling, memory, disk, the index and its recall."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.cli.bench.measurement import Measurement
from mmbm_desktop.cli.bench.stores import InFolder, OnServer
from mmbm_desktop.cli.bench.synthetic_library import MODEL, SyntheticLibrary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mmbm_desktop.cli.bench.stores import Store
    from mmbm_desktop.library.sql_library import SqlLibrary

QUERIES = 200
"""A power of ten more than the 95th percentile needs; the first answers are not counted."""
_WARM = 10
_DEPTH = 300
_SHOWN = 60
_PAGE = 200
_TOP = 50
_MB = 1e6
_LIMITS_MS = ((100_000, 10.0), (1_000_000, 25.0))


def library(items: Sequence[int], keep: Path | None = None, server: str | None = None) -> Iterator[Measurement]:
    """Make libraries of so many pictures and measure them.

    Args:
        items: how many pictures; one library each.
        keep: a folder where the libraries stay, and are found again the next time; None for a temporary one.
        server: the address of an empty database, which keeps what it is filled with; None for files.

    Raises:
        InputFault: LIBRARY_FOREIGN, the database on the server holds something else.
    """
    for count in items:
        if server is not None:
            yield from _measured(OnServer(server), count)
        elif keep is None:
            with tempfile.TemporaryDirectory(prefix="mmbm-bench-") as name:
                yield from _measured(InFolder(Path(name)), count)
        else:
            yield from _measured(InFolder(keep / str(count)), count)


def _measured(store: Store, count: int) -> Iterator[Measurement]:
    """Measure one library; a query's own vector is not part of it, `mmbm bench caption` measures the model."""
    name = f"{count:,} pictures"
    synthetic = SyntheticLibrary()
    opened = store.open()
    try:
        if opened.browse(0, 1)[1] < count:
            store.check_empty(opened)
            began = time.perf_counter()
            for _ in synthetic.fill(opened, count):
                pass
            yield Measurement(f"{name}: stored a second", count / (time.perf_counter() - began), "1/s")
        began = time.perf_counter()
        opened.search_vectors(synthetic.vectors(1, 1.0)[0], MODEL, _TOP)
        opened.wait_for_index()
        yield Measurement(f"{name}: index ready after", time.perf_counter() - began, "s")
    finally:
        opened.close()
    yield from _opened_again(store, name, count, synthetic)


def _opened_again(store: Store, name: str, count: int, synthetic: SyntheticLibrary) -> Iterator[Measurement]:
    before = _memory_mb()
    began = time.perf_counter()
    opened = store.open()
    try:
        opened.browse(0, _PAGE)
        yield Measurement(f"{name}: opened with a page", (time.perf_counter() - began) * 1000, "ms")
        began = time.perf_counter()
        opened.search_vectors(synthetic.vectors(1, 1.0)[0], MODEL, _DEPTH)
        yield Measurement(f"{name}: first vector search", (time.perf_counter() - began) * 1000, "ms")
        yield from _searching(opened, name, count, synthetic)
        rng = np.random.default_rng(1)
        pages = _times(lambda: opened.browse(int(rng.integers(count)), _PAGE))
        yield from _percentiles(f"{name}: page of 200 anywhere", pages, None)
        yield Measurement(f"{name}: memory more than before", _memory_mb() - before, "MB")
        size, index = store.sizes(opened)
        yield Measurement(f"{name}: database", size / _MB, "MB")
        yield Measurement(f"{name}: index", index / _MB, "MB")
        recall = 100 * _recall(opened, store, synthetic)
        yield Measurement(f"{name}: recall at 50", recall, "%", 97, more_is_better=True)
    finally:
        opened.close()


def _searching(opened: SqlLibrary, name: str, count: int, synthetic: SyntheticLibrary) -> Iterator[Measurement]:
    from mmbm_desktop.engine.searching import fused

    vectors = iter(synthetic.vectors(3 * QUERIES, 1.0))
    words = iter([synthetic.words() for _ in range(3 * QUERIES)])

    def as_the_window() -> object:
        near = opened.search_vectors(next(vectors), MODEL, _DEPTH)[0]
        named = opened.search_words(next(words), _DEPTH)
        return opened.items(fused([hit.item_id for hit in near], named)[:_SHOWN])

    limit = next((limit for size, limit in _LIMITS_MS if count <= size), None)
    yield from _percentiles(f"{name}: full text", _times(lambda: opened.search_words(next(words), _DEPTH)), limit)
    vector_times = _times(lambda: opened.search_vectors(next(vectors), MODEL, _DEPTH))
    yield from _percentiles(f"{name}: vectors", vector_times, limit)
    yield from _percentiles(f"{name}: both, as the window asks", _times(as_the_window), limit)


def _recall(opened: SqlLibrary, store: Store, synthetic: SyntheticLibrary) -> float:
    """Return how many of the 50 best that comparing one by one finds are found, on average."""
    exact = store.open(exact=True)
    try:
        shares = []
        for query in synthetic.vectors(QUERIES // 2, 1.0):
            one, other = ({hit.item_id for hit in lib.search_vectors(query, MODEL, _TOP)[0]} for lib in (opened, exact))
            shares.append(len(one & other) / max(1, len(other)))
    finally:
        exact.close()
    return float(np.mean(shares))


def _times(call: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(QUERIES):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return times[min(_WARM, QUERIES - 1) :]


def _percentiles(name: str, times: list[float], limit: float | None) -> Iterator[Measurement]:
    yield Measurement(f"{name}, median", float(np.median(times)), "ms")
    yield Measurement(f"{name}, 95th percentile", float(np.percentile(times, 95)), "ms", limit)


def _memory_mb() -> float:
    """Return this process's memory without the files that it maps, where the system tells them apart."""
    import psutil

    facts = psutil.Process(os.getpid()).memory_info()
    return (facts.rss - getattr(facts, "shared", 0)) / _MB
