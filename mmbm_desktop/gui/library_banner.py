"""The line under the header that says why the library cannot be changed, or read, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.library_files import LibraryFiles
from mmbm_desktop.gui.state.library_keeping import LibraryKeeping
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.protocol.keeping import Access

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.protocol.jobs import JobSnapshot


class LibraryBanner(QWidget):
    """Hidden while this window writes to its library."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keeping = LibraryKeeping(context.engine, context.bridge, self)
        self.files = LibraryFiles(self.keeping, self)
        self._errors = ErrorTexts(self)
        self.text = Label(wrap=True)
        self.take_over, self.again = Button(kind="primary"), Button()
        self.other, self.restore = Button(), Button()
        frame = QFrame()
        frame.setProperty("kind", "notice")
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        for button in (self.take_over, self.again, self.other, self.restore):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 0)
        layout.addWidget(frame)
        self.take_over.clicked.connect(self._open_again)
        self.again.clicked.connect(self._open_again)
        self.other.clicked.connect(self.files.ask_other)
        self.restore.clicked.connect(self.files.ask_restore)
        self.keeping.state_changed.connect(self.retranslate)
        self.keeping.advanced.connect(self._tell)
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        """Set every text again, and show or hide what belongs to the state."""
        state = self.keeping.state
        self.setVisible(state.access is not Access.WRITING)
        self.take_over.setVisible(state.access is Access.FREE)
        for button in (self.again, self.other, self.restore):
            button.setVisible(state.access is Access.CLOSED)
        self.restore.setVisible(state.access is Access.CLOSED and not state.server)
        self.take_over.setText(self.tr("Edit here"))
        self.again.setText(self.tr("Try again"))
        self.other.setText(self.tr("Other library …"))
        self.restore.setText(self.tr("Restore a copy …"))
        if state.failure is not None:
            self.text.setText(self._errors.with_file(state.failure, state.path))
        elif state.access is Access.FREE:
            self.text.setText(self.tr("The other window has closed. This one only reads the library so far."))
        else:
            self.text.setText(
                self.tr("The library is open in another window. This one only reads it: nothing can be changed here.")
            )

    @Slot()
    def _open_again(self) -> None:
        self.keeping.open()

    @Slot(object)
    def _tell(self, job: JobSnapshot) -> None:
        """Show why a restore begun here failed."""
        if job.failure is not None:
            self.text.setText(self._errors.with_file(job.failure))

    def close_workers(self) -> None:
        """Wait for the call in hand."""
        self.keeping.close()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
