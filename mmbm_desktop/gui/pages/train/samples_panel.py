"""The card "Right now": a few validation items, always the same ones, and what the network says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.gui.pages.train.samples_view import SamplesView
from mmbm_desktop.gui.widgets.basics import Label
from mmbm_desktop.gui.widgets.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.gui.state.player import Player
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.training import Sample


class SamplesPanel(Section):
    """Renews its tiles in place, so that one sees answers change."""

    def __init__(self, theme: Theme, loader: PictureLoader, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = SamplesView(theme, loader, player)
        self.empty = Label(kind="dim", wrap=True)
        self.content.addWidget(self.empty)
        self.content.addWidget(self.view)
        self._live, self._plays = True, False
        self.show_samples((), live=True)

    def show_samples(self, samples: Sequence[Sample], *, live: bool, plays: bool = False) -> None:
        """Show other samples; `live`: the run is being worked on; `plays`: they are episodes of an agent."""
        self._live, self._plays = live, plays
        self.view.set_samples(samples)
        self.view.setVisible(bool(samples))
        self.empty.setVisible(not samples)
        self.retranslate()

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Right now") if self._live else self.tr("Samples"))
        items = (
            self.tr("played without trying anything new")
            if self._plays
            else self.tr("validation items, not trained on")
        )
        self.aside.setText(items if self.view.tiles else "")
        self.empty.setText(self.tr("Once validation has run, a few of its items are shown with what the network says."))
