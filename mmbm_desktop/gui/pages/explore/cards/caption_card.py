"""A picture's captions: English and Chinese, how well they fit, others to choose from, and what to do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from mmbm_desktop.gui.file_actions import FolderRevealer, copy_paths
from mmbm_desktop.gui.hit_words import HitWords
from mmbm_desktop.gui.pages.explore.cards.card import CAPTIONS, FeedCard, MadeBy
from mmbm_desktop.gui.pages.explore.translate_button import TranslateButton
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.editable_text import EditableText
from mmbm_desktop.gui.widgets.picture import Picture
from mmbm_desktop.gui.widgets.thumbs import Thumbs

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.abilities import Abilities
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.results import CaptionResult

_PICTURE = QSize(128, 96)


class CaptionCard(FeedCard):
    """Shows a `CaptionResult`; the person's words are sent by `save_asked` (path, text, language).

    A rating of what the model said is sent by `rate_asked` (path, caption, language, model, 1, -1 or 0).
    """

    kind = CAPTIONS
    save_asked = Signal(str, str, str)
    rate_asked = Signal(str, str, str, str, int)
    similar_asked = Signal(str)
    search_asked = Signal(str)
    translate_asked = Signal(str)

    def __init__(
        self,
        result: CaptionResult,
        loader: PictureLoader,
        abilities: Abilities,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.result = result
        self._languages = list(dict.fromkeys(caption.language for caption in result.captions))
        first = {one: next(c.text for c in result.captions if c.language == one) for one in self._languages}
        self._task = Label(kind="small")
        self.texts = {
            language: EditableText(text, "answer" if number == 0 else "dim")
            for number, (language, text) in enumerate(first.items())
        }
        self._said = first
        self.thumbs = {language: Thumbs(theme) for language in first}
        self.made_by = MadeBy(result.made)
        self.copy, self.edit, self.save = Button(), Button(), Button()
        self.similar, self.more = Button(), Button("⋯")
        self.translate = TranslateButton(abilities)
        self.translate.setVisible(len(self._languages) == 1)
        self._to_translate = self._languages[0] if self._languages else ""
        self.others_button = Button(kind="quiet")
        self.others_button.setCheckable(True)
        self.others = QWidget()
        self._menu, self._hits = QMenu(self), HitWords(self)
        self._revealer = FolderRevealer(self)
        self._lay_out(loader)
        self._connect()
        self.retranslate()

    @property
    def path(self) -> str:
        return self.result.path

    @property
    def answer(self) -> str:
        return "\n".join(text.text for text in self.texts.values())

    def _lay_out(self, loader: PictureLoader) -> None:
        self.row.addWidget(Picture(loader, self.result.path, _PICTURE), 0, Qt.AlignmentFlag.AlignTop)
        self.row.addLayout(self.body, 1)
        self.body.addWidget(self._task)
        for language, text in self.texts.items():
            line = QHBoxLayout()
            line.addWidget(text, 1)
            line.addWidget(self.thumbs[language], 0, Qt.AlignmentFlag.AlignTop)
            self.body.addLayout(line)
        self.body.addWidget(self.others_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.others)
        bottom = QHBoxLayout()
        bottom.addWidget(self.made_by, 1)
        for button in (self.copy, self.edit, self.translate, self.save, self.similar, self.more):
            bottom.addWidget(button)
        self.body.addStretch(1)
        self.body.addLayout(bottom)
        self._fill_others()

    def _fill_others(self) -> None:
        """List the other captions; a click takes one as the person's own."""
        layout = QVBoxLayout(self.others)
        layout.setContentsMargins(0, 0, 0, 0)
        shown = {text.text for text in self.texts.values()}
        for caption in self.result.captions:
            if caption.text not in shown:
                button = Button(f"{caption.text}   {caption.score:.2f}", "quiet")
                button.setObjectName(caption.language)
                button.setProperty("caption", caption.text)
                button.clicked.connect(self._take_other)
                layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.others.hide()
        self.others_button.setVisible(layout.count() > 0)

    def _connect(self) -> None:
        self.copy.clicked.connect(self.copy_answer)
        self.edit.clicked.connect(self._edit)
        self.save.clicked.connect(self._save)
        self.similar.clicked.connect(self._find_similar)
        self.translate.clicked.connect(self._translate)
        self.others_button.toggled.connect(self.others.setVisible)
        self.more.setMenu(self._menu)
        for text in self.texts.values():
            text.edited.connect(self._edited)
        for thumbs in self.thumbs.values():
            thumbs.rated.connect(self._rated)

    def retranslate(self) -> None:
        self._task.setText(self.tr("Caption"))
        score = self.result.captions[0].score if self.result.captions else 0.0
        self.made_by.badge.setText(self._hits.caption_badge(self.result))
        self.made_by.badge.setToolTip(self._hits.caption_meaning(self.result))
        self.made_by.set_note(self.tr("score {score:.2f}").format(score=score))
        self.copy.setText(self.tr("Copy"))
        self.edit.setText(self.tr("Edit"))
        self.save.setText(self.tr("Save"))
        self.save.setToolTip(self.tr("Keep the picture and its captions in the library"))
        self.similar.setText(self.tr("Find similar"))
        self.others_button.setText(self.tr("Other captions"))
        self.more.setAccessibleName(self.tr("More"))
        self.setAccessibleName(f"{self._task.text()}: {self.answer}")
        self._menu.clear()
        self._menu.addAction(self.tr("Search with this"), self._search)
        self._menu.addAction(self.tr("Copy path"), self._copy_path)
        self._menu.addAction(self.tr("Show in folder"), self._reveal)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Remove card"), self.ask_remove)

    @Slot()
    def _edit(self) -> None:
        self.texts[self._languages[0]].start_editing()

    @Slot(str)
    def _edited(self, text: str) -> None:
        language = next(language for language, one in self.texts.items() if one is self.sender())
        self._offer_translation(language)
        self.save_asked.emit(self.result.path, text, language)

    @Slot(int)
    def _rated(self, rating: int) -> None:
        language = next(language for language, one in self.thumbs.items() if one is self.sender())
        self.rate_asked.emit(self.result.path, self._said[language], language, self.result.made.model, rating)

    @Slot()
    def _take_other(self) -> None:
        button = self.sender()
        language, text = button.objectName(), str(button.property("caption"))
        self.texts[language].set_text(text)
        self._offer_translation(language)
        self.save_asked.emit(self.result.path, text, language)

    @Slot()
    def _save(self) -> None:
        for language, text in self.texts.items():
            self.save_asked.emit(self.result.path, text.text, language)

    @Slot()
    def _find_similar(self) -> None:
        self.similar_asked.emit(self.result.path)

    @Slot()
    def _search(self) -> None:
        self.search_asked.emit(self.texts[self._languages[0]].text)

    def _offer_translation(self, language: str) -> None:
        """Offer to translate a text that no longer says what the other language's says."""
        self._to_translate = language
        self.translate.show()

    @Slot()
    def _translate(self) -> None:
        self.translate_asked.emit(self.texts[self._to_translate].text)

    @Slot()
    def _copy_path(self) -> None:
        copy_paths([self.result.path])

    @Slot()
    def _reveal(self) -> None:
        self._revealer.reveal(self.result.path)
