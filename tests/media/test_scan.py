"""A scan finds pictures and recordings and passes over what it must; thumbnails are made once."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from PIL import Image

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.media.formats import FileKind, kind_by_name, recognise
from mmbm_desktop.media.scan import ScannedFile, scan, scanned_file
from mmbm_desktop.media.thumbnails import cache_file, prune, thumbnail
from mmbm_desktop.protocol.failure import ItemFailure
from mmbm_desktop.protocol.tasks import MediaKind


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with good, hidden, foreign and nested files and a loop."""
    root = tmp_path / "photos"
    for name in [
        "b.JPG",
        "a.png",
        "notes.txt",
        "tool.exe",
        ".hidden.jpg",
        "声音.wav",
        "deep/er/c.heic",
        ".cache/d.jpg",
    ]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    (root / "deep" / "loop").symlink_to(root, target_is_directory=True)
    (root / "gone.jpg").symlink_to(root / "nowhere")
    return root


def test_a_scan_finds_each_file_once_in_order(folder: Path) -> None:
    found = [entry for entry in scan(folder) if isinstance(entry, ScannedFile)]

    names = [str(Path(entry.path).relative_to(folder)) for entry in found]
    assert names == ["a.png", "b.JPG", "deep/er/c.heic", "声音.wav"]
    assert [entry.kind for entry in found] == [MediaKind.PHOTO, MediaKind.PHOTO, MediaKind.PHOTO, MediaKind.RECORDING]
    assert all(entry.size_bytes == 1 and entry.inode for entry in found)


def test_a_link_to_nothing_is_told_and_passed_over(folder: Path) -> None:
    failures = [entry for entry in scan(folder) if isinstance(entry, ItemFailure)]

    assert [(Path(f.path).name, f.failure.code) for f in failures] == [("gone.jpg", ErrorCode.FILE_NOT_FOUND)]


def test_an_unreadable_folder_is_told_and_the_rest_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "deep":
            raise PermissionError(13, "no")
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)

    entries = list(scan(folder))

    assert [Path(e.path).name for e in entries if isinstance(e, ItemFailure)] == ["deep", "gone.jpg"]
    assert [Path(e.path).name for e in entries if isinstance(e, ScannedFile)] == ["a.png", "b.JPG", "声音.wav"]


def test_a_missing_folder_is_the_persons_fault(tmp_path: Path) -> None:
    with pytest.raises(InputFault) as caught:
        list(scan(tmp_path / "none"))

    assert caught.value.code is ErrorCode.FOLDER_NOT_FOUND


def test_one_file_is_described_or_refused(folder: Path) -> None:
    assert scanned_file(folder / "a.png").kind is MediaKind.PHOTO
    for name in ("notes.txt", "deep"):
        with pytest.raises(InputFault) as caught:
            scanned_file(folder / name)
        assert caught.value.code is ErrorCode.UNSUPPORTED_TYPE


def test_content_decides_over_the_name(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "picture.wav", format="PNG")
    (tmp_path / "a.txt").write_bytes("你好".encode())

    assert kind_by_name("x.WAV") is FileKind.RECORDING
    assert recognise(tmp_path / "picture.wav") is FileKind.PHOTO
    assert recognise(tmp_path / "a.txt") is FileKind.TEXT


def test_a_thumbnail_is_made_once_and_again_when_the_picture_changes(tmp_path: Path) -> None:
    picture, cache = tmp_path / "a.png", tmp_path / "cache"
    Image.new("RGB", (400, 100), "red").save(picture)

    first = thumbnail(picture, 128, cache)
    made = first.stat().st_mtime_ns
    with Image.open(first) as small:
        assert small.size == (128, 32)
    assert thumbnail(picture, 128, cache) == first
    assert first.stat().st_mtime_ns == made

    Image.new("RGB", (100, 400), "blue").save(picture)
    os.utime(picture, ns=(1, 1))
    assert thumbnail(picture, 128, cache) != first
    assert cache_file(picture, 64, cache) != cache_file(picture, 128, cache)


def test_many_threads_make_one_good_thumbnail(tmp_path: Path) -> None:
    picture, cache = tmp_path / "a.png", tmp_path / "cache"
    Image.new("RGB", (900, 900), "red").save(picture)
    threads = [threading.Thread(target=thumbnail, args=(picture, 64, cache)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    files = list(cache.rglob("*.*"))
    assert len(files) == 1
    with Image.open(files[0]) as small:
        small.load()


def test_pruning_removes_the_oldest_until_it_fits(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for number in range(5):
        picture = tmp_path / f"{number}.png"
        Image.new("RGB", (64, 64), (number * 40, 0, 0)).save(picture)
        os.utime(thumbnail(picture, 64, cache), (1000 + number, 1000 + number))
    size = max(file.stat().st_size for file in cache.rglob("*.jpg"))

    gone = prune(cache, size * 3)

    assert gone >= 2
    assert sum(file.stat().st_size for file in cache.rglob("*.jpg")) <= size * 3
    assert not cache_file(tmp_path / "0.png", 64, cache).exists()
    assert cache_file(tmp_path / "4.png", 64, cache).exists()
