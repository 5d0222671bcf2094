"""Asks where a library's copy, its new place or another library is, and hands the answer to `LibraryKeeping`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDir, QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.library_keeping import LibraryKeeping


class LibraryFiles(QObject):
    """Opens one file dialog at a time above `parent`."""

    def __init__(self, keeping: LibraryKeeping, parent: QWidget) -> None:
        super().__init__(parent)
        self._keeping, self._widget = keeping, parent
        self.dialog: QFileDialog | None = None
        self.question: QMessageBox | None = None
        self._source = ""

    @Slot()
    def ask_backup(self) -> None:
        """Ask for a file to copy to."""
        dialog = self._dialog(self.tr("Back up the library"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("db")
        day = QDate.currentDate().toString(Qt.DateFormat.ISODate)
        dialog.selectFile(f"{Path(self._keeping.state.path).stem}-{day}.db")
        dialog.fileSelected.connect(self._keeping.back_up)
        dialog.open()

    @Slot()
    def ask_copy(self) -> None:
        """Ask for a new file to copy a library on a server to."""
        dialog = self._dialog(self.tr("Copy the library to a file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("db")
        dialog.setDirectory(QDir.homePath())
        dialog.selectFile("library.db")
        dialog.fileSelected.connect(self._keeping.copy_to)
        dialog.open()

    @Slot()
    def ask_move(self) -> None:
        """Ask for a folder to move to."""
        dialog = self._dialog(self.tr("Move the library to a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._keeping.move)
        dialog.open()

    @Slot()
    def ask_restore(self) -> None:
        """Ask for a copy to restore, and then whether to do so."""
        dialog = self._file_dialog(self.tr("Restore the library from a copy"))
        dialog.fileSelected.connect(self.confirm_restore)
        dialog.open()

    @Slot()
    def ask_other(self) -> None:
        """Ask for another library."""
        dialog = self._file_dialog(self.tr("Choose another library"))
        dialog.fileSelected.connect(self._keeping.open)
        dialog.open()

    @Slot(str)
    def confirm_restore(self, source: str) -> None:
        """Ask whether a copy is to take the library's place."""
        self._source = source
        text = self.tr("Put {name} in the library's place?").format(name=Path(source).name)
        self.question = QMessageBox(QMessageBox.Icon.Question, "MMBM Desktop", text, parent=self._widget)
        self.question.setInformativeText(
            self.tr("The library as it is now is kept beside it, under a name with today's date.")
        )
        restore = self.question.addButton(self.tr("Restore"), QMessageBox.ButtonRole.AcceptRole)
        self.question.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        restore.clicked.connect(self._restore)
        self.question.open()

    @Slot()
    def _restore(self) -> None:
        self._keeping.restore(self._source)

    def _file_dialog(self, title: str) -> QFileDialog:
        dialog = self._dialog(title)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Libraries (*.db);;All files (*)"))
        return dialog

    def _dialog(self, title: str) -> QFileDialog:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = QFileDialog(self._widget, title, str(Path(self._keeping.state.path).parent))
        return self.dialog
