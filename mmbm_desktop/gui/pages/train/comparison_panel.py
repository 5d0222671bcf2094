"""An old model beside an improved one: numbers, verdict, a warning, examples; keep it, or go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.improving_words import ImprovingWords
from mmbm_desktop.gui.pages.train.numbers_grid import NumbersGrid
from mmbm_desktop.gui.training_words import number
from mmbm_desktop.gui.widgets.basics import Badge, Button, Label, set_kind
from mmbm_desktop.gui.widgets.picture import Picture
from mmbm_desktop.gui.widgets.section import Section
from mmbm_desktop.media.formats import FileKind, kind_by_name

if TYPE_CHECKING:
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.corrections import Improvement
    from mmbm_desktop.protocol.training import ComparedItem, Comparison

_SIZE = QSize(72, 72)
_SHOWN = 8


class ExampleRow(QWidget):
    """One item with what people, the old and the new model say of it."""

    def __init__(self, item: ComparedItem, loader: PictureLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        self.truth, self.old, self.new = Label(kind="small", wrap=True), Label(wrap=True), Label(wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for label in (self.old, self.new, self.truth):
            texts.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(12)
        if kind_by_name(item.source) is FileKind.PHOTO:
            layout.addWidget(Picture(loader, item.source, _SIZE), 0, Qt.AlignmentFlag.AlignTop)
        self.setToolTip(item.source)
        layout.addLayout(texts, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        item = self.item
        self.old.setText(self.tr("old: {words}").format(words=item.old))
        self.new.setText(self.tr("new: {words}").format(words=item.new))
        self.truth.setText(self.tr("you: {words}").format(words=item.truth))
        if item.general:
            self.truth.setText(self.tr("a general item"))
        self.truth.setVisible(item.general or bool(item.truth))


class ComparisonPanel(Section):
    """Shows an `Improvement`; `keep_asked` and `revert_asked` carry its run's id."""

    keep_asked = Signal(str)
    revert_asked = Signal(str)

    def __init__(self, loader: PictureLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader, self._words = loader, ImprovingWords(self)
        self.improvement: Improvement | None = None
        self.verdict, self.warning = Label(kind="verdict-good", wrap=True), Label(kind="verdict-warning", wrap=True)
        self.numbers, self.answers = NumbersGrid(), Badge(kind="badge-good")
        self.keep, self.revert = Button(kind="primary"), Button()
        self.examples: list[ExampleRow] = []
        self._examples_title, self._list = Label(kind="heading"), QVBoxLayout()
        self.header_row.insertWidget(1, self.answers)
        for widget in (self.verdict, self.warning, self.numbers):
            self.content.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self.keep)
        buttons.addWidget(self.revert)
        buttons.addStretch(1)
        self.content.addLayout(buttons)
        self.content.addWidget(self._examples_title)
        self.content.addLayout(self._list)
        self.keep.clicked.connect(self._ask_keep)
        self.revert.clicked.connect(self._ask_revert)
        self.retranslate()
        self.hide()

    def show_improvement(self, improvement: Improvement | None) -> None:
        """Show another improvement; the panel hides itself where there is nothing to compare."""
        before, self.improvement = self.improvement, improvement
        comparison = improvement.comparison if improvement is not None else None
        self.setVisible(comparison is not None)
        if comparison is not None and (before is None or before.comparison != comparison):
            self._fill_examples(comparison)
        self.retranslate()

    def _fill_examples(self, comparison: Comparison) -> None:
        for row in self.examples:
            row.setParent(None)
            row.deleteLater()
        self.examples = [ExampleRow(one, self._loader) for one in comparison.examples[:_SHOWN]]
        for row in self.examples:
            self._list.addWidget(row)

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Old and new"))
        self.answers.setText(self.tr("in use"))
        self.answers.setToolTip(self.tr("The new model answers in the whole program"))
        self._examples_title.setText(self.tr("Side by side"))
        for row in self.examples:
            row.retranslate()
        improvement = self.improvement
        if improvement is None or improvement.comparison is None:
            return
        found = improvement.comparison
        self.aside.setText(self._words.measured_on(found))
        self._show_verdict(found)
        self.numbers.fill(
            (found.old, found.new),
            [
                (
                    self._words.number(one.name, general=one.general),
                    (number(one.old), number(one.new)),
                    frozenset({int(one.new > one.old)} if one.new != one.old else ()),
                )
                for one in found.numbers
            ],
        )
        self.keep.setText(self.tr("Keep the new one"))
        self.keep.setToolTip(self.tr("Let the new model answer from now on; the old one stays beside it"))
        self.revert.setText(self.tr("Back to {name}").format(name=improvement.old))
        self.keep.setVisible(not improvement.kept)
        self.revert.setVisible(improvement.kept)
        self.answers.setVisible(improvement.kept)
        self._examples_title.setVisible(bool(self.examples))

    def _show_verdict(self, found: Comparison) -> None:
        one = found.decisive(general=False)
        better = one is not None and one.new > one.old
        set_kind(self.verdict, "verdict-good" if better and not found.forgot else "verdict-warning")
        self.verdict.setText(self._words.verdict(found))
        self.warning.setText(
            self.tr(
                "On general items the new model is more than 5 % worse than the old one: it has forgotten something."
            )
        )
        self.warning.setVisible(found.forgot)

    @Slot()
    def _ask_keep(self) -> None:
        if self.improvement is not None:
            self.keep_asked.emit(self.improvement.run.id)

    @Slot()
    def _ask_revert(self) -> None:
        if self.improvement is not None:
            self.revert_asked.emit(self.improvement.run.id)
