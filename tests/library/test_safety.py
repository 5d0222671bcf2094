"""Killed writers, full disks, damaged, foreign and newer files: nothing saved is lost, and each has its error."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import BugFault, EnvironmentFault, ErrorCode
from mmbm_desktop.library import migrations
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from tests.library.conftest import picture, unit

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and limits of POSIX")

WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from mmbm_desktop.library.sqlite_library import SqliteLibrary
    from tests.library.conftest import picture, said, unit
    library = SqliteLibrary(Path(sys.argv[1]))
    start = library.browse(0, 1, None, None)[1]
    for batch in range(start // 4, 100000):
        library.store([picture(f"/p/{batch}-{k}.jpg", vector=unit(batch + 1, k), captions=(said("words"),)) for k in range(4)])
        print(batch, flush=True)
""")

ROOT = Path(__file__).parents[2]


def test_a_killed_writer_leaves_whole_batches_and_a_sound_file(tmp_path: Path) -> None:
    file, random_times = tmp_path / "library.db", random.Random(7)
    for _ in range(6):
        child = subprocess.Popen([sys.executable, "-c", WRITER, file], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        told = int(child.stdout.readline())
        time.sleep(random_times.uniform(0.0, 0.15))
        child.send_signal(signal.SIGKILL)
        told = max([told, *(int(line) for line in child.stdout.read().splitlines() if line.strip().isdigit())])
        child.stdout.close()
        child.wait()

        library = SqliteLibrary(file)
        items, total = library.browse(0, 1_000_000, None, None)
        assert library.check() == ()
        assert total % 4 == 0
        assert total >= (told + 1) * 4
        assert all(item.caption_en == "words" for item in items)
        assert library.search_vectors(unit(1, 0), "m", 1)[1] == total
        library.close()


FILLER = textwrap.dedent("""
    import resource, signal, sys
    from pathlib import Path
    from mmbm_desktop.base.errors import MmbmError
    from mmbm_desktop.library.sqlite_library import SqliteLibrary
    from tests.library.conftest import picture, unit
    library = SqliteLibrary(Path(sys.argv[1]))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    stored = 0
    try:
        while True:
            library.store([picture(f"/p/{stored + k}.jpg", vector=unit(*range(1, 257))) for k in range(20)])
            stored += 20
    except MmbmError as error:
        assert library.browse(0, 1, None, None)[1] == stored
        print(error.code.value, stored)
""")


def test_a_full_disk_is_told_and_what_was_stored_stays(tmp_path: Path) -> None:
    file = tmp_path / "library.db"

    child = subprocess.run([sys.executable, "-c", FILLER, file], cwd=ROOT, capture_output=True, text=True, check=True)

    code, stored = child.stdout.split()
    assert code == "disk-full"
    library = SqliteLibrary(file)
    assert library.browse(0, 1, None, None)[1] == int(stored) > 0
    assert library.check() == ()
    library.store([picture("/p/more.jpg", vector=unit(1, 0))])
    library.close()


def test_a_failing_batch_is_taken_back_whole(tmp_path: Path) -> None:
    library = SqliteLibrary(tmp_path / "library.db")
    bad = picture("/p/bad.jpg", captions=(None,))

    with pytest.raises(AttributeError):
        library.store([picture("/p/good.jpg"), bad])

    assert library.browse(0, 10, None, None)[1] == 0
    library.close()


@pytest.mark.parametrize(
    "content", [b"this is not a database, however long it may be" * 50, b"SQLite format 3\0" + os.urandom(5000)]
)
def test_a_file_that_is_no_database_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "library.db"
    file.write_bytes(content)

    with pytest.raises(EnvironmentFault) as caught:
        SqliteLibrary(file)

    assert caught.value.code is ErrorCode.LIBRARY_DAMAGED
    assert file.read_bytes() == content


def test_a_newer_library_is_refused_untouched(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(EnvironmentFault) as caught:
        SqliteLibrary(file)

    assert caught.value.code is ErrorCode.LIBRARY_TOO_NEW


def test_an_older_library_is_copied_and_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "library.db"
    old = SqliteLibrary(file)
    old.store([picture("/p/a.jpg")])
    old.close()
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, "CREATE TABLE later (x INTEGER)"))

    new = SqliteLibrary(file)

    assert new.browse(0, 10, None, None)[1] == 1
    new.close()
    with closing(sqlite3.connect(tmp_path / "library.db.before-v2")) as copy:
        assert copy.execute("SELECT COUNT(*) FROM items").fetchone() == (1,)
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_failing_migration_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "library.db"
    SqliteLibrary(file).close()
    monkeypatch.setattr(
        migrations, "MIGRATIONS", (*migrations.MIGRATIONS, "CREATE TABLE later (x); CREATE TABLE items (y)")
    )

    with pytest.raises(BugFault):
        SqliteLibrary(file)

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'later'").fetchone() is None


def test_a_closed_library_says_so(tmp_path: Path) -> None:
    library = SqliteLibrary(tmp_path / "library.db")
    library.close()
    library.close()

    with pytest.raises(EnvironmentFault) as caught:
        library.folders()

    assert caught.value.code is ErrorCode.LIBRARY_LOCKED


def test_a_library_held_by_another_writer_is_locked_not_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmbm_desktop.library.connections._BUSY_S", 0.1)
    file = tmp_path / "library.db"
    library = SqliteLibrary(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(EnvironmentFault) as caught:
            library.store([picture("/p/a.jpg")])
        other.execute("ROLLBACK")

    assert caught.value.code is ErrorCode.LIBRARY_LOCKED
    assert len(library.store([picture("/p/a.jpg")])) == 1
    library.close()
