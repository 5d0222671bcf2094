"""Full disks, damaged, foreign and newer files: nothing saved is lost, and each has its error."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import BugFault, EnvironmentFault, ErrorCode
from mmbm_desktop.library import migrations
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from tests.library.conftest import picture, unit

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and limits of POSIX")

ROOT = Path(__file__).parents[2]


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
        assert library.browse(0, 1)[1] == stored
        print(error.code.value, stored)
""")


def test_a_full_disk_is_told_and_what_was_stored_stays(tmp_path: Path) -> None:
    file = tmp_path / "library.db"

    child = subprocess.run([sys.executable, "-c", FILLER, file], cwd=ROOT, capture_output=True, text=True, check=True)

    code, stored = child.stdout.split()
    assert code == "disk-full"
    library = SqliteLibrary(file)
    assert library.browse(0, 1)[1] == int(stored) > 0
    assert library.check() == ()
    library.store([picture("/p/more.jpg", vector=unit(1, 0))])
    library.close()


def test_a_failing_batch_is_taken_back_whole(tmp_path: Path) -> None:
    library = SqliteLibrary(tmp_path / "library.db")
    bad = picture("/p/bad.jpg", captions=(None,))

    with pytest.raises(AttributeError):
        library.store([picture("/p/good.jpg"), bad])

    assert library.browse(0, 10)[1] == 0
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


def by_hand(file: Path, version: int) -> None:
    """Make a library of an older version that holds one picture, with SQLite alone."""
    with closing(sqlite3.connect(file)) as connection:
        for script in migrations.MIGRATIONS[:version]:
            connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {version}")
        if version:
            connection.execute(
                "INSERT INTO items VALUES (1, ?, 'photo', 'h', 1, 1.0, 1, 0, 0, 0, 0, 1.0)", (b"/p/a.jpg",)
            )
            connection.execute("INSERT INTO captions VALUES (1, 1, 'h', 'Mine.', 'en', 0, '', 'person', 1.0)")
            connection.execute("INSERT INTO words (rowid, name, captions, transcript) VALUES (1, 'a.jpg', 'Mine.', '')")
        connection.commit()


@pytest.mark.parametrize("version", range(1, len(migrations.MIGRATIONS)))
def test_an_older_library_is_copied_and_migrated(tmp_path: Path, version: int) -> None:
    file, newest = tmp_path / "library.db", len(migrations.MIGRATIONS)
    by_hand(file, version)
    (tmp_path / f"library.db.before-v{newest}.part").write_bytes(b"an interrupted copy")

    library = SqliteLibrary(file)

    assert [item.caption_en for item in library.browse(0, 10)[0]] == ["Mine."]
    library.store([picture("/p/copy.jpg", "h")])
    assert library.check() == ()
    library.close()
    with closing(sqlite3.connect(tmp_path / f"library.db.before-v{newest}")) as copy:
        assert copy.execute("SELECT COUNT(*) FROM items").fetchone() == (1,)
        assert copy.execute("PRAGMA user_version").fetchone() == (version,)
    assert {path.name for path in tmp_path.iterdir()} == {"library.db", f"library.db.before-v{newest}"}


def test_an_empty_file_and_an_empty_database_become_libraries(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    by_hand(tmp_path / "database.db", 0)

    for name in ("empty.db", "database.db"):
        library = SqliteLibrary(tmp_path / name)
        assert len(library.store([picture("/p/a.jpg")])) == 1
        library.close()
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("version", [0, 1])
def test_another_programs_database_is_refused_untouched(tmp_path: Path, version: int) -> None:
    file = tmp_path / "library.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE items (of, another, program)")
        connection.execute(f"PRAGMA user_version = {version}")
    content = file.read_bytes()

    with pytest.raises(EnvironmentFault) as caught:
        SqliteLibrary(file)

    assert caught.value.code is ErrorCode.LIBRARY_FOREIGN
    assert file.read_bytes() == content


def test_a_failing_migration_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, newest = tmp_path / "library.db", len(migrations.MIGRATIONS)
    SqliteLibrary(file).close()
    monkeypatch.setattr(
        migrations, "MIGRATIONS", (*migrations.MIGRATIONS, "CREATE TABLE later (x); CREATE TABLE items (y)")
    )

    with pytest.raises(BugFault):
        SqliteLibrary(file)

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (newest,)
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'later'").fetchone() is None


def test_a_step_may_hold_a_trigger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trigger = """
    CREATE TABLE seen (path BLOB);
    CREATE TRIGGER see AFTER INSERT ON items BEGIN INSERT INTO seen VALUES (new.path); DELETE FROM seen WHERE 0; END;
    """
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, trigger))

    library = SqliteLibrary(tmp_path / "library.db")
    library.store([picture("/p/a.jpg")])
    library.close()

    with closing(sqlite3.connect(tmp_path / "library.db")) as connection:
        assert connection.execute("SELECT path FROM seen").fetchall() == [(b"/p/a.jpg",)]


SHARER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from mmbm_desktop.library.sqlite_library import SqliteLibrary
    from tests.library.conftest import picture, said, unit
    sys.stdin.readline()
    library = SqliteLibrary(Path(sys.argv[1]))
    for n in range(15):
        library.store([picture(f"/{sys.argv[2]}/{n}-{k}.jpg", vector=unit(n + 1, k), captions=(said("words"),)) for k in range(4)])
    library.close()
""")


def test_processes_make_and_fill_one_library_together(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    children = [
        subprocess.Popen([sys.executable, "-c", SHARER, file, str(n)], cwd=ROOT, stdin=subprocess.PIPE, text=True)
        for n in range(3)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.close()
    for child in children:
        child.wait()

    assert [child.returncode for child in children] == [0, 0, 0]
    library = SqliteLibrary(file)
    assert library.browse(0, 1)[1] == 3 * 15 * 4
    assert library.search_vectors(unit(1, 0), "m", 1)[1] == 3 * 15 * 4
    assert library.check() == ()
    library.close()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files as Linux shows them")
def test_threads_that_come_and_go_leave_no_open_file(tmp_path: Path) -> None:
    library = SqliteLibrary(tmp_path / "library.db")

    def read_in_a_thread() -> None:
        thread = threading.Thread(target=library.folders)
        thread.start()
        thread.join()

    read_in_a_thread()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        read_in_a_thread()

    assert len(list(Path("/proc/self/fd").iterdir())) == before
    library.close()


def test_closing_beside_readers_ends_them_with_an_answer_or_a_typed_error(tmp_path: Path) -> None:
    library = SqliteLibrary(tmp_path / "library.db")
    library.store([picture(f"/p/{n}.jpg", vector=unit(n + 1, 1)) for n in range(50)])
    ends: list[object] = []

    def read() -> None:
        try:
            while True:
                assert library.browse(0, 50)[1] == 50
        except Exception as error:  # noqa: BLE001 - looked at below
            ends.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    library.close()
    for thread in threads:
        thread.join()

    assert [getattr(end, "code", end) for end in ends] == [ErrorCode.LIBRARY_LOCKED] * 3


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
