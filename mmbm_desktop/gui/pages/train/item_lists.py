"""Makes the dialogs that list items: of a finding, of a cell of the confusion matrix, of what could not be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.finding_words import FindingWords
from mmbm_desktop.gui.pages.train.items_dialog import ItemsDialog, ShownItem
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.gui.state.player import Player
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.dataset import Finding
    from mmbm_desktop.protocol.training import Assessment


class ItemLists(QObject):
    """Emits `made` with a dialog that is ready to be opened."""

    made = Signal(object)

    def __init__(self, theme: Theme, loader: PictureLoader, player: Player, window: QWidget) -> None:
        super().__init__(window)
        self._theme, self._loader, self._player, self._window = theme, loader, player, window
        self._findings, self._errors = FindingWords(self), ErrorTexts(self)

    @Slot(object)
    def show_finding(self, finding: Finding) -> None:
        """List a finding's items, groups of several apart from each other."""
        items = [
            ShownItem(path, apart=number == 0 and len(group) > 1)
            for group in finding.groups
            for number, path in enumerate(group)
        ]
        self._show(self._findings.sentence(finding), items)

    def show_cell(self, assessment: Assessment, truth: str, guess: str) -> None:
        """List the samples of a cell; nothing for an empty one."""
        row, column = assessment.labels.index(truth), assessment.labels.index(guess)
        count = assessment.confusion[row][column]
        if not count:
            return
        items = [
            ShownItem(sample.source, f"{sample.guess} {sample.score:.2f}")
            for sample in assessment.samples
            if (sample.truth, sample.guess) == (truth, guess)
        ]
        title = self.tr("{truth} taken for {guess}: {count}").format(truth=truth, guess=guess, count=count)
        self._show_some(title, items, left_out=len(items) < count)

    def show_change(self, assessment: Assessment, said: str, written: str) -> None:
        """List the recordings in which a word was written down as another, left out or made up."""
        count = next((one.count for one in assessment.changes if (one.said, one.written) == (said, written)), 0)
        kept = [sample for sample in assessment.samples if (said, written) in sample.words]
        items = [
            ShownItem(sample.source, self.tr("{said} → {written}").format(said=sample.truth, written=sample.guess))
            for sample in kept
        ]
        if said and written:
            title = self.tr("“{said}” written down as “{written}”: {count}")
        elif said:
            title = self.tr("“{said}” left out: {count}")
        else:
            title = self.tr("“{written}” made up: {count}")
        times = sum(sample.words.count((said, written)) for sample in kept)
        self._show_some(title.format(said=said, written=written, count=count), items, left_out=times < count)

    def show_skipped(self, title: str, skipped: Mapping[str, str]) -> None:
        """List files that could not be used, each with its reason."""
        self._show(title, [ShownItem(path, self._reason(code)) for path, code in skipped.items()])

    def _reason(self, code: str) -> str:
        try:
            return self._errors.sentence(Failure(ErrorCode(code), Fault.INPUT))
        except ValueError:
            return code

    def _show_some(self, title: str, items: Sequence[ShownItem], *, left_out: bool) -> None:
        if left_out:
            title += " · " + self.tr("kept of them: {count}").format(count=len(items))
        self._show(title, items)

    def _show(self, title: str, items: Sequence[ShownItem]) -> None:
        self.made.emit(ItemsDialog(title, items, self._theme, self._loader, self._player, self._window))
