"""A person's steps are undone and done again, after a restart too; what models write is no step."""

from __future__ import annotations

import pytest

from mmbm_desktop.library import journal
from mmbm_desktop.library.interface import NewTranscript
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.protocol.journal import Action, Step
from tests.library.conftest import Opener, picture, said, unit


def mine(text: str) -> object:
    return said(text, author="person")


def caption(library: SqlLibrary, number: int) -> str:
    return library.items([number])[0].caption_en


def test_a_caption_is_undone_and_done_again(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", "a", unit(1, 0), captions=(said("A model's."),))])
    library.add_captions(number, [mine("Mine, the first.")])
    library.add_captions(number, [mine("Mine, the second.")])
    library.add_captions(number, [said("Another model's.")])
    step = Step(Action.CAPTION, "/p/a.jpg", (number,))

    assert library.next_steps() == (step, None)
    assert library.undo() == step
    assert caption(library, number) == "Mine, the first."
    assert library.search_words("second", 5) == ()
    assert library.undo() == step
    assert caption(library, number) == "Another model's."
    assert library.undo() is None
    assert library.redo() == step
    assert library.redo() == step
    assert library.redo() is None
    assert caption(library, number) == "Mine, the second."
    assert library.search_words("the second", 5) == (number,)
    assert library.check() == ()


def test_a_folder_comes_back_when_another_has_taken_its_place(library: SqlLibrary) -> None:
    library.add_folder("/p")
    library.remove_folder("/p")
    library.add_folder("/q")

    assert library.undo() is not None

    assert {folder.path for folder in library.folders()} == {"/q", "/p"}


def test_a_step_done_again_after_indexing_neither_is_lost_nor_takes_anothers_words(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", "a")])
    library.add_captions(number, [mine("Mine.")])
    library.undo()
    (other,) = library.store([picture("/p/b.jpg", "b", captions=(said("A model's."),))])

    assert library.redo() is not None
    assert caption(library, number) == "Mine."
    assert library.undo() is not None
    assert caption(library, number) == ""
    assert caption(library, other) == "A model's."


def test_a_transcript_is_a_step_too(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", "a")])
    library.add_transcript(number, NewTranscript("Heard.", "en", (), 0.5, "m"))
    library.add_transcript(number, NewTranscript("Said.", "en", (), 1.0, "", "person"))

    assert library.undo() == Step(Action.TRANSCRIPT, "/p/a.jpg", (number,))
    assert library.items([number])[0].transcript == "Heard."
    assert library.redo() is not None
    assert library.items([number])[0].transcript == "Said."


def test_a_new_step_ends_what_could_be_done_again(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", "a")])
    library.add_captions(number, [mine("One.")])
    library.undo()
    library.add_captions(number, [mine("Two.")])

    assert library.redo() is None
    assert caption(library, number) == "Two."


def test_a_folder_taken_out_comes_back_with_everything(library: SqlLibrary) -> None:
    library.add_folder("/p")
    library.add_folder("/q")
    library.set_folder_done("/p", done=True)
    here, gone, other = library.store(
        [
            picture("/p/a.jpg", "a", unit(1, 0), captions=(said("A dog."),)),
            picture("/p/b.jpg", "b", unit(1, 0)),
            picture("/q/c.jpg", "c", unit(0, 1)),
        ]
    )
    library.add_captions(here, [mine("My dog.")])
    library.mark_missing("/p", ["/p/a.jpg"])
    before = library.folders()

    library.remove_folder("/p")

    assert [folder.path for folder in library.folders()] == ["/q"]
    assert library.browse(0, 10)[1] == 1
    assert library.search_words("dog", 5) == ()
    assert [hit.item_id for hit in library.search_vectors(unit(1, 0), "m", 5)[0]] == [other]
    assert library.check() == ()

    assert library.undo() == Step(Action.REMOVE_FOLDER, "/p")

    assert library.folders() == before
    assert library.search_words("dog", 5) == (here,)
    assert {hit.item_id for hit in library.search_vectors(unit(1, 0), "m", 5)[0]} == {here, other}
    assert library.items([gone])[0].missing
    library.redo()
    assert library.browse(0, 10)[1] == 1


def test_a_folder_added_again_finds_its_items_as_they_were(library: SqlLibrary) -> None:
    library.add_folder("/p")
    (number,) = library.store([picture("/p/a.jpg", "a", unit(1, 0))])
    library.add_captions(number, [mine("My dog.")])
    library.remove_folder("/p")

    library.add_folder("/p")
    assert library.store([picture("/p/a.jpg", "a", unit(1, 0))]) == (number,)

    assert caption(library, number) == "My dog."
    assert library.undo() is not None  # hides nothing and shows nothing: the items are there
    assert library.browse(0, 10)[1] == 1


def test_steps_outlive_a_restart_and_end_after_thirty_days(
    open_library: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = open_library()
    library.add_folder("/p")
    first, second = library.store([picture("/p/a.jpg", "a", unit(1, 0)), picture("/q/b.jpg", "b")])
    library.add_captions(second, [mine("Mine.")])
    library.remove_folder("/p")
    library.close()

    again = open_library()
    assert again.next_steps()[0] == Step(Action.REMOVE_FOLDER, "/p")
    again.undo()
    assert again.browse(0, 10)[1] == 2
    again.redo()
    again.close()
    monkeypatch.setattr(journal, "KEPT_S", -1.0)
    late = open_library()

    assert late.next_steps() == (None, None)
    assert late.items([first]) == ()
    assert caption(late, second) == "Mine."
    assert late.check() == ()
    late.close()


def test_redoing_words_of_an_item_that_is_gone_for_good_does_nothing(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", "a")])
    library.add_captions(number, [mine("Mine.")])
    library.undo()
    with library._connections.writing() as connection:
        connection.execute("DELETE FROM words WHERE rowid = ?", (number,))
        connection.execute("DELETE FROM items WHERE id = ?", (number,))

    assert library.redo() == Step(Action.CAPTION, "/p/a.jpg", (number,))
    assert library.check() == ()


def test_a_folder_that_is_taken_out_again_takes_along_what_came_since(library: SqlLibrary) -> None:
    library.add_folder("/p", ("captions", "sounds"))
    library.store([picture("/p/a.jpg", "a")])
    library.remove_folder("/p")
    library.undo()
    assert [folder.wanted for folder in library.folders()] == [("captions", "sounds")]
    library.store([picture("/p/b.jpg", "b"), picture("/q/c.jpg", "c")])

    library.redo()

    assert [item.path for item in library.browse(0, 5)[0]] == ["/q/c.jpg"]
    library.undo()
    assert {item.path for item in library.browse(0, 5)[0]} == {"/p/a.jpg", "/p/b.jpg", "/q/c.jpg"}
