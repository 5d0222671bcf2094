"""A library of either store and the records tests store in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.tasks import MediaKind

Opener = Callable[..., SqlLibrary]
"""Opens the test's library, once more if it is open; takes `clock`."""


@pytest.fixture(params=["sqlite", "postgresql"])
def open_library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Return what opens the test's library; every test runs once on each store."""
    opened: list[SqlLibrary] = []
    if request.param == "postgresql":
        from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary

        place: Any = request.getfixturevalue("library_address")
        store: Any = PostgresLibrary
    else:
        place, store = tmp_path / "library.db", SqliteLibrary

    def open_it(**options: Any) -> SqlLibrary:
        opened.append(store(place, **options))
        return opened[-1]

    yield open_it
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Opener) -> SqlLibrary:
    """Return an empty library."""
    return open_library()


def unit(*values: float) -> np.ndarray:
    vector = np.asarray(values, np.float32)
    return vector / np.linalg.norm(vector)


def picture(
    path: str | Path,
    content: str = "",
    vector: np.ndarray | None = None,
    *,
    modified_s: float = 1.0,
    model: str = "m",
    captions: tuple[NewCaption, ...] = (),
) -> IndexedItem:
    facts = FileFacts(str(path), MediaKind.PHOTO, content or str(path), 10, modified_s, 7, 640, 480)
    return IndexedItem(facts, vector, model, captions)


def said(text: str, language: str = "en", author: str = "model") -> NewCaption:
    return NewCaption(text, language, 0.5, "m 1", author)
