"""A deleted file leaves the results; its data come back with it for 30 days, and are forgotten then."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.library.sql_library import SqlLibrary
from tests.library.conftest import Opener, picture, said, unit

DAY_S = 24 * 3600.0


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.days = 100.0

    def __call__(self) -> float:
        return self.days * DAY_S


@pytest.fixture
def clock() -> Clock:
    return Clock()


def gone_item(library: SqlLibrary) -> int:
    (number,) = library.store([picture("/p/a.jpg", "a", unit(1, 0), captions=(said("A model's."),))])
    library.add_captions(number, [said("Mine.", author="person")])
    assert library.mark_missing("/p", ()) == 1
    return number


def test_what_is_gone_is_not_found_but_kept(open_library: Opener, clock: Clock) -> None:
    library = open_library(clock=clock)
    number = gone_item(library)

    assert library.browse(0, 5) == ((), 0)
    assert library.search_words("mine", 5) == ()
    assert library.search_vectors(unit(1, 0), "m", 5) == ((), 0)
    (item,) = library.items([number])
    assert (item.missing, item.caption_en) == (True, "Mine.")
    library.close()


@pytest.mark.parametrize("path", ["/p/a.jpg", "/q/moved.jpg"])
def test_a_file_that_comes_back_within_30_days_finds_its_data(open_library: Opener, clock: Clock, path: str) -> None:
    library = open_library(clock=clock)
    number = gone_item(library)
    library.close()
    clock.days += 29.9
    library = open_library(clock=clock)

    assert library.store([picture(path, "a")]) == (number,)

    assert [(item.path, item.caption_en) for item in library.browse(0, 5)[0]] == [(path, "Mine.")]
    assert [hit.item_id for hit in library.search_vectors(unit(1, 0), "m", 5)[0]] == [number]
    clock.days += 10
    assert library.forget_old() == 0
    library.close()


@pytest.mark.parametrize("restarted", [True, False])
def test_after_30_days_it_is_forgotten(open_library: Opener, clock: Clock, restarted: bool) -> None:
    library = open_library(clock=clock)
    number = gone_item(library)
    library.store([picture("/p/there.jpg", "b", unit(1, 1))])
    clock.days += 30.1
    if restarted:
        library.close()
        library = open_library(clock=clock)
    else:
        assert library.forget_old() == 1

    assert library.items([number]) == ()
    assert library.check() == ()
    assert library.undo() is None
    assert library.store([picture("/p/a.jpg", "a")])[0] != number
    assert [item.caption_en for item in library.browse(0, 5)[0]].count("Mine.") == 0
    library.close()


def test_the_days_count_from_the_last_time_it_went(open_library: Opener, clock: Clock) -> None:
    library = open_library(clock=clock)
    number = gone_item(library)
    clock.days += 20
    library.store([picture("/p/a.jpg", "a")])
    clock.days += 20
    assert library.mark_gone(["/p"]) == 1
    clock.days += 20

    assert library.forget_old() == 0
    assert [item.id for item in library.items([number])] == [number]
    library.close()


def test_what_has_a_file_is_not_gone_even_if_it_was_not_seen(
    open_library: Opener, clock: Clock, tmp_path: Path
) -> None:
    library = open_library(clock=clock)
    there = tmp_path / "a.jpg"
    there.touch()
    library.store([picture(there), picture(tmp_path / "b.jpg"), picture(tmp_path / "bb" / "c.jpg")])

    assert library.mark_missing(str(tmp_path), ()) == 2
    assert library.mark_gone([str(tmp_path)]) == 0
    assert [item.path for item in library.browse(0, 5)[0]] == [str(there)]
    library.close()
