"""What became of a finished run: numbers, classes, confusions, surprises; use it, try it, keep its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from mmbm_desktop.gui.model_export import ExportMenu
from mmbm_desktop.gui.pages.train.class_table import ClassTable
from mmbm_desktop.gui.pages.train.confusion_table import ConfusionTable
from mmbm_desktop.gui.pages.train.numbers_grid import NumbersGrid
from mmbm_desktop.gui.pages.train.reliability_chart import ReliabilityChart
from mmbm_desktop.gui.pages.train.samples_view import SamplesView
from mmbm_desktop.gui.pages.train.word_table import WordTable
from mmbm_desktop.gui.state.training_compare import rows_of
from mmbm_desktop.gui.training_words import TrainingWords, number
from mmbm_desktop.gui.widgets.basics import Badge, Button, Label
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.gui.widgets.section import Section
from mmbm_desktop.protocol.training import EPISODES

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.player import Player
    from mmbm_desktop.gui.state.training_use import ServingModels
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.training import Assessment, RunInfo, RunReport

_SURPRISES = 8
_PARTS = ("classes", "confusion", "words", "believed", "surprise")


class ReportPanel(Section):
    """Shows a `RunReport`; `cell_asked` carries (truth, guess) of a cell of the confusion matrix.

    `change_asked` carries a word that was said and what was written down for it.
    """

    use_asked = Signal(object)
    leave_asked = Signal(object)
    explore_asked = Signal()
    export_asked = Signal(str)
    model_export_asked = Signal(str, str)
    cell_asked = Signal(str, str)
    change_asked = Signal(str, str)
    skipped_asked = Signal()

    def __init__(
        self,
        serving: ServingModels,
        theme: Theme,
        loader: PictureLoader,
        player: Player,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._serving, self._theme, self._loader = serving, theme, loader
        self._words = TrainingWords(self)
        self.report: RunReport | None = None
        self._run: RunInfo | None = None
        self.in_use, self.use, self.leave = Badge(kind="badge-good"), Button(kind="primary"), Button()
        self.explore, self.export, self.menu = Button(), Button(), QMenu(self)
        self.model_export, self.formats = Button(), ExportMenu(self)
        self.skipped, self.origin = Button(kind="link"), Label(kind="small", wrap=True)
        self.numbers = NumbersGrid()
        self._titles = {name: Label(kind="heading") for name in _PARTS}
        self._notes = {name: Label(kind="small", wrap=True) for name in _PARTS[1:]}
        self.classes: ClassTable | None = None
        self.believed: ReliabilityChart | None = None
        self.confusion: ConfusionTable | None = None
        self.changes: WordTable | None = None
        self.surprises = SamplesView(theme, loader, player)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.use, self.leave, self.explore, self.export, self.model_export):
            flow.addWidget(button)
        self.export.setMenu(self.menu)
        self.model_export.setMenu(self.formats)
        self.header_row.insertWidget(1, self.in_use)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.addWidget(buttons, 1)
        for widget in (self.origin, self.numbers):
            self.content.addWidget(widget)
        self.content.addWidget(self.skipped, 0, Qt.AlignmentFlag.AlignLeft)
        self.content.addLayout(row)
        self.content.addSpacing(8)
        for name, title in self._titles.items():
            title.setContentsMargins(0, 8, 0, 0)
            self.content.addWidget(title)
            if name in self._notes:
                self.content.addWidget(self._notes[name])
        self.content.addWidget(self.surprises)

    def _connect(self) -> None:
        self.use.clicked.connect(self._ask_use)
        self.leave.clicked.connect(self._ask_leave)
        self.explore.clicked.connect(self.explore_asked)
        self.formats.asked.connect(self._ask_model_export)
        self.skipped.clicked.connect(self.skipped_asked)
        self._serving.changed.connect(self._show_use)

    def show_report(self, report: RunReport | None, run: RunInfo) -> None:
        """Show another report; the panel hides itself without one."""
        self._run = run
        self.setVisible(report is not None)
        if report is not None and report != self.report:
            self.report = report
            self._rebuild(report.assessment)
            self.retranslate()
        self.report = report
        self._show_use()

    def _rebuild(self, assessment: Assessment | None) -> None:
        for old in (self.classes, self.confusion, self.changes, self.believed):
            if old is not None:
                self.content.removeWidget(old)
                old.deleteLater()
        self.classes = self.confusion = self.changes = self.believed = None
        if assessment is not None and assessment.classes:
            self.classes = ClassTable(assessment.classes)
        if assessment is not None and assessment.confusion:
            self.confusion = ConfusionTable(assessment, self._theme)
            self.confusion.cell_asked.connect(self.cell_asked)
        if assessment is not None and assessment.changes:
            self.changes = WordTable(assessment.changes)
            self.changes.change_asked.connect(self.change_asked)
        if assessment is not None and assessment.believed:
            self.believed = ReliabilityChart(assessment.believed, self._theme)
        samples = assessment.samples[:_SURPRISES] if assessment is not None else ()
        self.surprises.set_samples(samples)
        made = {
            "classes": self.classes,
            "confusion": self.confusion,
            "words": self.changes,
            "believed": self.believed,
            "surprise": self.surprises if samples else None,
        }
        for name, widget in made.items():
            self._place(name, widget)
        self.surprises.setVisible(bool(samples))

    def _place(self, name: str, widget: QWidget | None) -> None:
        """Put a part below its title and its note; these are hidden where it is not there."""
        above: QWidget = self._notes.get(name, self._titles[name])
        if widget is not None and self.content.indexOf(widget) < 0:
            self.content.insertWidget(self.content.indexOf(above) + 1, widget)
        for text in (self._titles[name], self._notes.get(name)):
            if text is not None:
                text.setVisible(widget is not None)

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Report"))
        self.use.setText(self.tr("Use in app"))
        self.use.setToolTip(self.tr("Let this model answer in Explore, in the library and for watched folders"))
        self.leave.setText(self.tr("Back to the usual model"))
        self.explore.setText(self.tr("Try it in Explore"))
        self.export.setText(self.tr("Save report …"))
        self.model_export.setText(self.tr("Export model …"))
        self.model_export.setToolTip(self.tr("Write the model for other programs; it is read back and compared"))
        self.formats.retranslate()
        self.in_use.setText(self.tr("in use"))
        self.in_use.setToolTip(self.tr("This model answers its tasks in the whole program"))
        self._titles["classes"].setText(self.tr("Classes, the weakest first"))
        self._titles["confusion"].setText(self.tr("Who is taken for whom"))
        self._notes["confusion"].setText(
            self.tr("A row is what people say, a column what the model says. A cell shows its items.")
        )
        self._titles["words"].setText(self.tr("Which words are taken for which"))
        self._notes["words"].setText(
            self.tr("What people say, and what the model writes down, the most frequent first. A row shows its clips.")
        )
        self._titles["believed"].setText(self.tr("How far its percentages can be believed"))
        self._notes["believed"].setText(
            self.tr("Across: how sure it was. Upwards: how often it was right. Below the line it was too sure.")
        )
        self._titles["surprise"].setText(self.tr("Most surprising answers"))
        self._notes["surprise"].setText(self._surprise_note())
        self.menu.clear()
        self.menu.addAction(self.tr("As a web page (HTML) …"), self._export_html)
        self.menu.addAction(self.tr("As PDF …"), self._export_pdf)
        self.menu.addAction(self.tr("Copy as text"), self._export_copy)
        for table in (self.classes, self.changes):
            if table is not None:
                table.retranslate()
        self._fill_numbers()
        self._show_use()

    def _surprise_note(self) -> str:
        samples = self.surprises.samples
        if samples and all(sample.right is None for sample in samples):
            return self.tr("Those first that are least like what people say.")
        return self.tr("Wrong and sure of it first: often a wrong label, sometimes a blind spot.")

    def _fill_numbers(self) -> None:
        report = self.report
        if report is None:
            return
        assessment = report.assessment
        if assessment is not None:
            numbers = assessment.numbers
            split, episodes = self._words.split(assessment.split), assessment.split == EPISODES
            count = assessment.items
            items = self.tr("%n episode(s)", "", count) if episodes else self.tr("%n item(s)", "", count)
            self.aside.setText(items if episodes else f"{split} · {items}")
            played = self.tr("Played anew, from starts that training never saw.")
            self.origin.setText(played if episodes else self.tr("Measured on items that training never saw."))
        else:
            numbers = {name: value for name, value in report.metrics.items() if name != "score"}
            self.aside.setText(self._words.split("val"))
            self.origin.setText(
                self.tr("Measured on the validation items: nothing else was held out, or it could not be read.")
            )
        before = assessment.before if assessment is not None else {}
        rows = rows_of([before, numbers] if before else [numbers])
        self.numbers.fill(
            (self.tr("before"), self.tr("after")) if before else (),
            [(self._words.metric(row.name), [number(value) for value in row.values], row.best) for row in rows],
        )
        self.skipped.setVisible(bool(report.skipped))
        self.skipped.setText(self.tr("%n file(s) could not be used", "", len(report.skipped)))

    # --- using ---------------------------------------------------------------------------------------------------

    @property
    def model(self) -> ModelInfo | None:
        """The installed model that the run made."""
        return self._serving.of_bundle(self._run.bundle) if self._run is not None else None

    @Slot()
    def _show_use(self) -> None:
        model = self.model
        serves = model is not None and self._serving.serves(model)
        usable = model is not None and self._serving.usable(model)
        improved = self.report is not None and self.report.comparison is not None
        self.use.setVisible(usable and not serves and not improved)
        self.explore.setVisible(usable)
        self.leave.setVisible(serves and not improved)
        self.model_export.setVisible(model is not None)
        self.in_use.setVisible(serves)

    @Slot()
    def _ask_use(self) -> None:
        self.use_asked.emit(self.model)

    @Slot()
    def _ask_leave(self) -> None:
        self.leave_asked.emit(self.model)

    @Slot(str)
    def _ask_model_export(self, kind: str) -> None:
        if self.model is not None:
            self.model_export_asked.emit(self.model.name, kind)

    @Slot()
    def _export_html(self) -> None:
        self.export_asked.emit("html")

    @Slot()
    def _export_pdf(self) -> None:
        self.export_asked.emit("pdf")

    @Slot()
    def _export_copy(self) -> None:
        self.export_asked.emit("copy")
