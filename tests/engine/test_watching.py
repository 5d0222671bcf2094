"""Folders keep up with their files by themselves: real files, real events, a real engine; and a scripted watch."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine import indexing, watching
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.engine.watching import Watching
from mmbm_desktop.media import watching as folder_watching
from mmbm_desktop.protocol.catalogue import FolderInfo
from mmbm_desktop.protocol.events import Event, JobChanged, WatchFellBack
from mmbm_desktop.protocol.jobs import JobId, JobSnapshot, JobState
from mmbm_desktop.protocol.requests import BrowseRequest, IndexRequest
from mmbm_desktop.protocol.results import BrowseResult, IndexResult
from tests.engine.workshop import Workshop, write_picture


@pytest.fixture(autouse=True)
def files_settle_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "QUIET_S", 0.3)
    monkeypatch.setattr(watching, "_TICK_S", 0.05)
    monkeypatch.setattr(watching, "_PLACES_EVERY_S", 0.2)


def names(shop: Workshop) -> set[str]:
    result = shop.run(BrowseRequest()).result
    assert isinstance(result, BrowseResult)
    return {Path(item.path).name for item in result.items}


def updated(shop: Workshop, *paths: Path) -> tuple[int, int]:
    """Wait until looks at these paths have ended, forget what happened, and return how many were found and indexed."""

    def looks() -> list[JobSnapshot]:
        jobs = [event.job for event in tuple(shop.events) if isinstance(event, JobChanged)]
        return [job for job in jobs if isinstance(job.request, IndexRequest) and job.request.only and job.state.final]

    def looked_at() -> set[str]:
        return {path for job in looks() if isinstance(job.request, IndexRequest) for path in job.request.only}

    shop.wait_for(lambda event: {str(path) for path in paths} <= looked_at())
    results = [job.result for job in looks()]
    shop.events.clear()
    assert all(isinstance(result, IndexResult) and not result.failed for result in results)
    return sum(one.found for one in results), sum(one.indexed for one in results)  # pyright: ignore


@pytest.fixture
def watched(shop: Workshop, pictures: Path) -> Workshop:
    """Return a workshop whose folder is indexed and watched."""
    shop.run(IndexRequest((str(pictures),)))
    shop.engine.watch_folders()
    shop.wait_for(lambda event: shop.engine.folders()[0].watch == "events")
    shop.wait_for(lambda event: isinstance(event, JobChanged) and event.job.id > 1 and event.job.state.final)
    return shop


def test_new_changed_renamed_moved_and_deleted_files_are_noticed(watched: Workshop, pictures: Path) -> None:
    new = write_picture(pictures / "new.jpg", 100)
    assert updated(watched, new) == (1, 1)
    old = {item.path: item for item in watched.engine.items(range(1, 20))}

    write_picture(new, 101)
    assert updated(watched, new) == (1, 1)
    renamed = new.rename(pictures / "renamed.jpg")
    (pictures / "sub").mkdir()
    moved = (pictures / "00.jpg").rename(pictures / "sub" / "moved.jpg")
    (pictures / "01.jpg").unlink()

    assert updated(watched, renamed, moved, pictures / "01.jpg") == (2, 0)  # nothing was asked of a model
    now = {item.id: item for item in watched.engine.items(range(1, 20))}
    changed = now[old[str(new)].id]
    assert (changed.path, changed.content_hash != old[str(new)].content_hash) == (str(renamed), True)
    assert now[old[str(pictures / "00.jpg")].id].path == str(moved)
    assert names(watched) == {f"{n:02}.jpg" for n in range(2, 12)} | {"renamed.jpg", "moved.jpg"}


def test_a_renamed_folder_of_many_files_costs_no_model_and_no_hash(
    watched: Workshop, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pictures / "sub").mkdir()
    for number in range(3):
        write_picture(pictures / "sub" / f"s{number}.jpg", 50 + number)
    updated(watched, *(pictures / "sub").iterdir())
    hashed: list[object] = []
    monkeypatch.setattr(indexing, "facts_of", hashed.append)

    new = (pictures / "sub").rename(pictures / "bus")

    assert updated(watched, pictures / "sub", *new.iterdir()) == (3, 0)
    assert {item.path for item in watched.engine.items(range(13, 16))} == {str(path) for path in new.iterdir()}
    assert hashed == []


def test_a_pause_of_watching_notices_nothing_and_what_was_missed_is_found_after_it(
    watched: Workshop, pictures: Path, settings: Settings
) -> None:
    settings.set("indexing.watch", False)
    watched.wait_for(lambda event: watched.engine.folders()[0].watch == "")
    watched.events.clear()
    write_picture(pictures / "new.jpg", 100)

    settings.set("indexing.watch", True)

    watched.wait_for(
        lambda event: (
            isinstance(event, JobChanged)
            and isinstance(event.job.result, IndexResult)
            and event.job.result.indexed == 1
        )
    )
    assert "new.jpg" in names(watched)


def test_while_indexing_is_paused_changes_are_gathered(watched: Workshop, pictures: Path, settings: Settings) -> None:
    settings.set("indexing.paused", True)
    new = write_picture(pictures / "new.jpg", 100)
    more = write_picture(pictures / "more.jpg", 101)
    settings.set("indexing.paused", False)

    assert updated(watched, new, more) == (2, 2)
    assert {"new.jpg", "more.jpg"} <= names(watched)


def test_hidden_files_and_folders_taken_out_are_left_alone(watched: Workshop, pictures: Path) -> None:
    hidden = write_picture(pictures / ".hidden.jpg", 100)
    assert updated(watched, hidden) == (0, 0)
    watched.engine.remove_folder(str(pictures))
    watched.wait_for(lambda event: watched.engine._watching._watcher is None)  # pyright: ignore[reportAttributeAccessIssue]

    assert names(watched) == set()


class Stand:
    """A watching with folders, jobs and a clock of the test's; `turn` does what its thread would do."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.known = [FolderInfo(str(folder), 1, done=True, wanted=("captions",))]
        self.requests: list[IndexRequest] = []
        self.events: list[Event] = []
        self.over = True
        self.now_s = 0.0
        self.watching = Watching(
            lambda: self.known, self.submit, lambda job: self.over, self.events.append, settings, lambda: self.now_s
        )

    def submit(self, request: IndexRequest) -> JobId:
        self.requests.append(request)
        return JobId(len(self.requests))

    def turn(self) -> list[IndexRequest]:
        """Let the thread do one turn and return what it asked for."""
        before = len(self.requests)
        self.watching.folders_changed()
        self.watching._turn()
        return self.requests[before:]

    def told(self) -> list[WatchFellBack]:
        return [event for event in self.events if isinstance(event, WatchFellBack)]


