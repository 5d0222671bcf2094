"""Files that are known are recognised by size, time and inode: as they are, moved, or come back; nothing is hashed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.media.scan import ScannedFile, scanned_file
from tests.library.conftest import said, unit


def stored(library: SqlLibrary, path: Path, captions: tuple[NewCaption, ...] = ()) -> int:
    """Store a file as it is."""
    file = scanned_file(path)
    facts = FileFacts(file.path, file.kind, path.read_text(), file.size_bytes, file.modified_s, file.inode)
    return library.store([IndexedItem(facts, unit(1, 0), "m", captions)])[0]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "p").mkdir()
    made = tmp_path / "p" / "a.jpg"
    made.write_text("content")
    return made


def test_a_file_as_it_was_is_known_with_its_answers(library: SqlLibrary, file: Path) -> None:
    number = stored(library, file, (said("A dog."),))
    library.add_captions(number, [said("我的。", "zh", "person")])

    (known,) = library.recognise([scanned_file(file)]).values()

    assert known.item_id == number
    assert known.answers == {("embed-image", "", "m"), ("caption", "en", "m 1"), ("caption", "zh", "")}
    assert known.answered("caption", "zh")
    assert known.answered("embed-image", model="m")
    assert not known.answered("embed-image", model="another")
    assert not known.answered("transcribe")


@pytest.mark.parametrize("change", [{"size_bytes": 1}, {"modified_s": 5.0}, {"inode": 5}], ids=str)
def test_a_file_that_changed_is_not_known(library: SqlLibrary, file: Path, change: dict[str, float]) -> None:
    stored(library, file)
    seen = scanned_file(file)

    assert library.recognise([ScannedFile(**{**vars(seen), **change})]) == {}


def test_a_renamed_file_keeps_everything_and_is_found_by_its_new_name(library: SqlLibrary, file: Path) -> None:
    number = stored(library, file)
    library.add_captions(number, [said("Mine.", author="person")])
    new = file.rename(file.with_name("holiday.jpg"))

    assert library.recognise([scanned_file(new)])[str(new)].item_id == number

    (item,) = library.items([number])
    assert (item.path, item.caption_en) == (str(new), "Mine.")
    assert library.search_words("holiday", 5) == (number,)
    assert library.search_words("a.jpg", 5) == ()
    assert library.search_vectors(unit(1, 0), "m", 5)[0][0].item_id == number
    assert library.check() == ()


def test_a_renamed_folder_takes_its_items_along(library: SqlLibrary, file: Path) -> None:
    for number in range(50):
        file.with_name(f"{number:02}.jpg").write_text(str(number))
    ids = {path.name: stored(library, path) for path in sorted(file.parent.iterdir())}
    folder = file.parent.rename(file.parent.with_name("q"))

    known = library.recognise([scanned_file(path) for path in folder.iterdir()])

    assert {Path(path).name: one.item_id for path, one in known.items()} == ids
    assert {item.path for item in library.items(list(ids.values()))} == {str(path) for path in folder.iterdir()}
    assert library.mark_missing(str(file.parent), ()) == 0


@pytest.mark.parametrize("places", ["ba", "_abc", "bc_", "cab"], ids=lambda places: f"abc is now at {places}")
def test_files_that_take_each_others_places_keep_their_own_items(library: SqlLibrary, file: Path, places: str) -> None:
    """`places` says which file lies at a.jpg, b.jpg and so on by now; "_" is none."""
    ids = {}
    for name in sorted({*places} - {"_"}):
        path = file.with_name(f"{name}.jpg")
        path.write_text(name)
        ids[name] = stored(library, path)
        library.add_captions(ids[name], [said(f"Of {name}.", author="person")])
        path.rename(file.with_name(name))
    for name, at in zip(places, "abcd", strict=False):
        if name != "_":
            file.with_name(name).replace(file.with_name(f"{at}.jpg"))

    paths = sorted(file.parent.iterdir())
    known = library.recognise([scanned_file(path) for path in paths])
    for path in paths:
        if str(path) not in known:
            stored(library, path, (said("By a model."),))

    now = {Path(item.path).stem: (item.id, item.caption_en) for item in library.browse(0, 9)[0]}
    wanted = {at: (ids[name], f"Of {name}.") for name, at in zip(places, "abcd", strict=False) if name != "_"}
    assert now == wanted
    assert library.check() == ()


def test_a_file_moved_over_another_takes_its_place_and_the_other_can_come_back(library: SqlLibrary, file: Path) -> None:
    over, kept = file.with_name("over.jpg"), file.with_name("kept")
    over.write_text("other")
    below, above = stored(library, over), stored(library, file)
    library.add_captions(below, [said("Of the other.", author="person")])
    os.link(over, kept)
    file.replace(over)

    assert library.recognise([scanned_file(over)])[str(over)].item_id == above

    assert [item.id for item in library.browse(0, 9)[0]] == [above]
    assert [hit.item_id for hit in library.search_vectors(unit(1, 0), "m", 5)[0]] == [above]
    back = kept.rename(file)
    assert library.recognise([scanned_file(back)])[str(back)].item_id == below
    assert library.items([below])[0].caption_en == "Of the other."
    assert library.search_words("over", 5) == (above,)


def test_a_hard_link_or_a_copy_is_another_file(library: SqlLibrary, file: Path) -> None:
    stored(library, file)
    link, copy = file.with_name("link.jpg"), file.with_name("copy.jpg")
    os.link(file, link)
    copy.write_text("content")

    assert library.recognise([scanned_file(link), scanned_file(copy)]) == {}


def test_a_missing_file_that_is_back_is_shown_again(library: SqlLibrary, file: Path) -> None:
    number = stored(library, file)
    away = file.rename(file.with_name("away"))
    assert library.mark_gone([str(file)]) == 1
    assert library.search_vectors(unit(1, 0), "m", 5) == ((), 0)
    away.rename(file)

    assert library.recognise([scanned_file(file)])[str(file)].item_id == number

    assert library.browse(0, 5)[1] == 1
    assert [hit.item_id for hit in library.search_vectors(unit(1, 0), "m", 5)[0]] == [number]


def test_a_content_that_is_known_asks_for_nothing_new(library: SqlLibrary, file: Path, tmp_path: Path) -> None:
    number = stored(library, file)
    elsewhere = tmp_path / "elsewhere.jpg"

    assert library.known_content(str(file), "content", 1) is not None
    assert library.known_content(str(file), "other content", 1) is None
    assert library.known_content(str(elsewhere), "content", 1) is None  # a copy: the first is still there
    file.rename(elsewhere)

    known = library.known_content(str(elsewhere), "content", 1)

    assert known is not None
    assert (known.item_id, known.answered("embed-image")) == (number, True)
