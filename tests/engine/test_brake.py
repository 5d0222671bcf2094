"""Indexing waits while it is paused and rests while the computer is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.brake import Brake, OthersLoad


class Token(CancelToken):
    """A token that notes how long it was waited on, and does something meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.meanwhile = lambda: None

    def wait(self, timeout_s: float) -> bool:
        self.waits.append(timeout_s)
        self.meanwhile()
        return self.cancelled


class Job:
    def __init__(self) -> None:
        self.token = Token()
        self.told: list[str] = []

    def pause(self) -> None:
        self.told.append("paused")

    def go_on(self) -> None:
        self.told.append("going on")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.json")


def test_a_paused_job_says_so_and_goes_on_when_resumed(settings: Settings) -> None:
    job, brake = Job(), Brake(settings, lambda: False)
    brake.hold(job)  # pyright: ignore[reportArgumentType]
    assert job.told == []
    settings.set("indexing.paused", True)
    job.token.meanwhile = lambda: len(job.token.waits) == 3 and settings.set("indexing.paused", False)

    brake.hold(job)  # pyright: ignore[reportArgumentType]

    assert job.told == ["paused", "going on"]
    assert len(job.token.waits) == 3


def test_a_paused_job_can_be_cancelled(settings: Settings) -> None:
    job, brake = Job(), Brake(settings, lambda: False)
    settings.set("indexing.paused", True)
    job.token.meanwhile = job.token.cancel

    with pytest.raises(Cancelled):
        brake.hold(job)  # pyright: ignore[reportArgumentType]


def test_it_rests_twice_as_long_as_it_worked_if_the_computer_is_needed(settings: Settings) -> None:
    job, needed = Job(), [True, True, False]
    brake = Brake(settings, lambda: needed.pop(0))
    for worked_s in (0.5, 100.0, 0.5):
        brake.rest(job, worked_s)  # pyright: ignore[reportArgumentType]

    assert job.token.waits == [1.0, 5.0]


def test_the_load_of_others_leaves_out_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([(0.0, 100.0, 50.0), (10.0, 130.0, 65.0), (20.0, 131.0, 75.0)])
    monkeypatch.setattr(OthersLoad, "_now", lambda self: next(moments))
    load = OthersLoad()

    assert [load.cores() for _ in range(3)] == [0.0, 1.5, 0.0]


def test_the_load_can_be_read_here() -> None:
    passed_s, busy_s, own_s = OthersLoad()._now()

    assert passed_s > 0
    assert busy_s > own_s > 0
