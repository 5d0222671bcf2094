"""The card of a run that learns by playing: what it expects of each place, and how it played last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, Slot
from PySide6.QtGui import QMovie
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.pages.train.value_map import ValueMap
from mmbm_desktop.gui.training_words import TrainingWords, number
from mmbm_desktop.gui.widgets.basics import Label
from mmbm_desktop.gui.widgets.section import Section

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.training_agent import Shown
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.agents import Episode

_PICTURE = QSize(280, 280)


class AgentPanel(Section):
    """Hides itself for a run that has nothing of the kind."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = TrainingWords(self)
        self.values, self.picture = ValueMap(theme), Label()
        self._values_title, self._episode_title = Label(kind="small"), Label(kind="small")
        self.outcome = Label(wrap=True)
        self._episode: Episode | None = None
        self._movie: QMovie | None = None
        self._bytes = QBuffer(self)
        row = QHBoxLayout()
        row.setSpacing(32)
        top = Qt.AlignmentFlag.AlignTop
        for widgets in ((self._values_title, self.values), (self._episode_title, self.picture, self.outcome)):
            column = QVBoxLayout()
            column.setSpacing(8)
            for widget in widgets:
                column.addWidget(widget, 0, top)
            column.addStretch(1)
            row.addLayout(column)
        row.addStretch(1)
        self.content.addLayout(row)
        self.hide()
        self.retranslate()

    @Slot(object)
    def show_agent(self, shown: Shown) -> None:
        """Show what the run's folder holds."""
        self.setVisible(shown.values is not None or shown.episode is not None)
        self.values.setVisible(shown.values is not None)
        self._values_title.setVisible(shown.values is not None)
        if shown.values is not None:
            self.values.show_grid(shown.values)
        for widget in (self._episode_title, self.picture, self.outcome):
            widget.setVisible(shown.episode is not None)
        if shown.episode != self._episode:
            self._episode = shown.episode
            self._play(shown.picture)
        self.retranslate()

    def _play(self, picture: bytes) -> None:
        """Play the episode over and over; the newest one replaces it."""
        if self._movie is not None:
            self._movie.stop()
            self._movie.deleteLater()
        self._bytes.close()
        self._bytes.setData(QByteArray(picture))
        self._bytes.open(QIODevice.OpenModeFlag.ReadOnly)
        self._movie = QMovie(self._bytes, QByteArray(b"gif"), self)
        self._movie.setCacheMode(QMovie.CacheMode.CacheAll)
        self._movie.finished.connect(self._movie.start)
        self.picture.setMovie(self._movie)
        if self._movie.jumpToFrame(0):
            size = self._movie.currentPixmap().size()
            self._movie.setScaledSize(size.scaled(_PICTURE, Qt.AspectRatioMode.KeepAspectRatio))
            self._movie.start()

    @property
    def playing(self) -> bool:
        """Whether an episode is being played."""
        return self._movie is not None and self._movie.state() is QMovie.MovieState.Running

    def retranslate(self) -> None:
        self.heading.setText(self.tr("The agent"))
        self._values_title.setText(self.tr("What it expects, and what it does"))
        self._episode_title.setText(self.tr("How it played last, without trying anything new"))
        episode = self._episode
        if episode is None:
            return
        self.aside.setText(self._words.choice(episode.environment))
        parts = [
            self.tr("return {total}").format(total=number(episode.total)),
            self.tr("%n move(s)", "", len(episode.actions)),
        ]
        if episode.solved:
            parts.append("✓ " + self.tr("solved"))
        self.outcome.setText(" · ".join(parts))
        self.picture.setAccessibleName(f"{self._episode_title.text()}: {self.outcome.text()}")
