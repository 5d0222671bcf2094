"""What a person sets right is collected in the transaction of the edit, is undone with it, and outlives its item."""

from __future__ import annotations

from dataclasses import replace

from mmbm_desktop.library.interface import NewTranscript
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.protocol.corrections import Correction, CorrectionKind, NewCorrection, improved_name, origin_of
from mmbm_desktop.protocol.journal import Action, Step
from tests.library.conftest import picture, said

LABEL = NewCorrection(CorrectionKind.LABEL, "/q/loose.jpg", "0f" * 32, "cat", "dog", "pets 0.1.0")
THUMB = NewCorrection(CorrectionKind.THUMB, "/q/loose.jpg", "0f" * 32, "A dog.", "", "m 1", "en", rating=1)


def texts(library: SqlLibrary) -> list[tuple[str, str]]:
    return [(one.said, one.text) for one in library.corrections()]


def test_an_edited_caption_is_a_correction_of_what_the_model_said_last(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", "a", captions=(said("A cat."), said("一只猫。", "zh")))])
    library.add_captions(number, [said("A dog.", author="person")])

    (one,) = library.corrections()
    assert (one.kind, one.path, one.content_hash, one.language) == (CorrectionKind.CAPTION, "/p/a.jpg", "a", "en")
    assert (one.said, one.text, one.model) == ("A cat.", "A dog.", "m 1")
    library.add_captions(number, [replace(said("A wolf.", author="person"), said="A bear.", said_by="other 2")])
    assert texts(library) == [("A bear.", "A wolf.")]


def test_it_is_undone_and_done_again_with_the_caption(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", "a", captions=(said("A cat."),))])
    library.add_captions(number, [said("A dog.", author="person")])
    library.add_captions(number, [said("A big dog.", author="person")])

    library.undo()
    assert texts(library) == [("A cat.", "A dog.")]
    library.undo()
    assert library.corrections() == ()
    library.redo()
    assert texts(library) == [("A cat.", "A dog.")]


def test_what_a_model_says_and_what_a_person_confirms_is_none(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", "a", captions=(said("A cat."),))])
    library.add_captions(number, [said("A dog.", author="person")])
    library.add_captions(number, [said("A cat.", author="person")])
    library.add_captions(number, [said("A new model's.")])
    assert library.corrections() == ()


def test_a_transcript_is_one_too(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.wav", "a")])
    library.add_transcript(number, NewTranscript("Wreck a nice beach.", "en", (), 0.5, "m 1"))
    library.add_transcript(number, NewTranscript("Recognise speech.", "en", (), 1.0, "", "person"))
    assert texts(library) == [("Wreck a nice beach.", "Recognise speech.")]


def test_labels_and_thumbs_need_no_item_and_are_steps(library: SqlLibrary) -> None:
    library.add_correction(LABEL)
    library.add_correction(THUMB)
    assert [one.kind for one in library.corrections()] == [CorrectionKind.THUMB, CorrectionKind.LABEL]

    assert library.undo() == Step(Action.THUMB, "/q/loose.jpg")
    assert library.undo() == Step(Action.LABEL, "/q/loose.jpg")
    assert library.corrections() == ()
    assert library.redo() == Step(Action.LABEL, "/q/loose.jpg")
    assert texts(library) == [("cat", "dog")]
    assert library.check() == ()


def test_the_last_word_about_an_answer_counts(library: SqlLibrary) -> None:
    for one in (LABEL, replace(LABEL, text="wolf", model="pets-improved-1 0.1.0"), replace(LABEL, model="cars 1")):
        library.add_correction(one)
    assert sorted(texts(library)) == [("cat", "dog"), ("cat", "wolf")]
    for rating in (1, -1, 0):
        library.add_correction(replace(THUMB, rating=rating))
    assert len(library.corrections()) == 2


def test_corrections_stay_when_their_folder_is_taken_out_for_good(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", "a", captions=(said("A cat."),))])
    library.add_captions(number, [said("A dog.", author="person")])
    library.remove_folder("/p")
    assert texts(library) == [("A cat.", "A dog.")]


def test_one_content_in_five_is_held_out_wherever_it_lies() -> None:
    ones = [Correction(CorrectionKind.LABEL, "", f"{number:08x}", "", "", "") for number in range(100)]
    assert sum(one.held_out for one in ones) == 20


def test_improved_models_are_numbered_on() -> None:
    assert improved_name("pets", frozenset({"pets"})) == "pets-improved-1"
    assert improved_name("pets-improved-1", frozenset({"pets-improved-1"})) == "pets-improved-2"
    assert origin_of("pets-improved-12") == "pets"
    assert len(improved_name("p" * 100, frozenset())) == 100
