"""The card "What training sees": a few of the person's own items, as the chosen recipe and preset will change them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.train.pair_row import PairRow
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.play_button import PlayButton
from mmbm_desktop.gui.widgets.section import Section
from mmbm_desktop.gui.widgets.variant_row import VariantRow
from mmbm_desktop.protocol.preview import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmbm_desktop.gui.pages.train.form_panel import FormPanel
    from mmbm_desktop.gui.state.player import Player
    from mmbm_desktop.gui.state.training_data import DataFolder
    from mmbm_desktop.gui.state.training_preview import TrainingPreview
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.preview import PreviewItem, PreviewResult


class PreviewPanel(Section):
    """Shows a `TrainingPreview`, which follows the form; nothing is computed before somebody opens it."""

    def __init__(
        self,
        preview: TrainingPreview,
        form: FormPanel,
        data: DataFolder,
        theme: Theme,
        player: Player,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._player = theme, player
        self._preview, self._form, self._data = preview, form, data
        self._errors = ErrorTexts(self)
        self.opened, self.others = Button(kind="link"), Button(kind="link")
        self.what, self.error = Label(kind="small", wrap=True), Label(kind="danger", wrap=True)
        self.rows: list[VariantRow | PairRow] = []
        self.players: list[PlayButton] = []
        self._lines: list[QWidget] = []
        self._shown: object = None
        self.opened.setCheckable(True)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(self.opened)
        links.addWidget(self.others)
        links.addStretch(1)
        self.content.addWidget(self.what)
        self.content.addWidget(self.error)
        self.content.addLayout(links)
        self.content.addLayout(self._list)
        self.opened.toggled.connect(self._toggle)
        self.others.clicked.connect(self._draw_again)
        form.edited.connect(self._follow)
        data.changed.connect(self._follow)
        preview.changed.connect(self._show)
        self.retranslate()

    @Slot()
    def _follow(self) -> None:
        """Follow the form; data that cannot be used, or a recipe that does not fit them, have nothing to show."""
        report, draft = self._data.report, self._form.draft
        fits = report is not None and draft.recipe is not None and draft.recipe.name in report.recipes
        self._preview.follow(draft.settings(self._data.path) if fits else None)

    @Slot(bool)
    def _toggle(self, opened: bool) -> None:
        self._preview.watch(watched=opened)

    @Slot()
    def _draw_again(self) -> None:
        self._preview.draw_again()

    @Slot()
    def _show(self) -> None:
        preview, opened = self._preview, self.opened.isChecked()
        result = preview.result if opened else None
        self.setVisible(preview.possible)
        self.opened.setText(self.tr("Close") if opened else self.tr("Show a few of your items"))
        if result is not self._shown:
            self._rebuild()
        self.what.setVisible(opened)
        self.what.setText(self._words(result) if result is not None else self.tr("A moment …"))
        self.others.setVisible(result is not None)
        self.others.setEnabled(not preview.busy)
        self.error.setVisible(opened and preview.failure is not None)
        self.error.setText(self._errors.sentence(preview.failure) if preview.failure is not None else "")
        self.what.setVisible(opened and preview.failure is None)
        size = result.size if result is not None else 0
        self.aside.setText(self.tr("{size} × {size} pixels").format(size=size) if size else "")

    def _rebuild(self) -> None:
        for line in self._lines:
            self._list.removeWidget(line)
            line.deleteLater()
        self.rows, self.players, self._lines = [], [], []
        result = self._preview.result if self.opened.isChecked() else None
        self._shown = result
        if result is not None:
            for item in result.items:
                self._add(item, result)

    def _add(self, item: PreviewItem, result: PreviewResult) -> None:
        """Add a line for an item: what is heard with a button to hear it."""
        heard = result.change in (Change.HEARD, Change.SPOKEN)
        if item.texts:
            row = PairRow(item, result.counts.get("longest", 0), self._theme)
        else:
            words = [text or self.tr("(no word)") for text in item.words]
            row = VariantRow(item.whole, item.variants, square=not heard, words=words)
            row.setToolTip(Path(item.path).name)
            row.setAccessibleName(Path(item.path).name)
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        if heard:
            button = PlayButton(self._player, item.path, self._theme)
            self.players.append(button)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(row, 1, Qt.AlignmentFlag.AlignTop)
        self.rows.append(row)
        self._lines.append(line)
        self._list.addWidget(line, 0, Qt.AlignmentFlag.AlignTop)

    def _words(self, result: PreviewResult) -> str:
        return {
            Change.SPOKEN: self.tr(
                "At the left a clip as it is heard in use, time to the right, pitch upwards; beside it what is learned "
                "from: said faster or slower, by other voices, joined, in noise and masked, anew every time. Below is "
                "what is to be written."
            ),
            Change.CUT: self._cut(result.counts),
            Change.CROPPED: self.tr(
                "At the left the whole picture, as it is seen in use; beside it what is learned from: cropped and "
                "coloured at random, and mirrored where that is allowed, anew in every epoch."
            ),
            Change.MIRRORED: self.tr(
                "This preset changes nothing but left and right: every other time it is mirrored."
            ),
            Change.NOTHING: self.tr("This preset learns from the pictures as they are; nothing is changed."),
            Change.HEARD: self.tr(
                "At the left the beginning as it is heard in use, time to the right, pitch upwards; beside it what is "
                "learned from: cut anywhere, louder or quieter, coloured, mixed and masked, anew every time."
            ),
        }[result.change]

    def _cut(self, counts: Mapping[str, int]) -> str:
        text = self.tr(
            "In small letters, Chinese simplified, in pieces of a vocabulary of {vocabulary}; ▁ stands for a space, ? "
            "for what it does not have. Of {counted} pairs {left_out} are left out, because a side has more than "
            "{longest} pieces."
        )
        numbers = {name: f"{counts.get(name, 0):,}" for name in ("vocabulary", "counted", "longest", "left_out")}
        return text.format(**numbers)

    def retranslate(self) -> None:
        self.heading.setText(self.tr("What training sees"))
        self.others.setText(self.tr("Other ones"))
        self._show()
