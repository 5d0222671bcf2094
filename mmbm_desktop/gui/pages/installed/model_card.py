"""One installed model: tasks, languages, size, licence, measured quality, its card, and a check of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.model_export import ExportMenu
from mmbm_desktop.gui.pages.installed.model_numbers import ModelNumbers
from mmbm_desktop.gui.task_words import TaskWords
from mmbm_desktop.gui.widgets.basics import Badge, Button, Card, Label
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.corrections import Improvement


class ModelCard(Card):
    """Shows a `ModelInfo`; `check_asked` carries the model's name, `export_asked` its name and a format.

    `keep_asked` and `revert_asked` carry a run's id.
    """

    check_asked = Signal(str)
    export_asked = Signal(str, str)
    keep_asked = Signal(str)
    revert_asked = Signal(str)

    def __init__(self, model: ModelInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._errors, self._words = ErrorTexts(self), TaskWords(self)
        self.tasks = {task: Badge(kind="badge-accent") for task in model.tasks}
        self.languages = {language: Badge() for language in model.languages}
        self.heading, self._facts = Label(kind="heading"), Label(kind="dim", wrap=True)
        self._origin, self.outcome = Badge(), Label(kind="small", wrap=True)
        self.check, self.more = Button(), Button(kind="quiet")
        self.export, self.formats = Button(kind="quiet"), ExportMenu(self)
        self.export.setMenu(self.formats)
        self.more.setCheckable(True)
        self.switch = Button()
        self._improvement: Improvement | None = None
        self.switch.clicked.connect(self._ask_switch)
        self.switch.hide()
        self.text = Label(model.card, wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.numbers = ModelNumbers(model.quality)
        self._lay_out()
        self.check.clicked.connect(self._ask_check)
        self.formats.asked.connect(self._ask_export)
        self.more.toggled.connect(self.text.setVisible)
        self.retranslate()

    @property
    def model(self) -> ModelInfo:
        """What is shown."""
        return self._model

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.heading)
        top.addWidget(self._origin)
        top.addStretch(1)
        top.addWidget(self.more)
        top.addWidget(self.export)
        top.addWidget(self.switch)
        top.addWidget(self.check)
        self._badges = FlowLayout()
        for badge in (*self.tasks.values(), *self.languages.values()):
            self._badges.addWidget(badge)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addLayout(self._badges)
        for widget in (self._facts, self.numbers, self.outcome, self.text):
            layout.addWidget(widget)
        self.numbers.setVisible(bool(self._model.quality))
        self.text.hide()
        self.outcome.hide()

    def retranslate(self) -> None:
        """Set every text again."""
        model = self._model
        self.heading.setText(model.title_in(self._words.own_language))
        self.numbers.retranslate()
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
        self.export.setText(self.tr("Export …"))
        self.export.setToolTip(self.tr("Write the model for other programs; it is read back and compared"))
        self.export.setVisible(bool(model.path) and not model.problem)
        self.formats.retranslate()
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
        """Show that the check found the model whole, or that it was exported."""
        self._show(text, "good")

    def show_failure(self, failure: Failure) -> None:
        """Show what the check found, or why an export failed."""
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

    @Slot(str)
    def _ask_export(self, kind: str) -> None:
        self.export_asked.emit(self._model.name, kind)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
