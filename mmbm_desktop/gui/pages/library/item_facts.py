"""The facts of an item in two columns: why it matched, its file, and who wrote and indexed it, when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from mmbm_desktop.gui.fact_words import date_text, duration_text, size_text
from mmbm_desktop.gui.pages.library.answer_words import AnswerWords
from mmbm_desktop.gui.widgets.basics import Label
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from mmbm_desktop.protocol.history import ItemHistory
    from mmbm_desktop.protocol.results import Item

_ROWS = 8


class ItemFacts(QWidget):
    """Rows of a name and a value; those without a value are hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers = AnswerWords(self)
        self.names = [Label(kind="small") for _ in range(_ROWS)]
        self.values = [Label(wrap=True) for _ in range(_ROWS)]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(zip(self.names, self.values, strict=True)):
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)

    def show_item(self, item: Item, why: tuple[tuple[str, float], ...], history: ItemHistory) -> None:
        """Show the facts of an item, in the language of the moment."""
        length = {
            MediaKind.PHOTO: f"{item.width} × {item.height}, ",
            MediaKind.RECORDING: f"{duration_text(item.duration_s)}, ",
        }.get(item.kind, "")
        facts = (
            (self.tr("Why"), self._why(why)),
            (self.tr("Class"), ", ".join(f"{one.label} {one.score:.2f}" for one in item.classes)),
            (self.tr("File"), Path(item.path).name),
            (self.tr("Folder"), str(Path(item.path).parent)),
            (self.tr("Size"), f"{length}{size_text(item.size_bytes)}"),
            (self.tr("Date"), date_text(item.modified_s)),
            (self.tr("Words by"), self._author(item, history)),
            (self.tr("Answered by"), self._answers.provenance(item)),
        )
        for name, value, (text, fact) in zip(self.names, self.values, facts, strict=True):
            name.setText(text)
            value.setText(fact)
            name.setVisible(bool(fact))
            value.setVisible(bool(fact))

    def _why(self, why: tuple[tuple[str, float], ...]) -> str:
        words = {"picture": self.tr("similar picture"), "words": self.tr("same words")}
        return ", ".join(f"{words.get(reason, reason)} {strength:.2f}" for reason, strength in why)

    def _author(self, item: Item, history: ItemHistory) -> str:
        """Return who wrote the text that is shown, and when."""
        shown = (item.caption_en, item.caption_zh) if item.kind is MediaKind.PHOTO else (item.transcript,)
        entries = history.captions if item.kind is MediaKind.PHOTO else history.transcripts
        entry = next((one for one in entries if one.text in shown and one.text), None)
        if entry is None:
            return ""
        who = self.tr("you") if entry.author == "person" else entry.model
        return f"{who} · {date_text(entry.created_s)}"
