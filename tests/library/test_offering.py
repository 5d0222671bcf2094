"""What filters can be given: the values that occur, the most frequent first."""

from __future__ import annotations

import os
from pathlib import Path

from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewSounds, NewTranscript
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.protocol.filter_values import FilterValues, ValueCount
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.results import HeardSound
from mmbm_desktop.protocol.tasks import MediaKind
from tests.library.conftest import Opener, picture, said, unit

DOG = HeardSound("dog_bark", 0.0, 1.0, 0.9, "dog barking", "狗叫")
RAIN = HeardSound("rain", 0.0, 1.0, 0.9, "rain", "雨声")


def recording(path: str, *sounds: HeardSound, model: str = "ears 1") -> IndexedItem:
    facts = FileFacts(path, MediaKind.RECORDING, path, 5, 3.0, 1, duration_s=2.5)
    return IndexedItem(
        facts, sounds=NewSounds(sounds, model), transcript=NewTranscript("One.", "en", (), 0.5, "writer 2")
    )


def names(values: tuple[ValueCount, ...]) -> list[tuple[str, int]]:
    return [(one.name, one.items) for one in values]


def test_sounds_of_the_newest_answer_are_counted_by_item(open_library: Opener) -> None:
    times = iter((1.0, 2.0, 3.0, 4.0))
    library = open_library(clock=lambda: next(times, 9.0))
    library.store([recording("/p/a.wav", DOG, DOG, RAIN), recording("/p/b.wav", RAIN)])
    library.store([recording("/p/c.wav", DOG, DOG), recording("/p/d.wav", RAIN)])
    library.store([recording("/p/c.wav", RAIN, model="ears 2")])
    library.mark_gone(["/p/d.wav"])

    assert library.filter_values().sounds == (
        ValueCount("rain", 3, "rain", "雨声"),
        ValueCount("dog_bark", 1, "dog barking", "狗叫"),
    )


def test_folders_are_named_from_the_librarys_own_on(library: SqlLibrary) -> None:
    base = Path(os.sep, "home", "ann")
    library.add_folder(str(base / "Pictures"))
    inside = [
        ("Pictures",),
        ("Pictures", "日 本"),
        ("Pictures", "日 本"),
        ("Pictures", "日 本", "Pictures"),
        ("Else", "x"),
    ]
    library.store([picture(base.joinpath(*parts, f"{n}.jpg")) for n, parts in enumerate(inside)])
    library.mark_gone([str(base / "Pictures" / "0.jpg")])

    assert names(library.filter_values().folders) == [("Pictures", 3), ("日 本", 3), ("x", 1)]
    assert len(library.ids(Filters(folder_name="日 本"))) == 3


def test_models_are_those_that_the_filter_looks_through(library: SqlLibrary) -> None:
    library.store([picture(f"/p/{n}.jpg", vector=unit(1, n), model="eyes 1") for n in range(2)])
    library.store([picture("/p/c.jpg", captions=(said("A dog."),)), recording("/p/r.wav", DOG)])

    assert names(library.filter_values().models) == [("eyes", 2), ("m", 1), ("writer", 1)]


def test_an_empty_library_offers_nothing(library: SqlLibrary) -> None:
    assert library.filter_values() == FilterValues()
