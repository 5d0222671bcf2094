"""The words for numbers in the window's language; the words themselves are `protocol/metric_words.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.gui.recipe_words import RecipeWords
from mmbm_desktop.gui.task_words import TaskWords
from mmbm_desktop.protocol.metric_words import metric_words, split_words

if TYPE_CHECKING:
    from PySide6.QtCore import QObject


class MetricWords(RecipeWords):
    """Names numbers in the language of the moment; one without words keeps its own name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = TaskWords(self)

    def metric(self, name: str) -> str:
        """Return what people call a number; what it is about, such as a language, stands behind a comma."""
        return metric_words(name, self._tasks.own_language)

    def split(self, split: str) -> str:
        """Return what people call a part of the data."""
        return split_words(split, self._tasks.own_language)
