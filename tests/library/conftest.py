"""A library of either store and the records tests store in it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import pytest

from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.tasks import MediaKind
from tests.library.postgres_server import Server, programs

Opener = Callable[..., SqlLibrary]
"""Opens the test's library, once more if it is open; takes `clock`."""
HAS_WHEEL = sys.version_info < (3, 13) and (sys.platform != "linux" or platform.machine() == "x86_64")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Return the address of a database on a PostgreSQL server that runs for the whole session."""
    if programs() is None and not HAS_WHEEL:
        pytest.skip("pgserver has no PostgreSQL for this system and Python")
    running = Server()
    yield running.address
    running.close()


@pytest.fixture(scope="session")
def tables(server: str) -> str:
    """Return the address of a database that has the library's tables already."""
    from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary

    PostgresLibrary(server, place="nobody").close()
    return server


@pytest.fixture
def address(tables: str) -> str:
    """Return the address of an empty library."""
    import psycopg

    with psycopg.connect(tables, autocommit=True) as connection:
        connection.execute(
            "SET search_path = mmbm, public; DELETE FROM words; DELETE FROM items; DELETE FROM corrections;"
            " DELETE FROM folders; DELETE FROM journal; DELETE FROM item_counts; DELETE FROM embedding_counts;"
        )
        for (name,) in connection.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'near%'").fetchall():
            connection.execute(f"DROP INDEX mmbm.{name}")
    return tables


def database(address: str, name: str) -> str:
    """Return the address of another database of the same server."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/{name}"))


@pytest.fixture(params=["sqlite", "postgresql"])
def open_library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Return what opens the test's library; every test runs once on each store."""
    opened: list[SqlLibrary] = []
    if request.param == "postgresql":
        from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary

        place: Any = request.getfixturevalue("address")
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
