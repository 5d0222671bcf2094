"""My corrections: how many there are of which kind, what they say, and the buttons that let models learn from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.improving_words import ImprovingWords
from mmbm_desktop.gui.pages.train.correction_row import CorrectionRow
from mmbm_desktop.gui.widgets.basics import Button, Label, Line
from mmbm_desktop.gui.widgets.section import Section
from mmbm_desktop.protocol.corrections import TaskCorrections

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.improving import ImprovingState
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.tasks import Task

SHOWN_AT_ONCE = 40


class TaskRow(QWidget):
    """The corrections of one task and the button that lets its model learn; `asked` carries the task."""

    asked = Signal(object)

    def __init__(self, status: TaskCorrections, words: ImprovingWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status, self._words = status, words
        self.name, self.counts, self.why = Label(kind="heading"), Label(kind="dim"), Label(kind="small", wrap=True)
        self.improve = Button(kind="primary")
        self.improve.clicked.connect(self._ask)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for label in (self.name, self.counts, self.why):
            texts.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.addLayout(texts, 1)
        layout.addWidget(self.improve, 0, Qt.AlignmentFlag.AlignVCenter)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        status, improvable = self.status, not self.status.reason
        self.name.setText(self._words.task(status.task))
        self.counts.setText(self._words.counts(status))
        why = self._words.obstacle(status)
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.improve.setText(self.tr("Improve"))
        self.improve.setAccessibleName(f"{self.improve.text()}: {self.name.text()}")
        self.improve.setVisible(improvable)
        self.improve.setEnabled(not status.needed)

    @Slot()
    def _ask(self) -> None:
        self.asked.emit(self.status.task)


class CorrectionsPanel(Section):
    """Shows an `ImprovingState`; `improve_asked` carries a task."""

    improve_asked = Signal(object)
    export_asked = Signal()

    def __init__(
        self, state: ImprovingState, theme: Theme, loader: PictureLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._theme, self._loader = state, theme, loader
        self._words = ImprovingWords(self)
        self._limit = SHOWN_AT_ONCE
        self.tasks: dict[Task, TaskRow] = {}
        self.rows: list[CorrectionRow] = []
        self.hint, self.export, self.more = Label(kind="dim", wrap=True), Button(), Button(kind="quiet")
        self._task_list, self._list = QVBoxLayout(), QVBoxLayout()
        self.header_row.addWidget(self.export)
        self.content.addWidget(self.hint)
        self.content.addLayout(self._task_list)
        self.content.addWidget(Line())
        self.content.addLayout(self._list)
        self.content.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.export.clicked.connect(self.export_asked)
        self.more.clicked.connect(self._show_more)
        state.changed.connect(self.fill)
        self.retranslate()
        self.fill()

    @Slot()
    def fill(self) -> None:
        """Show what there is now; rows of corrections that are still there stay as they are."""
        for row in self.tasks.values():
            row.setParent(None)
            row.deleteLater()
        self.tasks = {status.task: TaskRow(status, self._words) for status in self._state.status}
        for row in self.tasks.values():
            row.asked.connect(self.improve_asked)
            self._task_list.addWidget(row)
        self._fill_rows()
        self.more.setVisible(len(self._state.corrections) > self._limit)
        self.export.setEnabled(bool(self._state.corrections))
        self.aside.setText(self.tr("%n correction(s)", "", len(self._state.corrections)))

    def _fill_rows(self) -> None:
        wanted = self._state.corrections[: self._limit]
        known = {row.correction: row for row in self.rows}
        for correction in known.keys() - set(wanted):
            known[correction].setParent(None)
            known[correction].deleteLater()
        self.rows = [known.get(one) or CorrectionRow(one, self._theme, self._loader) for one in wanted]
        for place, row in enumerate(self.rows):
            self._list.insertWidget(place, row)

    @Slot()
    def _show_more(self) -> None:
        self._limit += SHOWN_AT_ONCE
        self.fill()

    def retranslate(self) -> None:
        self.heading.setText(self.tr("My corrections"))
        self.hint.setText(
            self.tr(
                "Edit a caption or a transcript, set a class right or rate a caption, in Explore or in the Library:"
                " it is collected here. Improve trains a new version of the model on them, beside the old one, and"
                " compares both. Nothing is switched until you say so."
            )
        )
        self.export.setText(self.tr("Write as data folders …"))
        self.more.setText(self.tr("Show more"))
        self.aside.setText(self.tr("%n correction(s)", "", len(self._state.corrections)))
        for row in self.tasks.values():
            row.retranslate()
