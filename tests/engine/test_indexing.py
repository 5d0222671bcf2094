"""Indexing with the real worker: good and bad files, second runs, killed workers, a full disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.engine import indexing
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.media.thumbnails import cache_file
from mmbm_desktop.protocol.events import JobChanged, LibraryChanged, WorkerChanged, WorkerState
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.jobs import JobSnapshot, JobState
from mmbm_desktop.protocol.requests import BrowseRequest, CaptionRequest, IndexRequest
from mmbm_desktop.protocol.results import BrowseResult, IndexResult, Item
from mmbm_desktop.protocol.tasks import MediaKind
from tests.engine.wavs import write_wav
from tests.engine.workshop import TIMINGS, Workshop, complaints, write_picture


def result_of(job: JobSnapshot) -> IndexResult:
    assert isinstance(job.result, IndexResult), job.failure
    return job.result


def items_of(shop: Workshop) -> tuple[Item, ...]:
    result = shop.run(BrowseRequest()).result
    assert isinstance(result, BrowseResult)
    return result.items


def huge_png(path: Path, edge: int = 50_000) -> None:
    """Write a PNG whose header promises `edge` x `edge` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b""))


def test_every_picture_and_recording_is_taken_in(shop: Workshop, pictures: Path) -> None:
    write_wav(pictures / "note.wav", seconds=0.5)

    result = result_of(shop.run(IndexRequest((str(pictures),))))

    items = items_of(shop)
    photos = [item for item in items if item.kind is MediaKind.PHOTO]
    (recording,) = [item for item in items if item.kind is MediaKind.RECORDING]
    assert (result.found, result.indexed, result.skipped, result.failed) == (13, 13, 0, ())
    assert all(item.caption_en and item.caption_zh and item.width == 64 for item in photos)
    assert (recording.duration_s, recording.sounds) == (0.5, ())
    (folder,) = shop.engine.folders()
    assert (folder.path, folder.items, folder.done) == (str(pictures), 13, True)


def test_progress_counts_files_and_the_library_says_what_changed(shop: Workshop, pictures: Path) -> None:
    job = shop.run(IndexRequest((str(pictures),)))

    assert (job.done, job.total) == (12, 12)
    shop.engine.close()
    told = {
        number for event in shop.of(LibraryChanged) if isinstance(event, LibraryChanged) for number in event.item_ids
    }
    assert len(told) == 12
    counts = [event.job.done for event in shop.of(JobChanged) if isinstance(event, JobChanged)]
    assert counts == sorted(counts)


def test_a_second_run_skips_what_is_there_and_does_what_is_new(shop: Workshop, pictures: Path) -> None:
    request = IndexRequest((str(pictures),))
    shop.run(request)

    second = result_of(shop.run(request))
    write_picture(pictures / "new.jpg", 99)
    third = result_of(shop.run(request))

    assert (second.indexed, second.skipped) == (0, 12)
    assert (third.indexed, third.skipped) == (1, 12)


def test_captions_are_added_to_what_was_only_embedded(shop: Workshop, pictures: Path) -> None:
    plain = result_of(shop.run(IndexRequest((str(pictures),), captions=False)))
    before = items_of(shop)

    captioned = result_of(shop.run(IndexRequest((str(pictures),))))

    assert (plain.indexed, captioned.indexed) == (12, 12)
    assert not any(item.caption_en for item in before)
    assert all(item.caption_en for item in items_of(shop))
    assert result_of(shop.run(IndexRequest((str(pictures),)))).skipped == 12


def test_captions_are_written_in_the_languages_of_the_settings(
    shop: Workshop, pictures: Path, settings: Settings
) -> None:
    settings.set("captions.languages", "zh")
    shop.run(IndexRequest((str(pictures),)))
    assert all(item.caption_zh and not item.caption_en for item in items_of(shop))
    chinese = {item.path: item.caption_zh for item in items_of(shop)}

    settings.set("captions.languages", "en,zh")
    result = result_of(shop.run(IndexRequest((str(pictures),))))

    assert result.indexed == 12
    assert all(item.caption_en for item in items_of(shop))
    assert {item.path: item.caption_zh for item in items_of(shop)} == chinese


