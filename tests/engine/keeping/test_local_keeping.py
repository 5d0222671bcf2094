"""Real engines over one library: two windows, another program beside them, moving, restoring, daily copies."""

from __future__ import annotations

import queue
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import ErrorCode, MmbmError
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.events import JobChanged, LibraryChanged, LibraryStateChanged
from mmbm_desktop.protocol.jobs import JobSnapshot, JobState
from mmbm_desktop.protocol.keeping import Access, BackUpRequest, KeepingResult, MoveLibraryRequest, RestoreRequest
from mmbm_desktop.protocol.requests import IndexRequest
from tests.library.conftest import picture

Make = Callable[..., LocalEngine]


@pytest.fixture
def file(mmbm_home: Path) -> Path:
    """Return the usual library, which holds two items."""
    file = paths.default_library_file()
    fill(file, 2)
    return file


def fill(file: Path, items: int) -> None:
    library = SqliteLibrary(file)
    library.add_folder("/p")
    library.store([picture(f"/p/{file.stem}{n}.jpg") for n in range(items)])
    library.close()


def run(engine: LocalEngine, request: object) -> JobSnapshot:
    return engine.wait(engine.submit(request), 20)  # pyright: ignore[reportArgumentType]


def result(engine: LocalEngine, request: object) -> KeepingResult:
    job = run(engine, request)
    assert isinstance(job.result, KeepingResult), job.failure
    return job.result


def code(engine: LocalEngine, request: object) -> ErrorCode:
    job = run(engine, request)
    assert job.failure is not None
    return job.failure.code


def test_the_second_window_reads_until_the_first_has_closed(make_engine: Make, file: Path) -> None:
    first, second = make_engine(window=True), make_engine(window=True)
    events: list[object] = []
    second.subscribe(events.append)

    assert first.keeping.state().access is Access.WRITING
    assert second.keeping.state().access is Access.READING
    with pytest.raises(MmbmError) as caught:
        second.remove_folder("/p")
    assert caught.value.code is ErrorCode.LIBRARY_READ_ONLY
    assert code(second, MoveLibraryRequest(str(file.parent))) is ErrorCode.LIBRARY_READ_ONLY
    second.keeping.look()
    first.remove_folder("/p")
    second.keeping.look()
    assert second.folders() == ()

    first.close()
    second.keeping.look()
    assert second.keeping.state().access is Access.FREE
    assert second.keeping.open().access is Access.WRITING
    assert second.undo() is not None
    assert [folder.items for folder in second.folders()] == [2]
    second.close()
    accesses = [event.state.access for event in events if isinstance(event, LibraryStateChanged)]
    assert accesses == [Access.FREE, Access.WRITING]
    assert sum(isinstance(event, LibraryChanged) for event in events) >= 2


def test_a_program_beside_the_window_writes_and_the_window_sees_it(make_engine: Make, file: Path) -> None:
    window, beside = make_engine(window=True), make_engine()
    window.keeping.look()

    beside.remove_folder("/p")
    events: list[object] = []
    window.subscribe(events.append)
    window.keeping.look()
    window.close()

    assert events == [LibraryChanged(folders_changed=True)]
    assert code(beside, MoveLibraryRequest(str(file.parent))) is ErrorCode.LIBRARY_READ_ONLY


