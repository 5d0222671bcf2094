"""Who answered what is kept; sounds are found by word and label; what a new model has not done yet is known."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mmbm_desktop.library import migrations
from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewClasses, NewSounds, NewTranscript
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.results import ClassGuess, HeardSound
from mmbm_desktop.protocol.tasks import MediaKind
from tests.library.conftest import picture, said, unit

RAIN = HeardSound("rain", 2.0, 7.5, 0.9, "rain", "雨声")
BARK = HeardSound("dog_bark", 0.5, 1.0, 0.7, "dog barking", "狗叫")


def recording(path: str, *sounds: HeardSound, content: str = "", model: str = "ears 1", said: str = "") -> IndexedItem:
    facts = FileFacts(path, MediaKind.RECORDING, content or path, 10, 1.0, 7, duration_s=8.0)
    return IndexedItem(
        facts, transcript=NewTranscript(said, "en", (), 0.5, "scribe 1"), sounds=NewSounds(sounds, model)
    )


def test_sounds_come_back_by_time_with_who_named_them(library: SqlLibrary) -> None:
    (number,) = library.store([recording("/p/a.wav", RAIN, BARK)])

    (item,) = library.items([number])

    assert item.sounds == (BARK, RAIN)
    assert (BARK.name("zh"), HeardSound("x", 0, 1, 1).name("en")) == ("狗叫", "x")
    assert {(one.task, one.model) for one in item.answers} == {("sounds", "ears 1"), ("transcribe", "scribe 1")}
    assert all(one.when_s > 0 for one in item.answers)
    assert library.browse(0, 5)[0] == (item,)


@pytest.mark.parametrize("query", ["barking", "dog bark", "狗叫", "雨声", "狗", "rain"])
def test_sounds_are_found_as_words_in_both_languages(library: SqlLibrary, query: str) -> None:
    (number, _) = library.store([recording("/p/a.wav", RAIN, BARK), recording("/p/b.wav")])

    assert library.search_words(query, 5) == (number,)


@pytest.mark.parametrize("label", ["dog", "dog_bark", "Dog Bark", "barking", "狗"])
def test_a_label_filters(library: SqlLibrary, label: str) -> None:
    library.store([recording("/p/a.wav", BARK), recording("/p/b.wav", RAIN, said="a dog"), picture("/p/dog.jpg")])

    assert [item.path for item in library.browse(0, 5, Filters(label=label))[0]] == ["/p/a.wav"]
    assert library.browse(0, 5, Filters(label="100%"))[1] == 0


def test_a_label_is_a_tag_too(library: SqlLibrary) -> None:
    one, two, three = library.store([picture(f"/p/{name}.jpg") for name in "abc"])
    library.change_tags([one], ["Hot dog"])
    library.change_tags([two], ["cat"])

    assert [item.id for item in library.browse(0, 5, Filters(label="dog"))[0]] == [one]
    assert {item.id for item in library.browse(0, 5, Filters(kind=MediaKind.PHOTO))[0]} == {one, two, three}


def test_the_newest_answer_counts_even_if_it_heard_nothing(library: SqlLibrary) -> None:
    (number,) = library.store([recording("/p/a.wav", BARK)])
    library.store([recording("/p/a.wav", RAIN, model="ears 2")])
    assert library.items([number])[0].sounds == (RAIN,)

    library.store([recording("/p/a.wav", model="ears 3")])

    assert library.items([number])[0].sounds == ()
    assert library.search_words("barking", 5) == library.search_words("rain", 5) == ()
    assert library.browse(0, 5, Filters(label="rain"))[1] == 0


def test_classes_of_pictures_are_kept_found_and_replaced_by_another_classifiers(library: SqlLibrary) -> None:
    def sorted_by(model: str, *guesses: ClassGuess, path: str = "/p/a.jpg") -> IndexedItem:
        return dataclasses.replace(picture(path), classes=NewClasses(guesses, model))

    one, two = library.store([sorted_by("birds 1", ClassGuess("blue_tit", 0.93)), picture("/p/b.jpg")])
    (item,) = library.items([one])
    assert (item.classes, item.sounds) == ((ClassGuess("blue_tit", 0.93),), ())
    assert {(answer.task, answer.model) for answer in item.answers} == {("classify", "birds 1")}
    assert library.search_words("blue tit", 5) == (one,)
    assert [found.id for found in library.browse(0, 5, Filters(label="blue tit"))[0]] == [one]
    assert library.not_asked(MediaKind.PHOTO, "classify", "birds 1", 0, 5) == (two,)
    assert library.not_asked(MediaKind.PHOTO, "classify", "birds 2", 0, 5) == (one, two)
    assert library.not_asked(MediaKind.PHOTO, "classify", "birds 2", one, 5) == (two,)
    assert library.not_asked(MediaKind.RECORDING, "classify", "birds 2", 0, 5) == ()

    library.store([sorted_by("birds 2")])  # it is sure of nothing

    assert library.items([one])[0].classes == ()
    assert library.search_words("blue tit", 5) == ()


def test_another_content_has_no_answers_yet(library: SqlLibrary) -> None:
    (number,) = library.store([recording("/p/a.wav", BARK, content="old")])
    facts = FileFacts("/p/a.wav", MediaKind.RECORDING, "new", 10, 1.0, 7)

    library.store([IndexedItem(facts)])

    (item,) = library.items([number])
    assert (item.sounds, item.answers) == ((), ())


def test_what_a_model_has_not_done_is_behind_until_it_has(library: SqlLibrary) -> None:
    first, second, third = library.store(
        [picture(f"/p/{name}.jpg", vector=unit(1, 0), captions=(said("A dog."),)) for name in "abc"]
    )
    assert library.embedded("m") == (3, 0)
    assert library.embedded("better") == (0, 0)
    assert library.behind("embed-image", "", "m", 0, 9) == ()
    assert library.behind("embed-image", "", "better", 0, 2) == (first, second)
    assert library.behind("embed-image", "", "better", second, 2) == (third,)
    assert library.behind("caption", "zh", "better", 0, 9) == ()

    library.store([picture("/p/a.jpg", vector=unit(0, 1), model="better")])
    vain = IndexedItem(picture("/p/b.jpg").facts, failed=(("embed-image", "", "better"),))
    library.store([vain])
    library.mark_gone(["/p/c.jpg"])

    assert library.behind("embed-image", "", "better", 0, 9) == ()
    assert library.behind("caption", "en", "better", 0, 9) == (first, second)
    assert library.embedded("better") == (1, 1)
    assert library.embedded("m") == (2, 0)
    assert [hit.score for hit in library.search_vectors(unit(1, 0), "m", 5)[0]] == pytest.approx([1.0, 1.0])
    assert {one.model for one in library.items([second])[0].answers} == {"m", "m 1"}


def test_an_older_library_knows_who_answered(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    with closing(sqlite3.connect(file)) as connection:
        for script in migrations.MIGRATIONS[:3]:
            connection.executescript(script)
        connection.executescript("""
            PRAGMA user_version = 3;
            INSERT INTO items VALUES (1, CAST('/p/a.jpg' AS BLOB), 'photo', 'h', 1, 1.0, 1, 0, 0, 0, 0, 4.0);
            INSERT INTO items VALUES (2, CAST('/p/b.wav' AS BLOB), 'recording', 'k', 1, 1.0, 1, 0, 0, 0, 1, 4.0);
            INSERT INTO embeddings VALUES (1, 'm 1', x'003c0000');
            INSERT INTO captions VALUES (1, 1, 'h', 'A dog.', 'en', 0.5, 'm 1', 'model', 5.0);
            INSERT INTO captions VALUES (2, 1, 'h', 'Mine.', 'en', 0.5, '', 'person', 6.0);
            INSERT INTO captions VALUES (3, 1, 'old', '旧的。', 'zh', 0.5, 'm 1', 'model', 5.0);
            INSERT INTO transcripts VALUES (1, 2, 'k', 'hello', 'en', '[]', 0.5, 's 1', 'model', 7.0);
            INSERT INTO words (rowid, name, captions, transcript) VALUES (1, 'a.jpg', 'A dog.', ''), (2, 'b.wav', '', '');
        """)

    library = SqliteLibrary(file)

    photo, heard = library.items([1, 2])
    assert [(one.task, one.language, one.model, one.when_s) for one in photo.answers] == [
        ("embed-image", "", "m 1", 4.0),
        ("caption", "en", "m 1", 5.0),
    ]
    assert [(one.task, one.when_s) for one in heard.answers] == [("transcribe", 7.0)]
    assert library.embedded("m 1") == (1, 0)
    assert library.forget_old() == 0  # what was gone before has 30 days from now on
    assert library.check() == ()
    library.close()
