"""One correction in a list: the picture, what the model said, what the person says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.improving_words import ImprovingWords
from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.basics import Badge, Label
from mmbm_desktop.gui.widgets.picture import Picture
from mmbm_desktop.protocol.corrections import Correction, CorrectionKind

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.gui.widgets.picture import PictureLoader

_SIZE = QSize(56, 56)


class CorrectionRow(QWidget):
    """Shows a `Correction`."""

    def __init__(
        self, correction: Correction, theme: Theme, loader: PictureLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.correction = correction
        self._words = ImprovingWords(self)
        self.before, self.after, self.held_out = Label(kind="small", wrap=True), Label(wrap=True), Badge()
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.after)
        texts.addWidget(self.before)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(12)
        layout.addWidget(self._sight(theme, loader), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)
        layout.addWidget(self.held_out, 0, Qt.AlignmentFlag.AlignTop)
        self.retranslate()

    def _sight(self, theme: Theme, loader: PictureLoader) -> QWidget:
        if self.correction.kind is not CorrectionKind.TRANSCRIPT:
            return Picture(loader, self.correction.path, _SIZE)
        label = Label()
        label.setFixedSize(_SIZE)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setPixmap(icons.pixmap("audio-lines", theme.tokens.dim, 24))
        return label

    def retranslate(self) -> None:
        """Set every text again."""
        one = self.correction
        self.after.setText(self._words.after(one))
        self.before.setText(self.tr("was: {words}").format(words=self._words.before(one)))
        self.held_out.setText(self.tr("held out"))
        self.held_out.setToolTip(self.tr("One in five is never learned from: old and new models are compared on it"))
        self.held_out.setVisible(one.held_out)
        self.setToolTip(one.path)
        self.setAccessibleName(f"{Path(one.path).name}: {self.before.text()}; {self.after.text()}")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
