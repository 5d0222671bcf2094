"""Sessions with a real decoder (FFmpeg's test source) and a played microphone: what is taken, told, kept, refused."""

from __future__ import annotations

import queue
import shutil
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.capturing.local import LocalCapturing
from mmbm_desktop.engine.capturing.pictures import taken_at
from mmbm_desktop.engine.capturing.session import DeviceSession
from mmbm_desktop.protocol.capture import CameraInfo, CaptureKind, CapturePhase, Shot, Taking
from mmbm_desktop.protocol.events import CaptureChanged

MOVING = "lavfi:testsrc2=size=64x48:rate=50,realtime"
PICTURES, SOUNDS = CaptureKind.PICTURES, CaptureKind.SOUNDS
WAIT_S = 20.0


class Ears:
    """A microphone that hears a tone, or nothing, 20 times as fast as real time, and may be pulled out."""

    def __init__(self, peak: int = 8000, unplug_after: int | None = None) -> None:
        self.peak, self.unplug_after = peak, unplug_after
        self.stopped = threading.Event()

    def __enter__(self) -> Ears:
        return self

    def __exit__(self, *error: object) -> None:
        self.stopped.set()

    def __iter__(self) -> Iterator[npt.NDArray[np.int16]]:
        block = (np.sin(np.arange(800) / 3) * self.peak).astype(np.int16)
        number = 0
        while not self.stopped.wait(0.0025):
            if number == self.unplug_after:
                raise EnvironmentFault(ErrorCode.MICROPHONE_FAILED, "pulled out", device="")
            number += 1
            yield block

    def stop(self) -> None:
        self.stopped.set()


class Studio:
    """Capturing, and everything it told."""

    def __init__(self, **options: object) -> None:
        self.told: queue.Queue[CaptureChanged] = queue.Queue()
        self.capturing = LocalCapturing(self.told.put, **options)  # pyright: ignore[reportArgumentType]

    def until(self, wanted: Callable[[CaptureChanged], bool]) -> CaptureChanged:
        while True:
            event = self.told.get(timeout=WAIT_S)
            if wanted(event):
                return event

    def shots(self, count: int) -> list[Shot]:
        found = [self.until(lambda event: event.shot is not None).shot for _ in range(count)]
        return [shot for shot in found if shot is not None]

    def ready(self, session: DeviceSession) -> None:
        self.until(lambda event: event.state.session == session.id and event.state.phase is CapturePhase.READY)


@pytest.fixture
def studio() -> Iterator[Studio]:
    made = Studio(open_microphone=lambda device: Ears())
    yield made
    made.capturing.close()


def test_pictures_are_taken_saved_and_told_until_there_are_enough(studio: Studio, tmp_path: Path) -> None:
    session = studio.capturing.open(PICTURES, MOVING)
    studio.ready(session)
    frame = session.frame()

    session.take(Taking(str(tmp_path), "cat", count=3, every_s=0.02))
    shots = studio.shots(3)
    studio.ready(session)

    assert frame is not None
    assert frame.shape == (48, 64, 3)
    assert [shot.label for shot in shots] == ["cat"] * 3
    assert sorted(shot.path for shot in shots) == sorted(str(path) for path in (tmp_path / "cat").iterdir())


def test_fifteen_pictures_a_second_are_taken_of_thirty_that_come_a_little_late() -> None:
    taken, last_s = 0, float("-inf")
    for number in range(300):
        now_s = number / 30 + 0.004 * (number % 3)
        if now_s - last_s >= 1 / 15:
            last_s = taken_at(now_s, last_s, 1 / 15)
            taken += 1
    assert taken in (149, 150, 151)
    assert taken_at(90.0, 3.0, 1 / 15) == 90.0, "after a rest the pictures that were not taken are not made up for"


def test_a_click_takes_one_and_holding_takes_more(studio: Studio, tmp_path: Path) -> None:
    session = studio.capturing.open(PICTURES, MOVING)
    taking = Taking(str(tmp_path), "cat", every_s=0.01)

    session.take(taking)
    session.rest()
    studio.shots(1)
    studio.ready(session)
    assert len(list((tmp_path / "cat").iterdir())) == 1

    session.take(taking)
    studio.shots(3)
    session.rest()


def test_closing_lets_go_of_the_camera_and_ends_without_a_failure(studio: Studio) -> None:
    session = studio.capturing.open(PICTURES, MOVING)
    studio.ready(session)

    session.close()
    session.join(WAIT_S)

    assert studio.until(lambda event: event.state.phase is CapturePhase.ENDED).state.failure is None
    assert not session.alive


