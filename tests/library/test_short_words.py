"""One and two letters are found wherever they stand, in both stores: first, in the middle, and as a text's last."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mmbm_desktop.library import migrations, word_search
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.filters import Filters
from tests.library.conftest import Opener, picture, said

CAPTIONS = ("小狗在草地上", "一只小狗在跑", "草地上有小狗", "小猫", "狗")


@pytest.fixture
def ids(library: SqlLibrary) -> tuple[int, ...]:
    return library.store([picture(f"/p/{n}.jpg", captions=(said(text, "zh"),)) for n, text in enumerate(CAPTIONS)])


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("小狗", {0, 1, 2}), ("狗", {0, 1, 2, 4}), ("小猫", {3}), ("跑", {1}), ("猫狗", set()), ("PG", {0, 1, 2, 3, 4})],
)
def test_they_are_found_wherever_they_stand(
    library: SqlLibrary, ids: tuple[int, ...], wanted: str, found: set[int]
) -> None:
    expected = {ids[number] for number in found}
    assert set(library.search_words(wanted, 10)) == expected
    assert set(library.ids(Filters(words=(wanted,)))) == expected


@pytest.mark.parametrize("wanted", ['"', "%", "_", "a%", '""', "'"])
def test_signs_stand_for_themselves(library: SqlLibrary, wanted: str) -> None:
    (_, quoted) = library.store(
        [picture("/p/1.jpg", captions=(said("abc"),)), picture("/p/2.jpg", captions=(said("""a% "" _ '"""),))]
    )
    assert library.search_words(wanted, 10) == (quoted,)
    assert library.ids(Filters(words=(wanted,))) == (quoted,)


def test_letters_that_begin_many_trigrams_are_compared(
    open_library: Opener, ids: tuple[int, ...], library: SqlLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_search, "_MOST_BEGUN", 1)
    assert set(library.search_words("小狗", 10)) == set(ids[:3])


def test_the_newest_are_first_and_no_more_than_wanted(library: SqlLibrary, ids: tuple[int, ...]) -> None:
    assert library.search_words("小狗", 2) == (ids[2], ids[1])


def test_an_older_library_finds_the_last_letters_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, before = tmp_path / "library.db", migrations.MIGRATIONS.index(migrations._SHORT_WORDS)
    with closing(sqlite3.connect(file)) as connection:
        for script in migrations.MIGRATIONS[:before]:
            connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {before}")
        connection.execute(
            "INSERT INTO items (id, path, kind, content_hash, size_bytes, modified_s, inode, added_s)"
            " VALUES (1, x'2f70', 'photo', 'h', 1, 1, 1, 1)"
        )
        connection.execute("INSERT INTO words (rowid, name, captions, transcript) VALUES (1, 'p', '草地上有小狗', '')")
        connection.commit()
    library = SqliteLibrary(file)
    assert library.search_words("小狗", 10) == (1,)
    assert library.check() == ()
    library.close()
