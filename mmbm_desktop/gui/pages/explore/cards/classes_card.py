"""What a picture shows by a trained classifier: the most probable class large, the next ones below it with bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu

from mmbm_desktop.gui.pages.explore.cards.card import CLASSES, FeedCard, MadeBy
from mmbm_desktop.gui.pages.explore.cards.set_right import SetRight
from mmbm_desktop.gui.widgets.basics import Button, ElidedLabel, Label
from mmbm_desktop.gui.widgets.picture import Picture
from mmbm_desktop.gui.widgets.time_bar import TimeBar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.gui.widgets.picture import PictureLoader
    from mmbm_desktop.protocol.results import ClassGuess, ClassifyResult

_PICTURE = QSize(128, 96)


class GuessRow:
    """The widgets of one class; the grid of the card holds them."""

    def __init__(self, guess: ClassGuess, theme: Theme, kind: str) -> None:
        self.guess = guess
        line = " ".join(guess.label.split())
        self.name, self.score = ElidedLabel(line, kind), Label(f"{guess.score:.0%}", "small")
        self.bar = TimeBar(theme, 0.0, guess.score, 1.0)
        self.score.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar.setAccessibleName(f"{line}, {self.score.text()}")


class ClassesCard(FeedCard):
    """Shows a `ClassifyResult`; names of classes are the person's own and are never translated.

    A class that is set right is sent by `label_asked` (path, what the model said, the class, the model).
    """

    kind = CLASSES
    label_asked = Signal(str, str, str, str)

    def __init__(
        self, result: ClassifyResult, loader: PictureLoader, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.result = result
        self._task = Label(kind="small")
        looks = ("answer", *("dim" for _ in result.guesses))
        self.rows = [GuessRow(guess, theme, look) for guess, look in zip(result.guesses, looks, strict=False)]
        self.made_by = MadeBy(result.made)
        self.set_right = SetRight([guess.label for guess in result.guesses])
        self.copy, self.more = Button(), Button("⋯")
        self._menu = QMenu(self)
        self._lay_out(loader)
        self.copy.clicked.connect(self.copy_answer)
        self.set_right.chosen.connect(self._chosen)
        self.more.setMenu(self._menu)
        self.retranslate()

    @property
    def path(self) -> str:
        return self.result.path

    @property
    def answer(self) -> str:
        return self.result.guesses[0].label if self.result.guesses else ""

    def _lay_out(self, loader: PictureLoader) -> None:
        self.row.addWidget(Picture(loader, self.result.path, _PICTURE), 0, Qt.AlignmentFlag.AlignTop)
        self.row.addLayout(self.body, 1)
        self.body.addWidget(self._task)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for number, row in enumerate(self.rows):
            for column, widget in enumerate((row.name, row.bar, row.score)):
                grid.addWidget(widget, number, column)
        self.body.addLayout(grid)
        bottom = QHBoxLayout()
        bottom.addWidget(self.made_by, 1)
        bottom.addWidget(self.set_right)
        bottom.addWidget(self.copy)
        bottom.addWidget(self.more)
        self.body.addStretch(1)
        self.body.addLayout(bottom)

    @Slot(str)
    def _chosen(self, label: str) -> None:
        self.label_asked.emit(self.result.path, self.answer, label, self.result.made.model)

    def retranslate(self) -> None:
        self._task.setText(self.tr("Class"))
        best = self.result.guesses[0].score if self.result.guesses else 0.0
        self.made_by.badge.setText(f"{best:.0%}")
        tip = self.tr("How probable the class is among those the model was trained on; it knows no others")
        self.made_by.badge.setToolTip(tip)
        for row in self.rows:
            row.bar.setToolTip(tip)
            row.score.setToolTip(tip)
        self.made_by.retranslate()
        self.copy.setText(self.tr("Copy"))
        self.more.setAccessibleName(self.tr("More"))
        self.setAccessibleName(f"{self._task.text()}: {self.answer}")
        self._menu.clear()
        self._menu.addAction(self.tr("Remove card"), self.ask_remove)