class StillWatcher:
    """Watches every folder that is no network drive, and tells nothing."""

    def __init__(self, changed: Callable[[str], None], silent: Callable[[str, str], None]) -> None:
        del changed, silent

    def watch(self, folder: str) -> str | None:
        return folder_watching.NETWORK_DRIVE if folder_watching.is_network_drive(folder) else None

    def leave(self, folder: str) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def stand(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    monkeypatch.setattr(folder_watching, "FolderWatcher", StillWatcher)
    made = Stand(tmp_path, settings)
    yield made
    made.watching._stop_watcher()


def test_at_the_start_every_folder_is_looked_through_for_what_it_was_asked(stand: Stand, tmp_path: Path) -> None:
    assert stand.turn() == [IndexRequest((str(tmp_path),), captions=True, transcripts=False, sounds=False)]
    assert stand.turn() == []
    assert stand.watching.how(str(tmp_path)) == "events"


def test_another_library_is_looked_through_as_at_the_start(stand: Stand, tmp_path: Path) -> None:
    first = stand.turn()
    stand.known.append(FolderInfo("/unfinished", 0, done=False))
    stand.over = True
    stand.watching.library_changed()

    assert {request.folders for request in stand.turn()} == {first[0].folders, ("/unfinished",)}
    assert stand.turn() == []


def test_a_paused_start_asks_for_nothing_until_it_is_resumed(stand: Stand, settings: Settings) -> None:
    settings.set("indexing.paused", True)
    stand.known.append(FolderInfo("/unfinished", 0, done=False))
    assert stand.turn() == []
    settings.set("indexing.paused", False)

    assert {request.folders for request in stand.turn()} == {(stand.known[0].path,), ("/unfinished",)}


def test_unfinished_folders_go_on_even_if_none_is_watched(stand: Stand, settings: Settings) -> None:
    settings.set("indexing.watch", False)
    stand.known.append(FolderInfo("/unfinished", 0, done=False))

    assert [request.folders for request in stand.turn()] == [("/unfinished",)]
    assert stand.turn() == []


def test_a_network_drive_is_said_once_and_looked_through_every_few_minutes(
    stand: Stand, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(folder_watching, "is_network_drive", lambda folder: True)
    settings.set("indexing.rescan_minutes", 10)
    assert len(stand.turn()) == 1
    stand.now_s = 9 * 60.0
    assert stand.turn() == []
    for minutes in (10, 20):
        stand.now_s = minutes * 60.0
        assert len(stand.turn()) == 1

    assert stand.told() == [WatchFellBack(str(tmp_path), "network-drive")]
    assert stand.watching.how(str(tmp_path)) == "network-drive"


def test_lost_events_cause_one_look_when_the_last_one_is_over(stand: Stand, tmp_path: Path) -> None:
    stand.turn()
    stand.over = False
    for _ in range(3):
        stand.watching._note_silent("events-lost", "")
        assert stand.turn() == []
    stand.over = True

    assert [request.only for request in stand.turn()] == [()]
    assert stand.turn() == []
    assert stand.told() == [WatchFellBack(str(tmp_path), "events-lost")]
    assert stand.watching.how(str(tmp_path)) == "events"


def test_a_reached_limit_means_looking_every_few_minutes(stand: Stand, tmp_path: Path) -> None:
    stand.turn()
    stand.watching._note_silent("watch-limit", str(tmp_path / "deep" / "folder"))

    assert len(stand.turn()) == 1
    assert stand.watching.how(str(tmp_path)) == "watch-limit"
    stand.now_s = 15 * 60.0
    assert len(stand.turn()) == 1


def test_changes_wait_for_the_look_under_way_and_then_come_together(stand: Stand, tmp_path: Path) -> None:
    stand.turn()
    a, b, c = (str(tmp_path / name) for name in ("a.jpg", "b.jpg", "c.jpg"))

    def settle(*paths: str) -> list[IndexRequest]:
        for path in paths:
            stand.watching._note_changed(path)
        stand.turn()
        stand.now_s += 1.0
        return stand.turn()

    assert [request.only for request in settle(a)] == [(a,)]
    stand.over = False
    assert settle(b) == settle(c) == []
    stand.over = True
    assert [request.only for request in stand.turn()] == [(b, c)]


def test_what_is_gone_waits_for_what_is_settling_but_not_for_long(stand: Stand, tmp_path: Path) -> None:
    stand.turn()
    gone, there, growing = (tmp_path / name for name in ("gone.jpg", "there.jpg", "growing.jpg"))
    there.touch()
    for path in (gone, there):
        stand.watching._note_changed(str(path))
    stand.turn()
    stand.now_s += 0.2
    stand.watching._note_changed(str(growing))
    stand.turn()
    stand.now_s += 0.1
    assert [request.only for request in stand.turn()] == [(str(there),)]
    for _ in range(25):
        stand.watching._note_changed(str(growing))
        assert stand.turn() == []
        stand.now_s += 0.2
    stand.watching._note_changed(str(growing))

    assert [request.only for request in stand.turn()] == [(str(gone),)]


def test_a_drive_that_was_unplugged_deletes_nothing(stand: Stand, tmp_path: Path) -> None:
    gone = tmp_path / "drive"
    gone.mkdir()
    stand.known.append(FolderInfo(str(gone), 1, done=True))
    stand.turn()
    gone.rmdir()
    stand.watching._note_changed(str(gone / "a.jpg"))
    stand.turn()
    stand.now_s += 1.0

    assert stand.turn() == []


def test_a_drive_that_comes_back_is_watched_anew_and_looked_through(stand: Stand, tmp_path: Path) -> None:
    drive, elsewhere = tmp_path / "drive", tmp_path / "elsewhere"
    drive.mkdir()
    stand.known.append(FolderInfo(str(drive), 1, done=True))
    stand.turn()
    looks: list[list[tuple[str, ...]]] = []

    def later() -> None:
        stand.now_s += 6.0
        looks.append([request.folders for request in stand.turn()])

    drive.rename(elsewhere)
    later()
    assert stand.watching.how(str(drive)) == "away"
    drive.mkdir()  # where the drive was mounted
    later()
    drive.rmdir()
    (elsewhere / "new.jpg").touch()
    elsewhere.rename(drive)
    later()
    later()

    assert looks == [[], [], [(str(drive),)], []]
    assert stand.watching.how(str(drive)) == "events"


def test_a_folder_that_is_not_there_at_the_start_is_watched_when_it_comes(watched: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "later"
    watched.engine._library.add_folder(str(folder))  # pyright: ignore[reportAttributeAccessIssue]
    watched.engine._watching.folders_changed()  # pyright: ignore[reportAttributeAccessIssue]
    watched.wait_for(lambda event: watched.engine.folders()[1].watch == "away")
    folder.mkdir()

    watched.wait_for(lambda event: watched.engine.folders()[1].watch == "events")


def test_a_file_that_grows_is_looked_at_when_it_has_settled(watched: Workshop, pictures: Path, tmp_path: Path) -> None:
    whole = write_picture(tmp_path / "whole.jpg", 100, (640, 480)).read_bytes()
    growing = pictures / "growing.jpg"
    with growing.open("wb") as file:
        for start in range(0, len(whole), len(whole) // 8):
            file.write(whole[start : start + len(whole) // 8])
            file.flush()
            os.fsync(file.fileno())

    assert updated(watched, growing) == (1, 1)


def test_a_folder_left_unfinished_goes_on_at_the_next_start(
    make_engine: Callable[..., LocalEngine], pictures: Path, settings: Settings
) -> None:
    first = Workshop(make_engine())
    frozen = first.freeze_when_advanced(3)
    first.engine.submit(IndexRequest((str(pictures),), transcripts=False, sounds=False))
    frozen()
    first.engine.close()
    settings.set("indexing.paused", True)
    second = Workshop(make_engine())
    second.engine.watch_folders()
    second.wait_for(lambda event: second.engine.folders()[0].watch == "events")
    assert second.engine.jobs() == ()

    settings.set("indexing.paused", False)

    event = second.wait_for(lambda event: isinstance(event, JobChanged) and event.job.state is JobState.DONE)
    assert isinstance(event, JobChanged)
    job: JobSnapshot = event.job
    assert job.request == IndexRequest((str(pictures),), transcripts=False, sounds=False)
    assert second.engine.folders()[0].done
    assert second.engine.folders()[0].items == 12


def test_a_folder_moved_in_from_outside_and_out_again(watched: Workshop, pictures: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    write_picture(outside / "deep" / "o.jpg", 100)
    inside = outside.rename(pictures / "inside")
    assert updated(watched, inside / "deep" / "o.jpg") == (1, 1)

    shutil.move(inside, outside)

    updated(watched, inside)
    assert "o.jpg" not in names(watched)
