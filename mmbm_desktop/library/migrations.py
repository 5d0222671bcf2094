"""The database's schema as numbered steps; `PRAGMA user_version` says how many were taken."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SWITCHING_S = 10.0

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

# People's words by content: a copy of a file, or a file that came back, finds them there.
_PEOPLES_WORDS = """
CREATE INDEX captions_of_people ON captions (content_hash) WHERE author = 'person';
CREATE INDEX transcripts_of_people ON transcripts (content_hash) WHERE author = 'person';
"""

_JOURNAL = """
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    action TEXT NOT NULL,
    path BLOB NOT NULL,
    change TEXT NOT NULL,
    created_s REAL NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
);
"""

# Tags; steps of several parts; and lists by name and by size without sorting.
_TAGS = """
CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    created_s REAL NOT NULL,
    UNIQUE (item_id, name)
);
CREATE INDEX tags_by_name ON tags (name, item_id);
CREATE INDEX tags_by_content ON tags (content_hash);
ALTER TABLE journal ADD COLUMN batch INTEGER;
CREATE INDEX journal_by_batch ON journal (batch) WHERE batch IS NOT NULL;
CREATE INDEX items_by_path ON items (missing, path, id);
CREATE INDEX items_by_size ON items (missing, size_bytes, id);
"""

# What people set right, of files inside and outside the library: it outlives the items.
_CORRECTIONS = """
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('caption', 'label', 'transcript', 'thumb')),
    path BLOB NOT NULL,
    content_hash TEXT NOT NULL,
    said TEXT NOT NULL,
    text TEXT NOT NULL,
    model TEXT NOT NULL,
    language TEXT NOT NULL,
    rating INTEGER NOT NULL,
    created_s REAL NOT NULL
);
"""

# How many items and vectors there are, without counting a million; which vectors changed since they were
# indexed; and which index was made of this very database, and not of one that a backup took the place of.
# Triggers keep it, so that whoever writes cannot forget. The OR clause of the outer statement takes
# the place of theirs (https://www.sqlite.org/lang_createtrigger.html).
_COUNTS = """
CREATE TABLE item_counts (kind TEXT PRIMARY KEY, shown INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO item_counts SELECT kind, SUM(missing = 0) FROM items GROUP BY kind;
CREATE INDEX items_by_kind ON items (missing, kind, modified_s DESC, id DESC);
CREATE TRIGGER items_counted_in AFTER INSERT ON items BEGIN
    INSERT INTO item_counts SELECT NEW.kind, 0 WHERE NOT EXISTS (SELECT 1 FROM item_counts WHERE kind = NEW.kind);
    UPDATE item_counts SET shown = shown + (NEW.missing = 0) WHERE kind = NEW.kind;
END;
CREATE TRIGGER items_counted_out AFTER DELETE ON items BEGIN
    UPDATE item_counts SET shown = shown - (OLD.missing = 0) WHERE kind = OLD.kind;
END;
CREATE TRIGGER items_counted_again AFTER UPDATE OF kind, missing ON items
WHEN OLD.kind IS NOT NEW.kind OR (OLD.missing = 0) IS NOT (NEW.missing = 0) BEGIN
    INSERT INTO item_counts SELECT NEW.kind, 0 WHERE NOT EXISTS (SELECT 1 FROM item_counts WHERE kind = NEW.kind);
    UPDATE item_counts SET shown = shown - (OLD.missing = 0) WHERE kind = OLD.kind;
    UPDATE item_counts SET shown = shown + (NEW.missing = 0) WHERE kind = NEW.kind;
END;

CREATE TABLE embedding_counts (model TEXT PRIMARY KEY, stored INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO embedding_counts SELECT model, COUNT(*) FROM embeddings GROUP BY model;
CREATE TABLE embedding_log (
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    PRIMARY KEY (model, version, item_id)
) WITHOUT ROWID;
CREATE TABLE vector_indexes (
    model TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    token TEXT NOT NULL,
    before TEXT NOT NULL,
    PRIMARY KEY (model, dimensions)
) WITHOUT ROWID;
CREATE TRIGGER embeddings_counted_in BEFORE INSERT ON embeddings
WHEN NOT EXISTS (SELECT 1 FROM embeddings WHERE model = NEW.model AND item_id = NEW.item_id) BEGIN
    INSERT INTO embedding_counts
        SELECT NEW.model, 0 WHERE NOT EXISTS (SELECT 1 FROM embedding_counts WHERE model = NEW.model);
    UPDATE embedding_counts SET stored = stored + 1 WHERE model = NEW.model;
END;
CREATE TRIGGER embeddings_counted_out AFTER DELETE ON embeddings BEGIN
    UPDATE embedding_counts SET stored = stored - 1 WHERE model = OLD.model;
    INSERT OR REPLACE INTO embedding_log
        SELECT OLD.model, value + 1, OLD.item_id FROM counters WHERE name = 'vectors';
END;
CREATE TRIGGER embeddings_logged AFTER INSERT ON embeddings BEGIN
    INSERT OR REPLACE INTO embedding_log
        SELECT NEW.model, value + 1, NEW.item_id FROM counters WHERE name = 'vectors';
END;
CREATE TRIGGER embeddings_logged_again AFTER UPDATE OF vector ON embeddings BEGIN
    INSERT OR REPLACE INTO embedding_log
        SELECT NEW.model, value + 1, NEW.item_id FROM counters WHERE name = 'vectors';
END;
"""

# Who answered what (also where the answer was: nothing), sounds, since when files are gone, what a folder is asked for.
_ANSWERS = """
CREATE TABLE answers (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    task TEXT NOT NULL,
    language TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL,
    created_s REAL NOT NULL,
    failed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item_id, task, language, model)
) WITHOUT ROWID;
CREATE INDEX answers_by_model ON answers (task, language, model);
INSERT INTO answers
    SELECT e.item_id, 'embed-image', '', e.model, i.added_s, 0 FROM embeddings e JOIN items i ON i.id = e.item_id;
INSERT INTO answers
    SELECT w.item_id, 'caption', w.language, w.model, MAX(w.created_s), 0 FROM captions w
    JOIN items i ON i.id = w.item_id AND i.content_hash = w.content_hash
    WHERE w.author = 'model' GROUP BY w.item_id, w.language, w.model;
INSERT INTO answers
    SELECT w.item_id, 'transcribe', '', w.model, MAX(w.created_s), 0 FROM transcripts w
    JOIN items i ON i.id = w.item_id AND i.content_hash = w.content_hash
    WHERE w.author = 'model' GROUP BY w.item_id, w.model;

CREATE TABLE sounds (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    label TEXT NOT NULL,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    start_s REAL NOT NULL,
    end_s REAL NOT NULL,
    score REAL NOT NULL,
    model TEXT NOT NULL,
    created_s REAL NOT NULL
);
CREATE INDEX sounds_by_item ON sounds (item_id);

CREATE TABLE notes (
    item_id INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    text TEXT NOT NULL
);

CREATE TABLE gone (item_id INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE, since_s REAL NOT NULL);
INSERT INTO gone SELECT id, CAST(strftime('%s', 'now') AS REAL) FROM items WHERE missing = 1;

CREATE INDEX items_by_inode ON items (inode);
ALTER TABLE folders ADD COLUMN wanted TEXT NOT NULL DEFAULT 'captions';
"""

# Two ends of lines behind every text, so that its last letters begin trigrams; and which trigrams there are.
_SHORT_WORDS = """
CREATE VIRTUAL TABLE words_ended USING fts5 (name, captions, transcript, tokenize = 'trigram');
INSERT INTO words_ended (rowid, name, captions, transcript)
    SELECT rowid, name || char(10, 10), captions || char(10, 10), transcript || char(10, 10) FROM words;
DROP TABLE words;
ALTER TABLE words_ended RENAME TO words;
CREATE VIRTUAL TABLE words_terms USING fts5vocab (words, row);
"""

# What a model tried in vain, without looking at every answer of it.
_IN_VAIN = "CREATE INDEX answers_in_vain ON answers (task, model, item_id) WHERE failed = 1;"

MIGRATIONS: tuple[str, ...] = (
    _FIRST,
    _PEOPLES_WORDS,
    _JOURNAL,
    _TAGS,
    _CORRECTIONS,
    _COUNTS,
    _ANSWERS,
    _SHORT_WORDS,
    _IN_VAIN,
)
"""Step n takes a database from version n to n + 1. A step that was released is never changed."""

_TABLE_OF_OURS = "counters"


def migrate(connection: sqlite3.Connection, file: Path) -> None:
    """Bring a database to the newest version, whole or not at all; an older one is copied first.

    A file that is refused is left exactly as it was. Copying and all steps are one transaction: another process waits
    for it, and never meets a database on its way.

    Raises:
        EnvironmentFault: LIBRARY_TOO_NEW, a newer program made it; LIBRARY_FOREIGN, it is another program's.
        sqlite3.Error: a step failed and was taken back.
    """
    version = acknowledged_version(connection, file)
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _use_wal(connection)
    if version < len(MIGRATIONS):
        _take_steps(connection, file)


def acknowledged_version(connection: sqlite3.Connection, file: Path) -> int:
    """Return the version of a database of ours, 0 for an empty one; reads only.

    Raises:
        EnvironmentFault: LIBRARY_TOO_NEW, LIBRARY_FOREIGN; see `migrate`.
    """
    connection.execute("BEGIN")
    version = _version(connection)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.execute("COMMIT")
    if version > len(MIGRATIONS):
        raise EnvironmentFault(ErrorCode.LIBRARY_TOO_NEW, path=str(file), version=version)
    if (_TABLE_OF_OURS in tables) != (version > 0) or (version == 0 and tables):
        raise EnvironmentFault(ErrorCode.LIBRARY_FOREIGN, "a database of another program", path=str(file))
    return version


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging, which SQLite refuses at once while another process is switching."""
    deadline = time.monotonic() + _SWITCHING_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _take_steps(connection: sqlite3.Connection, file: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    version = _version(connection)
    if 0 < version < len(MIGRATIONS):
        _copy(file, file.with_name(f"{file.name}.before-v{len(MIGRATIONS)}"))
    for number in range(version, len(MIGRATIONS)):
        for statement in _statements(MIGRATIONS[number]):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number + 1}")
    connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """Split a script, triggers included; `executescript` would end the transaction."""
    statement = ""
    for part in script.rstrip("; \n").split(";"):
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _copy(file: Path, target: Path) -> None:
    """Copy the database as it was before the caller's transaction to `target`, whole or not at all.

    A connection of its own reads it: SQLite copies nothing through one that is writing.
    """
    partial = target.with_name(f"{target.name}.part")
    with os_errors_sorted(target):
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
        partial.replace(target)