def test_a_moved_file_keeps_its_captions_and_a_deleted_one_is_no_longer_shown(shop: Workshop, pictures: Path) -> None:
    shop.run(IndexRequest((str(pictures),)))
    moved = shop.engine.save_caption(str(pictures / "03.jpg"), "Mine.", "en")
    (pictures / "sub").mkdir()
    (pictures / "03.jpg").rename(pictures / "sub" / "other.jpg")
    (pictures / "04.jpg").unlink()

    shop.run(IndexRequest((str(pictures),)))

    (now,) = shop.engine.items([moved.id])
    assert (now.path, now.caption_en) == (str(pictures / "sub" / "other.jpg"), "Mine.")
    assert len(items_of(shop)) == 11


def test_thumbnails_are_there_afterwards(shop: Workshop, pictures: Path) -> None:
    shop.run(IndexRequest((str(pictures),)))

    assert cache_file(pictures / "00.jpg", 256, paths.thumbnails_dir()).exists()


def test_each_bad_file_has_its_reason_and_the_rest_is_done(
    shop: Workshop, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pictures / "empty.jpg").touch()
    (pictures / "text.jpg").write_text("words")
    (pictures / "cut.jpg").write_bytes((pictures / "00.jpg").read_bytes()[:400])
    (pictures / "noise.wav").write_bytes(b"RIFF\x24\0\0\0WAVEfmt rubbish")
    (pictures / "dangling.jpg").symlink_to(pictures / "nowhere.jpg")
    huge_png(pictures / "huge.png")
    locked = pictures / "locked"
    locked.mkdir()
    real = os.scandir

    def refusing(path: object = ".") -> object:
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)  # pyright: ignore[reportArgumentType, reportCallIssue]

    monkeypatch.setattr(os, "scandir", refusing)

    result = result_of(shop.run(IndexRequest((str(pictures),))))

    codes = {Path(one.path).name: one.failure.code for one in result.failed}
    assert codes == {
        "empty.jpg": ErrorCode.FILE_EMPTY,
        "text.jpg": ErrorCode.IMAGE_BROKEN,
        "cut.jpg": ErrorCode.IMAGE_BROKEN,
        "noise.wav": ErrorCode.AUDIO_BROKEN,
        "dangling.jpg": ErrorCode.FILE_NOT_FOUND,
        "huge.png": ErrorCode.IMAGE_TOO_LARGE,
        "locked": ErrorCode.FOLDER_UNREADABLE,
    }
    assert result.indexed == 12
    assert not shop.engine.folders()[0].done


def test_what_lies_in_an_unreadable_folder_is_not_taken_for_gone(
    shop: Workshop, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pictures / "sub").mkdir()
    (pictures / "11.jpg").rename(pictures / "sub" / "11.jpg")
    shop.run(IndexRequest((str(pictures),)))
    real = os.scandir

    def refusing(path: object = ".") -> object:
        if path == pictures / "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)  # pyright: ignore[reportArgumentType, reportCallIssue]

    monkeypatch.setattr(os, "scandir", refusing)
    shop.run(IndexRequest((str(pictures),)))

    assert len(items_of(shop)) == 12


