"""The Microphone panel: choose a device, record with a live level and the text so far, or drop recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.explore.panels import Panel
from mmbm_desktop.gui.theme.icons import icon
from mmbm_desktop.gui.widgets.basics import Button, ElidedLabel, Label
from mmbm_desktop.gui.widgets.sound import LevelMeter, Waveform
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.protocol.events import MicrophoneLevel

_SETTING = "microphone.device"


class MicrophonePanel(Panel):
    """Emits what the person asks for; the page tells it how the recording goes."""

    record_asked = Signal(object)
    """The device's name, or None for the system's own choice."""
    stop_asked = Signal()
    browse_asked = Signal()
    dropped = Signal(object)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._errors = ErrorTexts(self)
        self._recording = False
        self.setAcceptDrops(True)
        self.browse, self.device = Button(kind="quiet"), Button(kind="quiet")
        self.header_row.addWidget(self.browse)
        self.header_row.addWidget(self.device)
        self.waveform, self.meter = Waveform(context.theme), LevelMeter(context.theme)
        self.record, self.time = Button(kind="primary"), Label("00:00", "dim")
        self.partial = ElidedLabel(kind="dim")
        self._menu = QMenu(self)
        self.device.setMenu(self._menu)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        inset = QFrame()
        inset.setProperty("kind", "inset")
        inside = QVBoxLayout(inset)
        inside.setContentsMargins(10, 8, 10, 10)
        inside.addWidget(self.waveform, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.record)
        row.addWidget(self.time)
        row.addWidget(self.meter, 1)
        inside.addLayout(row)
        inside.addWidget(self.partial)
        self.content.addWidget(inset, 1)

    def _connect(self) -> None:
        self._menu.aboutToShow.connect(self.refresh_devices)
        self.record.clicked.connect(self.toggle)
        self.browse.clicked.connect(self.browse_asked)
        self._context.theme.changed.connect(self._tint)
        self._tint()

    @property
    def chosen_device(self) -> str | None:
        """The device's name from the settings; None for the system's own."""
        return self._context.settings.text(_SETTING) or None

    @Slot()
    def toggle(self) -> None:
        """Start recording, or stop."""
        if self._recording:
            self.stop_asked.emit()
        else:
            self.record_asked.emit(self.chosen_device)

    @Slot(bool)
    def show_recording(self, recording: bool) -> None:
        """Follow whether the microphone is open."""
        self._recording = recording
        if recording:
            self.waveform.set_peaks(())
            self.partial.setText(self.tr("Listening …"))
            self.time.setText("00:00")
        else:
            self.meter.set_level(0.0)
        self.retranslate()
        self._tint()

    @Slot(object)
    def show_level(self, level: MicrophoneLevel) -> None:
        """Move the meter and the waveform."""
        self.meter.set_level(level.peak)
        self.waveform.push(level.outline)
        self.time.setText(f"{int(level.seconds) // 60:02}:{int(level.seconds) % 60:02}")

    @Slot(str)
    def show_partial(self, text: str) -> None:
        """Show the text so far; its end matters most."""
        self.partial.setText(text)

    def show_failure(self, failure: Failure) -> None:
        """Say why there is no recording."""
        self.partial.setText(self._errors.sentence(failure))
        self.partial.setToolTip(self._errors.sentence(failure))

    @Slot()
    def refresh_devices(self) -> None:
        """List the devices that are there now."""
        self._menu.clear()
        try:
            microphones = self._context.engine.microphones()
        except MmbmError as error:
            microphones = ()
            self.show_failure(Failure.of(error))
        group = QActionGroup(self._menu)
        self._add_device(group, self.tr("The system's microphone"), "")
        for microphone in microphones:
            self._add_device(group, microphone.name, microphone.name)
        if not microphones:
            nothing = self._menu.addAction(self.tr("No microphone was found"))
            nothing.setEnabled(False)

    def _add_device(self, group: QActionGroup, text: str, name: str) -> None:
        action = QAction(text, group, checkable=True, checked=name == (self.chosen_device or ""))
        action.setData(name)
        action.triggered.connect(self._choose)
        self._menu.addAction(action)

    @Slot()
    def _choose(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._context.settings.set(_SETTING, str(action.data()))
            self.retranslate()

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Microphone"))
        self.browse.setText(self.tr("Open file"))
        self.record.setText(self.tr("Stop") if self._recording else self.tr("Record"))
        self.record.setToolTip("Ctrl+R")
        chosen = self.chosen_device or self.tr("System")
        self.device.setText(f"{chosen[:18]} ▾")
        self.device.setToolTip(self.chosen_device or self.tr("The system's microphone"))
        self.device.setAccessibleName(self.tr("Microphone: {name}").format(name=chosen))
        self.meter.setAccessibleName(self.tr("Level"))
        if not self._recording and not self.partial.text():
            self.partial.setText(self.tr("Speak English, or drop a recording here"))

    @Slot()
    def _tint(self) -> None:
        tokens = self._context.theme.tokens
        self.record.setIcon(icon("square" if self._recording else "mic", tokens.on_accent, edge=16))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(event.mimeData())
