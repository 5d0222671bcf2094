"""What was said: the text with doubtful words underlined, its stretches with times, and what to do with it."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QWidget

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.gui.pages.explore.cards.card import TRANSCRIPTS, FeedCard, MadeBy
from mmbm_desktop.gui.pages.explore.translate_button import TranslateButton
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.editable_text import EditableText
from mmbm_desktop.gui.widgets.sound import Waveform
from mmbm_desktop.media.subtitles import as_srt, as_text, as_vtt, clock
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.state.abilities import Abilities
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.results import TranscriptResult

DOUBTFUL = 0.5
"""Words of less confidence are underlined."""
_WAVE = QSize(128, 64)
_WRITERS = {".txt": as_text, ".srt": as_srt, ".vtt": as_vtt}


_BUILT_IN = "pocketsphinx-en"


class TranscriptCard(FeedCard):
    """Shows a `TranscriptResult`; the person's words are sent by `save_asked` (path, text, language)."""

    kind = TRANSCRIPTS
    save_asked = Signal(str, str, str)
    search_asked = Signal(str)
    translate_asked = Signal(str)
    failed = Signal(object)
    """The `Failure` of writing a file."""

    def __init__(
        self,
        result: TranscriptResult,
        theme: Theme,
        abilities: Abilities,
        peaks: Sequence[float] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.result = result
        self._task, self._silence = Label(kind="small"), Label(kind="dim")
        self.text = EditableText(result.text)
        self._mark_doubtful()
        self.made_by = MadeBy(result.made)
        self.times_button, self.times = Button(kind="quiet"), Label(kind="dim", wrap=True)
        self.times_button.setCheckable(True)
        self.times.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy, self.edit, self.search, self.more = Button(), Button(), Button(), Button("⋯")
        self.translate = TranslateButton(abilities)
        self.translate.set_has_text(bool(result.segments))
        self._menu = QMenu(self)
        self._dialog: QFileDialog | None = None
        self._wave = Waveform(theme, "dim")
        self._wave.set_peaks(peaks)
        self._wave.setFixedSize(_WAVE)
        self._lay_out(has_wave=bool(peaks))
        self._connect()
        self.retranslate()

    @property
    def answer(self) -> str:
        return self._plain

    @property
    def path(self) -> str:
        return self.result.path

    @property
    def _plain(self) -> str:
        return self.text.editor.text() or self.result.text

    def _mark_doubtful(self) -> None:
        """Underline the words the recogniser was unsure of; everything is escaped, nothing read as HTML."""
        words = [word for segment in self.result.segments for word in segment.words]
        if not words:
            return
        parts = [
            f"<u>{html.escape(word.text)}</u>" if word.confidence < DOUBTFUL else html.escape(word.text)
            for word in words
        ]
        self.text.label.setTextFormat(Qt.TextFormat.RichText)
        self.text.label.setText(" ".join(parts))

    def _lay_out(self, *, has_wave: bool) -> None:
        self.row.addWidget(self._wave, 0, Qt.AlignmentFlag.AlignTop)
        self._wave.setVisible(has_wave)
        self.row.addLayout(self.body, 1)
        for widget in (self._task, self.text, self._silence, self.times):
            self.body.addWidget(widget)
        bottom = QHBoxLayout()
        bottom.addWidget(self.made_by, 1)
        for button in (self.times_button, self.copy, self.edit, self.search):
            bottom.addWidget(button)
            button.setEnabled(bool(self.result.segments))
        bottom.addWidget(self.translate)
        bottom.addWidget(self.more)
        self.body.addLayout(bottom)
        self.times.hide()
        self.text.setVisible(bool(self.result.segments))
        self._silence.setVisible(not self.result.segments)
        self.made_by.badge.setVisible(bool(self.result.segments))

    def _connect(self) -> None:
        self.copy.clicked.connect(self.copy_answer)
        self.edit.clicked.connect(self._edit)
        self.search.clicked.connect(self._search)
        self.translate.clicked.connect(self._translate)
        self.times_button.toggled.connect(self.times.setVisible)
        self.text.edited.connect(self._edited)
        self.more.setMenu(self._menu)

    def retranslate(self) -> None:
        name = Path(self.result.path).name
        length = clock(self.result.duration_s)[:8].removeprefix("00:")
        self._task.setText(" · ".join(part for part in (self.tr("Transcript"), length, name) if part))
        self._silence.setText(self.tr("No speech was found."))
        self.made_by.badge.setText(self.tr("speech {score:.2f}").format(score=self.result.score))
        self.made_by.badge.setToolTip(
            self.tr("How sure the recogniser is of its words, 0 to 1. Underlined words are doubtful.")
        )
        note = self.tr("built in: gets about 2 words in 10 wrong on read speech")
        self.made_by.set_note(note if self.result.made.model.startswith(_BUILT_IN) else "")
        self.times.setText("\n".join(f"{clock(s.start_s)[:-4]}  {s.text}" for s in self.result.segments))
        self.times_button.setText(self.tr("Times"))
        self.copy.setText(self.tr("Copy"))
        self.edit.setText(self.tr("Edit"))
        self.search.setText(self.tr("Search with this"))
        self.more.setAccessibleName(self.tr("More"))
        self.setAccessibleName(f"{self._task.text()}: {self._plain}")
        self._menu.clear()
        if self.result.segments:
            self._menu.addAction(self.tr("Save to library"), self._save)
            self._menu.addAction(self.tr("Save as text or subtitles …"), self._save_as)
            self._menu.addSeparator()
        self._menu.addAction(self.tr("Remove card"), self.ask_remove)

    @Slot()
    def _edit(self) -> None:
        self.text.label.setTextFormat(Qt.TextFormat.PlainText)
        self.text.set_text(self._plain)
        self.text.start_editing()

    @Slot(str)
    def _edited(self, text: str) -> None:
        if self.result.path:
            self.save_asked.emit(self.result.path, text, self.result.language)

    @Slot()
    def _save(self) -> None:
        if self.result.path:
            self.save_asked.emit(self.result.path, self._plain, self.result.language)

    @Slot()
    def _search(self) -> None:
        self.search_asked.emit(self._plain)

    @Slot()
    def _translate(self) -> None:
        self.translate_asked.emit(self._plain)

    @Slot()
    def _save_as(self) -> None:
        stem = Path(self.result.path).stem or "transcript"
        filters = ";;".join((self.tr("Text (*.txt)"), self.tr("SubRip subtitles (*.srt)"), self.tr("WebVTT (*.vtt)")))
        self._dialog = QFileDialog(self, self.tr("Save transcript"), f"{stem}.txt", filters)
        self._dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._dialog.fileSelected.connect(self.write_file)
        self._dialog.open()

    @Slot(str)
    def write_file(self, name: str) -> None:
        """Write the transcript; the name's ending chooses the form."""
        target = Path(name)
        writer = _WRITERS.get(target.suffix.lower(), as_text)
        try:
            write_atomically(target, writer(self.result.segments).encode())
        except MmbmError as error:
            self.failed.emit(Failure.of(error))
