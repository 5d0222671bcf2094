"""The settings' way to a library on a server: an address, a button, copies in both directions, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.widgets.basics import Button, Label

if TYPE_CHECKING:
    from mmbm_desktop.gui.library_files import LibraryFiles
    from mmbm_desktop.gui.state.library_keeping import LibraryKeeping
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.keeping import LibraryInfo

_EXAMPLE = "postgresql://user:password@host:5432/database"


class LibraryServer(QWidget):
    """A field and a button while the library is a file; an explanation and the ways back while it is on a server.

    While that is empty the library of this computer can be copied there.
    """

    def __init__(self, keeping: LibraryKeeping, files: LibraryFiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keeping = keeping
        self._here, self._busy = "", False
        self._errors = ErrorTexts(self)
        self._failure: Failure | None = None
        self._trying = False
        self.title, self.note = Label(kind="small", wrap=True), Label(kind="small", wrap=True)
        self.address, self.connect_to, self.back = QLineEdit(), Button(), Button()
        self.take, self.save = Button(), Button()
        self.problem = Label(kind="danger", wrap=True)
        self.address.setPlaceholderText(_EXAMPLE)
        row = QHBoxLayout()
        row.addWidget(self.address, 1)
        row.addWidget(self.connect_to)
        for button in (self.take, self.save, self.back):
            row.addWidget(button)
        row.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addLayout(row)
        layout.addWidget(self.note)
        layout.addWidget(self.problem)
        self.address.textChanged.connect(self.retranslate)
        self.address.returnPressed.connect(self._connect)
        self.connect_to.clicked.connect(self._connect)
        self.back.clicked.connect(self._go_back)
        self.take.clicked.connect(self._take)
        self.save.clicked.connect(files.ask_copy)
        keeping.connected.connect(self._connected)
        keeping.state_changed.connect(self.retranslate)
        self.retranslate()

    def show_state(self, info: LibraryInfo | None, *, busy: bool) -> None:
        """Offer what can be copied; nothing while a copy is on its way."""
        self._here = info.could_hold if info is not None else ""
        self._busy = busy
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        """Set every text again, and show or hide what belongs to the state."""
        state = self._keeping.state
        server = state.server and state.failure is None
        self.title.setText(self.tr("A library for several people lies on a PostgreSQL server with pgvector:"))
        self.title.setVisible(not server)
        self.address.setVisible(not server)
        self.address.setAccessibleName(self.tr("Address of the server"))
        self.connect_to.setVisible(not server)
        self.connect_to.setText(self.tr("Connecting …") if self._trying else self.tr("Connect"))
        self.connect_to.setEnabled(not self._trying and bool(self.address.text().strip()))
        self.back.setVisible(state.server)
        self.back.setText(self.tr("Use the library on this computer"))
        self.back.setEnabled(not self._trying and not self._busy)
        self.take.setText(self.tr("Copy this computer's library there"))
        self.take.setToolTip(self._here)
        self.take.setVisible(server and bool(self._here))
        self.save.setText(self.tr("Copy to a file …"))
        self.save.setVisible(server and not self._here)
        for button in (self.take, self.save):
            button.setEnabled(not self._trying and not self._busy)
        self.note.setVisible(server)
        self.note.setText(
            self.tr(
                "Everybody who is connected sees the same items, and undoes their own steps. Copies of it, daily ones"
                " too, are made on the server, for example with pg_dump."
            )
        )
        self.problem.setText(self._errors.sentence(self._failure) if self._failure is not None else "")
        self.problem.setVisible(self._failure is not None)

    @Slot()
    def _connect(self) -> None:
        address = self.address.text().strip()
        if address and not self._trying:
            self._try(address)

    @Slot()
    def _take(self) -> None:
        self._keeping.take_over(self._here)

    @Slot()
    def _go_back(self) -> None:
        self._try("")

    def _try(self, address: str) -> None:
        self._trying, self._failure = True, None
        self.retranslate()
        self._keeping.connect_to(address)

    @Slot(object)
    def _connected(self, failure: Failure | None) -> None:
        """Take the outcome; the password does not stay in the field."""
        self._trying, self._failure = False, failure
        if failure is None:
            self.address.clear()
        self.retranslate()
