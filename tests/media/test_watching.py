"""Real changes to real files are told; so is what the system could not tell."""

from __future__ import annotations

import ctypes
import errno
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from mmbm_desktop.media import watching
from mmbm_desktop.media.watching import EVENTS_LOST, NETWORK_DRIVE, UNWATCHABLE, WATCH_LIMIT, FolderWatcher

LONG_S = 20.0


class Ear:
    """Hears a watcher."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.silent: list[tuple[str, str]] = []
        self._heard = threading.Condition()
        self.watcher = FolderWatcher(self.changed, self.fell_silent)

    def changed(self, path: str) -> None:
        with self._heard:
            self.paths.append(path)
            self._heard.notify_all()

    def fell_silent(self, reason: str, path: str) -> None:
        with self._heard:
            self.silent.append((reason, path))
            self._heard.notify_all()

    def heard(self, *paths: Path) -> bool:
        """Wait until changes of all these were told, and forget what was heard."""
        wanted = {str(path) for path in paths}
        with self._heard:
            found = self._heard.wait_for(lambda: wanted <= set(self.paths), LONG_S)
            self.paths.clear()
        return found

    def wait_for_silence(self) -> list[tuple[str, str]]:
        with self._heard:
            assert self._heard.wait_for(lambda: self.silent, LONG_S)
        return self.silent


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()
    yield made
    made.watcher.close()


@pytest.fixture
def folder(tmp_path: Path, ear: Ear) -> Path:
    """Return a folder that is watched, with a folder in it."""
    made = tmp_path / "watched"
    (made / "sub").mkdir(parents=True)
    assert ear.watcher.watch(str(made)) is None
    return made


def test_files_that_come_change_move_and_go_are_told(ear: Ear, folder: Path) -> None:
    file = folder / "sub" / "a.jpg"
    file.write_bytes(b"x")
    assert ear.heard(file)
    with file.open("ab") as stream:
        stream.write(b"y")
    assert ear.heard(file)
    moved = file.rename(folder / "b.jpg")
    assert ear.heard(file, moved)
    moved.unlink()
    assert ear.heard(moved)


def test_a_folder_that_comes_is_told_by_its_files_and_one_that_goes_by_itself(
    ear: Ear, folder: Path, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    (away / "deep").mkdir(parents=True)
    (away / "deep" / "a.jpg").touch()
    here = folder / "here"
    away.rename(here)
    assert ear.heard(here / "deep" / "a.jpg")
    renamed = here.rename(folder / "renamed")
    assert ear.heard(here, renamed / "deep" / "a.jpg")
    (renamed / "deep" / "b.wav").touch()
    assert ear.heard(renamed / "deep" / "b.wav")
    shutil.move(renamed, tmp_path / "gone")
    assert ear.heard(renamed)


def test_other_files_and_folders_left_are_not_told(ear: Ear, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert ear.watcher.watch(str(other)) is None
    ear.watcher.leave(str(other))
    (other / "b.jpg").touch()
    (folder / "program.exe").touch()
    (folder / "last.jpg").touch()

    while str(folder / "last.jpg") not in ear.paths:
        assert not {str(other / "b.jpg"), str(folder / "program.exe")} & set(ear.paths)
    assert ear.watcher.folders == (str(folder),)
    assert ear.silent == []


def test_a_folder_that_is_not_there_cannot_be_watched(ear: Ear, tmp_path: Path) -> None:
    assert ear.watcher.watch(str(tmp_path / "nowhere")) == UNWATCHABLE


@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
def test_an_overflow_is_told_and_watching_goes_on(ear: Ear, folder: Path) -> None:
    from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent

    source = ear.watcher._observer.source
    source.handle_event(InotifyEvent(-1, InotifyConstants.IN_Q_OVERFLOW, 0, b""))

    assert ear.wait_for_silence() == [(EVENTS_LOST, "")]
    (folder / "sub" / "after.jpg").touch()
    assert ear.heard(folder / "sub" / "after.jpg")


@pytest.fixture
def no_watches_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Return a function after which the system refuses every further watch."""
    from watchdog.observers import inotify_c

    def refuse(*arguments: object) -> int:
        ctypes.set_errno(errno.ENOSPC)
        return -1

    return lambda: monkeypatch.setattr(inotify_c, "inotify_add_watch", refuse)


@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
def test_the_limit_of_watches_is_told(
    ear: Ear, folder: Path, tmp_path: Path, no_watches_left: Callable[[], None]
) -> None:
    no_watches_left()
    (folder / "new").mkdir()

    assert (WATCH_LIMIT, str(folder / "new")) in ear.wait_for_silence()
    (tmp_path / "second").mkdir()
    assert ear.watcher.watch(str(tmp_path / "second")) == WATCH_LIMIT


def test_a_network_drive_is_known_by_the_innermost_mount(
    monkeypatch: pytest.MonkeyPatch, ear: Ear, tmp_path: Path
) -> None:
    mounts = [("/", "ext4", "rw"), ("/net", "nfs4", "rw"), ("/net/local", "btrfs", "rw"), ("/far", "x", "rw,remote")]
    parts = [SimpleNamespace(mountpoint=place, fstype=kind, opts=opts) for place, kind, opts in mounts]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: parts)

    found = {path: watching.is_network_drive(path) for path in ("/a", "/net/a", "/net/local/a", "/nets/a", "/far/a")}

    assert found == {"/a": False, "/net/a": True, "/net/local/a": False, "/nets/a": False, "/far/a": True}
    assert ear.watcher.watch("/net/photos") == NETWORK_DRIVE
