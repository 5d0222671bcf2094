"""The card of a run that learns by playing: what it expects of each place, how it played, and a game when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.pages.train.episode_view import EpisodeView
from mmbm_desktop.gui.pages.train.value_map import ValueMap
from mmbm_desktop.gui.training_words import TrainingWords
from mmbm_desktop.gui.widgets.basics import Button, Label
from mmbm_desktop.gui.widgets.section import Section

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.training_agent import TrainingAgent
    from mmbm_desktop.gui.theme.theme import Theme


class AgentPanel(Section):
    """Shows a `TrainingAgent`; hides itself for a run that has nothing of the kind."""

    def __init__(self, agent: TrainingAgent, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._agent = agent
        self._words, self._errors = TrainingWords(self), ErrorTexts(self)
        self.values, self.episode = ValueMap(theme), EpisodeView()
        self.values_title, self.episode_title = Label(kind="small"), Label(kind="small")
        self.play_again, self.notice = Button(), Label(kind="danger", wrap=True)
        self._lay_out()
        self.play_again.clicked.connect(agent.play)
        agent.changed.connect(self._show)
        self.hide()
        self.retranslate()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(32)
        for widgets in ((self.values_title, self.values), (self.episode_title, self.episode)):
            column = QVBoxLayout()
            column.setSpacing(8)
            for widget in widgets:
                column.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            column.addStretch(1)
            row.addLayout(column)
        row.addStretch(1)
        self.episode.buttons.insertWidget(0, self.play_again)
        self.content.addLayout(row)
        self.content.addWidget(self.notice)

    @Slot()
    def _show(self) -> None:
        shown = self._agent.shown
        self.setVisible(shown.values is not None or shown.episode is not None)
        for widget in (self.values, self.values_title):
            widget.setVisible(shown.values is not None)
        self.values.set_grid(shown.values)
        for widget in (self.episode, self.episode_title):
            widget.setVisible(shown.episode is not None)
        if shown.episode != self.episode.episode:
            self.episode.set_episode(shown.episode, shown.picture)
        self.play_again.setVisible(bool(self._agent.bundle))
        self.play_again.setEnabled(not self._agent.playing)
        self.notice.setVisible(self._agent.failure is not None)
        self.retranslate()

    def retranslate(self) -> None:
        self.heading.setText(self.tr("The agent"))
        self.values_title.setText(self.tr("What it expects, and what it does"))
        self.episode_title.setText(self._title())
        self.play_again.setText(self.tr("Playing …") if self._agent.playing else self.tr("Play again"))
        self.play_again.setToolTip(self.tr("Lets the trained agent play an episode that it was never in."))
        if self._agent.failure is not None:
            self.notice.setText(self._errors.sentence(self._agent.failure))
        episode = self._agent.shown.episode
        self.aside.setText("" if episode is None else self._words.choice(episode.environment))

    def _title(self) -> str:
        seed = self._agent.shown.seed
        if seed is None:
            return self.tr("How it played last, without trying anything new")
        return self.tr("How the trained agent plays, episode {seed}").format(seed=seed)
