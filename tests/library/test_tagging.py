"""Tags: found as words and by filter, kept by moved files, given to copies, changed in steps of one or many parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.media.scan import ScannedFile
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.history import TagCount
from mmbm_desktop.protocol.journal import Action, Step
from mmbm_desktop.protocol.order import Order, SortKey
from mmbm_desktop.protocol.tasks import MediaKind
from tests.library.conftest import Opener, picture, said, unit


def tags(library: SqlLibrary, *numbers: int) -> list[tuple[str, ...]]:
    return [item.tags for item in library.items(numbers)]


def test_tags_are_found_as_words_and_by_filter_and_counted(library: SqlLibrary) -> None:
    one, two = library.store([picture("/p/a.jpg"), picture("/p/b.jpg")])
    library.change_tags([one, two], add=["summer  2024", "Beach"])
    library.change_tags([two], add=["beach", "度假"], remove=["SUMMER 2024"])

    assert tags(library, one, two) == [("Beach", "summer 2024"), ("Beach", "度假")]
    assert library.search_words("summer", 5) == (one,)
    assert library.search_words("度假", 5) == (two,)
    assert library.ids(Filters(tags=("beach",))) == (one, two)
    assert library.browse(0, 5, Filters(tags=("beach", "度假")))[1] == 1
    assert library.tags() == (TagCount("Beach", 2), TagCount("summer 2024", 1), TagCount("度假", 1))
    assert library.check() == ()


def test_an_edit_of_capitals_is_an_edit(library: SqlLibrary) -> None:
    (one,) = library.store([picture("/p/a.jpg")])
    library.change_tags([one], add=["beach"])
    library.change_tags([one], add=["Beach"], remove=["beach"])
    assert tags(library, one) == [("Beach",)]


def test_a_tag_without_letters_or_with_a_comma_is_refused(library: SqlLibrary) -> None:
    (one,) = library.store([picture("/p/a.jpg")])
    for bad in ("  ", "a,b"):
        with pytest.raises(InputFault) as caught:
            library.change_tags([one], add=["good", bad])
        assert caught.value.code is ErrorCode.ARGUMENT_INVALID
    assert tags(library, one) == [()]


def test_tags_follow_the_content_to_a_moved_file_and_to_a_copy(library: SqlLibrary, tmp_path: Path) -> None:
    first, copy = tmp_path / "a.jpg", tmp_path / "copy.jpg"
    first.write_bytes(b"x")
    (one,) = library.store([picture(first, "content")])
    library.change_tags([one], add=["mine"])
    (two,) = library.store([picture(copy, "content")])
    assert tags(library, two) == [("mine",)]
    assert library.search_words("mine", 5)
    first.rename(tmp_path / "moved.jpg")
    assert library.store([picture(tmp_path / "moved.jpg", "content")]) == (one,)
    library.store([picture(tmp_path / "moved.jpg", "other content")])
    assert tags(library, one) == [("mine",)]


def test_tags_are_undone_and_done_again_after_a_restart(open_library: Opener) -> None:
    library = open_library()
    one, two, three = library.store([picture(f"/p/{name}.jpg") for name in "abc"])
    library.change_tags([one], add=["old"])
    number = library.change_tags([one, two], add=["new"], remove=["old"])
    assert library.change_tags([three], add=["new"], batch=number) == number
    assert library.change_tags([three], add=["new"]) is None
    library.close()

    again = open_library()
    step = Step(Action.TAGS, "/p/a.jpg", (one, two, three))
    assert again.undo() == Step(Action.TAGS, "/p/a.jpg", (three, one, two))
    assert tags(again, one, two, three) == [("old",), (), ()]
    assert again.search_words("new", 5) == ()
    assert again.redo() == step
    assert tags(again, one, two, three) == [("new",), ("new",), ("new",)]
    assert again.check() == ()
    again.close()


def test_a_batch_of_captions_written_in_parts_is_one_step(library: SqlLibrary) -> None:
    one, two = library.store([picture("/p/a.jpg", captions=(said("Old."),)), picture("/p/b.jpg")])
    library.add_captions(two, [said("Mine.", author="person")])
    number = library.caption_batch(Action.CAPTION_AGAIN, {one: [said("New.")]})
    library.add_captions(one, [said("Between.", "zh", "person")])
    library.caption_batch(Action.CAPTION_AGAIN, {two: [said("Another.")]}, number)
    shown = [item.caption_en for item in library.items([one, two])]
    assert shown == ["New.", "Mine."]

    step = library.undo()

    assert step == Step(Action.CAPTION_AGAIN, "/p/a.jpg", (two, one))
    assert library.items([one])[0].caption_en == "Old."
    assert [entry.text for entry in library.history(two).captions] == ["Mine."]
    assert library.undo() == Step(Action.CAPTION, "/p/a.jpg", (one,))
    assert library.redo() is not None
    assert library.redo() is not None
    assert library.items([one])[0].caption_en == "New."
    assert library.check() == ()


def test_items_taken_out_stay_out_when_indexed_again_and_come_back_by_undo(library: SqlLibrary) -> None:
    library.add_folder("/p")
    one, two = library.store([picture("/p/a.jpg", "a", unit(1, 0)), picture("/p/b.jpg", "b", unit(0, 1))])
    assert library.remove_items([one]) == 1
    assert library.remove_items([one]) == 0
    assert library.browse(0, 5)[1] == 1
    assert [hit.item_id for hit in library.search_vectors(unit(1, 0), "m", 5)[0]] == [two]
    changed = ScannedFile("/p/a.jpg", MediaKind.PHOTO, 11, 2.0, 7)
    assert library.recognise([changed])["/p/a.jpg"].left_out
    library.remove_folder("/p")
    library.undo()
    assert library.browse(0, 5)[1] == 1

    assert library.undo() == Step(Action.REMOVE_ITEMS, "/p/a.jpg", (one,))

    assert library.browse(0, 5)[1] == 2
    assert {hit.item_id for hit in library.search_vectors(unit(1, 0), "m", 5)[0]} == {one, two}


def test_lists_are_sorted_by_name_size_and_date(library: SqlLibrary) -> None:
    numbers = library.store(
        [picture(f"/p/{name}.jpg", modified_s=when) for name, when in (("b", 1), ("a", 3), ("c", 2))]
    )
    b, a, c = numbers
    for order, wanted in (
        (Order(), [a, c, b]),
        (Order(SortKey.DATE, descending=False), [b, c, a]),
        (Order(SortKey.NAME, descending=False), [a, b, c]),
        (Order(SortKey.NAME), [c, b, a]),
        (Order(SortKey.SIZE), [c, a, b]),
    ):
        assert [item.id for item in library.browse(0, 9, order=order)[0]] == wanted, order
        assert [item.id for item in library.browse(1, 1, order=order)[0]] == wanted[1:2]
