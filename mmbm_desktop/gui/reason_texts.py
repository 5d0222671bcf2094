"""The words for the reasons of errors about data and training, which end a sentence of `error_texts`. Nothing else."""

from __future__ import annotations

from PySide6.QtCore import QObject


class ReasonTexts(QObject):
    """Makes half-sentences from reason codes, in the language of the moment."""

    def reason(self, code: str) -> str:
        """Return what a reason means; what is no code of ours comes back as it is."""
        return {**self._of_data(), **self._of_capturing(), **self._of_training(), **self._of_sidecars()}.get(code, code)

    def _of_sidecars(self) -> dict[str, str]:
        return {
            "not-xml": self.tr("it is not well-formed XML"),
            "not-xmp": self.tr("it is not XMP"),
            "has-dtd": self.tr("it has a document type, which XMP must not have"),
            "unusual-xmp": self.tr("its description or subject is written in a way that could lose something"),
            "not-utf8": self.tr("it is not Unicode text"),
            "too-large": self.tr("it is too large for a sidecar"),
            "same-name": self.tr("several files share this name; use whole names"),
            "not-in-library": self.tr("its picture or recording is not in the library"),
            "other-columns": self.tr("the table there has other columns"),
            "not-a-table": self.tr("it is no table that can be read"),
            "no-cues": self.tr("no line of it has times"),
            "not-a-transcript": self.tr("it is no transcript"),
        }

    def _of_data(self) -> dict[str, str]:
        return {
            "no-table": self.tr("there is no metadata.jsonl, metadata.csv or captions.jsonl"),
            "no-text-table": self.tr("there is no .tsv or .tsv.gz file"),
            "no-captions": self.tr("no column holds captions"),
            "no-pairs": self.tr("no table has columns en and zh, or two columns of text"),
            "too-few-pairs": self.tr("there are too few pairs of sentences"),
            "too-few-pictures": self.tr("there are too few pictures"),
            "table-unreadable": self.tr("the table cannot be read"),
            "outside-folder": self.tr("the table names a file outside the folder"),
            "no-readable-picture": self.tr("no picture can be read"),
            "no-sounds": self.tr(
                "there is no labels.jsonl, metadata.jsonl or metadata.csv, and no folder of recordings for each sound"
            ),
            "no-labels": self.tr("no row has both a file and a label"),
            "too-few-sounds": self.tr("there are too few labelled recordings"),
            "no-classes": self.tr("there is no folder of pictures for each class, and no table with files and labels"),
            "one-class": self.tr("all pictures are of one class; two are the least"),
            "no-readable-sound": self.tr("no recording can be read"),
        }

    def _of_capturing(self) -> dict[str, str]:
        return {
            "name-empty": self.tr("nothing is left of it that a folder could be called"),
            "name-long": self.tr("it is too long for a folder"),
            "name-split": self.tr("a folder of that name is taken for a part of the data"),
            "name-taken": self.tr("another class has it but for capitals or the like"),
            "has-splits": self.tr("it is divided into folders for training and test; capture into a new one"),
            "has-table": self.tr("a table says what its files are; capture into a new folder"),
        }

    def _of_training(self) -> dict[str, str]:
        return {
            "unknown-role": self.tr("a further folder has a role that the recipe does not know"),
            "loss-not-finite": self.tr("the loss is no longer a number; try a smaller learning rate"),
            "process-ended": self.tr(
                "the training process ended without a word, often for want of memory; it can be resumed"
            ),
            "task-data-name": self.tr("a task, a data folder and a name are needed; an agent needs no data"),
            "run-busy": self.tr("another process works on this run"),
            "search-busy": self.tr("another process works on this search"),
            "all-trials-failed": self.tr("every trial failed; a lower learning rate or other data may help"),
            "bad-name": self.tr(
                "a name has small letters, digits, dots and hyphens, and begins with a letter or digit"
            ),
            "only-dictates": self.tr(
                "PocketSphinx, which takes dictation, cannot learn; a model of spoken commands that you trained can"
            ),
            "other-letters": self.tr("too few corrected transcripts have only letters that the model knows"),
            "recordings-too-long": self.tr("too few corrected recordings are as short as commands, 15 s at most"),
            "one-device": self.tr("what this learns cannot be shared out among several GPUs; choose one of them"),
            "no-synthesiser": self.tr("espeak-ng is not installed; it says the words"),
            "synthesiser-failed": self.tr("espeak-ng cannot say the words"),
            "checkpoint-damaged": self.tr("the checkpoint is damaged"),
            "checkpoint-of-another-network": self.tr("the checkpoint is of another network"),
            "no-network": self.tr("it is a table of values, not a network"),
            "not-convertible": self.tr("the converter refuses it; the log has the details"),
            "export-unreadable": self.tr("what was written cannot be read again, so it was deleted"),
            "export-differs": self.tr("what was written does not answer like the model, so it was deleted"),
        }
