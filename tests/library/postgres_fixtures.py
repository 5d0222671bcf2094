"""A PostgreSQL server for the whole session, and an empty library on it for each test that asks for one."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.library.postgres_server import Server, programs

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
def library_address(tables: str) -> str:
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
