"""The right pane: what is known of the chosen item, with captions, transcript and tags that can be edited in place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from mmbm_desktop.gui.file_actions import FolderRevealer, copy_paths, open_file
from mmbm_desktop.gui.pages.library.caption_history import CaptionHistory
from mmbm_desktop.gui.pages.library.item_facts import ItemFacts
from mmbm_desktop.gui.pages.library.recording_panel import RecordingPanel
from mmbm_desktop.gui.pages.library.similar_strip import SimilarStrip
from mmbm_desktop.gui.state.similar_items import SimilarItems
from mmbm_desktop.gui.task_words import TaskWords
from mmbm_desktop.gui.widgets.basics import Button, Card, Label
from mmbm_desktop.gui.widgets.editable_text import EditableText
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.gui.widgets.picture import Picture
from mmbm_desktop.gui.widgets.tag_chips import TagChips
from mmbm_desktop.protocol.history import ItemHistory
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.results import Item

WIDTH = 292
_PREVIEW = QSize(256, 192)


class DetailsPane(Card):
    """Shows one item; `similar_asked` carries its path, `item_chosen` another `Item` that is to be shown."""

    similar_asked = Signal(str)
    item_chosen = Signal(object)
    save_failed = Signal(object)

    def __init__(
        self, context: AppContext, calls: LibraryCalls, loader: PictureLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._calls, self._loader = context, calls, loader
        self._item: Item | None = None
        self._why: tuple[tuple[str, float], ...] = ()
        self._history = ItemHistory()
        self._preview: Picture | None = None
        self.texts = {"en": EditableText("", ""), "zh": EditableText("", "dim"), "transcript": EditableText("", "")}
        self._hint, self._note, self._tasks = Label(kind="dim", wrap=True), Label(wrap=True), TaskWords(self)
        self.recording, self.facts = RecordingPanel(context.theme), ItemFacts()
        self.tags, self.history, self.strip = TagChips(), CaptionHistory(), SimilarStrip(loader)
        self._similar_items = SimilarItems(context.engine, context.bridge, self)
        self.edit, self.edit_zh, self.similar = Button(), Button(), Button()
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

    @property
    def _buttons(self) -> tuple[Button, ...]:
        return self.edit, self.edit_zh, self.similar, self.copy, self.open, self.reveal

    def _lay_out(self) -> None:
        inner, buttons, file_buttons = QWidget(), QWidget(), QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(8)
        flow, quiet = FlowLayout(buttons, spacing=6), FlowLayout(file_buttons, spacing=2)
        for button in (self.edit, self.edit_zh, self.similar):
            flow.addWidget(button)
        for button in (self.copy, self.open, self.reveal):
            quiet.addWidget(button)
        for widget in (
            self._hint,
            self.recording,
            *self.texts.values(),
            self._note,
            buttons,
            self.tags,
            self.strip,
            self.facts,
        ):
            self._column.addWidget(widget)
        self._column.addWidget(file_buttons)
        self._column.addWidget(self.history)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(scroll)

    def _connect(self) -> None:
        for button, slot in zip(
            self._buttons,
            (self._edit, self._edit_chinese, self._ask_similar, self._copy, self._open, self._reveal),
            strict=True,
        ):
            button.clicked.connect(slot)
        for text in self.texts.values():
            text.edited.connect(self._edited)
        self.tags.added.connect(self._add_tags)
        self.tags.removed.connect(self._remove_tag)
        self.history.chosen.connect(self._go_back)
        self.recording.failed.connect(self.save_failed)
        self._similar_items.found.connect(self.strip.show_items)
        self.strip.chosen.connect(self.item_chosen)

    def show_item(self, item: Item | None, why: tuple[tuple[str, float], ...] = ()) -> None:
        """Show an item and why it matched; None shows what belongs here."""
        old, self._item, self._why = self._item, item, why
        if old is None or item is None or item.path != old.path:
            self._history = ItemHistory()
            self._show_preview()
            self._similar_items.look_for(item)
            self.recording.show_item(item if item is not None and item.kind is MediaKind.RECORDING else None)
            self.history.show_entries(())
        if item is not None and (old is None or item != old):
            self._calls.run(
                partial(self._context.engine.history, item.id),
                success=partial(self._take_history, item.id),
                failure=self._no_history,
            )
        self.retranslate()

    def set_known_tags(self, tags: tuple[str, ...]) -> None:
        """Offer these when a tag is typed."""
        self.tags.set_known(tags)

    def close_workers(self) -> None:
        """End what plays and what is being made."""
        self._similar_items.stop()
        self.recording.close_workers()

    def set_writable(self, writable: bool) -> None:
        """Offer editing, or do not, and say why."""
        reason = "" if writable else self.tr("The library can only be read in this window.")
        for widget in (self.edit, self.edit_zh, self.tags, self.history):
            widget.setEnabled(writable)
            widget.setToolTip(reason)

    def _show_preview(self) -> None:
        if self._preview is not None:
            self._column.removeWidget(self._preview)
            self._preview.deleteLater()
            self._preview = None
        if self._item is not None and self._item.kind is MediaKind.PHOTO:
            self._preview = Picture(self._loader, self._item.path, _PREVIEW)
            self._column.insertWidget(0, self._preview)

    def _take_history(self, item_id: int, history: ItemHistory) -> None:
        if self._item is None or self._item.id != item_id:
            return
        self._history = history
        if self._item.kind is MediaKind.RECORDING:
            spoken = next((one for one in history.transcripts if one.text == self._item.transcript), None)
            self.recording.show_words(spoken.segments if spoken is not None else ())
        self.retranslate()

    def _no_history(self, failure: Failure) -> None:
        self.save_failed.emit(failure)

    def retranslate(self) -> None:
        """Set every text again."""
        item = self._item
        self._hint.setText(self.tr("Choose a picture, a recording or a note to see what is known of it."))
        self._hint.setVisible(item is None)
        for widget in (*self._buttons, self.tags, self.facts, self.history):
            widget.setVisible(item is not None)
        photo = item is not None and item.kind is MediaKind.PHOTO
        note = item is not None and item.kind is MediaKind.TEXT
        self.recording.setVisible(item is not None and item.kind is MediaKind.RECORDING)
        self.edit.setVisible(item is not None and not note)
        self.edit_zh.setVisible(photo)
        self.similar.setVisible(photo)
        self._note.setText(item.text if item is not None else "")
        self._note.setVisible(note)
        self.edit.setText(self.tr("Edit"))
        self.edit_zh.setText("中文")
        self.edit_zh.setToolTip(self.tr("Edit the Chinese caption"))
        self.edit_zh.setAccessibleName(self.tr("Edit the Chinese caption"))
        self.similar.setText(self.tr("More like this"))
        self.copy.setText(self.tr("Copy path"))
        self.open.setText(self.tr("Open"))
        self.reveal.setText(self.tr("Show in folder"))
        self._fill_texts(item)
        if item is not None:
            self.tags.set_tags(item.tags)
            self.facts.show_item(item, self._why, self._history)
            self._fill_history(item)
        if item is not None and item.kind is MediaKind.RECORDING:
            self._show_sounds(item)

    def _fill_texts(self, item: Item | None) -> None:
        shown = {"en": "", "zh": "", "transcript": ""}
        if item is not None:
            shown = {"en": item.caption_en, "zh": item.caption_zh, "transcript": item.transcript}
        for name, text in shown.items():
            self.texts[name].set_text(text)
            said = name == "transcript" and not self.recording.transcript.isHidden()
            self.texts[name].setVisible(bool(text) and not said)

    def _show_sounds(self, item: Item) -> None:
        language = self._tasks.own_language
        self.recording.show_sounds([(one.name(language), one.start_s, one.end_s, one.score) for one in item.sounds])

    def _fill_history(self, item: Item) -> None:
        if item.kind is MediaKind.PHOTO:
            self.history.show_entries(self._history.captions, (item.caption_en, item.caption_zh))
        else:
            self.history.show_entries(self._history.transcripts, (item.transcript,))

    # --- editing -------------------------------------------------------------------------------------------------

    @Slot()
    def _edit(self) -> None:
        if self._item is not None:
            self._start_editing("en" if self._item.kind is MediaKind.PHOTO else "transcript")

    @Slot()
    def _edit_chinese(self) -> None:
        self._start_editing("zh")

    def _start_editing(self, name: str) -> None:
        self.texts[name].show()
        self.texts[name].start_editing()

    @Slot(str)
    def _edited(self, text: str) -> None:
        self._save(text, next(name for name, one in self.texts.items() if one is self.sender()))

    @Slot(str, str)
    def _go_back(self, text: str, language: str) -> None:
        """Take an earlier text again: a step as any edit is."""
        if self._item is not None:
            self._save(text, language if self._item.kind is MediaKind.PHOTO else "transcript")

    def _save(self, text: str, name: str) -> None:
        item, engine = self._item, self._context.engine
        if item is None:
            return
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

    @Slot(object)
    def _add_tags(self, tags: tuple[str, ...]) -> None:
        self._change_tags(add=tags)

    @Slot(str)
    def _remove_tag(self, tag: str) -> None:
        self._change_tags(remove=(tag,))

    def _change_tags(self, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> None:
        if self._item is None:
            return
        item_id, engine = self._item.id, self._context.engine

        def change() -> tuple[Item, ...]:
            engine.change_tags((item_id,), add, remove)
            return engine.items((item_id,))

        self._calls.run(change, success=self._tags_changed, failure=self._not_saved)

    def _tags_changed(self, items: tuple[Item, ...]) -> None:
        for item in items:
            self._saved(item)

    # --- the file ------------------------------------------------------------------------------------------------

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
