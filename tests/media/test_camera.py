"""Real decoding of FFmpeg's test source, which takes the very way of a camera; and cameras that are not there."""

from __future__ import annotations

import errno
import struct
import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest
from av.error import err_check

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.media import camera as module
from mmbm_desktop.media.camera import Camera, list_cameras

MOVING = "lavfi:testsrc2=size=160x120:rate=50,realtime"
SHORT = "lavfi:testsrc2=size=160x120:rate=50:duration=0.1,realtime"


def test_pictures_come_in_rgb_and_change() -> None:
    with Camera(MOVING) as camera:
        pictures = [picture for picture, _ in zip(camera, range(3), strict=False)]

    assert {(one.shape, one.dtype) for one in pictures} == {((120, 160, 3), np.dtype(np.uint8))}
    assert not np.array_equal(pictures[0], pictures[2])


def test_colours_are_right() -> None:
    with Camera("lavfi:color=c=red:size=32x32:rate=50,realtime") as camera:
        red, green, blue = next(iter(camera)).mean((0, 1))

    assert red > 240
    assert green < 10
    assert blue < 10


def test_a_camera_that_is_pulled_out_is_told_after_what_it_gave() -> None:
    seen = []
    with Camera(SHORT) as camera, pytest.raises(EnvironmentFault) as caught:
        seen.extend(camera)

    assert caught.value.code is ErrorCode.CAMERA_LOST
    assert seen


def test_stop_from_another_thread_ends_it() -> None:
    with Camera(MOVING) as camera:
        threading.Timer(0.1, camera.stop).start()
        assert list(camera)


def test_a_camera_that_hangs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    class Hanging:
        streams = type("Streams", (), {"video": [None]})()

        def __enter__(self) -> Hanging:
            return self

        def __exit__(self, *error: object) -> None:
            return None

        def demux(self, stream: object) -> list[object]:
            release.wait(10)
            return []

    monkeypatch.setattr(module, "SILENT_FOR_S", 0.1)
    monkeypatch.setattr(module, "_CLOSING_S", 0.1)
    monkeypatch.setattr(av, "open", lambda *args, **options: Hanging())
    try:
        with Camera("v4l2:/dev/video0") as camera, pytest.raises(EnvironmentFault) as caught:
            next(iter(camera))
    finally:
        release.set()

    assert caught.value.code is ErrorCode.CAMERA_LOST


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("v4l2:/dev/no-such-camera", ErrorCode.CAMERA_MISSING),
        ("v4l2:/dev/null", ErrorCode.CAMERA_FAILED),
        ("lavfi:no_such_source", ErrorCode.CAMERA_FAILED),
        ("lavfi:sine", ErrorCode.CAMERA_FAILED),
        ("rtsp:somewhere", ErrorCode.CAMERA_MISSING),
        ("nonsense", ErrorCode.CAMERA_MISSING),
    ],
)
def test_what_cannot_be_opened_is_told(name: str, code: ErrorCode) -> None:
    with pytest.raises(EnvironmentFault) as caught, Camera(name):
        pass

    assert caught.value.code is code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EBUSY, ErrorCode.CAMERA_BUSY),
        (errno.EACCES, ErrorCode.CAMERA_DENIED),
        (errno.ENODEV, ErrorCode.CAMERA_MISSING),
        (errno.EIO, ErrorCode.CAMERA_FAILED),
    ],
)
def test_the_systems_refusals_are_sorted(number: int, code: ErrorCode, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def refuse(*args: object, **options: object) -> None:
        tried.append(options["options"])
        err_check(-number)

    monkeypatch.setattr(av, "open", refuse)

    with pytest.raises(EnvironmentFault) as caught, Camera("v4l2:/dev/video0"):
        pass

    assert caught.value.code is code
    assert len(tried) == (1 if number != errno.EIO else 3), "only a refused wish is tried with another"


def test_cameras_are_listed_as_they_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {
        "v4l2": [
            ("/dev/video0", "Integrated Camera", ["video"]),
            ("/dev/video1", "", []),
            ("x", "only sound", ["audio"]),
        ],
        "dshow": [("@device_pnp_1", "USB Camera", ["video"])],
        "avfoundation": [("0", "FaceTime", ["video"]), ("1", "Capture screen 0", ["video"])],
    }

    def devices(form: str) -> list[object]:
        return [
            type("Device", (), {"name": name, "description": text, "media_types": types})()
            for name, text, types in found[form]
        ]

    monkeypatch.setattr(av, "enumerate_input_devices", devices)
    expected = {
        "linux": [("v4l2:/dev/video0", "Integrated Camera"), ("v4l2:/dev/video1", "/dev/video1")],
        "win32": [("dshow:video=@device_pnp_1", "USB Camera")],
        "darwin": [("avfoundation:0", "FaceTime")],
    }
    for system, cameras in expected.items():
        monkeypatch.setattr(module.sys, "platform", system)
        assert [(one.id, one.name) for one in list_cameras()] == cameras


@pytest.mark.parametrize(
    ("all_of_it", "own", "listed"),
    [(0x84A00001, 0x04200001, True), (0x84A00001, 0x04A00000, False), (0x00000001, 0, True), (0x00000002, 0, False)],
    ids=["camera", "its-metadata", "old-driver", "output"],
)
@pytest.mark.skipif(module.sys.platform != "linux", reason="Video4Linux")
def test_a_device_that_gives_no_pictures_is_not_listed(
    all_of_it: int, own: int, listed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def answer(handle: int, request: int, into: bytearray) -> None:
        assert request == 0x80685600
        struct.pack_into("=II", into, 84, all_of_it, own)

    device = type("Device", (), {"name": "/dev/null", "description": "Camera", "media_types": ["video"]})()
    monkeypatch.setattr(av, "enumerate_input_devices", lambda form: [device])
    monkeypatch.setattr(fcntl, "ioctl", answer)

    assert bool(list_cameras()) is listed


def test_cameras_of_the_same_name_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = [
        type("Device", (), {"name": f"/dev/video{number}", "description": "USB Camera", "media_types": ["video"]})()
        for number in (90, 92)
    ]
    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.setattr(av, "enumerate_input_devices", lambda form: devices)

    assert [one.name for one in list_cameras()] == ["USB Camera (/dev/video90)", "USB Camera (/dev/video92)"]


def test_this_computers_cameras_can_be_listed() -> None:
    assert all(Path(one.id.removeprefix("v4l2:")).exists() for one in list_cameras() if one.id.startswith("v4l2:"))


def test_the_newest_picture_comes_when_nobody_asked_for_a_while() -> None:
    with Camera("lavfi:color=c=black:size=16x16:rate=50,realtime,fade=in:0:10") as camera:
        time.sleep(0.1)
        first = next(iter(camera))

    assert first.shape == (16, 16, 3)
