"""The scripted engine does what its script says, in the caller's thread."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.engine import fake_answers
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.protocol.events import JobChanged, LibraryChanged, MicrophoneLevel, PartialTranscript
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import (
    BrowseRequest,
    CaptionRequest,
    CheckModelRequest,
    EmbedImagesRequest,
    EmbedTextRequest,
    IndexRequest,
    LiveTranscribeRequest,
    RecordRequest,
    SearchRequest,
    TranscribeRequest,
)
from mmbm_desktop.protocol.results import CaptionResult, SearchResult, TranscriptResult

CAPTION = CaptionRequest("/pictures/a.jpg")


def states_of(engine: FakeEngine) -> list[JobState]:
    seen: list[JobState] = []
    engine.subscribe(lambda event: seen.append(event.job.state) if isinstance(event, JobChanged) else None)
    return seen


def test_a_job_runs_and_ends_inside_submit() -> None:
    engine = FakeEngine()
    seen = states_of(engine)

    job = engine.wait(engine.submit(CAPTION), timeout_s=0)

    assert seen == [JobState.WAITING, JobState.RUNNING, JobState.DONE]
    assert isinstance(job.result, CaptionResult)
    assert [one.language for one in job.result.captions] == ["en", "zh"]
    assert engine.requests == [CAPTION]


@pytest.mark.parametrize(
    "request_",
    [
        CAPTION,
        EmbedImagesRequest(("/a.jpg",)),
        EmbedTextRequest(("a", "b")),
        TranscribeRequest("/a.wav"),
        LiveTranscribeRequest(),
        IndexRequest(("/folder",)),
        SearchRequest("two dogs"),
        BrowseRequest(),
        CheckModelRequest("image-text-small"),
    ],
    ids=lambda request_: type(request_).__name__,
)
def test_every_request_has_a_canned_answer(request_: CaptionRequest) -> None:
    engine = FakeEngine()

    job = engine.wait(engine.submit(request_), timeout_s=0)

    assert job.state is JobState.DONE
    assert job.result is not None


def test_a_script_answers_in_turn_and_repeats_its_last_outcome() -> None:
    engine = FakeEngine()
    broken = Failure.of(EnvironmentFault(ErrorCode.DISK_FULL))
    scripted = fake_answers.caption_result(CaptionRequest("/pictures/other.jpg"))
    engine.script(CaptionRequest, broken, lambda request: scripted)

    jobs = [engine.wait(engine.submit(CAPTION), timeout_s=0) for _ in range(3)]

    assert [job.failure for job in jobs] == [broken, None, None]
    assert jobs[1].result is jobs[2].result is scripted


def test_a_test_advances_jobs_by_hand() -> None:
    engine = FakeEngine(auto=False)
    seen = states_of(engine)
    first, second = engine.submit(CAPTION), engine.submit(CAPTION)

    engine.progress(first, 1, 4)
    engine.finish(first)
    engine.fail(second, EnvironmentFault(ErrorCode.OUT_OF_MEMORY))

    assert engine.job(first).done == 1
    assert engine.job(first).state is JobState.DONE
    failure = engine.job(second).failure
    assert failure is not None
    assert failure.code is ErrorCode.OUT_OF_MEMORY
    assert seen[-1] is JobState.FAILED


def test_a_cancelled_job_stays_cancelling_when_told_to() -> None:
    engine = FakeEngine(auto=False)
    engine.slow_to_cancel = True
    job_id = engine.submit(CAPTION)
    engine.start(job_id)

    engine.cancel(job_id)
    assert engine.job(job_id).state is JobState.CANCELLING

    engine.stop(job_id)
    engine.finish(job_id)
    assert engine.job(job_id).state is JobState.CANCELLED


def test_an_ended_job_can_be_retried_and_forgotten() -> None:
    engine = FakeEngine()
    first = engine.submit(CAPTION)

    second = engine.retry(first)

    assert engine.job(second).retry_of == first
    assert [job.id for job in engine.jobs()] == [second, first]
    engine.forget_ended_jobs()
    assert engine.jobs() == ()


def test_a_recording_runs_until_it_is_finished() -> None:
    engine = FakeEngine()
    job_id = engine.submit(RecordRequest())
    assert engine.job(job_id).state is JobState.RUNNING

    engine.finish_recording(job_id)

    assert isinstance(engine.job(job_id).result, TranscriptResult)


def test_a_paced_recording_tells_level_and_words() -> None:
    engine = FakeEngine(pace_s=0.001)
    events: list[object] = []
    engine.subscribe(events.append)
    job_id = engine.submit(RecordRequest())
    engine.subscribe(
        lambda event: engine.finish_recording(job_id) if isinstance(event, PartialTranscript) and event.text else None
    )

    job = engine.wait(job_id, timeout_s=30)

    assert job.state is JobState.DONE
    assert any(isinstance(event, MicrophoneLevel) for event in events)


def test_a_paced_job_advances_step_by_step() -> None:
    engine = FakeEngine(pace_s=0.001)

    job = engine.wait(engine.submit(CAPTION), timeout_s=30)

    assert (job.done, job.total, job.state) == (4, 4, JobState.DONE)


def test_a_search_ranks_by_shared_words_and_an_empty_one_fails() -> None:
    engine = FakeEngine()

    found = engine.wait(engine.submit(SearchRequest("two dogs")), timeout_s=0).result
    nothing = engine.wait(engine.submit(SearchRequest("  ")), timeout_s=0).failure

    assert isinstance(found, SearchResult)
    assert "dogs" in found.hits[0].item.caption_en
    assert nothing is not None
    assert nothing.code is ErrorCode.QUERY_EMPTY


def test_saving_adds_to_the_library_and_says_so() -> None:
    engine = FakeEngine(items=[])
    changes: list[object] = []
    engine.subscribe(changes.append)

    item = engine.save_caption("/pictures/new.jpg", "A cat.", "en")
    again = engine.save_caption("/pictures/new.jpg", "一只猫。", "zh")

    assert item.id == again.id
    assert (again.caption_en, again.caption_zh) == ("A cat.", "一只猫。")
    assert changes == [LibraryChanged((item.id,))] * 2
    assert engine.saved[0] == ("/pictures/new.jpg", "A cat.", "en")


def test_an_indexed_folder_appears_and_can_be_removed() -> None:
    engine = FakeEngine()
    engine.submit(IndexRequest(("/new",)))
    assert [folder.path for folder in engine.folders()] == [fake_answers.FOLDER, "/new"]

    engine.remove_folder(fake_answers.FOLDER)

    assert [folder.path for folder in engine.folders()] == ["/new"]
    assert engine.items([1]) == ()


def test_a_method_raises_when_told_to() -> None:
    engine = FakeEngine()
    engine.raising["folders"] = EnvironmentFault(ErrorCode.LIBRARY_LOCKED)

    with pytest.raises(MmbmError):
        engine.folders()


def test_thumbnails_are_painted_for_stored_photos_only(tmp_path: Path) -> None:
    engine = FakeEngine()
    photo, recording = engine.items([1, 7])

    assert engine.thumbnail(photo.path, 64) is not None
    assert engine.thumbnail(recording.path, 64) is None
    assert engine.thumbnail(str(tmp_path / "none.jpg"), 64) is None


def test_closing_cancels_what_is_left() -> None:
    engine = FakeEngine(auto=False)
    job_id = engine.submit(CAPTION)

    engine.close()
    engine.close()

    assert engine.job(job_id).state is JobState.CANCELLED
