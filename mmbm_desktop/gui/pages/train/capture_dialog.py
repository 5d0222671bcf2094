"""The dialog that fills the classes of a data folder from a camera or a microphone, while a button is held."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.train.capture_classes import CaptureClasses
from mmbm_desktop.gui.pages.train.capture_texts import CaptureTexts
from mmbm_desktop.gui.widgets.basics import Button, ElidedLabel, Label, set_kind
from mmbm_desktop.gui.widgets.camera_view import CameraView
from mmbm_desktop.gui.widgets.chooser import Chooser
from mmbm_desktop.gui.widgets.sound import LevelMeter, Waveform
from mmbm_desktop.protocol.capture import CaptureKind, CapturePhase

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from mmbm_desktop.gui.state.capture import CaptureDesk
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.capture import Shot
    from mmbm_desktop.protocol.failure import Failure

_SIDE, _PARTS = 300, 1000


class CaptureDialog(QDialog):
    """Shows a `CaptureDesk`; `folder_done` carries the data folder when the person is through."""

    folder_done = Signal(str)

    def __init__(self, desk: CaptureDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._errors, self._texts = ErrorTexts(self), CaptureTexts(self)
        self._failure: Failure | None = None
        self._turning = False
        self.kinds = {kind: Button(kind="chip") for kind in CaptureKind}
        self.device, self.again = Chooser(), Button(kind="quiet")
        self.camera, self.waveform, self.meter = CameraView(theme), Waveform(theme), LevelMeter(theme)
        self.status, self.bar = Label(wrap=True), QProgressBar()
        self.hold, self.hint = Button(kind="primary"), Label(kind="small", wrap=True)
        self.pace, self.length = QDoubleSpinBox(), QDoubleSpinBox()
        self.name, self.place, self.browse = QLineEdit(), ElidedLabel(kind="small"), Button(kind="quiet")
        self.classes, self.back = CaptureClasses(desk, theme), Button(kind="quiet")
        self.finish, self.dialog = Button(kind="primary"), None
        self._name_label = Label(kind="heading")
        self._prepare()
        self._lay_out()
        self._connect()
        self._set_texts()
        self._show_devices()
        self._show_folder()
        self._show_state()

    def _prepare(self) -> None:
        for button in self.kinds.values():
            button.setCheckable(True)
        for spin, low, high, step, value in (
            (self.pace, 0.5, 15.0, 0.5, self.desk.pace),
            (self.length, 0.5, 10.0, 0.5, self.desk.length_s),
        ):
            spin.setRange(low, high)
            spin.setSingleStep(step)
            spin.setDecimals(1)
            spin.setLocale(QLocale.c())
            spin.lineEdit().setTextMargins(6, 0, 6, 0)
            spin.setValue(value)
        self.bar.setTextVisible(False)
        self.bar.setMaximum(_PARTS)
        room = self.bar.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(room)
        self.hold.setMinimumHeight(44)
        self.status.setMinimumHeight(40)
        self.status.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.waveform.setMinimumHeight(200)
        self.name.setText(Path(self.desk.folder).name)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        for button in self.kinds.values():
            top.addWidget(button)
        top.addWidget(self.device, 1)
        top.addWidget(self.again)
        taking = QHBoxLayout()
        taking.setSpacing(12)
        taking.addWidget(self.hold, 1)
        taking.addWidget(self.pace)
        taking.addWidget(self.length)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addLayout(top)
        left.addWidget(self.camera, 1)
        left.addWidget(self.waveform, 1)
        for widget in (self.meter, self.bar, self.status):
            left.addWidget(widget)
        left.addLayout(taking)
        left.addWidget(self.hint)
        side = QWidget()
        side.setFixedWidth(_SIDE)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        for widget in (self._name_label, self.name, self.place):
            right.addWidget(widget)
        right.addWidget(self.browse, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.classes, 1)
        right.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.finish)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(20)
        layout.addLayout(left, 1)
        layout.addWidget(side)
        self.resize(900, 620)

    def _connect(self) -> None:
        desk = self.desk
        desk.devices_changed.connect(self._show_devices)
        desk.state_changed.connect(self._state_told)
        desk.classes_changed.connect(self._show_folder)
        desk.shot_taken.connect(self._show_shot)
        desk.failed.connect(self._show_failure)
        self.kinds[CaptureKind.PICTURES].clicked.connect(self._use_camera)
        self.kinds[CaptureKind.SOUNDS].clicked.connect(self._use_microphone)
        self.device.activated.connect(self._use_device)
        self.again.clicked.connect(self._look_again)
        self.hold.pressed.connect(self._press)
        self.hold.released.connect(desk.release)
        self.pace.valueChanged.connect(self._set_numbers)
        self.length.valueChanged.connect(self._set_numbers)
        self.name.textEdited.connect(desk.name_folder)
        self.browse.clicked.connect(self._browse)
        self.classes.chosen.connect(self._turn_to_taking)
        self.back.clicked.connect(desk.take_back)
        self.finish.clicked.connect(self.accept)
        self.accepted.connect(self._finish)
        self.finished.connect(desk.end)

    # --- showing -------------------------------------------------------------------------------------------------

    @Slot()
    def _show_devices(self) -> None:
        desk = self.desk
        failures = desk.devices.failures if desk.devices is not None else ()
        for kind, button in self.kinds.items():
            button.setEnabled(bool(desk.names(kind)))
            button.setToolTip("" if button.isEnabled() else self._texts.lack(kind, failures))
        self.device.clear()
        for name, device in desk.names(desk.kind):
            self.device.addItem(name, device)
        self.device.setCurrentIndex(max(0, self.device.findData(desk.device)))
        self.device.setEnabled(self.device.count() > 0)
        self.again.setEnabled(desk.devices is not None)
        self._show_state()

    @Slot()
    def _state_told(self) -> None:
        state = self.desk.state
        if state is not None and state.failure is not None:
            self._failure = state.failure
        self._show_state()

    def _show_state(self) -> None:
        desk, state = self.desk, self.desk.state
        pictures = desk.kind is CaptureKind.PICTURES
        for kind, button in self.kinds.items():
            button.setChecked(kind is desk.kind)
        for widget in (self.camera, self.pace):
            widget.setVisible(pictures)
        for widget in (self.waveform, self.meter, self.length):
            widget.setVisible(not pictures)
        taking = state is not None and state.phase is CapturePhase.TAKING
        self.bar.setVisible(taking and not pictures)
        gone = state is None or state.phase is CapturePhase.ENDED
        self.camera.set_picture(None if gone else desk.frame())  # pyright: ignore[reportArgumentType]
        self.camera.set_text(self._texts.empty(desk.devices, state))
        self.meter.set_level(state.peak if state is not None else 0.0)
        if state is not None and state.outline:
            self.waveform.push(state.outline)
        left = state.left_s if state is not None else 0.0
        self.bar.setValue(round(_PARTS * (1 - left / desk.length_s)))
        self._turn()
        self._say()

    def _turn(self) -> None:
        """Let the space bar take what comes next as soon as something can be taken."""
        self.hold.setEnabled(self.desk.ready)
        if self._turning and self.desk.ready:
            self._turning = False
            self.hold.setFocus()

    @Slot()
    def _show_folder(self) -> None:
        desk = self.desk
        self.place.setText(self._texts.place(desk.folder))
        self.finish.setEnabled(bool(desk.classes) and desk.blocked is None)
        self.back.setEnabled(desk.can_take_back)
        self._turn()
        self._say()

    @Slot(object)
    def _show_shot(self, shot: Shot) -> None:
        del shot
        if self.desk.kind is CaptureKind.PICTURES:
            self.camera.flash()
        self.back.setEnabled(self.desk.can_take_back)
        self._say()

    @Slot(object)
    def _show_failure(self, failure: Failure) -> None:
        self._failure = failure
        self._say()

    def _say(self) -> None:
        """Say the most important thing: what went wrong, what is missing, or what goes on."""
        desk = self.desk
        failure = self._failure or desk.blocked
        if failure is not None:
            set_kind(self.status, "danger")
            self.status.setText(self._errors.sentence(failure))
            return
        silent = bool(desk.shots) and desk.shots[-1].silent
        text = self._texts.status(desk.state, desk.folder, desk.chosen, silent=silent)
        set_kind(self.status, "warning" if silent else "dim")
        self.status.setText(text)

    # --- the person ----------------------------------------------------------------------------------------------

    @Slot()
    def _press(self) -> None:
        self._failure = None
        self.desk.press()

    @Slot()
    def _use_camera(self) -> None:
        self._use(CaptureKind.PICTURES)

    @Slot()
    def _use_microphone(self) -> None:
        self._use(CaptureKind.SOUNDS)

    @Slot()
    def _use_device(self) -> None:
        self._use(self.desk.kind, str(self.device.currentData()))

    def _use(self, kind: CaptureKind, device: str = "") -> None:
        self._failure = None
        self.waveform.set_peaks(())
        self._turning = True
        self.desk.use(kind, device)
        self._set_texts()
        self._show_devices()

    @Slot()
    def _look_again(self) -> None:
        self._failure = None
        self.desk.look()

    @Slot()
    def _set_numbers(self) -> None:
        self.desk.pace, self.desk.length_s = self.pace.value(), self.length.value()

    @Slot()
    def _turn_to_taking(self) -> None:
        self._failure = None
        self._turning = True
        self._show_folder()

    @Slot()
    def _browse(self) -> None:
        self.dialog = QFileDialog(self, self.tr("Choose a data folder"))
        self.dialog.setFileMode(QFileDialog.FileMode.Directory)
        self.dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self.dialog.fileSelected.connect(self._go_on_with)
        self.dialog.open()

    @Slot(str)
    def _go_on_with(self, folder: str) -> None:
        self._failure = None
        self.name.setText(Path(folder).name)
        self.desk.go_on_with(folder)

    @Slot()
    def _finish(self) -> None:
        self.folder_done.emit(self.desk.folder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take while the space bar is held, wherever the focus is."""
        if event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() and self.hold.isEnabled():
            self.hold.setDown(True)
            self._press()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat() and self.hold.isDown():
            self.hold.setDown(False)
            self.desk.release()

    def _set_texts(self) -> None:
        pictures = self.desk.kind is CaptureKind.PICTURES
        self.setWindowTitle(self.tr("Camera or microphone"))
        self.kinds[CaptureKind.PICTURES].setText(self.tr("Pictures"))
        self.kinds[CaptureKind.SOUNDS].setText(self.tr("Sounds"))
        self.device.setAccessibleName(self.tr("Device"))
        self.again.setText(self.tr("Look again"))
        self.hold.setText(self.tr("Hold to take pictures") if pictures else self.tr("Hold to record"))
        self.hint.setText(self.tr("Or hold the space bar. A short press takes one. Each is saved at once."))
        self.pace.setSuffix(self.tr(" a second"))
        self.pace.setAccessibleName(self.tr("Pictures a second"))
        self.length.setSuffix(self.tr(" s each"))
        self.length.setAccessibleName(self.tr("Seconds of a recording"))
        self._name_label.setText(self.tr("Data set"))
        self.name.setAccessibleName(self.tr("Name of the data set"))
        self.browse.setText(self.tr("Go on with a folder …"))
        self.back.setText(self.tr("Delete the last one"))
        self.finish.setText(self.tr("Done"))
