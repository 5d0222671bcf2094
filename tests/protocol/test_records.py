"""The records' small sums: time left, transcript text and confidence, errors there and back."""

from __future__ import annotations

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobId, JobSnapshot, JobState
from mmbm_desktop.protocol.requests import IndexRequest
from mmbm_desktop.protocol.results import Made, Segment, TranscriptResult


def job(**changes: object) -> JobSnapshot:
    return JobSnapshot(JobId(1), IndexRequest(("/x",)), JobState.RUNNING, created_s=0.0, **changes)


def test_time_left_follows_the_pace_so_far() -> None:
    assert job(done=25, total=100, started_s=10.0, updated_s=20.0).seconds_left == pytest.approx(30.0)


@pytest.mark.parametrize("changes", [{}, {"done": 5}, {"done": 0, "total": 10, "started_s": 1.0, "updated_s": 2.0}])
def test_time_left_is_unknown_at_first(changes: dict[str, object]) -> None:
    assert job(**changes).seconds_left is None


def test_only_the_last_three_states_are_final() -> None:
    assert [state for state in JobState if state.final] == [JobState.DONE, JobState.FAILED, JobState.CANCELLED]


def test_a_transcripts_confidence_is_weighted_by_time() -> None:
    segments = (Segment("long", 0.0, 9.0, 0.9), Segment("short", 9.0, 10.0, 0.4))
    result = TranscriptResult("a.wav", "en", segments, 10.0, Made("m", "CPU", 1.0))

    assert result.text == "long short"
    assert result.score == pytest.approx(0.85)


def test_silence_has_no_confidence() -> None:
    assert TranscriptResult("a.wav", "en", (), 10.0, Made("m", "CPU", 1.0)).score == 0.0


@pytest.mark.parametrize("kind", [InputFault, EnvironmentFault])
def test_an_error_comes_back_from_its_record(kind: type[InputFault]) -> None:
    error = Failure.of(kind(ErrorCode.IMAGE_TOO_LARGE, "d", width=50_000)).as_error()

    assert type(error) is kind
    assert error.code is ErrorCode.IMAGE_TOO_LARGE
    assert error.params == {"width": 50_000}
