"""The words for what the data doctor noticed. A code that is not known here still shows, with what it came with."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from mmbm_desktop.protocol.dataset import Finding


class FindingWords(QObject):
    """Makes sentences from findings in the language of the moment."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errors = ErrorTexts(self)

    def sentence(self, finding: Finding) -> str:
        """Return what was noticed and why it matters."""
        sentences = {**self._of_folder(), **self._of_classes(), **self._of_copies(), **self._of_sound_and_words()}
        template = sentences.get(finding.code)
        if template is None:
            return self._unknown(finding)
        known: defaultdict[str, object] = defaultdict(lambda: "?", self._readable(finding))
        return template.format_map(known).strip()

    def _unknown(self, finding: Finding) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in finding.params.items())
        name = finding.code.replace("-", " ").capitalize()
        return f"{name}: {facts}" if facts else name

    def _readable(self, finding: Finding) -> dict[str, object]:
        """Return the parameters with words for those that are codes, and separators in whole numbers."""
        found: dict[str, object] = {
            name: f"{value:,}" if type(value) is int else value for name, value in finding.params.items()
        }
        reason = str(finding.params.get("reason", ""))
        if finding.code == "unreadable":
            found["reason"] = self._error(reason)
        elif finding.code == "mislabels-unchecked":
            found["reason"] = self._unchecked().get(reason, reason)
        elif finding.code == "name-odd":
            problem = str(finding.params.get("problem", ""))
            found["problem"] = self._odd().get(problem, problem)
        elif finding.code == "kinds-mixed":
            found["used"] = self.tr("pictures") if finding.params.get("used") == "photo" else self.tr("recordings")
        return found

    def _error(self, code: str) -> str:
        try:
            return self._errors.sentence(Failure(ErrorCode(code), Fault.INPUT))
        except ValueError:
            return code

    def _unchecked(self) -> dict[str, str]:
        return {
            "no-model": self.tr("no installed model sees pictures"),
            "few": self.tr("there are too few"),
            "unsure": self.tr("the installed model cannot tell these classes apart"),
        }

    def _odd(self) -> dict[str, str]:
        return {
            "hidden": self.tr("it begins with a dot and was left out"),
            "long": self.tr("it is very long"),
            "slash": self.tr("it holds a slash"),
            "spaces": self.tr("it begins or ends with spaces"),
            "control": self.tr("it holds characters that cannot be seen"),
            "not-text": self.tr("it is not readable text"),
        }

    def _of_folder(self) -> dict[str, str]:
        return {
            "nothing-found": self.tr("There is no picture, recording or table in this folder."),
            "kind-unknown": self.tr(
                "The layout is not one that can be learned from (pictures: {pictures}, recordings: {recordings}). "
                "Make a folder per class, or a table metadata.csv with file names and captions."
            ),
            "kinds-mixed": self.tr("Pictures and recordings are mixed; only {used} are used. Files left out: {count}."),
            "table-unusable": self.tr("The table {table} cannot be used: {reason}."),
            "folder-unreadable": self.tr("Folders that cannot be opened: {count}."),
            "link-loop": self.tr("Links back to a folder that was already visited: {count}."),
            "too-deep": self.tr("Files that lie deeper than training looks: {count}."),
            "unsorted": self.tr("Files beside the folders of classes, which belong to none: {count}."),
            "ignored": self.tr("Files of the kind “{suffix}”, which are not used: {count}."),
            "too-few": self.tr("Too little to learn from: usable items {items}, at least {needed} are needed."),
            "unreadable": self.tr("Files that cannot be used: {count}. {reason}"),
            "missing": self.tr("Files of the table that are not there: {count}."),
            "unlisted": self.tr("Files that are in no table: {count}."),
            "rows-incomplete": self.tr("Rows of the table without a file or a label: {count}."),
            "split-unknown": self.tr("The part “{split}” is not used by any training. Items in it: {count}."),
        }

    def _of_classes(self) -> dict[str, str]:
        return {
            "one-class": self.tr("There is only one class, “{label}”; at least two are needed."),
            "class-empty": self.tr("“{label}” holds nothing usable."),
            "class-small": self.tr("“{label}” is small: {items}. A class is usually learned from {wanted} items on."),
            "imbalanced": self.tr(
                "“{largest}” is much larger ({most}) than “{smallest}” ({fewest}): "
                "the small class will be guessed too seldom."
            ),
            "name-odd": self.tr("The class name “{label}” is unusual: {problem}."),
            "names-alike": self.tr("“{first}” and “{second}” look like the same class."),
            "mislabelled": self.tr("Items of “{label}” that look like “{other}”: {count}."),
            "mislabels-sampled": self.tr("Labels were compared with the pictures of {items} out of {of} items."),
            "mislabels-unchecked": self.tr("Labels were not compared with the pictures: {reason}."),
        }

    def _of_copies(self) -> dict[str, str]:
        return {
            "same": self.tr("The same file more than once in a class: {count} times."),
            "same-across-classes": self.tr("The same file with different labels: {count} times."),
            "same-across-splits": self.tr(
                "The same file in more than one part of the data: {count} times. The numbers will look too good."
            ),
            "alike": self.tr("Nearly the same picture in a class: {count} times."),
            "alike-across-classes": self.tr("Nearly the same picture with different labels: {count} times."),
            "alike-across-splits": self.tr(
                "Nearly the same picture in more than one part of the data: {count} times. "
                "The numbers will look too good."
            ),
        }

    def _of_sound_and_words(self) -> dict[str, str]:
        return {
            "silent": self.tr("Recordings in which nothing can be heard: {count}."),
            "clipped": self.tr("Recordings that are too loud, the tops of their waves cut off: {count}."),
            "short": self.tr("Recordings shorter than {seconds} s: {count}."),
            "long": self.tr("Recordings longer than {seconds} s: {count}."),
            "rates-mixed": self.tr("The recordings have different sample rates: {rates} Hz. They are made alike."),
            "text-empty": self.tr("Items without a text: {count}."),
            "pairs-same": self.tr("Pairs with the same words on both sides: {count}."),
            "pairs-unused": self.tr("Pairs that are not English and Chinese, or not in that order: {count}."),
            "pairs-repeated": self.tr("Rows that repeat a pair: {count}."),
            "pairs-uneven": self.tr("Pairs of which one side is much longer than usual: {count}."),
            "text-across-splits": self.tr(
                "Texts in training and in another part as well: {count}. The numbers will look too good."
            ),
        }
