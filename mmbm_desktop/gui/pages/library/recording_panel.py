"""A recording in the details: its spectrogram, a play button, its words as they are said, and its sounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.fact_words import duration_text
from mmbm_desktop.gui.pages.library.sound_table import SoundTable
from mmbm_desktop.gui.state.player import Player
from mmbm_desktop.gui.state.spectrograms import Spectrograms
from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.spectrogram_view import SpectrogramView
from mmbm_desktop.gui.widgets.transcript_view import TranscriptView

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.gui.pages.library.sound_table import Heard
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.results import Item, Segment


class RecordingPanel(QWidget):
    """Plays the recording it shows; `failed` carries why it cannot."""

    failed = Signal(object)

    def __init__(self, theme: Theme, player: Player | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._item: Item | None = None
        self.player = player or Player(self)
        self._spectrograms = Spectrograms(self)
        self.spectrogram, self.play_button, self.time = SpectrogramView(theme), Button(), Label(kind="small")
        self.transcript, self.sounds = TranscriptView(theme), SoundTable()
        row = QHBoxLayout()
        row.addWidget(self.play_button)
        row.addWidget(self.time, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.spectrogram)
        layout.addLayout(row)
        layout.addWidget(self.transcript)
        layout.addWidget(self.sounds)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.play_button.clicked.connect(self._toggle)
        for widget in (self.spectrogram, self.transcript, self.sounds):
            widget.play_asked.connect(self.play_from)
        self._spectrograms.made.connect(self._take_picture)
        self.player.moved.connect(self._show_position)
        self.player.state_changed.connect(self.retranslate)
        self.player.failed.connect(self.failed)
        self._theme.changed.connect(self.retranslate)

    def show_item(self, item: Item | None) -> None:
        """Show another recording, or none; what plays stops."""
        self.player.stop()
        self._item = item
        self._spectrograms.look_at(item.path if item is not None else "")
        self.spectrogram.show_recording(item.duration_s if item is not None else 0.0)
        self.show_words(())
        self.sounds.show_sounds(())
        self.retranslate()

    def show_words(self, segments: Sequence[Segment]) -> None:
        """Show what is said, stretch by stretch."""
        self.transcript.show_segments(segments)
        self.transcript.setVisible(bool(segments))

    def show_sounds(self, sounds: Sequence[Heard]) -> None:
        """Show what else is heard: (name, start, end, probability 0..1), times in seconds."""
        self.sounds.show_sounds(sounds)
        if self._item is not None:
            self.spectrogram.show_recording(self._item.duration_s, [(start, end) for _, start, end, _ in sounds])
            self._spectrograms.look_at(self._item.path)

    def close_workers(self) -> None:
        """Fall silent and drop what is being made."""
        self.player.close()
        self._spectrograms.close()

    @Slot(float)
    def play_from(self, seconds: float) -> None:
        """Play from a place on."""
        if self._item is not None:
            self.player.play(self._item.path, seconds)

    @Slot()
    def _toggle(self) -> None:
        if self.player.path:
            self.player.stop()
        else:
            self.play_from(0.0)

    @Slot(float)
    def _show_position(self, seconds: float) -> None:
        self.spectrogram.set_position(seconds)
        self.transcript.set_position(seconds)
        self._show_time(seconds)

    @Slot(str, object)
    def _take_picture(self, path: str, picture: npt.NDArray[np.uint8]) -> None:
        if self._item is not None and path == self._item.path:
            self.spectrogram.set_picture(picture)

    def _show_time(self, seconds: float) -> None:
        whole = duration_text(self._item.duration_s if self._item is not None else 0.0)
        self.time.setText(f"{duration_text(seconds)} / {whole}")

    @Slot()
    def retranslate(self) -> None:
        """Set every text again, and show whether something plays."""
        playing = bool(self.player.path)
        self.play_button.setText(self.tr("Stop") if playing else self.tr("Play"))
        name = "square" if playing else "play"
        self.play_button.setIcon(icons.icon(name, self._theme.tokens.text, edge=16))
        self.play_button.setIconSize(QSize(16, 16))
        self.spectrogram.setAccessibleName(self.tr("Loudness by time and pitch; click to play from there"))
        self.spectrogram.setToolTip(self.spectrogram.accessibleName())
        self.transcript.setAccessibleName(self.tr("Transcript; Enter plays from the word at the caret"))
        self.transcript.setToolTip(self.tr("Click a word to hear it. Underlined words are doubtful."))
        if not playing:
            self.spectrogram.set_position(None)
            self.transcript.set_position(None)
            self._show_time(0.0)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
