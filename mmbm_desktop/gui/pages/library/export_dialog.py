"""The dialog that asks what to export and how; it lists what would be written, and writes nothing itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.export_words import ExportWords
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.chooser import Chooser
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.protocol.sidecars import Existing, ExportRequest, ExportResult, Naming, SidecarForm

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.library_files import LibraryFiles
    from mmbm_desktop.protocol.jobs import JobSnapshot

LISTED = 200
"""How many files the preview names."""
_REST_MS = 200
_SIZE = (720, 600)
_PATHS_FROM = 160.0
"""Where the preview's column of paths begins, in pixels."""


class ExportDialog(QDialog):
    """`decided` carries the `ExportRequest`. `scope` says which items it is about."""

    decided = Signal(object)

    def __init__(self, scope: ExportRequest, count: int, files: LibraryFiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scope, self._count, self._files = scope, count, files
        self._words, self._errors = ExportWords(self), ErrorTexts(self)
        self.forms = {form: QCheckBox() for form in SidecarForm}
        self.languages, self.existing, self.naming = Chooser(), Chooser(), Chooser()
        self.table, self.table_button, self.no_table = Label(kind="small"), Button(), Button(kind="quiet")
        self.preview, self.counts = QPlainTextEdit(), Label(kind="small", wrap=True)
        self.accept_button, self.cancel_button = Button(kind="primary"), Button()
        self._names = [Label(kind="small") for _ in range(5)]
        self._heading = Label(kind="heading")
        self._chosen_table = ""
        self.chooser: QFileDialog | None = None
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._set_texts()
        self._lay_out()
        self.forms[SidecarForm.XMP].setChecked(True)
        self._connect()
        self._show_table()
        self.ask_preview()

    @property
    def request(self) -> ExportRequest:
        """What is asked for now."""
        return replace(
            self._scope,
            forms=tuple(form for form, box in self.forms.items() if box.isChecked()),
            table=self._chosen_table,
            languages=self.languages.currentData(),
            existing=self.existing.currentData(),
            naming=self.naming.currentData(),
        )

    def _lay_out(self) -> None:
        self.preview.setReadOnly(True)
        self.preview.setTabStopDistance(_PATHS_FROM)
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        boxes, table = QWidget(), QWidget()
        flow, row = FlowLayout(boxes, spacing=12), QHBoxLayout(table)
        for box in self.forms.values():
            flow.addWidget(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.table, 1)
        row.addWidget(self.no_table)
        row.addWidget(self.table_button)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        fields = (boxes, table, self.languages, self.existing, self.naming)
        for number, (name, field) in enumerate(zip(self._names, fields, strict=True)):
            name.setBuddy(field)
            grid.addWidget(name, number, 0)
            grid.addWidget(field, number, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.accept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self._heading)
        layout.addLayout(grid)
        layout.addWidget(self.preview, 1)
        layout.addWidget(self.counts)
        layout.addLayout(buttons)
        self.resize(*_SIZE)

    def _connect(self) -> None:
        for box in self.forms.values():
            box.toggled.connect(self._changed)
        for chooser in (self.languages, self.existing, self.naming):
            chooser.currentIndexChanged.connect(self._changed)
        self.table_button.clicked.connect(self._choose_table)
        self.no_table.clicked.connect(self._drop_table)
        self.accept_button.clicked.connect(self._decide)
        self.cancel_button.clicked.connect(self.reject)
        self._timer.timeout.connect(self.ask_preview)
        self._files.previewed.connect(self._show_preview)
        self.finished.connect(self._forget)

    def _set_texts(self) -> None:
        self.setWindowTitle(self.tr("Export"))
        self._heading.setText(self.tr("Export what is known of %n item(s)", "", self._count))
        names = (
            self.tr("Beside each file"),
            self.tr("One table of all"),
            self.tr("Captions in"),
            self.tr("Files that are there"),
            self.tr("Names"),
        )
        for label, name in zip(self._names, names, strict=True):
            label.setText(name)
        forms = {
            SidecarForm.TXT: self.tr("Text (.txt)"),
            SidecarForm.XMP: self.tr("XMP with tags (.xmp)"),
            SidecarForm.SRT: self.tr("Subtitles (.srt)"),
            SidecarForm.VTT: self.tr("Subtitles (.vtt)"),
            SidecarForm.JSON: self.tr("Transcript (.json)"),
        }
        for form, text in forms.items():
            self.forms[form].setText(text)
        self.table_button.setText(self.tr("Choose file …"))
        self.no_table.setText(self.tr("No table"))
        self.languages.addItem(self.tr("English and Chinese"), ("en", "zh"))
        self.languages.addItem(self.tr("English"), ("en",))
        self.languages.addItem(self.tr("Chinese"), ("zh",))
        self.existing.addItem(self.tr("Keep; XMP gets only what it lacks"), Existing.KEEP)
        self.existing.addItem(self.tr("Append what they do not say yet"), Existing.APPEND)
        self.existing.addItem(self.tr("Overwrite; the old ones are kept as .bak"), Existing.OVERWRITE)
        self.naming.addItem(self.tr("As usual: photo.jpg.xmp, photo.txt"), None)
        self.naming.addItem(self.tr("Whole names: photo.jpg.xmp (darktable, digiKam)"), Naming.WHOLE)
        self.naming.addItem(self.tr("Without the ending: photo.xmp (Lightroom)"), Naming.STEM)
        self.preview.setAccessibleName(self.tr("What would be written"))
        self.cancel_button.setText(self.tr("Cancel"))
        self.accept_button.setText(self.tr("Export"))

    # --- what would be written -----------------------------------------------------------------------------------

    @Slot()
    def _changed(self) -> None:
        self.accept_button.setEnabled(False)
        self._timer.start()

    @Slot()
    def ask_preview(self) -> None:
        """Ask what would be written now."""
        request = self.request
        self._timer.stop()
        if request.forms or request.table:
            self._files.preview(replace(request, dry_run=True, listed=LISTED))
        else:
            self._files.forget_preview()
            self.preview.setPlainText("")
            self.counts.setText(self.tr("Choose at least one kind of file."))
            self.accept_button.setEnabled(False)

    @Slot(object)
    def _show_preview(self, job: JobSnapshot) -> None:
        result = job.result
        if not isinstance(result, ExportResult):
            self.preview.setPlainText("")
            self.counts.setText(self._errors.with_file(job.failure) if job.failure else "")
            return
        lines = [f"{self._words.file(one)}\t{one.path}" for one in result.files]
        lines += [self._errors.with_file(one.failure, one.path) for one in result.failed[:LISTED]]
        self.preview.setPlainText("\n".join(lines))
        self.counts.setText(self._words.counts(result))
        self.accept_button.setEnabled(any(action != "keep" and n for action, n in result.counts.items()))

    # --- the table -----------------------------------------------------------------------------------------------

    @Slot()
    def _choose_table(self) -> None:
        kinds = "CSV (*.csv);;JSON Lines (*.jsonl)"
        self.chooser = QFileDialog(self, self.tr("Table of the exported items"), "mmbm.csv", kinds)
        self.chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.chooser.setOption(QFileDialog.Option.DontConfirmOverwrite)
        self.chooser.fileSelected.connect(self.set_table)
        self.chooser.open()

    @Slot(str)
    def set_table(self, path: str) -> None:
        """Write into a table, too; one without an ending gets .csv."""
        self._chosen_table = path if Path(path).suffix else f"{path}.csv"
        self._show_table()
        self._changed()

    @Slot()
    def _drop_table(self) -> None:
        self._chosen_table = ""
        self._show_table()
        self._changed()

    def _show_table(self) -> None:
        self.table.setText(Path(self._chosen_table).name or self.tr("none"))
        self.table.setToolTip(self._chosen_table)
        self.no_table.setVisible(bool(self._chosen_table))

    @Slot()
    def _decide(self) -> None:
        self.decided.emit(self.request)
        self.accept()

    @Slot()
    def _forget(self) -> None:
        self._timer.stop()
        self._files.forget_preview()
