"""The sounds of a recording: a row each with its name, when it is heard and how likely; a click plays it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.fact_words import duration_text
from mmbm_desktop.gui.widgets.basics import Button, Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    Heard = tuple[str, float, float, float]

_MOST = 40


class SoundTable(QWidget):
    """Shows (name, start, end, probability 0..1), times in seconds; hidden while there are none."""

    play_asked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sounds: tuple[Heard, ...] = ()
        self._heading = Label(kind="small")
        self.buttons: list[Button] = []
        self._cells: list[Label] = []
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._grid.setVerticalSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._heading)
        layout.addLayout(self._grid)
        self.show_sounds(())

    def show_sounds(self, sounds: Sequence[Heard]) -> None:
        """Show other sounds."""
        for widget in (*self.buttons, *self._cells):
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self._sounds, self.buttons, self._cells = tuple(sounds[:_MOST]), [], []
        for row, (name, start_s, end_s, score) in enumerate(self._sounds):
            button = Button(name, "link")
            button.clicked.connect(self._play)
            time = Label(f"{duration_text(start_s)} – {duration_text(end_s)}", "small")
            chance = Label(f"{score:.0%}", "small")
            chance.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.buttons.append(button)
            self._cells += [time, chance]
            for column, widget in enumerate((button, time, chance)):
                self._grid.addWidget(widget, row, column)
        self.setVisible(bool(self._sounds))
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        self._heading.setText(self.tr("Sounds"))
        for button, (name, start_s, _, score) in zip(self.buttons, self._sounds, strict=True):
            button.setToolTip(self.tr("Play from here"))
            button.setAccessibleName(f"{name}, {duration_text(start_s)}, {score:.0%}")

    @Slot()
    def _play(self) -> None:
        number = next(n for n, button in enumerate(self.buttons) if button is self.sender())
        self.play_asked.emit(self._sounds[number][1])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
