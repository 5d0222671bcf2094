"""`mmbm library`, and `mmbm index` killed in the middle: what is printed, refused and kept."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.cli.main import main
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.library.window_lock import WindowLock
from mmbm_desktop.protocol.catalogue import FolderInfo
from tests.engine.workshop import write_picture
from tests.library.conftest import picture

ROOT = Path(__file__).parents[2]
PICTURES, KILLS = 40, 3


@pytest.fixture
def file(mmbm_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the usual library, which holds two items."""
    monkeypatch.setenv("LC_ALL", "C")
    file = paths.default_library_file()
    library = SqliteLibrary(file)
    library.store([picture("/p/a.jpg"), picture("/p/b.jpg")])
    library.close()
    return file


def record(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    main(["library", *map(str, arguments), "--json"])
    return json.loads(capsys.readouterr().out)


def test_a_library_is_described_backed_up_restored_and_moved(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, disk = tmp_path / "copy.db", tmp_path / "disk"
    disk.mkdir()
    assert main(["library", "info"]) == 0
    assert capsys.readouterr().out.startswith(f"{file}\n2 items in 0 folders")
    assert record(capsys, "backup", copy)["items"] == 2
    assert record(capsys, "backup", copy)["error"] == "file-exists"
    assert record(capsys, "backup", copy, "--overwrite")["path"] == str(copy)

    file.write_bytes(b"not a database any more, however long it may be" * 50)
    assert record(capsys, "info")["error"] == "library-damaged"
    restored = record(capsys, "restore", copy)
    assert (restored["items"], Path(str(restored["aside"])).parent) == (2, file.parent)
    assert record(capsys, "restore", tmp_path / "missing.db")["error"] == "file-not-found"

    assert record(capsys, "move", disk)["path"] == str(disk / "library.db")
    assert record(capsys, "info")["path"] == str(disk / "library.db")


def test_another_library_than_the_usual_is_moved_without_becoming_the_usual(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    shutil.copy(file, tmp_path / "other.db")

    assert record(capsys, "move", disk, "--library", tmp_path / "other.db")["path"] == str(disk / "other.db")

    assert record(capsys, "info")["path"] == str(file)


def test_a_library_that_a_window_has_is_neither_moved_nor_restored(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = WindowLock.taken(file)
    assert lock is not None

    assert record(capsys, "move", tmp_path)["error"] == "library-read-only"
    assert record(capsys, "restore", tmp_path / "copy.db")["error"] == "library-read-only"
    assert record(capsys, "backup", tmp_path / "copy.db")["items"] == 2
    lock.release()
    assert main(["library", "backup"]) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL of POSIX")
def test_indexing_that_is_killed_goes_on_with_nothing_lost_and_nothing_twice(
    mmbm_home: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    folder, file, chance = tmp_path / "pictures", tmp_path / "library.db", random.Random(3)
    folder.mkdir()
    for number in range(PICTURES):
        write_picture(folder / f"{number:02}.jpg", number)
    shutil.copytree(tiny_bundle, mmbm_home / "data" / "models" / "tiny")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "mmbm_desktop", "index", str(folder), "--library", str(file), "--json"]
    watch, kept = SqliteLibrary(file), 0
    for _ in range(KILLS):
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while watch.browse(0, 0)[1] == kept and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(chance.uniform(0.0, 0.03))
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert watch.check() == ()
        assert watch.browse(0, 0)[1] > kept
        kept = watch.browse(0, 0)[1]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    counts = json.loads(done.stdout)
    assert (counts["found"], counts["indexed"] + counts["skipped"]) == (PICTURES, PICTURES)
    assert counts["skipped"] == kept
    items, total = watch.browse(0, PICTURES * 2)
    assert len({item.path for item in items}) == total == PICTURES
    assert all(len(watch.caption_history(item.id)) == 2 and item.caption_en and item.caption_zh for item in items)
    asked = ("captions", "transcripts", "sounds")
    assert watch.folders() == (FolderInfo(str(folder), PICTURES, done=True, wanted=asked),)
    assert watch.check() == ()
    watch.close()
