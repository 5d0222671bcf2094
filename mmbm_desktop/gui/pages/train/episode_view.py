"""Plays an agent's episode over and over: an animated picture that can be stopped, and what came of it in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QSize, Qt, Slot
from PySide6.QtGui import QMovie
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from mmbm_desktop.gui.agent_words import AgentWords
from mmbm_desktop.gui.theme.tokens import GRID
from mmbm_desktop.gui.training_words import number
from mmbm_desktop.gui.widgets.basics import Button, Label

if TYPE_CHECKING:
    from mmbm_desktop.protocol.agents import Episode

_PICTURE = QSize(280, 280)
_FIRST_ACTIONS = 12


class EpisodeView(QWidget):
    """The picture above a line of text and a button. The picture's bytes are given: this widget reads no file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = AgentWords(self)
        self._episode: Episode | None = None
        self._movie: QMovie | None = None
        self._stopped = False
        self.picture = Label()
        self.text = Label(kind="dim", wrap=True)
        self.button = Button(kind="quiet")
        self.button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self.picture, self.text):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        self.buttons = QHBoxLayout()
        self.buttons.addWidget(self.button)
        self.buttons.addStretch(1)
        layout.addLayout(self.buttons)
        self.button.clicked.connect(self._toggle)
        self._retranslate()

    def set_episode(self, episode: Episode | None, picture: bytes = b"") -> None:
        """Show an episode with the bytes of its picture; None for none."""
        if self._movie is not None:
            self._movie.stop()
            self._movie.deleteLater()
        self._episode = episode
        self._movie = _movie(picture, self) if episode is not None else None
        self.picture.setMovie(self._movie) if self._movie is not None else self.picture.clear()
        if self._movie is not None and not self._stopped:
            self._movie.start()
        self._retranslate()

    @property
    def episode(self) -> Episode | None:
        """The episode that is shown."""
        return self._episode

    @property
    def playing(self) -> bool:
        """Whether the picture moves."""
        return self._movie is not None and self._movie.state() == QMovie.MovieState.Running

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    @Slot()
    def _toggle(self) -> None:
        self._stopped = not self._stopped
        if self._movie is not None and self._movie.state() == QMovie.MovieState.NotRunning:
            self._movie.start()
        if self._movie is not None:
            self._movie.setPaused(self._stopped)
        self._retranslate()

    def _retranslate(self) -> None:
        self.button.setText(self.tr("Play") if self._stopped else self.tr("Pause"))
        self.button.setVisible(self._episode is not None)
        self.text.setText(self._sentence())
        self.picture.setAccessibleName(self.tr("Episode"))
        self.picture.setAccessibleDescription(self._spelled())

    def _sentence(self) -> str:
        one = self._episode
        if one is None:
            return ""
        what = self.tr("Return {total}, %n step(s)", "", len(one.actions)).format(total=number(one.total))
        return self.tr("{what} · solved").format(what=what) if one.solved else what

    def _spelled(self) -> str:
        """Return the first actions in words."""
        if self._episode is None:
            return ""
        names = [self._words.action(name) for name in self._episode.actions[:_FIRST_ACTIONS]]
        more = ", …" if len(self._episode.actions) > _FIRST_ACTIONS else ""
        return ", ".join(names) + more


def _movie(picture: bytes, parent: QWidget) -> QMovie | None:
    """Return a movie that plays a GIF over and over, as large as there is room for; it owns its bytes.

    None for what is no picture: a movie of that would be at its end at once, again and again.
    """
    made = QMovie(parent)
    data = QBuffer(made)
    data.setData(QByteArray(picture))
    data.open(QIODevice.OpenModeFlag.ReadOnly)
    made.setDevice(data)
    made.setFormat(QByteArray(b"gif"))
    made.setCacheMode(QMovie.CacheMode.CacheAll)
    if not made.isValid() or not made.jumpToFrame(0):
        made.deleteLater()
        return None
    made.setScaledSize(made.currentPixmap().size().scaled(_PICTURE, Qt.AspectRatioMode.KeepAspectRatio))
    made.finished.connect(made.start)
    return made
