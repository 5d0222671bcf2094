"""The database's schema as numbered steps; `PRAGMA user_version` says how many were taken."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode

if TYPE_CHECKING:
    from pathlib import Path

_FIRST = """
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    modified_s REAL NOT NULL,
    inode INTEGER NOT NULL,
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    duration_s REAL NOT NULL DEFAULT 0,
    missing INTEGER NOT NULL DEFAULT 0,
    added_s REAL NOT NULL
);
CREATE INDEX items_by_hash ON items (content_hash);
CREATE INDEX items_by_time ON items (missing, modified_s DESC, id DESC);

CREATE TABLE captions (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    score REAL NOT NULL,
    model TEXT NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('model', 'person')),
    created_s REAL NOT NULL
);
CREATE INDEX captions_by_item ON captions (item_id);

CREATE TABLE transcripts (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    segments TEXT NOT NULL,
    score REAL NOT NULL,
    model TEXT NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('model', 'person')),
    created_s REAL NOT NULL
);
CREATE INDEX transcripts_by_item ON transcripts (item_id);

CREATE TABLE embeddings (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (model, item_id)
) WITHOUT ROWID;
CREATE INDEX embeddings_by_item ON embeddings (item_id);

CREATE TABLE folders (
    position INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    done INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counters VALUES ('vectors', 0);

CREATE VIRTUAL TABLE words USING fts5 (name, captions, transcript, tokenize = 'trigram');
"""

MIGRATIONS: tuple[str, ...] = (_FIRST,)
"""Step n takes a database from version n to n + 1. A step that was released is never changed."""


def migrate(connection: sqlite3.Connection, file: Path) -> None:
    """Bring a database to the newest version, each step whole or not at all; an older one is copied first.

    Raises:
        EnvironmentFault: LIBRARY_TOO_NEW, a newer program made it.
        sqlite3.Error: a step failed and was taken back.
    """
    version = _version(connection)
    if version > len(MIGRATIONS):
        raise EnvironmentFault(ErrorCode.LIBRARY_TOO_NEW, path=str(file), version=version)
    if 0 < version < len(MIGRATIONS):
        _copy(connection, file.with_name(f"{file.name}.before-v{len(MIGRATIONS)}"))
    for number in range(version, len(MIGRATIONS)):
        _step(connection, number)


def _step(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) == number:
            for statement in _statements(MIGRATIONS[number]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> list[str]:
    """Split a script without ending the transaction, as `executescript` would."""
    return [part for part in script.split(";") if part.strip()]


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)
