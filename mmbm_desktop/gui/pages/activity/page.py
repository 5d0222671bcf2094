"""The Activity page: a list of job rows, newest first, and one button that clears the ended ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.pages.activity.job_row import JobRow
from mmbm_desktop.gui.pages.base import Page
from mmbm_desktop.gui.state.jobs import JobList
from mmbm_desktop.gui.widgets.basics import Button
from mmbm_desktop.gui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot

SHOWN_AT_ONCE = 100


class ActivityPage(Page):
    """Every job but the library's own reading."""

    name = "activity"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.state = JobList(context.engine, context.bridge, self)
        self._rows: dict[JobId, JobRow] = {}
        self._limit = SHOWN_AT_ONCE
        self.clear, self.more = Button(kind="quiet"), Button()
        self.empty = EmptyState(context.theme, "activity")
        self._lay_out()
        self._connect()
        self.retranslate()
        self._rebuild()

    @property
    def title(self) -> str:
        return self.tr("Activity")

    @property
    def rows(self) -> list[JobRow]:
        """The rows shown, newest first."""
        return sorted(self._rows.values(), key=lambda row: -row.job.id)

    def header_widgets(self) -> Sequence[QWidget]:
        return (self.clear,)

    def _lay_out(self) -> None:
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(20, 16, 20, 16)
        self._list.setSpacing(8)
        self._list.addWidget(self.more)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(scroll)

    def _connect(self) -> None:
        self.state.added.connect(self._added)
        self.state.updated.connect(self._updated)
        self.state.cleared.connect(self._rebuild)
        self.clear.clicked.connect(self._clear)
        self.more.clicked.connect(self._show_more)
        self.empty.action.connect(self._go_to_explore)

    def retranslate(self) -> None:
        self.clear.setText(self.tr("Clear finished"))
        self.more.setText(self.tr("Show more"))
        self.empty.set_texts(
            self.tr("Nothing has been asked yet"),
            self.tr("Everything you ask for shows up here, with its progress and its errors."),
            self.tr("Go to Explore"),
        )

    @Slot()
    def _rebuild(self) -> None:
        for row in self._rows.values():
            self._list.removeWidget(row)
            row.deleteLater()
        self._rows.clear()
        for job in reversed(self.state.jobs[: self._limit]):
            self._insert(job)
        self._update_frame()

    def _insert(self, job: JobSnapshot) -> None:
        row = JobRow(job)
        row.cancel_asked.connect(self.state.cancel)
        row.retry_asked.connect(self.state.retry)
        self._rows[job.id] = row
        self._list.insertWidget(0, row)

    @Slot(object)
    def _added(self, job: JobSnapshot) -> None:
        self._insert(job)
        if len(self._rows) > self._limit:
            oldest = self._rows.pop(min(self._rows))
            self._list.removeWidget(oldest)
            oldest.deleteLater()
        self._update_frame()

    @Slot(object)
    def _updated(self, job: JobSnapshot) -> None:
        row = self._rows.get(job.id)
        if row is not None:
            row.update_job(job)
            self.clear.setEnabled(True)

    def _update_frame(self) -> None:
        self.more.setVisible(len(self.state.jobs) > len(self._rows))
        self.clear.setEnabled(any(row.job.state.final for row in self._rows.values()))
        self._stack.setCurrentIndex(1 if self._rows else 0)

    @Slot()
    def _clear(self) -> None:
        self.state.clear_ended()

    @Slot()
    def _show_more(self) -> None:
        self._limit += SHOWN_AT_ONCE
        self._rebuild()

    @Slot()
    def _go_to_explore(self) -> None:
        self.context.navigator.page_requested.emit("explore")
