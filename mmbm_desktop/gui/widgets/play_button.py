"""A button that plays a recording, and stops it while it plays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Slot

from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.basics import Button

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.gui.state.player import Player
    from mmbm_desktop.gui.theme.theme import Theme


class PlayButton(Button):
    """One of several of a page that share a `Player`: what plays stops when another is pressed."""

    def __init__(
        self,
        player: Player,
        path: str,
        theme: Theme,
        *,
        edge: int = 20,
        kind: str = "quiet",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kind=kind, parent=parent)
        self._player, self.path, self._theme, self._edge = player, path, theme, edge
        self.setIconSize(QSize(edge, edge))
        self.clicked.connect(self._toggle)
        player.state_changed.connect(self.retranslate)
        theme.changed.connect(self.retranslate)
        self.retranslate()

    @property
    def plays(self) -> bool:
        """Whether its recording is heard now."""
        return self._player.path == self.path

    @Slot()
    def _toggle(self) -> None:
        if self.plays:
            self._player.stop()
        else:
            self._player.play(self.path)

    @Slot()
    def retranslate(self) -> None:
        """Set text and icon again."""
        self.setIcon(icons.icon("square" if self.plays else "play", self._theme.tokens.text, edge=self._edge))
        text = self.tr("Stop {name}") if self.plays else self.tr("Play {name}")
        self.setAccessibleName(text.format(name=Path(self.path).name))
        self.setToolTip(self.accessibleName())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
