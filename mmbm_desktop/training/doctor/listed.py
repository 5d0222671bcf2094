"""Folders whose table says what each picture or recording is: by its columns the kind, by its rows the items."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.media.formats import FileKind, kind_by_name
from mmbm_desktop.protocol.dataset import DataKind, Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.protocol.spoken_words import spoken_words
from mmbm_desktop.training.data.captioned import CAPTION_COLUMNS, captions_of
from mmbm_desktop.training.data.spoken import TEXT_COLUMNS
from mmbm_desktop.training.data.tables import file_of, read_rows, split_of
from mmbm_desktop.training.doctor.survey import Item, Survey, finding, finding_of_each

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.training.doctor.tree import Tree

TABLES = ("captions.jsonl", "transcripts.jsonl", "labels.jsonl", "metadata.jsonl", "metadata.csv")
ARCHIVE = "images.zip"
"""Where the pictures of a table may lie instead of beside it."""
_FIRST_ROWS = 200
_CHECK_EVERY = 1024

Row = dict[str, Any]


def survey_table(folder: Path, table: str, tree: Tree, token: CancelToken) -> Survey:
    """Return what a folder's table lists.

    Raises:
        Cancelled: `token` was cancelled.
        MmbmError: the table's file cannot be read.
    """
    try:
        rows = list(read_rows(folder, (table,)))
        token.check()
        kind = _kind(rows[:_FIRST_ROWS])
        if kind is DataKind.UNKNOWN:
            unlabelled = finding(FindingCode.TABLE_UNUSABLE, Severity.BLOCKER, table=table, reason="no-labels")
            return Survey(kind, findings=[unlabelled])
        reader = _Reader(folder, table, kind)
        for number, row in enumerate(rows):
            if number % _CHECK_EVERY == 0:
                token.check()
            reader.take(number, row)
    except InputFault as error:
        reason = str(error.params.get("reason", error.code))
        unusable = finding(FindingCode.TABLE_UNUSABLE, Severity.BLOCKER, table=table, reason=reason)
        return Survey(DataKind.UNKNOWN, findings=[unusable])
    return reader.survey(tree)


def _kind(rows: list[Row]) -> DataKind:
    """Decide by the kind of most files and by the columns."""
    files = Counter(kind_by_name(str(row.get("file_name") or row.get("file") or "")) for row in rows)
    columns = {column for row in rows for column, value in row.items() if value not in (None, "")}
    if files[FileKind.PHOTO] >= files[FileKind.RECORDING]:
        if columns & set(CAPTION_COLUMNS):
            return DataKind.CAPTIONED_PICTURES
        return DataKind.PICTURE_CLASSES if "label" in columns and files[FileKind.PHOTO] else DataKind.UNKNOWN
    if columns & set(TEXT_COLUMNS):
        return DataKind.TRANSCRIBED_SPEECH
    return DataKind.SOUND_CLASSES if "label" in columns else DataKind.UNKNOWN


@dataclass
class _Reader:
    folder: Path
    table: str
    kind: DataKind
    items: list[Item] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    wordless: list[Item] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    def take(self, number: int, row: Row) -> None:
        """Sort one row.

        Raises:
            InputFault: it names a file outside the folder.
        """
        path = self._path(row)
        label = str(row.get("label") or "").strip()
        if path is None or (not label and self.kind in (DataKind.PICTURE_CLASSES, DataKind.SOUND_CLASSES)):
            line = number + (2 if self.table.endswith(".csv") else 1)
            self.incomplete.append(f"{self.folder / self.table}:{line}")
            return
        item = self._item(path, label, row)
        (self.wordless if self._says_nothing(row) else self.items).append(item)

    def _says_nothing(self, row: Row) -> bool:
        if self.kind is DataKind.CAPTIONED_PICTURES:
            return not captions_of(row)
        return self.kind is DataKind.TRANSCRIBED_SPEECH and not _said(row)

    def _path(self, row: Row) -> str | None:
        """Return a row's file; the resolving of `file_of` is done once a folder, which for many files matters."""
        name = row.get("file_name") or row.get("file")
        if not isinstance(name, str) or "\0" in name:
            return None
        parent, _, last = name.rpartition("/")
        if last in ("", ".", "..") or "\\" in last or Path(name).is_absolute():
            path = file_of(self.folder, row)
            return None if path is None else str(path)
        if parent not in self.known:
            probe = file_of(self.folder, {"file_name": parent}) if parent else self.folder.resolve()
            self.known[parent] = str(probe)
        return f"{self.known[parent]}/{last}"

    def _item(self, path: str, label: str, row: Mapping[str, Any]) -> Item:
        member, archive = "", self.folder / ARCHIVE
        if not Path(path).exists() and archive.is_file():
            path, member = str(archive), str(row.get("file_name") or row.get("file"))
        split = _split(row)
        stretch = row.get("start") is not None or row.get("end") is not None
        return Item(path, member, "" if self.kind not in _WITH_CLASSES else label, split, stretch)

    def survey(self, tree: Tree) -> Survey:
        survey = Survey(self.kind, self.items, dict.fromkeys((item.label for item in self.items if item.label), ""))
        survey.findings += finding_of_each(FindingCode.ROWS_INCOMPLETE, Severity.WARNING, self.incomplete)
        survey.findings += finding_of_each(
            FindingCode.TEXT_EMPTY, Severity.WARNING, [item.name for item in self.wordless]
        )
        listed = {item.path for item in [*self.items, *self.wordless]}
        root = self.folder.resolve()
        media = tree.files[FileKind.PHOTO] + tree.files[FileKind.RECORDING]
        unlisted = [path for name in media if (path := f"{root}/{name}") not in listed]
        survey.findings += finding_of_each(FindingCode.UNLISTED, Severity.NOTE, unlisted)
        return survey


_WITH_CLASSES = (DataKind.PICTURE_CLASSES, DataKind.SOUND_CLASSES)


def _said(row: Row) -> bool:
    return any(spoken_words(row[column]) for column in TEXT_COLUMNS if isinstance(row.get(column), str))


def _split(row: Mapping[str, Any]) -> str:
    """Return the split that a row names, else its fold, else ""."""
    if row.get("split"):
        return split_of(row, "")
    fold = str(row.get("fold") or "").removeprefix("fold")
    return f"fold{fold}" if fold else ""
