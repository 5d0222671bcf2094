"""The Models page: cards of what is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.base import Page
from mmbm_desktop.gui.pages.installed.model_card import ModelCard
from mmbm_desktop.gui.state.improving import ImprovingState
from mmbm_desktop.gui.state.library_calls import LibraryCalls
from mmbm_desktop.gui.widgets.basics import Label
from mmbm_desktop.protocol.requests import CheckModelRequest
from mmbm_desktop.protocol.results import CheckResult

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.jobs import JobSnapshot


class ModelsPage(Page):
    """Reads the list each time it is shown or a model is published: what was trained meanwhile appears."""

    name = "models"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.cards: dict[str, ModelCard] = {}
        self._hint = Label(kind="dim", wrap=True)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(20, 16, 20, 16)
        self._list.setSpacing(12)
        self._list.addWidget(self._hint)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self._errors, self._calls = ErrorTexts(self), LibraryCalls(self)
        self.improving = ImprovingState(context.engine.improving, context.bridge, self._calls, self)
        self.improving.changed.connect(self._show_improvements)
        self.improving.failed.connect(self._tell_failure)
        context.bridge.job_changed.connect(self._job_changed)
        context.bridge.models_changed.connect(self._models_changed)
        self.retranslate()

    @property
    def title(self) -> str:
        return self.tr("Models")

    def retranslate(self) -> None:
        self._hint.setText(
            self.tr(
                "What answers on this computer, with numbers measured on named test sets. Nothing here is downloaded."
            )
        )

    def on_shown(self) -> None:
        for card in self.cards.values():
            self._list.removeWidget(card)
            card.deleteLater()
        self.cards.clear()
        for model in self.context.engine.models():
            card = ModelCard(model)
            card.check_asked.connect(self._check)
            card.keep_asked.connect(self.improving.keep)
            card.revert_asked.connect(self.improving.revert)
            self.cards[model.name] = card
            self._list.insertWidget(self._list.count() - 1, card)
        self._show_improvements()
        self.improving.reload()

    @Slot()
    def _show_improvements(self) -> None:
        for name, card in self.cards.items():
            card.show_improvement(self.improving.of_model(name))

    @Slot(object)
    def _tell_failure(self, failure: Failure) -> None:
        self.context.navigator.notice.emit(self._errors.sentence(failure))

    def close_workers(self) -> None:
        """Wait for reading in hand."""
        self._calls.close()

    @Slot()
    def _models_changed(self) -> None:
        if self.isVisible():
            self.on_shown()

    @Slot(str)
    def _check(self, name: str) -> None:
        self.cards[name].check.setEnabled(False)
        self.context.engine.submit(CheckModelRequest(name))

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if not isinstance(job.request, CheckModelRequest) or not job.state.final:
            return
        card = self.cards.get(job.request.name)
        if card is None:
            return
        card.check.setEnabled(True)
        if job.failure is not None:
            card.show_failure(job.failure)
        elif isinstance(job.result, CheckResult):
            whole = self.tr("Whole: {count} files, largest difference on the known input {difference:.1e}")
            result = job.result
            card.show_good(whole.format(count=result.files, difference=result.probe_difference))
