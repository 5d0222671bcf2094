"""Keeps a run's report: as a web page, as a PDF, or as text on the clipboard."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.gui.pages.train.report_pages import pdf_of, text_of
from mmbm_desktop.gui.task_words import TaskWords

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.engine.runs.interface import Runs
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.training import RunInfo


class ReportExport(QObject):
    """Asks where to, fetches the page from the engine and writes it."""

    saved = Signal(str)
    """The file that was written; "" for the clipboard."""
    failed = Signal(object)

    def __init__(self, runs: Runs, calls: LibraryCalls, window: QWidget) -> None:
        super().__init__(window)
        self._runs, self._calls, self._window = runs, calls, window
        self._words = TaskWords(self)
        self._run: RunInfo | None = None
        self._kind = ""
        self.dialog: QFileDialog | None = None

    def ask(self, run: RunInfo, kind: str) -> None:
        """Save a run's report as "html" or "pdf", or "copy" its text."""
        self._run, self._kind = run, kind
        if kind == "copy":
            self.save_to("")
            return
        names = {"html": self.tr("Web page") + " (*.html)", "pdf": "PDF (*.pdf)"}
        self.dialog = QFileDialog(self._window, self.tr("Save report"), f"{run.name}.{kind}", names[kind])
        self.dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.dialog.setDefaultSuffix(kind)
        self.dialog.fileSelected.connect(self.save_to)
        self.dialog.open()

    @Slot(str)
    def save_to(self, file: str) -> None:
        """Fetch the page and write it to a file; to the clipboard for ""."""
        if self._run is None:
            return
        language = "zh" if self._words.own_language == "zh" else "en"
        call = partial(self._runs.web_page, self._run.id, language)
        self._calls.run(call, success=partial(self._write, file, self._kind), failure=self.failed.emit)

    def _write(self, file: str, kind: str, page: str) -> None:
        if kind == "copy":
            QGuiApplication.clipboard().setText(text_of(page))
            self.saved.emit("")
            return
        content = pdf_of(page) if kind == "pdf" else page.encode()
        call = partial(write_atomically, Path(file), content)
        self._calls.run(call, success=partial(self._written, file), failure=self.failed.emit)

    def _written(self, file: str, answer: object) -> None:
        del answer
        self.saved.emit(file)
