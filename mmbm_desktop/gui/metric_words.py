"""The words for numbers: what a curve shows and what a report says of a model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mmbm_desktop.gui.recipe_words import RecipeWords

if TYPE_CHECKING:
    from collections.abc import Callable

_FOLD = re.compile(r"accuracy of fold (\w+)")
_F1 = re.compile(r"F1 of (.+)")
_FOUND = re.compile(r"(text-to-image|image-to-text) R@(\d+)")
_RECALL = re.compile(r"recall@(\d+)")
_PROBABLE = re.compile(r"(search|caption) (calibration error \(ECE\)|Brier score)")
_SHORT = re.compile(r"(.+) (en|zh|en-zh|zh-en)")


class MetricWords(RecipeWords):
    """Names numbers in the language of the moment; one without words keeps its own name."""

    def metric(self, name: str) -> str:
        """Return what people call a number; what it is about, such as a language, stands behind a comma."""
        said = self._alone(name)
        if said:
            return said
        what, _, about = name.partition(", ")
        short = _SHORT.fullmatch(what) if not about else None
        if short is not None:
            what, about = short[1], short[2]
        said = self._alone(what) or what
        parts = [self._about(part) for part in about.split(", ")] if about else []
        return ", ".join([said, *parts])

    def _alone(self, name: str) -> str:
        known = {**self._of_curves(), **self._of_classes(), **self._of_words(), **self._of_agents()}
        return known.get(name) or self._numbered(name)

    def _numbered(self, name: str) -> str:
        """Return the words for a name that holds a number or a class; "" for any other."""
        patterns: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
            (_FOLD, lambda found: self.tr("Accuracy of fold {fold}").format(fold=found[1])),
            (_F1, lambda found: self.tr("F1 of {label}").format(label=found[1])),
            (_FOUND, self._found),
            (_RECALL, lambda found: self.tr("Pictures found among the first {count}").format(count=found[1])),
            (_PROBABLE, self._probable),
        )
        matches = ((pattern.fullmatch(name), words) for pattern, words in patterns)
        return next((words(found) for found, words in matches if found is not None), "")

    def _found(self, found: re.Match[str]) -> str:
        if found[1] == "text-to-image":
            return self.tr("Pictures found among the first {count}").format(count=found[2])
        return self.tr("Texts found among the first {count}").format(count=found[2])

    def _probable(self, found: re.Match[str]) -> str:
        brier = found[2].startswith("Brier")
        if found[1] == "search":
            return self.tr("Brier score of hits") if brier else self.tr("Calibration error of hits")
        return self.tr("Brier score of captions") if brier else self.tr("Calibration error of captions")

    def _about(self, part: str) -> str:
        return {
            "English": self.tr("English"),
            "Chinese": self.tr("Chinese"),
            "en": self.tr("English"),
            "zh": self.tr("Chinese"),
            "English to Chinese": self.tr("English to Chinese"),
            "Chinese to English": self.tr("Chinese to English"),
            "en-zh": self.tr("English to Chinese"),
            "zh-en": self.tr("Chinese to English"),
            "by character": self.tr("by character"),
        }.get(part, part)

    def _of_curves(self) -> dict[str, str]:
        return {
            "loss": self.tr("Loss"),
            "rate": self.tr("Learning rate"),
            "learning rate": self.tr("Learning rate"),
            "learning_rate": self.tr("Learning rate"),
            "score": self.tr("Score"),
            "contrast": self.tr("Loss of matching"),
            "caption": self.tr("Loss of captions"),
            "teacher": self.tr("Loss to the teacher"),
            "token": self.tr("Loss per token"),
            "labels": self.tr("Loss of labels"),
            "reward": self.tr("Reward"),
            "greedy": self.tr("Reward of the usual caption"),
            "features": self.tr("Loss of features"),
            "scores": self.tr("Loss of scores"),
            "advantage": self.tr("Advantage"),
            "preference": self.tr("Agreement with thumbs"),
            "kl": self.tr("Divergence from the start"),
            "words": self.tr("Words a caption"),
            "different": self.tr("Share of different captions"),
        }

    def _of_classes(self) -> dict[str, str]:
        return {
            "accuracy": self.tr("Accuracy"),
            "macro F1": self.tr("F1, mean of classes"),
            "mean F1": self.tr("F1, mean of classes"),
            "mean AUROC": self.tr("AUROC, mean of classes"),
            "mean average precision": self.tr("Average precision, mean of classes"),
            "accuracy among all sounds": self.tr("Accuracy among all sounds"),
            "calibration error": self.tr("Calibration error"),
            "expected calibration error": self.tr("Calibration error"),
        }

    def _of_words(self) -> dict[str, str]:
        return {
            "clip accuracy": self.tr("Clips written down right"),
            "word error rate": self.tr("Word error rate"),
            "substitutions": self.tr("Words taken for others"),
            "deletions": self.tr("Words left out"),
            "insertions": self.tr("Words made up"),
        }

    def _of_agents(self) -> dict[str, str]:
        return {
            "return": self.tr("Return"),
            "epsilon": self.tr("Exploration"),
            "steps": self.tr("Moves an episode"),
            "mean return": self.tr("Mean return"),
            "deviation": self.tr("Deviation of returns"),
            "lowest": self.tr("Lowest return"),
            "highest": self.tr("Highest return"),
            "mean steps": self.tr("Moves an episode"),
            "solved from": self.tr("Counts as solved from"),
        }
