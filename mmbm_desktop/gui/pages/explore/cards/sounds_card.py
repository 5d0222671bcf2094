"""What is heard in a recording: a row a sound with its name, when it is there and how likely, and ways to keep it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QMenu, QWidget

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.gui.pages.explore.cards.card import SOUNDS, FeedCard, MadeBy
from mmbm_desktop.gui.task_words import TaskWords
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.time_bar import TimeBar
from mmbm_desktop.media.sound_lists import as_csv, as_json_lines, as_text, stretch
from mmbm_desktop.media.subtitles import clock
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.results import Sound, SoundsResult

SHOWN, STEP = 8, 50
"""How many rows are there at first, and how many more each time."""
_WRITERS = {".csv": (as_csv, "utf-8-sig"), ".jsonl": (as_json_lines, "utf-8"), ".txt": (as_text, "utf-8")}
"""By a file's ending; spreadsheets read Chinese in a CSV only behind a byte order mark."""


class SoundRow:
    """The widgets of one sound; the grid of the card holds them."""

    def __init__(self, sound: Sound, theme: Theme, duration_s: float) -> None:
        self.sound = sound
        self.name = Label()
        self.bar = TimeBar(theme, sound.start_s, sound.end_s, duration_s)
        self.time, self.score = Label(stretch(sound), "small"), Label(f"{sound.score:.0%}", "small")
        self.score.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_texts(self, name: str, tip: str) -> None:
        """Set the name of the sound and what a screen reader and the pointer are told."""
        self.name.setText(name)
        self.bar.setAccessibleName(f"{name}, {self.time.text()}, {self.score.text()}")
        for widget in (self.bar, self.score):
            widget.setToolTip(tip)


class SoundsCard(FeedCard):
    """Shows a `SoundsResult`; its names follow the language of the window."""

    kind = SOUNDS
    failed = Signal(object)
    """The `Failure` of writing a file."""

    def __init__(self, result: SoundsResult, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.result = result
        self._theme, self._task_words = theme, TaskWords(self)
        self._task, self.nothing = Label(kind="small"), Label(kind="dim")
        self.rows: list[SoundRow] = []
        self._grid = QGridLayout()
        self.made_by = MadeBy(result.made)
        self.show_more = Button(kind="quiet")
        self.copy, self.save, self.more = Button(), Button(), Button("⋯")
        self._menu = QMenu(self)
        self._dialog: QFileDialog | None = None
        self._lay_out()
        self._connect()
        self._add_rows(SHOWN)
        self.retranslate()

    @property
    def path(self) -> str:
        return self.result.path

    @property
    def answer(self) -> str:
        return as_text(self.result, self._language)

    @property
    def _language(self) -> str:
        return self._task_words.own_language

    def _lay_out(self) -> None:
        self.row.addLayout(self.body, 1)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self.body.addWidget(self._task)
        self.body.addLayout(self._grid)
        self.body.addWidget(self.show_more, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.nothing)
        self.nothing.setVisible(not self.result.sounds)
        bottom = QHBoxLayout()
        bottom.addWidget(self.made_by, 1)
        for button in (self.copy, self.save, self.more):
            bottom.addWidget(button)
            button.setEnabled(bool(self.result.sounds) or button is self.more)
        self.made_by.badge.setVisible(bool(self.result.sounds))
        self.body.addSpacing(8 if self.result.sounds else 0)
        self.body.addStretch(1)
        self.body.addLayout(bottom)

    def _connect(self) -> None:
        self.copy.clicked.connect(self.copy_answer)
        self.save.clicked.connect(self._save_as)
        self.show_more.clicked.connect(self._show_more)
        self.more.setMenu(self._menu)

    def _add_rows(self, count: int) -> None:
        start = len(self.rows)
        for number, sound in enumerate(self.result.sounds[start : start + count], start):
            row = SoundRow(sound, self._theme, self.result.duration_s)
            self.rows.append(row)
            for column, widget in enumerate((row.name, row.bar, row.time, row.score)):
                self._grid.addWidget(widget, number, column)

    def retranslate(self) -> None:
        length = clock(self.result.duration_s)[:8].removeprefix("00:")
        name = Path(self.result.path).name
        self._task.setText(" · ".join(part for part in (self.tr("Sounds"), length, name) if part))
        self.nothing.setText(self.tr("No sound that the model knows was heard."))
        self.made_by.badge.setText(self.tr("%n sound(s)", "", len(self.result.sounds)))
        self.made_by.badge.setToolTip(
            self.tr("Stretches in which the model hears a sound that it knows; several can be heard at once.")
        )
        self.made_by.retranslate()
        self.copy.setText(self.tr("Copy"))
        self.save.setText(self.tr("Save as …"))
        self.save.setToolTip(self.tr("Write the sounds to a CSV or JSON Lines file"))
        self.more.setAccessibleName(self.tr("More"))
        self._fill_menu()
        self._name_rows()

    def _fill_menu(self) -> None:
        self._menu.clear()
        if self.result.sounds:
            self._menu.addAction(self.tr("Copy as CSV"), self.copy_csv)
            self._menu.addSeparator()
        self._menu.addAction(self.tr("Remove card"), self.ask_remove)

    def _name_rows(self) -> None:
        tip = self.tr("How likely it is that the sound is there, as the model sees it")
        for row in self.rows:
            name = self.result.name(row.sound.label, self._language)
            row.set_texts(name, f"{row.time.text()} · {row.score.text()}\n{tip}")
        left = len(self.result.sounds) - len(self.rows)
        self.show_more.setText(self.tr("Show %n more", "", left))
        self.show_more.setVisible(left > 0)
        said = self.answer.strip().replace("\n", ", ") or self.nothing.text()
        self.setAccessibleName(f"{self._task.text()}: {said}")

    @Slot()
    def _show_more(self) -> None:
        self._add_rows(STEP)
        self._name_rows()

    @Slot()
    def copy_csv(self) -> None:
        """Put the sounds on the clipboard as a table."""
        QGuiApplication.clipboard().setText(as_csv(self.result, self._language))

    @Slot()
    def _save_as(self) -> None:
        stem = Path(self.result.path).stem or "sounds"
        filters = ";;".join((self.tr("Table (*.csv)"), self.tr("JSON Lines (*.jsonl)"), self.tr("Text (*.txt)")))
        self._dialog = QFileDialog(self, self.tr("Save sounds"), f"{stem}-sounds.csv", filters)
        self._dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._dialog.fileSelected.connect(self.write_file)
        self._dialog.open()

    @Slot(str)
    def write_file(self, name: str) -> None:
        """Write the sounds; the name's ending chooses the form, a table where it says nothing."""
        target = Path(name)
        writer, encoding = _WRITERS.get(target.suffix.lower(), _WRITERS[".csv"])
        try:
            write_atomically(target, writer(self.result, self._language).encode(encoding))
        except MmbmError as error:
            self.failed.emit(Failure.of(error))
