"""A library on disk and the records tests store in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.tasks import MediaKind


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SqliteLibrary]:
    """Return an empty library."""
    opened = SqliteLibrary(tmp_path / "library.db")
    yield opened
    opened.close()


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
