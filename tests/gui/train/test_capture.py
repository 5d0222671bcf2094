"""The capture dialog: devices and their lack, classes, holding a button, what is told, and the folder that comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.capturing.fake import FakeSession
from mmbm_desktop.engine.capturing.local import LocalCapturing
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.gui.pages.train.capture_dialog import CaptureDialog
from mmbm_desktop.gui.translation import Translation
from mmbm_desktop.protocol.capture import CameraInfo, CaptureDevices, CaptureKind, CapturePhase
from mmbm_desktop.protocol.dataset import DataKind
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.requests import ExamineDataRequest
from mmbm_desktop.protocol.results import ExamineDataResult
from tests.gui.train.made_up import report_of

GREY = np.full((48, 64, 3), 128, np.uint8)
TONE = np.full(1600, 9000, np.int16)
NO_CAMERA = Failure.of(EnvironmentFault(ErrorCode.CAMERA_MISSING, name=""))
NO_MICROPHONE = Failure.of(EnvironmentFault(ErrorCode.MICROPHONE_MISSING, device=""))
OpenDialog = Callable[[], CaptureDialog]


@pytest.fixture
def opened(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> Iterator[OpenDialog]:
    """Return what opens the dialog and waits for its device."""

    def open_dialog() -> CaptureDialog:
        qtbot.waitUntil(page.data_panel.capture.isEnabled)
        before = len(engine.capturing.sessions)
        page.data_panel.capture_asked.emit()
        dialog = page.dialog
        assert isinstance(dialog, CaptureDialog)
        qtbot.waitUntil(lambda: len(engine.capturing.sessions) > before)
        return dialog

    yield open_dialog
    if isinstance(page.dialog, CaptureDialog):
        page.dialog.close()


def session(engine: FakeEngine) -> FakeSession:
    return engine.capturing.sessions[-1]


def add(dialog: CaptureDialog, name: str, qtbot: QtBot) -> None:
    dialog.classes.name.setText(name)
    with qtbot.waitSignal(dialog.desk.classes_changed):
        QTest.keyClick(dialog.classes.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(dialog.desk.chosen))


def test_where_there_is_no_device_the_button_says_why(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.capturing.known = CaptureDevices((), (), (NO_CAMERA, NO_MICROPHONE))
    page.parts.capture.desk.look()

    qtbot.waitUntil(page.data_panel.no_capture.isVisible)
    assert not page.data_panel.capture.isEnabled()
    assert page.data_panel.no_capture.text() == (
        "No camera was found. Connect one and try again. No microphone was found. Connect one and try again."
    )

    engine.capturing.known = CaptureDevices((CameraInfo("v4l2:/dev/video0", "Camera"),), (), (NO_MICROPHONE,))
    page.on_shown()
    qtbot.waitUntil(page.data_panel.capture.isEnabled)
    assert not page.data_panel.no_capture.isVisible()


def test_a_button_held_takes_pictures_of_the_chosen_class(
    opened: OpenDialog, page: TrainPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    dialog = opened()
    camera = session(engine)
    camera.see(GREY)
    assert dialog.camera.picture is not None
    assert not dialog.hold.isEnabled()
    assert dialog.status.text().startswith("Add a class first")

    add(dialog, "AC/DC", qtbot)
    qtbot.waitUntil(dialog.hold.isEnabled)
    assert dialog.hold.hasFocus()
    dialog.pace.setValue(10.0)
    QTest.keyPress(dialog.hold, Qt.Key.Key_Space)
    (taking,) = camera.takings
    camera.shoot(GREY)
    camera.shoot(GREY)
    assert (taking.label, taking.every_s, taking.count) == ("AC-DC", 0.1, None)
    assert dialog.classes.rows[0].count.text() == "2"
    assert not camera.resting
    QTest.keyRelease(dialog.hold, Qt.Key.Key_Space)
    assert camera.resting

    dialog.back.click()
    qtbot.waitUntil(lambda: dialog.classes.rows[0].count.text() == "1")
    assert len(list(Path(taking.folder, "AC-DC").iterdir())) == 1
    assert dialog.back.isEnabled()
    dialog.back.click()
    qtbot.waitUntil(lambda: not dialog.back.isEnabled())
    assert Path(taking.folder).parent == paths.data_sets_dir()
    dialog.finish.click()

    assert camera.closed
    qtbot.waitUntil(lambda: engine.requests[-1] == ExamineDataRequest(taking.folder))
    assert page.data_panel.folder.text() == "my-data"


def test_the_space_bar_works_wherever_the_focus_is(opened: OpenDialog, engine: FakeEngine, qtbot: QtBot) -> None:
    dialog = opened()
    session(engine).see(GREY)
    add(dialog, "cat", qtbot)
    qtbot.waitUntil(dialog.hold.isEnabled)

    QTest.keyPress(dialog, Qt.Key.Key_Space)
    assert len(session(engine).takings) == 1
    QTest.keyRelease(dialog, Qt.Key.Key_Space)
    assert session(engine).resting


def test_recordings_count_down_show_the_level_and_say_that_one_is_silent(
    opened: OpenDialog, engine: FakeEngine, qtbot: QtBot
) -> None:
    dialog = opened()
    dialog.kinds[CaptureKind.SOUNDS].click()
    microphone = session(engine)
    microphone.tell(phase=CapturePhase.READY)
    add(dialog, "clap", qtbot)
    qtbot.waitUntil(dialog.hold.isEnabled)
    dialog.length.setValue(2.0)
    assert microphone.kind is CaptureKind.SOUNDS
    assert engine.capturing.sessions[0].closed
    assert dialog.hold.text() == "Hold to record"

    QTest.mousePress(dialog.hold, Qt.MouseButton.LeftButton)
    microphone.tell(phase=CapturePhase.WAITING, left_s=0.3, peak=0.5, outline=(0.5,))
    assert dialog.status.text() == "Recording begins in 0.3 s …"
    assert dialog.meter.fraction > 0.8
    microphone.tell(phase=CapturePhase.TAKING, left_s=0.5)
    assert dialog.status.text() == "Recording “clap”: 0.5 s left"
    assert dialog.bar.value() == 750
    QTest.mouseRelease(dialog.hold, Qt.MouseButton.LeftButton)
    assert microphone.takings[0].length_s == 2.0
    microphone.shoot(TONE, silent=True)
    microphone.tell(phase=CapturePhase.READY)

    assert dialog.status.text().startswith("The last recording is silent")
    microphone.shoot(TONE)
    microphone.tell(phase=CapturePhase.READY)
    assert dialog.status.text() == "Ready for “clap”."


def test_a_camera_that_is_pulled_out_is_said_and_found_again(
    opened: OpenDialog, engine: FakeEngine, qtbot: QtBot
) -> None:
    dialog = opened()
    session(engine).see(GREY)
    lost = Failure.of(EnvironmentFault(ErrorCode.CAMERA_LOST, name="v4l2:/dev/video0"))

    session(engine).tell(lost, phase=CapturePhase.ENDED)

    assert dialog.status.text() == "The camera stopped giving pictures. What was taken is kept."
    assert dialog.camera.picture is None
    assert not dialog.hold.isEnabled()
    dialog.again.click()
    qtbot.waitUntil(lambda: len(engine.capturing.sessions) == 2)
    session(engine).see(GREY)
    assert dialog.status.text().startswith("Add a class first")


def test_another_device_is_opened_when_it_is_chosen(opened: OpenDialog, engine: FakeEngine) -> None:
    engine.capturing.known = CaptureDevices((CameraInfo("v4l2:0", "Left"), CameraInfo("v4l2:1", "Right")), ())
    dialog = opened()
    qtbot_names = [dialog.device.itemText(number) for number in range(dialog.device.count())]

    dialog.device.setCurrentIndex(1)
    dialog.device.activated.emit(1)

    assert qtbot_names == ["Left", "Right"]
    assert session(engine).device == "v4l2:1"
    assert engine.capturing.sessions[0].closed
    assert dialog.device.currentText() == "Right"
    assert not dialog.kinds[CaptureKind.SOUNDS].isEnabled()


def test_names_that_cannot_be_classes_are_refused_in_words(opened: OpenDialog, qtbot: QtBot) -> None:
    dialog = opened()
    add(dialog, "cat", qtbot)

    for name, words in (
        ("Train", "“Train” cannot be the name of a class: a folder of that name is taken for a part of the data."),
        ("CAT", "“CAT” cannot be the name of a class: another class has it but for capitals or the like."),
    ):
        dialog.classes.name.setText(name)
        dialog.classes.add.click()
        qtbot.waitUntil(lambda words=words: dialog.status.text() == words)
    assert [row.label for row in dialog.classes.rows] == ["cat"]


def test_an_empty_class_is_renamed_and_removed_and_a_full_one_is_neither(
    opened: OpenDialog, engine: FakeEngine, qtbot: QtBot
) -> None:
    dialog = opened()
    session(engine).see(GREY)
    add(dialog, "cat", qtbot)
    qtbot.waitUntil(lambda: bool(dialog.classes.rows))

    dialog.classes.rows[0].rename.click()
    assert dialog.classes.dialog is not None
    dialog.classes.dialog.setTextValue("dog")
    dialog.classes.dialog.accept()
    qtbot.waitUntil(lambda: [row.label for row in dialog.classes.rows] == ["dog"])
    assert dialog.desk.chosen == "dog"
    add(dialog, "bird", qtbot)
    qtbot.waitUntil(lambda: len(dialog.classes.rows) == 2)
    dialog.classes.rows[1].choose.click()
    dialog.hold.pressed.emit()
    session(engine).shoot(GREY)
    assert not dialog.classes.rows[1].rename.isVisible()
    dialog.classes.rows[0].remove.click()
    qtbot.waitUntil(lambda: [row.label for row in dialog.classes.rows] == ["dog"])


def test_a_folder_that_is_there_is_gone_on_with_and_a_divided_one_refused(
    opened: OpenDialog, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    for name in ("good/cat", "good/dog", "divided/train/cat", "divided/test/cat"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "good" / "cat" / "older.jpg").write_bytes(b"1")
    dialog = opened()
    session(engine).see(GREY)

    dialog._go_on_with(str(tmp_path / "good"))
    qtbot.waitUntil(lambda: [row.count.text() for row in dialog.classes.rows] == ["1", "0"])
    assert dialog.finish.isEnabled()
    dialog._go_on_with(str(tmp_path / "divided"))
    qtbot.waitUntil(lambda: "divided into folders for training and test" in dialog.status.text())
    assert not dialog.finish.isEnabled()
    assert not dialog.hold.isEnabled()
    dialog.name.setText("")
    dialog.name.textEdited.emit("")
    assert dialog.place.text() == "This is no name."


def test_a_folder_of_sounds_is_gone_on_with_by_the_microphone(
    page: TrainPage, opened: OpenDialog, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "clap").mkdir()
    report = replace(report_of(tmp_path), kind=DataKind.SOUND_CLASSES, recipes=("sounds",))
    engine.script(ExamineDataRequest, ExamineDataResult(report))
    page.examine(str(tmp_path))
    qtbot.waitUntil(page.data_panel.more.isVisible)

    dialog = opened()

    assert session(engine).kind is CaptureKind.SOUNDS
    assert dialog.kinds[CaptureKind.SOUNDS].isChecked()
    qtbot.waitUntil(lambda: [row.label for row in dialog.classes.rows] == ["clap"])
    assert dialog.name.text() == tmp_path.name


def test_the_dialog_speaks_chinese(translation: Translation, opened: OpenDialog) -> None:
    translation._settings.set("appearance.language", "zh_CN")
    translation.apply()

    dialog = opened()

    assert dialog.hold.text() == "按住拍照"
    assert dialog.finish.text() == "完成"


def test_real_pictures_come_through_the_window(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> None:
    camera = CameraInfo("lavfi:testsrc2=size=64x48:rate=50,realtime", "Test pictures")
    real = LocalCapturing(engine.emit, cameras=lambda: (camera,))
    page.parts.capture.desk._capturing = real
    page.data_panel.capture_asked.emit()
    dialog = page.dialog
    assert isinstance(dialog, CaptureDialog)
    qtbot.waitUntil(lambda: dialog.camera.picture is not None)
    add(dialog, "cat", qtbot)
    qtbot.waitUntil(dialog.hold.isEnabled)

    QTest.mousePress(dialog.hold, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: int(dialog.classes.rows[0].count.text()) >= 2)
    QTest.mouseRelease(dialog.hold, Qt.MouseButton.LeftButton)
    dialog.close()

    real.close()
    assert len(list((paths.data_sets_dir() / "my-data" / "cat").glob("*.jpg"))) >= 2