def test_a_missing_folder_fails_alone_but_not_among_others(shop: Workshop, pictures: Path, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")

    alone = shop.run(IndexRequest((gone,)))
    among = result_of(shop.run(IndexRequest((gone, str(pictures)))))

    assert alone.failure is not None
    assert alone.failure.code is ErrorCode.FOLDER_NOT_FOUND
    assert [(one.path, one.failure.code) for one in among.failed] == [(gone, ErrorCode.FOLDER_NOT_FOUND)]
    assert among.indexed == 12
    assert [folder.path for folder in shop.engine.folders()] == [str(pictures)]


def test_a_folder_below_another_is_taken_in_once(shop: Workshop, pictures: Path) -> None:
    (pictures / "sub").mkdir()
    write_picture(pictures / "sub" / "below.jpg", 50)

    result = result_of(shop.run(IndexRequest((str(pictures), str(pictures / "sub")))))

    assert (result.found, result.indexed) == (13, 13)
    assert len(items_of(shop)) == 13


@pytest.mark.parametrize("captions", [True, False], ids=["captioning", "embedding"])
def test_a_worker_killed_in_the_middle_of_a_run_costs_nothing(shop: Workshop, pictures: Path, captions: bool) -> None:
    for number in range(12, 24):
        write_picture(pictures / f"{number}.jpg", number)
    frozen = shop.freeze_when_advanced(8)
    job_id = shop.engine.submit(IndexRequest((str(pictures),), captions=captions))

    os.kill(frozen(), signal.SIGKILL)

    result = result_of(shop.end(job_id))
    assert (result.indexed, result.failed) == (24, ())
    assert len({item.path for item in items_of(shop)}) == len(items_of(shop)) == 24
    assert shop.starts() == 2
    shop.engine.close()
    assert complaints(paths.default_library_file()) == ()


def test_when_every_worker_dies_the_run_fails_and_keeps_what_it_has(shop: Workshop, pictures: Path) -> None:
    for number in range(12, 30):
        write_picture(pictures / f"{number}.jpg", number)
    frozen = shop.freeze_when_advanced(9)
    job_id = shop.engine.submit(IndexRequest((str(pictures),)))
    pid = frozen()
    shop.kill_workers_that_start()

    os.kill(pid, signal.SIGKILL)

    job = shop.end(job_id)
    kept = items_of(shop)
    assert job.state is JobState.FAILED
    assert job.failure is not None
    assert job.failure.code is ErrorCode.WORKER_CRASHED
    assert 8 <= len(kept) < 30
    shop.hooks.clear()
    result = result_of(shop.end(shop.engine.retry(job_id)))
    assert (result.skipped, result.indexed) == (len(kept), 30 - len(kept))
    shop.engine.close()
    assert complaints(paths.default_library_file()) == ()


def test_a_cancelled_run_keeps_what_it_has_and_the_next_does_the_rest(shop: Workshop, pictures: Path) -> None:
    for number in range(12, 30):
        write_picture(pictures / f"{number}.jpg", number)
    frozen = shop.freeze_when_advanced(9)
    job_id = shop.engine.submit(IndexRequest((str(pictures),)))
    frozen()

    shop.engine.cancel(job_id)

    assert shop.end(job_id).state is JobState.CANCELLED
    kept = len(items_of(shop))
    assert 8 <= kept < 30
    assert not shop.engine.folders()[0].done
    result = result_of(shop.run(IndexRequest((str(pictures),))))
    assert (result.skipped, result.indexed) == (kept, 30 - kept)


def test_a_caption_asked_for_meanwhile_comes_first(shop: Workshop, pictures: Path, tmp_path: Path) -> None:
    for number in range(12, 40):
        write_picture(pictures / f"{number}.jpg", number)
    wanted = write_picture(tmp_path / "wanted.jpg", 1000)
    index = shop.engine.submit(IndexRequest((str(pictures),)))
    shop.wait_for(lambda event: isinstance(event, JobChanged) and event.job.done >= 2)

    caption = shop.engine.submit(CaptionRequest(str(wanted)))
    assert shop.end(caption).state is JobState.DONE
    assert shop.end(index).state is JobState.DONE

    shop.engine.close()
    ends = [e.job.id for e in shop.of(JobChanged) if isinstance(e, JobChanged) and e.job.state is JobState.DONE]
    assert ends == [caption, index]


def test_a_folder_that_is_being_indexed_can_be_removed(shop: Workshop, pictures: Path) -> None:
    frozen = shop.freeze_when_advanced(3)
    job_id = shop.engine.submit(IndexRequest((str(pictures),)))
    frozen()

    shop.engine.remove_folder(str(pictures))

    assert shop.end(job_id).state is JobState.CANCELLED
    assert shop.engine.folders() == ()
    assert items_of(shop) == ()


@pytest.fixture
def listening(make_engine: Callable[..., LocalEngine], tiny_bundle: Path, tiny_sounds_bundle: Path) -> Workshop:
    """Return a workshop with a model for sounds, too."""
    return Workshop(make_engine(model_dirs=[tiny_bundle.parent, tiny_sounds_bundle.parent]))


def test_pictures_are_sorted_into_classes_by_a_classifier_that_was_chosen(
    make_engine: Callable[..., LocalEngine],
    tiny_bundle: Path,
    tiny_classifier: Path,
    settings: Settings,
    pictures: Path,
) -> None:
    shop = Workshop(make_engine(model_dirs=[tiny_bundle.parent, tiny_classifier.parent]))
    shop.run(IndexRequest((str(pictures),), captions=False))
    tasks = {answer.task for item in items_of(shop) for answer in item.answers}
    assert tasks == {"embed-image"}, "nobody chose the classifier"

    settings.set("models.picture_classes", read_manifest(tiny_classifier).name)
    again = result_of(shop.run(IndexRequest((str(pictures),), captions=False)))

    photos = items_of(shop)
    assert (again.indexed, again.failed) == (len(photos), ())
    assert all({answer.task for answer in item.answers} == {"embed-image", "classify"} for item in photos)
    third = result_of(shop.run(IndexRequest((str(pictures),), captions=False)))
    assert third.indexed == 0


@pytest.fixture
def speech(tmp_path: Path, data: Path) -> Path:
    """Return a folder with a recording of speech."""
    folder = tmp_path / "sounds"
    folder.mkdir()
    shutil.copy(next(data.rglob("*.wav")), folder / "speech.wav")
    return folder


def test_recordings_are_transcribed_and_their_sounds_named(listening: Workshop, speech: Path) -> None:
    plain = result_of(listening.run(IndexRequest((str(speech),), transcripts=False, sounds=False)))

    result = result_of(listening.run(IndexRequest((str(speech),))))

    (item,) = items_of(listening)
    assert (plain.indexed, result.indexed, result.failed) == (1, 1, ())
    assert item.transcript
    assert {one.task for one in item.answers} == {"transcribe", "sounds"}
    assert listening.engine.folders()[0].wanted == ("captions", "transcripts", "sounds")


def test_that_nothing_is_said_is_an_answer_and_that_nothing_can_be_said_is_not_asked_twice(
    listening: Workshop, tmp_path: Path
) -> None:
    folder = tmp_path / "sounds"
    folder.mkdir()
    write_wav(folder / "tone.wav", seconds=0.5)
    listening.run(IndexRequest((str(folder),)))
    starts = listening.starts()
    listening.engine.close()

    (item,) = SqliteLibrary(paths.default_library_file()).browse(0, 5)[0]

    assert {one.task for one in item.answers} == {"transcribe", "sounds"}
    assert starts == 2


def test_notes_are_found_by_their_words_and_keep_their_history(shop: Workshop, pictures: Path) -> None:
    note = pictures / "trip.md"
    note.write_text("# Sailing\n\nWe saw a lighthouse. 我们看到了灯塔。")
    (pictures / "00.txt").write_text("the caption of a picture")
    shop.run(IndexRequest((str(pictures),)))

    (item,) = [one for one in items_of(shop) if one.kind is MediaKind.TEXT]
    found = shop.run(BrowseRequest(filters=Filters(words=("灯塔",)))).result
    note.write_text("# Climbing")
    result = result_of(shop.run(IndexRequest((str(pictures),))))

    assert (item.text.splitlines()[0], item.answers) == ("# Sailing", ())
    assert isinstance(found, BrowseResult)
    assert [one.path for one in found.items] == [str(note)]
    assert (result.indexed, result.skipped) == (1, 12)
    assert [one.text for one in items_of(shop) if one.id == item.id] == ["# Climbing"]
    again = shop.run(BrowseRequest(filters=Filters(words=("lighthouse",)))).result
    assert isinstance(again, BrowseResult)
    assert again.total == 0


def test_a_second_run_asks_no_model_and_hashes_nothing(
    make_engine: Callable[..., LocalEngine], pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_wav(pictures / "note.wav", seconds=0.5)
    first = Workshop(make_engine())
    first.run(IndexRequest((str(pictures),)))
    first.engine.close()
    hashed: list[object] = []
    monkeypatch.setattr(indexing, "facts_of", hashed.append)
    second = Workshop(make_engine())

    result = result_of(second.run(IndexRequest((str(pictures),))))

    assert (result.skipped, result.indexed) == (13, 0)
    assert hashed == []
    assert second.starts() == 0
    assert second.engine.folders()[0].done


def test_a_touched_or_copied_back_file_is_hashed_but_asks_no_model(
    make_engine: Callable[..., LocalEngine], pictures: Path
) -> None:
    first = Workshop(make_engine())
    first.run(IndexRequest((str(pictures),)))
    first.engine.close()
    os.utime(pictures / "00.jpg", (1.0, 1.0))
    shutil.copy(pictures / "01.jpg", pictures / "aside")
    (pictures / "aside").replace(pictures / "01.jpg")
    shutil.copy(pictures / "02.jpg", pictures / "elsewhere.jpg")
    (pictures / "02.jpg").unlink()
    second = Workshop(make_engine())

    result = result_of(second.run(IndexRequest((str(pictures),))))

    assert (result.skipped, result.indexed, second.starts()) == (9, 3, 0)
    assert all(item.caption_en for item in items_of(second))
    assert {Path(item.path).name for item in items_of(second)} >= {"00.jpg", "01.jpg", "elsewhere.jpg"}


def test_a_running_job_is_paused_and_resumed(shop: Workshop, pictures: Path, settings: Settings) -> None:
    for number in range(12, 60):
        write_picture(pictures / f"{number}.jpg", number)

    def pause(event: object) -> None:
        if isinstance(event, JobChanged) and event.job.done >= 1:
            settings.set("indexing.paused", True)

    shop.hooks.append(pause)
    job_id = shop.engine.submit(IndexRequest((str(pictures),)))
    event = shop.wait_for(lambda event: isinstance(event, JobChanged) and event.job.paused)
    assert isinstance(event, JobChanged)
    stored = len(items_of(shop))
    assert event.job.state is JobState.RUNNING
    assert event.job.seconds_left is None
    assert 0 < stored < 60
    assert not shop.engine.folders()[0].done
    shop.hooks.clear()

    settings.set("indexing.paused", False)

    job = shop.end(job_id)
    assert result_of(job).indexed == 60
    assert not job.paused


def test_the_time_left_goes_by_the_files_that_are_done_now(shop: Workshop, pictures: Path) -> None:
    shop.run(IndexRequest((str(pictures),)))
    write_picture(pictures / "new.jpg", 99)
    write_picture(pictures / "newer.jpg", 98)

    job = shop.run(IndexRequest((str(pictures),)))

    assert (job.done_before, job.done, job.total) == (12, 14, 14)
    assert job.pace_s is not None
    assert 0 < job.pace_s < 60


@pytest.mark.skipif(sys.platform == "win32", reason="niceness")
def test_at_low_priority_a_worker_of_its_own_gives_way(shop: Workshop, pictures: Path, settings: Settings) -> None:
    settings.set("indexing.low_priority", True)
    nice: list[int] = []

    def look(event: object) -> None:
        if isinstance(event, WorkerChanged) and event.state is WorkerState.BUSY and event.pid:
            nice.append(int(psutil.Process(event.pid).nice()))

    shop.hooks.append(look)
    result = result_of(shop.run(IndexRequest((str(pictures),))))

    shop.engine.close()
    assert (result.indexed, {event.lane for event in shop.of(WorkerChanged)}) == (12, {"quiet"})
    assert set(nice) == {19}


def test_a_file_that_comes_while_a_run_is_under_way_is_not_taken_for_gone(shop: Workshop, pictures: Path) -> None:
    late = pictures / "late.jpg"

    def come(event: object) -> None:
        if isinstance(event, JobChanged) and event.job.done >= 1 and not late.exists():
            write_picture(late, 99)
            shop.engine.submit(IndexRequest((str(pictures),), only=(str(late),)))

    shop.hooks.append(come)
    shop.run(IndexRequest((str(pictures),)))
    for job in shop.engine.jobs():
        shop.end(job.id)

    assert len(items_of(shop)) == 13


_FULL = """
import json, resource, sys
from pathlib import Path
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.protocol.requests import IndexRequest

library, bundles, folder = map(Path, sys.argv[1:])
engine = LocalEngine(Settings(library.with_name("settings.json")), library, [bundles])
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
job = engine.wait(engine.submit(IndexRequest((str(folder),))), 100)
print(json.dumps([job.state, job.failure and job.failure.code]))
engine.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits there")
def test_a_full_disk_stops_the_run_with_its_name_and_the_library_stays_whole(
    tmp_path: Path, tiny_bundle: Path, make_engine: Callable[..., LocalEngine]
) -> None:
    folder, library = tmp_path / "many", tmp_path / "library.db"
    folder.mkdir()
    for number in range(160):
        write_picture(folder / f"{number:03}.jpg", number, (16, 12))

    output = subprocess.check_output(
        [sys.executable, "-c", _FULL, library, tiny_bundle.parent, folder], text=True, timeout=120
    )

    assert json.loads(output.splitlines()[-1]) == [JobState.FAILED, ErrorCode.DISK_FULL]
    assert complaints(library) == ()
    opened = SqliteLibrary(library)
    kept = opened.browse(0, 1000)[1]
    opened.close()
    assert 8 <= kept < 160
    assert kept % 8 == 0
    again = result_of(Workshop(make_engine(library_file=library, timings=TIMINGS)).run(IndexRequest((str(folder),))))
    assert (again.skipped, again.indexed) == (kept, 160 - kept)


_INDEX = """
import sys
from pathlib import Path
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.protocol.events import JobChanged, WorkerChanged
from mmbm_desktop.protocol.requests import IndexRequest

library, bundles, folder = map(Path, sys.argv[1:])
engine = LocalEngine(Settings(library.with_name("settings.json")), library, [bundles])
def listener(event):
    if isinstance(event, WorkerChanged):
        print("worker", event.pid, flush=True)
    if isinstance(event, JobChanged) and event.job.done >= 20:
        print("far enough", flush=True)
engine.subscribe(listener)
engine.wait(engine.submit(IndexRequest((str(folder),))))
"""


def test_the_whole_program_killed_in_the_middle_of_a_run_loses_nothing_and_leaves_no_worker(
    tmp_path: Path, tiny_bundle: Path, make_engine: Callable[..., LocalEngine]
) -> None:
    folder, library = tmp_path / "many", tmp_path / "library.db"
    folder.mkdir()
    for number in range(160):
        write_picture(folder / f"{number:03}.jpg", number, (16, 12))
    arguments = [sys.executable, "-c", _INDEX, library, tiny_bundle.parent, folder]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        told = iter(program.stdout.readline, "far enough\n")
        worker = psutil.Process(int(next(told).split()[1]))
        for _ in told:
            pass
        program.kill()

    worker.wait(20)

    assert complaints(library) == ()
    again = result_of(Workshop(make_engine(library_file=library)).run(IndexRequest((str(folder),))))
    assert again.skipped >= 16
    assert again.skipped + again.indexed == 160
