"""The real engine, its real worker and the tiny bundle: captions, killing, cancelling, saving, closing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.engine.model_store import POCKETSPHINX
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.events import JobChanged, LibraryChanged, PartialTranscript, WorkerChanged, WorkerState
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.journal import Action, Step
from mmbm_desktop.protocol.requests import (
    BrowseRequest,
    CaptionRequest,
    CheckModelRequest,
    EmbedImagesRequest,
    EmbedTextRequest,
    IndexRequest,
    LiveTranscribeRequest,
    SearchRequest,
    TranscribeRequest,
)
from mmbm_desktop.protocol.results import (
    BrowseResult,
    CaptionResult,
    CheckResult,
    EmbedResult,
    SearchResult,
    TranscriptResult,
)
from mmbm_desktop.protocol.tasks import BACKGROUND, INTERACTIVE, NORMAL, MediaKind
from tests.engine.workshop import TIMINGS, Workshop, complaints


@pytest.fixture
def picture(pictures: Path) -> str:
    return str(pictures / "00.jpg")


def is_busy(event: object) -> bool:
    return isinstance(event, WorkerChanged) and event.state is WorkerState.BUSY


def test_a_picture_gets_captions_in_both_languages(shop: Workshop, picture: str) -> None:
    job = shop.run(CaptionRequest(picture))

    assert job.state is JobState.DONE, job.failure
    assert isinstance(job.result, CaptionResult)
    assert {one.language for one in job.result.captions} == {"en", "zh"}
    assert job.result.made.model.startswith("tiny ")
    assert (job.attempts, job.priority) == (1, INTERACTIVE)


def test_requests_have_their_usual_priority_unless_told_otherwise(shop: Workshop, picture: str) -> None:
    engine = shop.engine
    requests = [CaptionRequest(picture), BrowseRequest(), TranscribeRequest(picture), IndexRequest((picture,))]

    ids = [engine.submit(request) for request in requests] + [engine.submit(requests[0], priority=7)]

    by_id = {job.id: job.priority for job in engine.jobs()}
    assert [by_id[one] for one in ids] == [INTERACTIVE, INTERACTIVE, NORMAL, BACKGROUND, 7]


def test_texts_and_pictures_are_embedded_into_one_space(shop: Workshop, picture: str, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.jpg")

    texts = shop.run(EmbedTextRequest(("a dog", "一只狗"))).result
    images = shop.run(EmbedImagesRequest((picture, gone))).result

    assert isinstance(texts, EmbedResult)
    assert isinstance(images, EmbedResult)
    assert texts.vectors.shape[1] == images.vectors.shape[1]
    assert images.inputs == (picture,)
    assert [(one.path, one.failure.code) for one in images.failed] == [(gone, ErrorCode.FILE_NOT_FOUND)]


def test_a_broken_picture_is_a_failure_with_a_code_and_the_next_one_works(
    shop: Workshop, picture: str, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture at all")

    failed, done = shop.run(CaptionRequest(str(broken))), shop.run(CaptionRequest(picture))

    assert failed.failure is not None
    assert failed.failure.code is ErrorCode.IMAGE_BROKEN
    assert done.state is JobState.DONE


def test_a_live_transcription_without_sound_is_refused(shop: Workshop) -> None:
    job = shop.run(LiveTranscribeRequest())

    assert job.failure is not None
    assert job.failure.code is ErrorCode.ARGUMENT_INVALID


# --- models ------------------------------------------------------------------------------------------------------------


def test_models_are_listed_and_checked(shop: Workshop) -> None:
    names = {model.name for model in shop.engine.models()}
    checked = [shop.run(CheckModelRequest(name)) for name in sorted(names)]

    assert names == {"tiny", POCKETSPHINX}
    assert all(isinstance(job.result, CheckResult) and job.result.files for job in checked), checked


def test_an_unknown_model_is_missing(shop: Workshop, picture: str) -> None:
    jobs = [shop.run(CheckModelRequest("none")), shop.run(CaptionRequest(picture, model="none"))]

    assert [job.failure and job.failure.code for job in jobs] == [ErrorCode.MODEL_MISSING] * 2


def test_without_any_bundle_captions_and_indexing_say_what_is_missing(
    make_engine: Callable[..., LocalEngine], picture: str, pictures: Path
) -> None:
    shop = Workshop(make_engine(model_dirs=[]))

    jobs = [shop.run(CaptionRequest(picture)), shop.run(IndexRequest((str(pictures),)))]

    assert [job.failure and job.failure.code for job in jobs] == [ErrorCode.MODEL_MISSING] * 2


# --- the worker is killed ------------------------------------------------------------------------------------------------


def test_a_worker_killed_in_the_middle_of_a_caption_is_replaced_and_the_caption_made(
    shop: Workshop, picture: str
) -> None:
    shop.run(CaptionRequest(picture))
    pid = shop.freeze_worker()
    shop.events.clear()

    job_id = shop.engine.submit(CaptionRequest(picture))
    shop.wait_for(is_busy)
    os.kill(pid, signal.SIGKILL)

    job = shop.end(job_id)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert WorkerChanged(WorkerState.CRASHED, pid) in shop.events


def test_a_caption_whose_worker_is_killed_twice_is_reported_and_can_be_retried(shop: Workshop, picture: str) -> None:
    shop.run(CaptionRequest(picture))
    pid = shop.freeze_worker()
    shop.events.clear()
    shop.kill_workers_that_start()

    job_id = shop.engine.submit(CaptionRequest(picture))
    shop.wait_for(is_busy)
    os.kill(pid, signal.SIGKILL)

    job = shop.end(job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, 2)
    assert job.failure is not None
    assert job.failure.code is ErrorCode.WORKER_CRASHED

    shop.hooks.clear()
    again = shop.end(shop.engine.retry(job_id))
    assert (again.state, again.retry_of) == (JobState.DONE, job_id)


def test_a_waiting_caption_is_cancelled_at_once_and_a_running_one_by_ending_its_stuck_worker(
    shop: Workshop, picture: str
) -> None:
    shop.run(CaptionRequest(picture))
    pid = shop.freeze_worker()
    shop.events.clear()
    running, waiting = shop.engine.submit(CaptionRequest(picture)), shop.engine.submit(CaptionRequest(picture))
    shop.wait_for(is_busy)

    shop.engine.cancel(waiting)
    assert shop.end(waiting).state is JobState.CANCELLED
    shop.engine.cancel(running)

    assert shop.end(running).state is JobState.CANCELLED
    assert not psutil.pid_exists(pid)
    assert shop.run(CaptionRequest(picture)).state is JobState.DONE


def test_a_worker_that_cannot_start_is_reported(
    make_engine: Callable[..., LocalEngine], picture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")

    job = Workshop(make_engine()).run(CaptionRequest(picture))

    assert job.failure is not None
    assert job.failure.code is ErrorCode.WORKER_START_FAILED


def test_warming_up_loads_the_model_before_it_is_needed(shop: Workshop, picture: str) -> None:
    shop.engine.warm_up()
    shop.wait_for(is_busy)

    job = shop.run(CaptionRequest(picture))

    assert job.state is JobState.DONE
    assert shop.starts() == 1
    assert [one.id for one in shop.engine.jobs()] == [job.id]


def test_warming_up_without_a_model_is_only_logged(
    make_engine: Callable[..., LocalEngine], caplog: pytest.LogCaptureFixture
) -> None:
    make_engine(model_dirs=[])._lanes._warm_up()

    assert "could not be warmed up" in caplog.text


def test_an_idle_worker_leaves_memory(
    make_engine: Callable[..., LocalEngine], picture: str, settings: Settings
) -> None:
    engine = make_engine()
    engine._lanes._supervisors["pictures"]._idle_s = lambda: 0.05  # pyright: ignore[reportArgumentType]
    shop = Workshop(engine)
    shop.run(CaptionRequest(picture))

    stopped = shop.wait_for(lambda event: isinstance(event, WorkerChanged) and event.state is WorkerState.STOPPED)

    assert isinstance(stopped, WorkerChanged)
    assert stopped.pid is not None
    assert not psutil.pid_exists(stopped.pid)


# --- saving ------------------------------------------------------------------------------------------------------------


def test_a_caption_of_a_picture_outside_the_library_is_not_stored_until_it_is_saved(
    shop: Workshop, picture: str
) -> None:
    answer = shop.run(CaptionRequest(picture)).result
    assert shop.run(BrowseRequest()).result == BrowseResult((), 0)

    item = shop.engine.save_caption(picture, "My own words.", "en")

    assert isinstance(answer, CaptionResult)
    assert item.caption_en == "My own words."
    assert item.caption_zh == next(one.text for one in answer.captions if one.language == "zh")
    assert (item.kind, item.width, item.height) == (MediaKind.PHOTO, 64, 48)
    shop.wait_for(lambda event: event == LibraryChanged((item.id,)))


def test_saving_twice_keeps_the_history(shop: Workshop, picture: str) -> None:
    first = shop.engine.save_caption(picture, "First.", "en")
    second = shop.engine.save_caption(picture, "Second.", "en")

    assert (first.id, second.caption_en) == (second.id, "Second.")
    shop.engine.close()
    library = SqliteLibrary(paths.default_library_file())
    assert [entry.text for entry in library.caption_history(first.id)] == ["Second.", "First."]
    library.close()


def test_a_saved_caption_is_undone_and_told(shop: Workshop, picture: str) -> None:
    item = shop.engine.save_caption(picture, "Mine.", "en")
    shop.wait_for(lambda event: event == LibraryChanged((item.id,)))

    step = Step(Action.CAPTION, picture, (item.id,))
    assert shop.engine.undo() == step
    assert shop.engine.items([item.id])[0].caption_en == ""
    assert shop.engine.undo() is None
    assert shop.engine.redo() == step
    assert shop.engine.items([item.id])[0].caption_en == "Mine."


def test_a_caption_made_later_fills_what_a_library_picture_lacks_but_not_more(shop: Workshop, picture: str) -> None:
    item = shop.engine.save_caption(picture, "Mine.", "en")

    for _ in range(2):
        shop.run(CaptionRequest(picture))

    (now,) = shop.engine.items([item.id])
    assert now.caption_en == "Mine."
    assert now.caption_zh
    shop.engine.close()
    library = SqliteLibrary(paths.default_library_file())
    assert len(library.caption_history(item.id)) == 2
    library.close()


def test_a_transcript_is_saved_with_the_recording_it_belongs_to(shop: Workshop, tmp_path: Path, data: Path) -> None:
    recording = str(shutil.copy(data / "speech" / "espeak_thousand_people.wav", tmp_path / "said.wav"))
    heard = shop.run(TranscribeRequest(recording)).result

    item = shop.engine.save_transcript(recording, "700,000 people.", "en")

    assert isinstance(heard, TranscriptResult)
    assert "thousand people" in heard.text
    assert (item.kind, item.transcript) == (MediaKind.RECORDING, "700,000 people.")
    assert item.duration_s > 2
    found = shop.run(SearchRequest("thousand people")).result
    assert isinstance(found, SearchResult)
    assert [hit.item.id for hit in found.hits] == [item.id]


def test_a_transcript_made_later_belongs_to_the_recording_in_the_library(
    shop: Workshop, tmp_path: Path, data: Path
) -> None:
    folder = tmp_path / "sounds"
    folder.mkdir()
    recording = str(shutil.copy(data / "speech" / "espeak_thousand_people.wav", folder / "said.wav"))
    shop.run(IndexRequest((str(folder),)))

    job = shop.run(TranscribeRequest(recording))

    shown = shop.run(BrowseRequest()).result
    assert isinstance(shown, BrowseResult)
    assert isinstance(job.result, TranscriptResult)
    assert shown.items[0].transcript == job.result.text
    assert job.done
    shop.wait_for(lambda event: isinstance(event, PartialTranscript) and event.job_id == job.id)


def test_saving_for_a_file_that_is_gone_or_broken_says_so(shop: Workshop, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.touch()

    for path, code in ((tmp_path / "gone.jpg", ErrorCode.FILE_NOT_FOUND), (broken, ErrorCode.FILE_EMPTY)):
        with pytest.raises(MmbmError) as caught:
            shop.engine.save_caption(str(path), "x", "en")
        assert caught.value.code is code


def test_thumbnails_are_made_once_and_refused_for_broken_pictures(shop: Workshop, picture: str, tmp_path: Path) -> None:
    first, second = shop.engine.thumbnail(picture, 32), shop.engine.thumbnail(picture, 32)

    assert first is not None
    assert first == second
    assert paths.thumbnails_dir() in first.parents
    assert shop.engine.thumbnail(str(tmp_path / "none.jpg"), 32) is None


# --- life ----------------------------------------------------------------------------------------------------------------


def test_closing_while_busy_cancels_the_jobs_and_leaves_no_process(shop: Workshop, picture: str) -> None:
    shop.run(CaptionRequest(picture))
    pid = shop.freeze_worker()
    shop.events.clear()
    ids = [shop.engine.submit(CaptionRequest(picture)) for _ in range(3)]
    shop.wait_for(is_busy)

    shop.engine.close(timeout_s=1.5)
    late = shop.engine.submit(CaptionRequest(picture))

    states = {job.id: job.state for job in shop.engine.jobs()}
    assert [states[one] for one in (*ids, late)] == [JobState.CANCELLED] * 4
    assert not psutil.pid_exists(pid)
    assert psutil.Process().children() == []
    ends = [e.job.id for e in shop.events if isinstance(e, JobChanged) and e.job.state is JobState.CANCELLED]
    assert sorted(ends) == ids
    assert complaints(paths.default_library_file()) == ()


def test_a_closed_engine_refuses_writes_and_can_be_closed_again(shop: Workshop, picture: str) -> None:
    shop.engine.close()
    shop.engine.close()

    with pytest.raises(EnvironmentFault):
        shop.engine.save_caption(picture, "late", "en")


def test_a_library_that_cannot_be_opened_stops_the_engine_with_a_code(settings: Settings, tmp_path: Path) -> None:
    damaged = tmp_path / "library.db"
    damaged.write_bytes(b"this is no database, and it is long enough to be one" * 100)

    with pytest.raises(EnvironmentFault) as caught:
        LocalEngine(settings, damaged)

    assert caught.value.code is ErrorCode.LIBRARY_DAMAGED


def test_the_library_is_the_one_in_the_settings(settings: Settings, tmp_path: Path) -> None:
    settings.set("library.file", str(tmp_path / "other.db"))

    LocalEngine(settings).close()

    assert (tmp_path / "other.db").exists()


def test_importing_the_engine_loads_no_array_or_picture_library() -> None:
    code = (
        "import mmbm_desktop.engine.local, sys\n"
        "print([name for name in ('numpy', 'PIL', 'sounddevice', 'onnxruntime', 'PySide6') if name in sys.modules])"
    )

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_patience_with_a_hung_worker_is_bounded(make_engine: Callable[..., LocalEngine], picture: str) -> None:
    shop = Workshop(make_engine(timings=replace(TIMINGS, silent_s=4.0)))
    shop.run(CaptionRequest(picture))
    pid = shop.freeze_worker()

    job = shop.run(CaptionRequest(picture))

    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert not psutil.pid_exists(pid)