def test_a_camera_pulled_out_while_pictures_are_taken_keeps_them(studio: Studio, tmp_path: Path) -> None:
    session = studio.capturing.open(PICTURES, "lavfi:testsrc2=size=64x48:rate=50:duration=0.2,realtime")
    session.take(Taking(str(tmp_path), "cat", every_s=0.01))

    ended = studio.until(lambda event: event.state.phase is CapturePhase.ENDED)

    assert ended.state.failure is not None
    assert ended.state.failure.code is ErrorCode.CAMERA_LOST
    assert list((tmp_path / "cat").iterdir())


def test_a_folder_that_vanishes_stops_the_taking_and_not_the_session(studio: Studio, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    session = studio.capturing.open(PICTURES, MOVING)
    session.take(Taking(str(folder), "cat", every_s=0.01))
    studio.shots(1)

    shutil.rmtree(folder)

    told = studio.until(lambda event: event.state.failure is not None)
    assert told.state.failure is not None
    assert told.state.failure.code is ErrorCode.FOLDER_NOT_FOUND
    studio.ready(session)


def test_the_latest_shots_are_taken_back_one_by_one_and_nothing_else(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "cat").mkdir()
    older = tmp_path / "cat" / "older.jpg"
    older.write_bytes(b"the person's own")
    session = studio.capturing.open(PICTURES, MOVING)
    session.take(Taking(str(tmp_path), "cat", count=2, every_s=0.01))
    first, second = studio.shots(2)

    assert studio.capturing.take_back(str(tmp_path), "dog") is None
    assert studio.capturing.take_back(str(tmp_path), "cat") == second
    assert studio.capturing.take_back(str(tmp_path), "cat") == first
    assert studio.capturing.take_back(str(tmp_path), "cat") is None
    assert list((tmp_path / "cat").iterdir()) == [older]


def test_recordings_have_the_length_that_was_asked_for_after_a_lead(studio: Studio, tmp_path: Path) -> None:
    session = studio.capturing.open(SOUNDS)

    session.take(Taking(str(tmp_path), "tone", count=2, length_s=0.4, lead_s=0.2))
    waiting = studio.until(lambda event: event.state.phase is CapturePhase.WAITING)
    shots = studio.shots(2)
    studio.ready(session)

    assert 0 < waiting.state.left_s < 0.2
    assert waiting.state.peak > 0.2
    assert [shot.silent for shot in shots] == [False, False]
    for shot in shots:
        with wave.open(shot.path) as file:
            assert (file.getframerate(), file.getnframes()) == (16_000, 6_400)


def test_a_press_and_a_release_record_one_whole_clip(studio: Studio, tmp_path: Path) -> None:
    session = studio.capturing.open(SOUNDS)

    session.take(Taking(str(tmp_path), "tone", length_s=0.3))
    session.rest()
    studio.shots(1)
    studio.ready(session)

    assert len(list((tmp_path / "tone").iterdir())) == 1


def test_a_silent_recording_is_kept_and_said(tmp_path: Path) -> None:
    studio = Studio(open_microphone=lambda device: Ears(peak=20))
    session = studio.capturing.open(SOUNDS)
    session.take(Taking(str(tmp_path), "tone", count=1, length_s=0.1))

    (shot,) = studio.shots(1)
    studio.capturing.close()

    assert shot.silent
    assert Path(shot.path).exists()


def test_a_microphone_pulled_out_in_a_recording_drops_only_that_one(tmp_path: Path) -> None:
    studio = Studio(open_microphone=lambda device: Ears(unplug_after=30))
    session = studio.capturing.open(SOUNDS)
    session.take(Taking(str(tmp_path), "tone", length_s=0.5, lead_s=0.0))

    ended = studio.until(lambda event: event.state.phase is CapturePhase.ENDED)

    assert ended.state.failure is not None
    assert ended.state.failure.code is ErrorCode.MICROPHONE_FAILED
    assert len(list((tmp_path / "tone").iterdir())) <= 3
    assert all(path.suffix == ".wav" for path in (tmp_path / "tone").iterdir())


def test_where_there_is_no_camera_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_library() -> None:
        raise EnvironmentFault(ErrorCode.AUDIO_LIBRARY_MISSING)

    monkeypatch.setattr("mmbm_desktop.engine.capturing.local.listed_microphones", no_library)
    nothing = Studio(cameras=tuple).capturing.devices()
    camera = CameraInfo("v4l2:/dev/video0", "Camera")
    one = Studio(cameras=lambda: (camera,)).capturing.devices()

    assert [failure.code for failure in nothing.failures] == [
        ErrorCode.CAMERA_MISSING,
        ErrorCode.AUDIO_LIBRARY_MISSING,
    ]
    assert one.cameras == (camera,)
    assert [failure.code for failure in one.failures] == [ErrorCode.AUDIO_LIBRARY_MISSING]
