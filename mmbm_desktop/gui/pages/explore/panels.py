"""The Image and Text panels: where pictures are dropped and words are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from mmbm_desktop.gui.pages.explore.translate_button import TranslateButton
from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.basics import Button, Card, Label
from mmbm_desktop.gui.widgets.drop_area import DropArea
from mmbm_desktop.protocol.languages import language_of

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from mmbm_desktop.gui.state.abilities import Abilities
    from mmbm_desktop.gui.theme.theme import Theme

PANEL_HEIGHT = 212
_HEADER_HEIGHT = 32
"""That of a header with buttons, so that the headings of all panels stand in one line."""


class Panel(Card):
    """A titled card with actions at its right end; `content` and `header_row` are filled by subclasses."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = Label(kind="heading")
        self.heading.setMinimumHeight(_HEADER_HEIGHT)
        self.header_row = QHBoxLayout()
        self.header_row.setSpacing(2)
        top = QHBoxLayout()
        top.addWidget(self.heading)
        top.addStretch(1)
        top.addLayout(self.header_row)
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(14, 10, 14, 14)
        self.content.setSpacing(8)
        self.content.addLayout(top)
        self.setMinimumHeight(PANEL_HEIGHT)
        self.setMaximumHeight(PANEL_HEIGHT)

    def retranslate(self) -> None:
        """Set every text again."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class ImagePanel(Panel):
    """Drop, paste or browse for pictures."""

    dropped = Signal(object)
    paste_asked = Signal()
    browse_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.paste, self.browse = Button(kind="quiet"), Button(kind="quiet")
        self.header_row.addWidget(self.paste)
        self.header_row.addWidget(self.browse)
        self.area = DropArea()
        self._icon, self._hint, self._formats = (
            Label(),
            Label(kind="dim"),
            Label("JPEG PNG HEIC WebP AVIF TIFF", "small"),
        )
        inside = QVBoxLayout(self.area)
        inside.addStretch(1)
        for label in (self._icon, self._hint, self._formats):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(label)
        inside.addStretch(1)
        self.content.addWidget(self.area, 1)
        self.area.dropped.connect(self.dropped)
        self.area.clicked.connect(self.browse_asked)
        self.browse.clicked.connect(self.browse_asked)
        self.paste.clicked.connect(self.paste_asked)
        theme.changed.connect(self._tint)
        self._tint()
        self.retranslate()

    @Slot()
    def _tint(self) -> None:
        scale = max(1, round(self.devicePixelRatioF()))
        self._icon.setPixmap(icons.pixmap("arrow-down-to-line", self._theme.tokens.dim, 28, scale))

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Image"))
        self.paste.setText(self.tr("Paste"))
        self.browse.setText(self.tr("Browse"))
        self._hint.setText(self.tr("Drop photos or a folder"))
        self.area.setAccessibleName(self._hint.text())


class TextEditor(QPlainTextEdit):
    """A plain text editor whose file drops go to the page."""

    files_dropped = Signal(object)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasUrls() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasUrls():
            self.files_dropped.emit(source)
        else:
            super().insertFromMimeData(source)


class TextPanel(Panel):
    """Type, paste or drop text; search pictures with it, or translate it."""

    search_asked = Signal(str)
    translate_asked = Signal(str)
    dropped = Signal(object)

    def __init__(self, abilities: Abilities, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language = Label(kind="small")
        self.header_row.addWidget(self.language)
        self.editor = TextEditor()
        self.editor.setTabChangesFocus(True)
        self.search = Button(kind="primary")
        self.translate = TranslateButton(abilities, "Ctrl+Shift+Enter")
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(self.translate)
        bottom.addWidget(self.search)
        self.content.addWidget(self.editor, 1)
        self.content.addLayout(bottom)
        self.editor.textChanged.connect(self._changed)
        self.editor.files_dropped.connect(self.dropped)
        self.search.clicked.connect(self._ask_search)
        self.translate.clicked.connect(self._ask_translation)
        for enter in ("Return", "Enter"):
            self._add_keys(f"Ctrl+{enter}", self.search)
            self._add_keys(f"Ctrl+Shift+{enter}", self.translate)
        self.retranslate()

    def _add_keys(self, keys: str, button: Button) -> None:
        shortcut = QShortcut(QKeySequence(keys), self.editor, context=Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(button.click)

    @property
    def text(self) -> str:
        """What is typed, without the white space around it."""
        return self.editor.toPlainText().strip()

    def set_text(self, text: str) -> None:
        """Replace what is typed."""
        self.editor.setPlainText(text)

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Text"))
        self.search.setText(self.tr("Search pictures"))
        self.search.setToolTip("Ctrl+Enter")
        self.editor.setPlaceholderText(self.tr("Type words to find pictures or to translate, in English or Chinese"))
        self.editor.setAccessibleName(self.tr("Text"))
        self._changed()

    @Slot()
    def _changed(self) -> None:
        text = self.text
        self.search.setEnabled(bool(text))
        self.translate.set_has_text(bool(text))
        self.language.setText("" if not text else "中文" if language_of(text) == "zh" else "English")

    @Slot()
    def _ask_search(self) -> None:
        if self.text:
            self.search_asked.emit(self.text)

    @Slot()
    def _ask_translation(self) -> None:
        if self.text:
            self.translate_asked.emit(self.text)
