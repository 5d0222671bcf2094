"""Items and what a network says of them, as tiles that are renewed in place."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.pages.train.aligned_label import AlignedLabel
from mmbm_desktop.gui.widgets.basics import Card, ElidedLabel, Label, breakable, set_kind
from mmbm_desktop.gui.widgets.flow_layout import FlowLayout
from mmbm_desktop.gui.widgets.picture import Picture
from mmbm_desktop.gui.widgets.play_button import PlayButton

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.state.player import Player
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.training import Sample

_SMALL, _LARGE = QSize(112, 112), QSize(72, 72)
_WIDE, _ICON = 300, 28
_LONG = 18
"""Characters; answers longer than this are written beside the picture, not below it."""


class SampleTile(Card):
    """One item with the guess of the moment, its score, and whether it is right."""

    def __init__(self, sample: Sample, wide: bool, theme: Theme, loader: PictureLoader, player: Player) -> None:
        super().__init__(kind="tile")
        self.sample, self._wide, self._theme, self._player = sample, wide, theme, player
        self.guess, self.truth = (Label(wrap=True), Label(kind="small", wrap=True)) if wide else _single_lines()
        self.verdict, self.before = Label(kind="small"), Label(kind="small", wrap=True)
        self.aligned = AlignedLabel(theme)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for widget in (self.guess, self.aligned, self.verdict, self.truth, self.before):
            texts.addWidget(widget)
        if wide:
            texts.addStretch(1)
            layout = QHBoxLayout(self)
            self.setFixedWidth(_WIDE)
        else:
            layout = QVBoxLayout(self)
            self.setFixedWidth(_SMALL.width())
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10 if wide else 6)
        if sample.kind == "text":
            texts.insertWidget(0, Label(sample.source, "small", wrap=True))
        else:
            layout.addWidget(self._sight(loader), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)
        self.show_sample(sample)

    def _sight(self, loader: PictureLoader) -> QWidget:
        size = _LARGE if self._wide else _SMALL
        if self.sample.kind == "picture":
            return Picture(loader, self.sample.source, size)
        button = PlayButton(self._player, self.sample.source, self._theme, edge=_ICON, kind="")
        button.setFixedSize(QSize(size.width(), _LARGE.height()) if not self._wide else size)
        return button

    def show_sample(self, sample: Sample) -> None:
        """Show what is said of the same item now."""
        self.sample = sample
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        sample = self.sample
        sign = {True: "✓", False: "✗", None: ""}[sample.right]
        guess = sample.guess or "–"
        self.guess.setText(breakable(guess) if self._wide else guess)
        self.aligned.set_words(sample.words)
        several = self._wide and len(sample.words) > 1 and sample.right is not True
        self.aligned.setVisible(several)
        self.guess.setVisible(not several)
        self.verdict.setText(f"{sample.score:.2f} {sign}".strip())
        set_kind(self.verdict, {True: "good", False: "wrong", None: "small"}[sample.right])
        shown = bool(sample.truth) and sample.right is not True
        said = self.tr("people: {words}").format(words=sample.truth) if shown else ""
        self.truth.setText(breakable(said) if self._wide else said)
        self.truth.setVisible(shown)
        self.before.setText(self.tr("before: {words}").format(words=sample.before) if sample.before else "")
        self.before.setVisible(bool(sample.before) and self._wide)
        says = {True: self.tr("right"), False: self.tr("wrong"), None: ""}[sample.right]
        name = sample.source if sample.kind == "text" else Path(sample.source).name
        self.setAccessibleName(f"{name}: {sample.guess} {sample.score:.2f} {says} {said}".strip())
        self.setToolTip(f"{name}\n{sample.guess}" + (f"\n{said}" if shown else ""))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class SamplesView(QWidget):
    """As many tiles as there are samples; the same items keep their tiles."""

    def __init__(self, theme: Theme, loader: PictureLoader, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._loader, self._player = theme, loader, player
        self.tiles: list[SampleTile] = []
        self._wide = False
        self._flow = FlowLayout(self, 14)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What is shown."""
        return tuple(tile.sample for tile in self.tiles)

    def set_samples(self, samples: Sequence[Sample]) -> None:
        """Show these samples."""
        wide = any(_is_long(sample) for sample in samples)
        items = [(sample.kind, sample.source) for sample in samples]
        if wide != self._wide or items != [(tile.sample.kind, tile.sample.source) for tile in self.tiles]:
            self._rebuild(samples, wide)
            return
        for tile, sample in zip(self.tiles, samples, strict=True):
            tile.show_sample(sample)

    def _rebuild(self, samples: Sequence[Sample], wide: bool) -> None:
        for tile in self.tiles:
            self._flow.removeWidget(tile)
            tile.deleteLater()
        self._wide = wide
        self.tiles = [SampleTile(sample, wide, self._theme, self._loader, self._player) for sample in samples]
        for tile in self.tiles:
            self._flow.addWidget(tile)
        self.updateGeometry()


def _single_lines() -> tuple[Label, Label]:
    return ElidedLabel(), ElidedLabel(kind="small")


def _is_long(sample: Sample) -> bool:
    texts = (sample.guess, sample.truth, sample.before)
    return sample.kind == "text" or bool(sample.before) or len(sample.words) > 1 or max(map(_width, texts)) > _LONG


def _width(text: str) -> int:
    """Return about how wide a text is, in Latin letters: Chinese characters are twice as wide."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
