"""Copies of the library: made in use, cancelled, refused, put in the place of sound and of damaged ones."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import Cancelled, ErrorCode, MmbmError
from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.library import copies, migrations
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.library.window_lock import WindowLock, is_free
from tests.library.conftest import picture, said, unit


def filled(file: Path, items: int, words: str = "A dog.") -> SqliteLibrary:
    library = SqliteLibrary(file)
    library.add_folder("/p")
    library.store([picture(f"/p/{n}.jpg", vector=unit(n + 1, 1), captions=(said(words),)) for n in range(items)])
    return library


def items_of(file: Path) -> int:
    return copies.facts_of_library(file).items


def test_a_copy_made_while_others_write_holds_one_moment(tmp_path: Path) -> None:
    library = filled(tmp_path / "library.db", 300)
    told: list[tuple[int, int | None]] = []

    def write_more(done: int, total: int | None) -> None:
        told.append((done, total))
        library.store([picture(f"/p/more{len(told)}.jpg")])

    copies.copy_library(tmp_path / "library.db", tmp_path / "copy.db", write_more)

    assert told[-1][0] == told[-1][1]
    assert copies.facts_of_library(tmp_path / "copy.db").items == 300
    assert library.browse(0, 0)[1] == 300 + len(told)
    library.close()
    assert {path.name for path in tmp_path.iterdir()} == {"library.db", "copy.db"}


def test_a_cancelled_copy_leaves_the_old_one(tmp_path: Path) -> None:
    filled(tmp_path / "library.db", 3).close()
    (tmp_path / "copy.db").write_bytes(b"yesterday's")
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        copies.copy_library(tmp_path / "library.db", tmp_path / "copy.db", no_progress, token)

    assert (tmp_path / "copy.db").read_bytes() == b"yesterday's"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_copy_over_another_library_is_not_mixed_with_that_ones_log(tmp_path: Path) -> None:
    filled(tmp_path / "library.db", 3).close()
    other = filled(tmp_path / "copy.db", 50)
    log = (tmp_path / "copy.db-wal").read_bytes()
    other.close()
    (tmp_path / "copy.db-wal").write_bytes(log)

    copies.copy_library(tmp_path / "library.db", tmp_path / "copy.db")

    assert items_of(tmp_path / "copy.db") == 3


def test_a_damaged_library_is_not_copied_as_if_it_were_sound(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    filled(file, 400).close()
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = bytes(4096)
    file.write_bytes(content)

    with pytest.raises(MmbmError) as caught:
        copies.copy_library(file, tmp_path / "copy.db")

    assert caught.value.code is ErrorCode.LIBRARY_DAMAGED
    assert not (tmp_path / "copy.db").exists()


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "library.db", 3).close()
    monkeypatch.setattr(copies.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10}))

    with pytest.raises(MmbmError) as caught:
        copies.copy_library(tmp_path / "library.db", tmp_path / "copy.db")

    assert caught.value.code is ErrorCode.DISK_FULL
    assert not (tmp_path / "copy.db").exists()


def of_kind(kind: str, file: Path) -> None:
    if kind == "text":
        file.write_bytes(b"this is not a database, however long it may be" * 50)
    elif kind == "other":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE items (of, another, program)")
    elif kind == "empty":
        file.touch()
    elif kind == "newer":
        filled(file, 1).close()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(f"PRAGMA user_version = {len(migrations.MIGRATIONS) + 1}")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("missing", ErrorCode.FILE_NOT_FOUND),
        ("text", ErrorCode.LIBRARY_FOREIGN),
        ("other", ErrorCode.LIBRARY_FOREIGN),
        ("empty", ErrorCode.LIBRARY_FOREIGN),
        ("newer", ErrorCode.LIBRARY_TOO_NEW),
    ],
)
def test_what_is_no_copy_of_a_library_is_refused(tmp_path: Path, kind: str, code: ErrorCode) -> None:
    source, place = tmp_path / "source.db", tmp_path / "library.db"
    of_kind(kind, source)
    filled(place, 2).close()
    before = sorted(path.name for path in tmp_path.iterdir())

    with pytest.raises(MmbmError) as caught:
        copies.prepared_from(source, place, no_progress, None)

    assert caught.value.code is code
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_only_the_library_s_own_index_is_deleted(tmp_path: Path) -> None:
    for name in ("library.db.vectors", "library.vectors"):
        (tmp_path / name).mkdir()

    copies.remove_caches(tmp_path / "library.db")

    assert [path.name for path in tmp_path.iterdir()] == ["library.vectors"]


def test_a_restored_library_is_seen_by_who_has_it_open(tmp_path: Path) -> None:
    file, source, aside = tmp_path / "library.db", tmp_path / "copy.db", tmp_path / "aside.db"
    filled(source, 2, "Of the copy.").close()
    library = filled(file, 5)
    assert library.search_vectors(unit(1, 1), "m", 9)[1] == 5
    assert not library.others_wrote()
    (tmp_path / "library.db.vectors").mkdir()

    copies.put_in_place(copies.prepared_from(source, file, no_progress, None), file, aside)

    assert library.others_wrote()
    assert not library.others_wrote()
    assert library.search_vectors(unit(1, 1), "m", 9)[1] == 2
    assert len(library.search_words("of the copy", 9)) == 2
    library.store([picture("/p/new.jpg", vector=unit(1, 0))])
    assert library.check() == ()
    library.close()
    assert (items_of(file), items_of(aside), items_of(source)) == (3, 5, 2)
    assert {path.name for path in tmp_path.iterdir()} == {"library.db", "copy.db", "aside.db"}


@pytest.mark.parametrize("kind", ["text", "newer", "missing"])
def test_what_cannot_be_opened_is_renamed_aside_and_replaced(tmp_path: Path, kind: str) -> None:
    file, source, aside = tmp_path / "library.db", tmp_path / "copy.db", tmp_path / "aside.db"
    filled(source, 2).close()
    of_kind(kind, file)
    content = file.read_bytes() if file.exists() else None

    copies.put_in_place(copies.prepared_from(source, file, no_progress, None), file, aside)

    assert items_of(file) == 2
    assert (aside.read_bytes() if aside.exists() else None) == content


def test_an_older_copy_is_brought_up_to_date(tmp_path: Path) -> None:
    from tests.library.test_safety import by_hand

    by_hand(tmp_path / "old.db", 1)

    prepared = copies.prepared_from(tmp_path / "old.db", tmp_path / "library.db", no_progress, None)

    assert copies.facts_of_library(prepared).version == len(migrations.MIGRATIONS)
    assert copies.facts_of_library(tmp_path / "old.db").version == 1
    assert {path.name for path in tmp_path.iterdir()} == {"old.db", prepared.name}


def test_a_read_only_library_reads_what_the_other_writes_and_writes_nothing(tmp_path: Path) -> None:
    writer = filled(tmp_path / "library.db", 2)
    reader = SqliteLibrary(tmp_path / "library.db", read_only=True)
    assert reader.search_vectors(unit(1, 1), "m", 9)[1] == 2
    assert not reader.others_wrote()

    writer.store([picture("/p/new.jpg", vector=unit(1, 0))])

    assert reader.others_wrote()
    assert not writer.others_wrote()
    assert reader.search_vectors(unit(1, 1), "m", 9)[1] == 3
    with pytest.raises(MmbmError) as caught:
        reader.store([picture("/p/mine.jpg")])
    assert caught.value.code is ErrorCode.LIBRARY_READ_ONLY
    writer.close()
    reader.close()


def test_one_window_has_the_lock(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    first = WindowLock.taken(file)
    assert first is not None
    assert WindowLock.taken(file) is None
    if sys.platform != "win32":
        (tmp_path / "link.db").symlink_to(file)
        assert WindowLock.taken(tmp_path / "link.db") is None
    assert not is_free(file)

    first.release()
    first.release()

    assert is_free(file)
    again = WindowLock.taken(file)
    assert again is not None
    again.release()
