"""One installed model: tasks, languages, size, licence, measured quality, its card, and a check of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.task_words import TaskWords
from mmbm_desktop.gui.widgets.basics import Badge, Button, Card, Label
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.corrections import Improvement


class ModelCard(Card):
    """Shows a `ModelInfo`; `check_asked` carries the model's name, `keep_asked` and `revert_asked` a run's id."""

    check_asked = Signal(str)
    keep_asked = Signal(str)
    revert_asked = Signal(str)

    def __init__(self, model: ModelInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._errors, self._words = ErrorTexts(self), TaskWords(self)
        self.tasks = {task: Badge(kind="badge-accent") for task in model.tasks}
        self.languages = {language: Badge() for language in model.languages}
        self._heading, self._facts = Label(model.title, "heading"), Label(kind="dim", wrap=True)
        self._origin, self.outcome = Badge(), Label(kind="small", wrap=True)
        self.check, self.more = Button(), Button(kind="quiet")
        self.more.setCheckable(True)
        self.switch = Button()
        self._improvement: Improvement | None = None
        self.switch.clicked.connect(self._ask_switch)
        self.switch.hide()
        self.text = Label(model.card, wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._quality = QWidget()
        self._lay_out()
        self.check.clicked.connect(self._ask_check)
        self.more.toggled.connect(self.text.setVisible)
        self.retranslate()

    @property
    def model(self) -> ModelInfo:
        """What is shown."""
        return self._model

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._heading)
        top.addWidget(self._origin)
        top.addStretch(1)
        top.addWidget(self.more)
        top.addWidget(self.switch)
        top.addWidget(self.check)
        self._badges = FlowLayout()
        for badge in (*self.tasks.values(), *self.languages.values()):
            self._badges.addWidget(badge)
        numbers = QGridLayout(self._quality)
        numbers.setContentsMargins(0, 0, 0, 0)
        numbers.setColumnStretch(2, 1)
        for row, (name, value) in enumerate(self._model.quality.items()):
            numbers.addWidget(Label(name, "small"), row, 0)
            numbers.addWidget(Label(f"{value:.3f}" if value < 10 else f"{value:.1f}"), row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addLayout(self._badges)
        for widget in (self._facts, self._quality, self.outcome, self.text):
            layout.addWidget(widget)
        self._quality.setVisible(bool(self._model.quality))
        self.text.hide()
        self.outcome.hide()

    def retranslate(self) -> None:
        """Set every text again."""
        model = self._model
        self._origin.setText(self.tr("built in") if model.built_in else self.tr("installed"))
        for task, badge in self.tasks.items():
            badge.setText(self._words.task(task))
            badge.setToolTip(self.tr("What the model does"))
        for language, badge in self.languages.items():
            badge.setText(self._words.language(language))
            badge.setToolTip(self.tr("A language it knows"))
        self._show_switch()
        self.check.setText(self.tr("Check"))
        self.check.setToolTip(self.tr("Compare every file with its hash and run the model on a known input"))
        self.check.setEnabled(bool(model.path))
        self.more.setText(self.tr("About"))
        self.more.setVisible(bool(model.card))
        size = self.tr("{size:.1f} MB").format(size=model.size_bytes / 1e6)
        self._facts.setText(" · ".join(part for part in (model.name, model.version, size, model.licence) if part))
        if model.problem:
            self.show_failure(Failure(ErrorCode(model.problem), Fault.ENVIRONMENT, {"name": model.name}))

    def show_improvement(self, improvement: Improvement | None) -> None:
        """Offer to switch between an improved model and the one that it began with; None: it is no improved one."""
        self._improvement = improvement
        self._show_switch()

    def _show_switch(self) -> None:
        found = self._improvement
        self.switch.setVisible(found is not None)
        if found is not None:
            back = self.tr("Back to {name}").format(name=found.old)
            self.switch.setText(back if found.kept else self.tr("Let it answer"))
            self.switch.setToolTip(self.tr("It learned from your corrections; the model before it is still there"))

    @Slot()
    def _ask_switch(self) -> None:
        if self._improvement is not None:
            asked = self.revert_asked if self._improvement.kept else self.keep_asked
            asked.emit(self._improvement.run.id)

    def show_good(self, text: str) -> None:
        """Show that the check found the model whole."""
        self._show(text, "good")

    def show_failure(self, failure: Failure) -> None:
        """Show what the check found."""
        self._show(self._errors.sentence(failure), "danger")

    def _show(self, text: str, kind: str) -> None:
        self.outcome.setProperty("kind", kind)
        self.outcome.style().unpolish(self.outcome)
        self.outcome.style().polish(self.outcome)
        self.outcome.setText(text)
        self.outcome.show()

    @Slot()
    def _ask_check(self) -> None:
        self.check_asked.emit(self._model.name)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