def test_a_newer_library_opens_a_window_that_says_so_and_takes_another(make_engine: Make, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    fill(file.with_name("other.db"), 3)

    window = make_engine(window=True)

    state = window.keeping.state()
    assert state.access is Access.CLOSED
    assert state.failure is not None
    assert state.failure.code is ErrorCode.LIBRARY_TOO_NEW
    with pytest.raises(MmbmError) as caught:
        window.folders()
    assert caught.value.code is ErrorCode.LIBRARY_TOO_NEW
    assert window.keeping.open(str(file.with_name("other.db"))).access is Access.WRITING
    assert [folder.items for folder in window.folders()] == [3]
    window.close()
    with pytest.raises(MmbmError):
        make_engine(library_file=file)


def test_a_backup_is_restored_and_the_former_library_set_aside(make_engine: Make, file: Path, tmp_path: Path) -> None:
    window, copy = make_engine(window=True), tmp_path / "copy.db"
    assert result(window, BackUpRequest(str(copy))).items == 2
    assert code(window, BackUpRequest(str(copy))) is ErrorCode.FILE_EXISTS
    assert code(window, BackUpRequest(str(file), overwrite=True)) is ErrorCode.SAME_PLACE
    assert code(window, BackUpRequest(str(tmp_path / "none" / "copy.db"))) is ErrorCode.FOLDER_NOT_FOUND
    window.remove_folder("/p")

    restored = result(window, RestoreRequest(str(copy)))

    assert [folder.items for folder in window.folders()] == [2]
    assert SqliteLibrary(Path(restored.aside)).folders() == ()
    assert window.undo() is None
    assert code(window, RestoreRequest(str(tmp_path / "missing.db"))) is ErrorCode.FILE_NOT_FOUND
    assert code(window, RestoreRequest(str(file))) is ErrorCode.SAME_PLACE
    assert [folder.items for folder in window.folders()] == [2]


def test_a_damaged_library_is_restored_from_the_window(make_engine: Make, file: Path, tmp_path: Path) -> None:
    fill(tmp_path / "copy.db", 4)
    file.write_bytes(b"no database at all, but long enough to be read" * 50)
    for name in ("-wal", "-shm"):
        file.with_name(file.name + name).unlink(missing_ok=True)
    window = make_engine(window=True)
    assert window.keeping.state().access is Access.CLOSED

    restored = result(window, RestoreRequest(str(tmp_path / "copy.db")))

    assert window.keeping.state().access is Access.WRITING
    assert Path(restored.aside).read_bytes().startswith(b"no database")
    assert [folder.items for folder in window.folders()] == [4]


def test_a_library_is_moved_and_found_at_the_next_start(
    make_engine: Make, file: Path, tmp_path: Path, settings: Settings
) -> None:
    window, target = make_engine(window=True), tmp_path / "disk"
    assert code(window, MoveLibraryRequest(str(target))) is ErrorCode.FOLDER_NOT_FOUND
    target.mkdir()
    assert code(window, MoveLibraryRequest(str(file.parent))) is ErrorCode.SAME_PLACE
    (target / "library.db").touch()
    assert code(window, MoveLibraryRequest(str(target))) is ErrorCode.FILE_EXISTS
    (target / "library.db").unlink()

    moved = result(window, MoveLibraryRequest(str(target)))

    assert moved.path == str(target / "library.db") == settings.text("library.file")
    assert not list(file.parent.glob("library.db*"))
    window.remove_folder("/p")
    window.close()
    assert make_engine(window=True).undo() is not None


def test_indexing_that_a_move_stopped_goes_on_after_it(make_engine: Make, file: Path, tmp_path: Path) -> None:
    window, target = make_engine(window=True), tmp_path / "disk"
    target.mkdir()
    ended: queue.Queue[int] = queue.Queue()

    def hear(event: object) -> None:
        if isinstance(event, JobChanged) and isinstance(event.job.request, IndexRequest) and event.job.state.final:
            ended.put(event.job.id)

    window.subscribe(hear)
    window.watch_folders()
    before = ended.get(timeout=20)

    result(window, MoveLibraryRequest(str(target)))

    assert ended.get(timeout=20) > before


def test_a_move_that_cannot_be_remembered_goes_on_where_it_was(
    make_engine: Make, file: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, target = make_engine(window=True), tmp_path / "disk"
    target.mkdir()

    def refuse(name: str, value: object) -> None:
        raise MmbmError(ErrorCode.PERMISSION_DENIED, path=name)

    monkeypatch.setattr(settings, "set", refuse)
    assert code(window, MoveLibraryRequest(str(target))) is ErrorCode.PERMISSION_DENIED
    monkeypatch.undo()

    assert window.keeping.state().path == str(file)
    assert window.keeping.state().access is Access.WRITING
    assert not list(target.iterdir())
    window.remove_folder("/p")


def test_a_copy_a_day_is_kept_a_week(make_engine: Make, file: Path, settings: Settings) -> None:
    window, day_s, now_s = make_engine(window=True), 24 * 3600.0, time.time()
    settings.set("library.backups_kept", 2)
    for day in (0, 0, 1, 2, 3):
        window.keeping.copy_if_due(now_s + day * day_s)
        for job in window.jobs():
            assert window.wait(job.id, 20).state is JobState.DONE

    assert len(window.jobs()) == 4
    assert len(window.keeping.info().backups) == 3
    window.keeping.copy_if_due(now_s + 3 * day_s)
    assert len(window.keeping.info().backups) == 2
    settings.set("library.backups_kept", 0)
    window.keeping.copy_if_due(now_s + 9 * day_s)
    assert len(window.jobs()) == 4
