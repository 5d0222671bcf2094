"""The query bar: words, an example picture, terms to leave out, and a microphone for a spoken query."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QWidget

from mmbm_desktop.gui.state.library_query import LibraryQuery, split_finished_minus, split_minus
from mmbm_desktop.gui.state.library_speech import Listening
from mmbm_desktop.gui.state.query_completion import ASKING, KnownValues, completions, filter_typed
from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.basics import Button, Card, Label, dress_offers

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent

    from mmbm_desktop.gui.state.library_search import LibrarySearch
    from mmbm_desktop.gui.state.library_speech import SpokenQuery
    from mmbm_desktop.gui.theme.theme import Theme

_HEIGHT = 48


class QueryBar(Card):
    """Edits the query of a `LibrarySearch`; a dropped picture's path goes out as `image_dropped`."""

    mime_dropped = Signal(object)
    speak_asked = Signal()
    values_wanted = Signal()
    """Somebody types a filter whose values are looked up in the library."""

    def __init__(self, search: LibrarySearch, speech: SpokenQuery, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search, self._speech, self._theme = search, speech, theme
        self._known = KnownValues()
        self._icon, self.edit = Label(), QLineEdit()
        self._offers = QStringListModel(self)
        self.completer = QCompleter(self._offers, self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        dress_offers(self.completer)
        self.edit.setCompleter(self.completer)
        self.edit.setProperty("kind", "bare")
        self.image_chip, self.clear, self.speak = Button(kind="chip"), Button(kind="quiet"), Button()
        self.minus_chips: list[Button] = []
        self.setFixedHeight(_HEIGHT)
        self.setAcceptDrops(True)
        self.edit.setAcceptDrops(False)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 4, 8, 4)
        self._row.setSpacing(8)
        for widget, stretch in (
            (self._icon, 0),
            (self.image_chip, 0),
            (self.edit, 1),
            (self.clear, 0),
            (self.speak, 0),
        ):
            self._row.addWidget(widget, stretch)
        self.edit.textEdited.connect(self._typed)
        self.edit.returnPressed.connect(self._entered)
        self.completer.activated.connect(self._completed)
        self.clear.clicked.connect(self._clear)
        self.image_chip.clicked.connect(self._drop_image)
        self.speak.clicked.connect(self.speak_asked)
        search.query_changed.connect(self._show)
        speech.state_changed.connect(self.retranslate)
        speech.heard.connect(self.edit.setText)
        theme.changed.connect(self._tint)
        self._tint()
        self.retranslate()

    def show_query(self, query: LibraryQuery) -> None:
        """Look for something that was asked for elsewhere."""
        self.edit.setText(query.text)
        self._search.set_query(query)

    def set_known(self, known: KnownValues) -> None:
        """Offer these values when a filter is typed, or is being typed now."""
        self._known = known
        if self.edit.hasFocus() and self.edit.isModified() and filter_typed(self.edit.text()) in ASKING:
            self._offer()
            self.completer.complete()

    def _offer(self) -> None:
        self._offers.setStringList(completions(self.edit.text(), self._known))

    @Slot(str)
    def _completed(self, text: str) -> None:
        self.edit.setText(text)
        self._typed()

    @Slot()
    def _typed(self) -> None:
        self._offer()
        if filter_typed(self.edit.text()) in ASKING:
            self.values_wanted.emit()
        rest, terms = split_finished_minus(self.edit.text())
        if terms:
            self.edit.setText(rest)
        query = self._search.query.with_minus(terms)
        text, _ = split_minus(self.edit.text())
        self._search.set_query(replace(query, text=text), at_once=False)

    @Slot()
    def _entered(self) -> None:
        text, terms = split_minus(self.edit.text())
        self.edit.setText(text)
        self._search.set_query(replace(self._search.query.with_minus(terms), text=text))

    @Slot()
    def _clear(self) -> None:
        self.edit.clear()
        self._search.set_query(LibraryQuery())

    @Slot()
    def _drop_image(self) -> None:
        self._search.set_query(replace(self._search.query, image_path=None))

    @Slot()
    def _drop_minus(self) -> None:
        self._search.set_query(self._search.query.without_minus(self.sender().objectName()))

    @Slot()
    def _show(self) -> None:
        query = self._search.query
        self.image_chip.setVisible(query.image_path is not None)
        self.image_chip.setText(self.tr("like {name}  ×").format(name=Path(query.image_path or "").name))
        self.clear.setVisible(query != LibraryQuery())
        for chip in self.minus_chips:
            self._row.removeWidget(chip)
            chip.deleteLater()
        self.minus_chips = []
        for term in query.minus:
            chip = Button(f"− {term}  ×", "chip")
            chip.setObjectName(term)
            chip.clicked.connect(self._drop_minus)
            self._row.insertWidget(self._row.indexOf(self.clear), chip)
            self.minus_chips.append(chip)

    def retranslate(self) -> None:
        """Set every text again."""
        self.edit.setPlaceholderText(self.tr("Search everything in English or Chinese, -word leaves out"))
        self.edit.setAccessibleName(self.tr("Search the library"))
        self.edit.setToolTip(
            self.tr(
                "Words find pictures, recordings and their texts.\n"
                "“red car” in quotes: exactly these words · -word: less of this · dog^2: counts twice\n"
                "kind:photo · folder:holiday · after:2024-06 · before:2025 · model:image-text · tag:beach · label:dog"
            )
        )
        self.clear.setText(self.tr("Clear"))
        texts = {
            Listening.IDLE: self.tr("Speak"),
            Listening.RECORDING: self.tr("Stop"),
            Listening.WRITING_DOWN: self.tr("Writing down …"),
        }
        self.speak.setText(texts[self._speech.state])
        self.speak.setEnabled(self._speech.state is not Listening.WRITING_DOWN)
        self._show()

    @Slot()
    def _tint(self) -> None:
        tokens = self._theme.tokens
        self._icon.setPixmap(icons.pixmap("search", tokens.dim, 18, max(1, round(self.devicePixelRatioF()))))
        self.speak.setIcon(icons.icon("mic", tokens.text, edge=16))
        self.speak.setIconSize(QSize(16, 16))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.mime_dropped.emit(event.mimeData())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
