"""The card "What training sees": a few of the person's own items, as the chosen recipe and preset will change them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.section import Section
from mmbm_desktop.gui.widgets.variant_row import VariantRow
from mmbm_desktop.protocol.preview import Change

if TYPE_CHECKING:
    from mmbm_desktop.gui.pages.train.form_panel import FormPanel
    from mmbm_desktop.gui.state.training_data import DataFolder
    from mmbm_desktop.gui.state.training_preview import TrainingPreview


class PreviewPanel(Section):
    """Shows a `TrainingPreview`, which follows the form; nothing is computed before somebody opens it."""

    def __init__(
        self, preview: TrainingPreview, form: FormPanel, data: DataFolder, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._preview, self._form, self._data = preview, form, data
        self._errors = ErrorTexts(self)
        self.opened, self.others = Button(kind="link"), Button(kind="link")
        self.what, self.error = Label(kind="small", wrap=True), Label(kind="danger", wrap=True)
        self.rows: list[VariantRow] = []
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
        self.what.setText(self._words(result.change) if result is not None else self.tr("A moment …"))
        self.others.setVisible(result is not None)
        self.others.setEnabled(not preview.busy)
        self.error.setVisible(opened and preview.failure is not None)
        self.error.setText(self._errors.sentence(preview.failure) if preview.failure is not None else "")
        self.what.setVisible(opened and preview.failure is None)
        size = result.size if result is not None else 0
        self.aside.setText(self.tr("{size} × {size} pixels").format(size=size) if size else "")

    def _rebuild(self) -> None:
        for row in self.rows:
            self._list.removeWidget(row)
            row.deleteLater()
        self.rows = []
        result = self._preview.result if self.opened.isChecked() else None
        self._shown = result
        for item in result.items if result is not None else ():
            square = result is not None and result.change is not Change.HEARD
            row = VariantRow(item.whole, item.variants, square=square)
            row.setToolTip(Path(item.path).name)
            row.setAccessibleName(Path(item.path).name)
            self.rows.append(row)
            self._list.addWidget(row, 0, Qt.AlignmentFlag.AlignTop)

    def _words(self, change: Change) -> str:
        return {
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
        }[change]

    def retranslate(self) -> None:
        self.heading.setText(self.tr("What training sees"))
        self.others.setText(self.tr("Other ones"))
        self._show()
