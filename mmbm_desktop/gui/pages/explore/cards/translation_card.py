"""A text in the other language: the text, its translation to copy or put right, and how much of it comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from mmbm_desktop.gui.pages.explore.cards.card import TRANSLATIONS, FeedCard, MadeBy
from mmbm_desktop.gui.task_words import TaskWords
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.editable_text import EditableText

if TYPE_CHECKING:
    from mmbm_desktop.protocol.results import TranslateResult


class TranslationCard(FeedCard):
    """Shows a `TranslateResult`. Once the person has put the translation right, its numbers are no longer shown."""

    kind = TRANSLATIONS
    search_asked = Signal(str)
    translate_asked = Signal(str)

    def __init__(self, result: TranslateResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.result = result
        self._task_words = TaskWords(self)
        self._task, self.source = Label(kind="small"), Label(result.text, "dim", wrap=True)
        self.text, self.nothing = EditableText(result.translation), Label(kind="dim")
        self.back = Label(kind="small", wrap=True)
        self.made_by = MadeBy(result.made)
        self.copy, self.edit, self.search, self.more = Button(), Button(), Button(), Button("⋯")
        self._menu = QMenu(self)
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def answer(self) -> str:
        return self.text.text

    @property
    def edited(self) -> bool:
        """Whether the words are the person's by now."""
        return self.text.text != self.result.translation

    def _lay_out(self) -> None:
        self.row.addLayout(self.body, 1)
        for label in (self.source, self.back):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for widget in (self._task, self.source, self.text, self.nothing, self.back):
            self.body.addWidget(widget)
        found = bool(self.result.translation)
        self.text.setVisible(found)
        self.nothing.setVisible(not found)
        bottom = QHBoxLayout()
        bottom.addWidget(self.made_by, 1)
        for button in (self.copy, self.edit, self.search, self.more):
            bottom.addWidget(button)
            button.setEnabled(found or button is self.more)
        self.body.addStretch(1)
        self.body.addLayout(bottom)

    def _connect(self) -> None:
        self.copy.clicked.connect(self.copy_answer)
        self.edit.clicked.connect(self.text.start_editing)
        self.search.clicked.connect(self._search)
        self.text.edited.connect(self._edited)
        self.more.setMenu(self._menu)

    def retranslate(self) -> None:
        source, to = (self._task_words.language(one) for one in (self.result.source, self.result.to))
        self._task.setText(self.tr("Translation · {source} → {to}").format(source=source, to=to))
        self.nothing.setText(self.tr("The model found no words for it."))
        self.back.setText(self.tr("Back in {language}: {text}").format(language=source, text=self.result.back))
        self.copy.setText(self.tr("Copy"))
        self.edit.setText(self.tr("Edit"))
        self.search.setText(self.tr("Search with this"))
        self.more.setAccessibleName(self.tr("More"))
        self._show_numbers()
        self._fill_menu()

    def _show_numbers(self) -> None:
        """Show how good the model's words are; the person's own have no numbers."""
        result, badge = self.result, self.made_by.badge
        self.back.setVisible(bool(result.back) and not self.edited)
        sure = self.tr("The score says how sure the model was of its words, from 0 to 1.")
        score = self.tr("score {score:.2f}").format(score=result.score)
        if self.edited:
            badge.setText(self.tr("your words"))
            badge.setToolTip(self.tr("You changed the translation, so the model's numbers no longer belong to it."))
        elif result.back:
            badge.setText(self.tr("{share:.0%} came back").format(share=result.back_score))
            badge.setToolTip(f"{self._meaning_of_back()}\n{sure}")
        else:
            badge.setText(score)
            badge.setToolTip(sure)
        self.made_by.set_note("" if badge.text() == score or self.edited else score)
        self.setAccessibleName(f"{self._task.text()}: {self.answer or self.nothing.text()}")
        self.setAccessibleDescription(badge.text())

    def _meaning_of_back(self) -> str:
        return self.tr(
            "The translation was translated back, and this is how much of the first text came back, letter by letter "
            "(chrF). It hints at what was lost; it is not a probability."
        )

    def _fill_menu(self) -> None:
        self._menu.clear()
        if self.result.translation:
            self._menu.addAction(self.tr("Copy both texts"), self.copy_both)
            self._menu.addAction(self.tr("Translate back"), self._translate_back)
            self._menu.addSeparator()
        self._menu.addAction(self.tr("Remove card"), self.ask_remove)

    @Slot()
    def copy_both(self) -> None:
        """Put the text and its translation on the clipboard, one below the other."""
        QGuiApplication.clipboard().setText(f"{self.result.text}\n{self.answer}")

    @Slot(str)
    def _edited(self, text: str) -> None:
        del text
        self._show_numbers()

    @Slot()
    def _search(self) -> None:
        self.search_asked.emit(self.answer)

    @Slot()
    def _translate_back(self) -> None:
        self.translate_asked.emit(self.answer)
