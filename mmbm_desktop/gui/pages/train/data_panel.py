"""The data of a run to be: where a folder is dropped, how the examination goes, and what the data doctor found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.pages.train.class_bars import ClassBars
from mmbm_desktop.gui.pages.train.finding_row import FindingRow
from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.training_words import TrainingWords
from mmbm_desktop.gui.widgets.basics import Button, ElidedLabel, Label, set_kind
from mmbm_desktop.gui.widgets.drop_area import DropArea
from mmbm_desktop.gui.widgets.section import Section
from mmbm_desktop.protocol.dataset import Severity

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.training_data import DataFolder
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.dataset import DataReport
    from mmbm_desktop.protocol.jobs import JobSnapshot

_FEW_CLASSES, _FEW_FINDINGS = 8, 6
_PARTS = 1000


class DataPanel(Section):
    """Shows a `DataFolder`; drops and the open dialog are the page's business."""

    dropped = Signal(object)
    browse_asked = Signal()
    capture_asked = Signal()
    items_asked = Signal(object)

    def __init__(self, data: DataFolder, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data, self._theme = data, theme
        self._words, self._jobs, self._errors = TrainingWords(self), JobWords(self), ErrorTexts(self)
        self.area, self._icon = DropArea(), Label()
        self._hint, self._layouts = Label(kind="dim", wrap=True), Label(kind="small", wrap=True)
        self.browse, self.capture, self.more = Button(), Button(), Button(kind="quiet")
        self.no_capture = Label(kind="small", wrap=True)
        self.folder, self.summary = ElidedLabel(kind="heading"), Label(kind="small", wrap=True)
        self.bars, self.all_classes = ClassBars(theme), Button(kind="link")
        self.bar, self.progress, self.cancel = QProgressBar(), Label(kind="small"), Button()
        self.verdict, self.all_findings = Label(kind="warning"), Button(kind="link")
        self.error = Label(kind="danger", wrap=True)
        self.again, self.other = Button(kind="quiet"), Button(kind="quiet")
        self.rows: list[FindingRow] = []
        self.all_classes.setCheckable(True)
        self.all_findings.setCheckable(True)
        self._lay_out()
        self._connect()
        self._tint()
        self.retranslate()

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self.area)
        inside.setContentsMargins(16, 24, 16, 24)
        inside.setSpacing(8)
        inside.addStretch(1)
        for label in (self._icon, self._hint, self._layouts):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(label)
        inside.addSpacing(8)
        inside.addWidget(self.browse, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(self.capture, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(self.no_capture)
        self.no_capture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.no_capture.hide()
        inside.addStretch(1)
        self.bar.setTextVisible(False)
        self._findings = QVBoxLayout()
        self._findings.setSpacing(10)
        left = Qt.AlignmentFlag.AlignLeft
        self.content.addWidget(self.area, 1)
        for widget in (self.folder, self.summary, self.bar, self.progress):
            self.content.addWidget(widget)
        self.content.addWidget(self.cancel, 0, left)
        self.content.addWidget(self.error)
        self.content.addWidget(self.bars)
        self.content.addWidget(self.all_classes, 0, left)
        self.content.addSpacing(4)
        self.content.addWidget(self.verdict)
        self.content.addLayout(self._findings)
        self.content.addWidget(self.all_findings, 0, left)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.other)
        buttons.addWidget(self.again)
        buttons.addWidget(self.more)
        buttons.addStretch(1)
        self.content.addLayout(buttons)
        self.content.addStretch(0)

    def _connect(self) -> None:
        self._data.changed.connect(self._changed)
        self._data.advanced.connect(self._advanced)
        self.area.dropped.connect(self.dropped)
        self.area.clicked.connect(self.browse_asked)
        for button in (self.browse, self.other):
            button.clicked.connect(self.browse_asked)
        for button in (self.capture, self.more):
            button.clicked.connect(self.capture_asked)
        self.again.clicked.connect(self._examine_again)
        self.cancel.clicked.connect(self._cancel)
        self.all_classes.toggled.connect(self._show_classes)
        self.all_findings.toggled.connect(self._show_findings)
        self._theme.changed.connect(self._tint)

    def forbid_capture(self, why: str) -> None:
        """Say why there is nothing to capture with; "" where there is something."""
        for button in (self.capture, self.more):
            button.setEnabled(not why)
            button.setToolTip(why)
        self.no_capture.setText(why)
        self.no_capture.setVisible(bool(why))

    # --- showing -------------------------------------------------------------------------------------------------

    @Slot()
    def _changed(self) -> None:
        self.all_classes.setChecked(False)
        self.all_findings.setChecked(False)
        self._rebuild_findings()
        self.retranslate()

    @Slot(object)
    def _advanced(self, job: JobSnapshot) -> None:
        self.bar.setMaximum(_PARTS if job.total else 0)
        self.bar.setValue(round(_PARTS * job.done / job.total) if job.total else 0)
        self.progress.setText(self._jobs.progress(job))

    def _rebuild_findings(self) -> None:
        for row in self.rows:
            self._findings.removeWidget(row)
            row.deleteLater()
        report = self._data.report
        self.rows = [FindingRow(finding, self._theme) for finding in report.findings] if report is not None else []
        for row in self.rows:
            row.items_asked.connect(self.items_asked)
            self._findings.addWidget(row)

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Data"))
        self._hint.setText(self.tr("Drop a data folder here"))
        self._layouts.setText(
            self.tr(
                "A folder per class, or a table metadata.csv or metadata.jsonl beside the files, or a .tsv of sentence "
                "pairs. It is looked over first; nothing in it is changed."
            )
        )
        self.browse.setText(self.tr("Choose a folder …"))
        self.capture.setText(self.tr("Camera or microphone …"))
        self.more.setText(self.tr("Add to it …"))
        self.more.setAccessibleName(self.tr("Add to it with a camera or a microphone"))
        self.area.setAccessibleName(self._hint.text())
        self.cancel.setText(self.tr("Cancel"))
        self.again.setText(self.tr("Look again"))
        self.other.setText(self.tr("Another folder …"))
        self._show_state()

    def _show_state(self) -> None:
        data, report = self._data, self._data.report
        self.area.setVisible(not data.path)
        self.folder.setVisible(bool(data.path))
        self.folder.setText(Path(data.path).name or data.path)
        self.folder.setToolTip(data.path)
        for widget in (self.bar, self.progress, self.cancel):
            widget.setVisible(data.examining)
        if data.examining:
            self.bar.setMaximum(0)
            self.progress.setText(self.tr("The data doctor looks the folder over …"))
        self.error.setVisible(data.failure is not None)
        if data.failure is not None:
            self.error.setText(self._errors.sentence(data.failure))
        for button in (self.again, self.other, self.more):
            button.setVisible(bool(data.path) and not data.examining)
        for widget in (self.summary, self.bars, self.verdict):
            widget.setVisible(report is not None)
        self.aside.setText(self._words.kind(report.kind) if report is not None else "")
        if report is not None:
            self._show_report(report)
        else:
            self.all_classes.hide()
            self.all_findings.hide()

    def _show_report(self, report: DataReport) -> None:
        parts = [self.tr("%n item(s)", "", report.items)]
        if report.classes:
            parts.append(self.tr("%n class(es)", "", len(report.classes)))
        parts += [f"{self._words.split(split.label)} {split.items:,}" for split in report.splits]
        self.summary.setText(" · ".join(parts))
        self._show_classes()
        worst = [finding.severity for finding in report.findings]
        if not worst:
            self.verdict.setText("✓  " + self.tr("Data doctor: nothing to put right"))
            set_kind(self.verdict, "verdict-good")
        else:
            self.verdict.setText(self.tr("Data doctor: %n finding(s)", "", len(worst)))
            bad, warned = Severity.BLOCKER in worst, Severity.WARNING in worst
            set_kind(self.verdict, "verdict-bad" if bad else "verdict-warning" if warned else "heading")
        self._show_findings()

    @Slot()
    def _show_classes(self) -> None:
        classes = self._data.report.classes if self._data.report is not None else ()
        every = self.all_classes.isChecked()
        self.bars.set_counts(classes if every else classes[:_FEW_CLASSES])
        self.all_classes.setVisible(len(classes) > _FEW_CLASSES)
        fewer, more = self.tr("Show fewer"), self.tr("Show all %n class(es)", "", len(classes))
        self.all_classes.setText(fewer if every else more)

    @Slot()
    def _show_findings(self) -> None:
        every = self.all_findings.isChecked()
        for number, row in enumerate(self.rows):
            row.setVisible(every or number < _FEW_FINDINGS)
        self.all_findings.setVisible(len(self.rows) > _FEW_FINDINGS)
        fewer, more = self.tr("Show fewer"), self.tr("Show all %n finding(s)", "", len(self.rows))
        self.all_findings.setText(fewer if every else more)

    @Slot()
    def _examine_again(self) -> None:
        self._data.examine(self._data.path)

    @Slot()
    def _cancel(self) -> None:
        self._data.cancel()

    @Slot()
    def _tint(self) -> None:
        scale = max(1, round(self.devicePixelRatioF()))
        self._icon.setPixmap(icons.pixmap("folder-open", self._theme.tokens.dim, 32, scale))
