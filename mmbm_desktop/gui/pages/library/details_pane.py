"""The right pane: what is known of the chosen item, with captions that can be edited in place."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.file_actions import FolderRevealer, copy_paths, open_file
from mmbm_desktop.gui.pages.library.answer_words import AnswerWords
from mmbm_desktop.gui.pages.library.words import date_text, duration_text, size_text
from mmbm_desktop.gui.task_words import TaskWords
from mmbm_desktop.gui.widgets.basics import Button, Card, Label
from mmbm_desktop.gui.widgets.editable_text import EditableText
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.gui.widgets.picture import Picture
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.results import Item

WIDTH = 272
_PREVIEW = QSize(240, 180)


class DetailsPane(Card):
    """Shows one item; `similar_asked` carries its path."""

    similar_asked = Signal(str)
    save_failed = Signal(object)

    def __init__(
        self, context: AppContext, calls: LibraryCalls, loader: PictureLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._calls, self._loader = context, calls, loader
        self._item: Item | None = None
        self._why: tuple[tuple[str, float], ...] = ()
        self._preview: Picture | None = None
        self.texts = {"en": EditableText("", ""), "zh": EditableText("", "dim"), "transcript": EditableText("", "")}
        self._hint, self._note = Label(kind="dim", wrap=True), Label(wrap=True)
        self._names = [Label(kind="small") for _ in range(7)]
        self._values = [Label(wrap=True) for _ in range(7)]
        self._answers, self._tasks = AnswerWords(self), TaskWords(self)
        self.edit, self.similar = Button(), Button()
        self.copy, self.open, self.reveal = Button(kind="quiet"), Button(kind="quiet"), Button(kind="quiet")
        self._revealer = FolderRevealer(self)
        self.setFixedWidth(WIDTH)
        self._lay_out()
        self._connect()
        self.show_item(None)

    @property
    def item(self) -> Item | None:
        """What is shown."""
        return self._item

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(8)
        self._column.addWidget(self._hint)
        for text in self.texts.values():
            self._column.addWidget(text)
        self._column.addWidget(self._note)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(zip(self._names, self._values, strict=True)):
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        self._column.addLayout(grid)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.edit, self.similar, self.copy, self.open, self.reveal):
            flow.addWidget(button)
        self._column.addWidget(buttons)
        self._column.addStretch(1)

    def _connect(self) -> None:
        self.edit.clicked.connect(self._edit)
        self.similar.clicked.connect(self._ask_similar)
        self.copy.clicked.connect(self._copy)
        self.open.clicked.connect(self._open)
        self.reveal.clicked.connect(self._reveal)
        for text in self.texts.values():
            text.edited.connect(self._edited)

    def show_item(self, item: Item | None, why: tuple[tuple[str, float], ...] = ()) -> None:
        """Show an item and why it matched; None shows what belongs here."""
        other = self._item is None or item is None or item.path != self._item.path
        self._item, self._why = item, why
        if other:
            self._show_preview()
        self.retranslate()

    def _show_preview(self) -> None:
        if self._preview is not None:
            self._column.removeWidget(self._preview)
            self._preview.deleteLater()
            self._preview = None
        if self._item is not None and self._item.kind is MediaKind.PHOTO:
            self._preview = Picture(self._loader, self._item.path, _PREVIEW)
            self._column.insertWidget(0, self._preview)

    def retranslate(self) -> None:
        """Set every text again."""
        item = self._item
        self._hint.setText(self.tr("Choose a picture, a recording or a note to see what is known of it."))
        self._hint.setVisible(item is None)
        for widget in (*self._names, *self._values, *self.texts.values(), self._note):
            widget.setVisible(False)
        for button in (self.edit, self.similar, self.copy, self.open, self.reveal):
            button.setVisible(item is not None)
        self.edit.setText(self.tr("Edit"))
        self.similar.setText(self.tr("More like this"))
        self.copy.setText(self.tr("Copy path"))
        self.open.setText(self.tr("Open"))
        self.reveal.setText(self.tr("Show in folder"))
        if item is not None:
            self._fill(item)

    def _fill(self, item: Item) -> None:
        photo = item.kind is MediaKind.PHOTO
        shown = {"en": item.caption_en, "zh": item.caption_zh, "transcript": item.transcript}
        for name, text in shown.items():
            self.texts[name].set_text(text)
            self.texts[name].setVisible(bool(text))
        self.similar.setVisible(photo)
        self.edit.setVisible(item.kind is not MediaKind.TEXT)
        self._note.setText(item.text)
        self._note.setVisible(bool(item.text))
        length = {
            MediaKind.PHOTO: f"{item.width} × {item.height}, ",
            MediaKind.RECORDING: f"{duration_text(item.duration_s)}, ",
        }.get(item.kind, "")
        facts = (
            (self.tr("Why"), self._why_text()),
            (self.tr("File"), Path(item.path).name),
            (self.tr("Folder"), str(Path(item.path).parent)),
            (self.tr("Size"), f"{length}{size_text(item.size_bytes)}"),
            (self.tr("Date"), date_text(item.modified_s)),
            (self.tr("Sounds"), self._answers.sounds(item, self._tasks.own_language)),
            (self.tr("Answered by"), self._answers.provenance(item)),
        )
        for name, value, (text, fact) in zip(self._names, self._values, facts, strict=True):
            name.setText(text)
            value.setText(fact)
            name.setVisible(bool(fact))
            value.setVisible(bool(fact))

    def _why_text(self) -> str:
        words = {"picture": self.tr("similar picture"), "words": self.tr("same words")}
        return ", ".join(f"{words.get(reason, reason)} {strength:.2f}" for reason, strength in self._why)

    @Slot()
    def _edit(self) -> None:
        if self._item is None:
            return
        name = "en" if self._item.kind is MediaKind.PHOTO else "transcript"
        self.texts[name].show()
        self.texts[name].start_editing()

    @Slot(str)
    def _edited(self, text: str) -> None:
        item, engine = self._item, self._context.engine
        if item is None:
            return
        name = next(name for name, one in self.texts.items() if one is self.sender())
        if name == "transcript":
            call = partial(engine.save_transcript, item.path, text, "en")
        else:
            call = partial(engine.save_caption, item.path, text, name)
        self._calls.run(call, success=self._saved, failure=self._not_saved)

    def _saved(self, item: Item) -> None:
        if self._item is not None and item.path == self._item.path:
            self.show_item(item, self._why)

    def _not_saved(self, failure: Failure) -> None:
        self.show_item(self._item, self._why)
        self.save_failed.emit(failure)

    @Slot()
    def _ask_similar(self) -> None:
        if self._item is not None:
            self.similar_asked.emit(self._item.path)

    @Slot()
    def _copy(self) -> None:
        if self._item is not None:
            copy_paths([self._item.path])

    @Slot()
    def _open(self) -> None:
        if self._item is not None:
            open_file(self._item.path)

    @Slot()
    def _reveal(self) -> None:
        if self._item is not None:
            self._revealer.reveal(self._item.path)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
