"""One model ranks a whole query: the chosen one once it knows every picture, until then the one that knows most."""

from __future__ import annotations

import pytest

from mmbm_desktop.engine import fake_answers
from mmbm_desktop.engine.serving import Serving
from mmbm_desktop.protocol.catalogue import ModelInfo
from mmbm_desktop.protocol.tasks import Task


def model(name: str, problem: str = "") -> ModelInfo:
    tiny = fake_answers.models()[0]
    return ModelInfo(**{**vars(tiny), "name": name, "version": "1", "problem": problem})


class Shelf:
    """Models and a library, as far as serving asks them."""

    def __init__(self) -> None:
        self.chosen = "new"
        self.all = (model("older"), model("old"), model("new"), model("broken", "bundle-damaged"))
        self.known = {"older 1": 3, "old 1": 10, "new 1": 4, "broken 1": 11}
        self.in_vain: dict[str, int] = {}
        self.counted: list[str] = []

    def models(self) -> tuple[ModelInfo, ...]:
        return self.all

    def choose(self, task: Task, wanted: str | None = None) -> ModelInfo:
        return next(one for one in self.all if one.name == (wanted or self.chosen))

    def embedded(self, name: str) -> tuple[int, int]:
        self.counted.append(name)
        return self.known[name], self.in_vain.get(name, 0)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_the_old_model_ranks_until_the_new_one_knows_all(shelf: Shelf) -> None:
    clock = Clock()
    serving = Serving(shelf, shelf, clock)  # pyright: ignore[reportArgumentType]
    assert serving.ranking_model(None).name == "old"
    counted = len(shelf.counted)
    assert serving.ranking_model(None).name == "old"
    assert len(shelf.counted) == counted

    shelf.known["new 1"] = 12
    clock.now += 3.0

    assert serving.ranking_model(None).name == "new"
    counted = len(shelf.counted)
    assert serving.ranking_model(None).name == "new"
    assert len(shelf.counted) == counted


def test_the_new_model_ranks_if_it_knows_most_and_the_named_one_always(shelf: Shelf) -> None:
    shelf.known["new 1"] = 11
    serving = Serving(shelf, shelf)  # pyright: ignore[reportArgumentType]

    assert serving.ranking_model(None).name == "new"
    assert serving.ranking_model("older").name == "older"


def test_what_a_model_tried_in_vain_counts_for_it(shelf: Shelf) -> None:
    shelf.known["new 1"], shelf.in_vain["new 1"] = 9, 1
    assert Serving(shelf, shelf).ranking_model(None).name == "new"  # pyright: ignore[reportArgumentType]


def test_another_library_is_noticed(shelf: Shelf) -> None:
    clock = Clock()
    serving = Serving(shelf, shelf, clock)  # pyright: ignore[reportArgumentType]
    shelf.known["new 1"] = 12
    assert serving.ranking_model(None).name == "new"
    shelf.known["new 1"] = 4
    clock.now += 31.0
    assert serving.ranking_model(None).name == "old"
