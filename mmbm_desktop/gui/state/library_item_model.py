"""The library's items as a Qt table: pages of everything, or scored hits. No row costs anything before it is shown."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
    Signal,
)

from mmbm_desktop.gui.fact_words import date_text, size_text
from mmbm_desktop.gui.hit_words import HitWords, found_by_words
from mmbm_desktop.gui.state.library_merge import plan_merge
from mmbm_desktop.protocol.results import Hit, Item
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Row = Item | Hit
    Index = QModelIndex | QPersistentModelIndex

PROBABLE_SHARE = 0.6
"""Without probabilities, a hit whose score is below this share of the best one's is "probably not what you meant".

Cosine similarities of different models have different ranges; a share of the best score needs no knowledge of them.
"""
_TIP_LETTERS = 300


class Column(IntEnum):
    """What the columns of the list show."""

    NAME = 0
    KIND = 1
    CAPTION = 2
    DATE = 3
    SIZE = 4
    SCORE = 5


class ItemRole(IntEnum):
    """What a row can be asked for besides Qt's own roles."""

    ITEM = Qt.ItemDataRole.UserRole
    SCORE = Qt.ItemDataRole.UserRole + 1
    UNLIKELY = Qt.ItemDataRole.UserRole + 2
    WHY = Qt.ItemDataRole.UserRole + 3
    BADGE = Qt.ItemDataRole.UserRole + 4


def item_of(row: Row) -> Item:
    """Return the item of a row, scored or not."""
    return row.item if isinstance(row, Hit) else row


def file_name(item: Item) -> str:
    """Return the last part of an item's path, as this or another system writes it."""
    return item.path.replace("\\", "/").rpartition("/")[2]


def title_of(item: Item, language: str) -> str:
    """Return what an item shows as its name: its caption in `language`, the other one, its transcript, or its file.

    A recording in which nothing is said shows its sounds; a note its first line.
    """
    if item.kind is MediaKind.TEXT:
        lines = (line.strip(" #*=-\t") for line in item.text.splitlines())
        return next(filter(None, lines), Path(item.path).name)
    if item.kind is MediaKind.RECORDING:
        sounds = dict.fromkeys(one.name(language) for one in item.sounds)
        return item.transcript or ", ".join(sounds) or Path(item.path).name
    own, other = (item.caption_zh, item.caption_en) if language == "zh" else (item.caption_en, item.caption_zh)
    return own or other or Path(item.path).name


def first_unlikely_row(rows: Sequence[Row], nothing_below: float | None = None) -> int:
    """Return the row after the last probable hit; the number of rows where all are probable.

    A hit is probable from `nothing_below` on, and when the words of the query were found; without `nothing_below` the
    scores of the others decide (see `PROBABLE_SHARE`).
    """
    if not rows or not isinstance(rows[0], Hit):
        return len(rows)
    hits = [row for row in rows if isinstance(row, Hit)]
    best = max(hit.score for hit in hits)
    least = PROBABLE_SHARE * best if best > 0 else float("inf")
    probable = [row for row, hit in enumerate(hits) if _is_probable(hit, nothing_below, least)]
    return probable[-1] + 1 if probable else 0


def _is_probable(hit: Hit, nothing_below: float | None, least_score: float) -> bool:
    if found_by_words(hit):
        return True
    if nothing_below is None:
        return hit.score >= least_score
    return hit.probability is None or hit.probability >= nothing_below


class LibraryItemModel(QAbstractTableModel):
    """Rows of grid and list. `page_wanted` asks for the items from an offset on; `append` brings them.

    The first column stands for the whole item; the others are the list's, see `Column`.
    """

    page_wanted = Signal(int)
    boundary_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._total = 0
        self._first_unlikely = 0
        self._nothing_below: float | None = None
        self._words = HitWords(self)
        self._wanted_offset: int | None = None
        self._row_of_id: dict[int, int] | None = None
        self._language = "en"
        self._aspects: dict[int, Callable[[int], object]] = {
            ItemRole.ITEM: self.item,
            ItemRole.SCORE: self._score,
            ItemRole.UNLIKELY: self.is_unlikely,
            ItemRole.WHY: self._why,
            ItemRole.BADGE: self.badge,
            Qt.ItemDataRole.DisplayRole: self.title,
            Qt.ItemDataRole.ToolTipRole: self._tip,
            Qt.ItemDataRole.AccessibleTextRole: self._spoken,
        }

    @property
    def total(self) -> int:
        """How many items there are, with those not yet fetched."""
        return self._total

    @property
    def first_unlikely(self) -> int:
        """The first row that is probably not what was meant; the number of rows where there is none."""
        return self._first_unlikely

    def item(self, row: int) -> Item:
        """Return the item shown in `row`."""
        return item_of(self._rows[row])

    def title(self, row: int) -> str:
        """Return what the item in `row` shows as its name."""
        return title_of(self.item(row), self._language)

    def badge(self, row: int) -> str:
        """Return the few letters on a hit's picture; none without hits."""
        hit = self._rows[row]
        return self._words.badge(hit) if isinstance(hit, Hit) else ""

    def is_unlikely(self, row: int) -> bool:
        """Whether `row` is probably not what was meant."""
        return row >= self._first_unlikely

    def row_of(self, item_id: int) -> int | None:
        """Return the row that shows an item."""
        if self._row_of_id is None:
            self._row_of_id = {item_of(row).id: number for number, row in enumerate(self._rows)}
        return self._row_of_id.get(item_id)

    def set_language(self, language: str) -> None:
        """Prefer captions in `language` ("en" or "zh") as names of rows."""
        if language != self._language:
            self._language = language
            self._tell_changed(0, len(self._rows) - 1)

    @property
    def nothing_likely(self) -> bool:
        """Whether there are hits and even the first is probably not what was meant."""
        return bool(self._rows) and self._first_unlikely == 0

    def replace(self, rows: Sequence[Row], total: int, nothing_below: float | None = None) -> None:
        """Show other rows; selection and scroll position start anew. Hits are probable from `nothing_below` on."""
        self.beginResetModel()
        self._nothing_below = nothing_below
        self._take(list(rows), total)
        self.endResetModel()
        self.boundary_changed.emit()

    def append(self, offset: int, rows: Sequence[Row], total: int) -> None:
        """Add a page of items that was wanted; one for another offset is ignored."""
        if offset != len(self._rows):
            return
        self._wanted_offset = None
        self._total = total
        fresh = [row for row in rows if self.row_of(item_of(row).id) is None]
        if not fresh:
            self._total = len(self._rows)
            return
        self.beginInsertRows(QModelIndex(), offset, offset + len(fresh) - 1)
        self._extend(fresh)
        self.endInsertRows()

    def _extend(self, fresh: Sequence[Row]) -> None:
        """Add rows at the end, at a cost that does not grow with what is there."""
        known = self._row_of_id if self._row_of_id is not None else {}
        known.update((item_of(row).id, number) for number, row in enumerate(fresh, len(self._rows)))
        self._rows.extend(fresh)
        self._first_unlikely = len(self._rows)
        self._total = max(self._total, len(self._rows))

    def merge(self, rows: Sequence[Row], total: int, nothing_below: float | None = None) -> None:
        """Bring the rows up to date and keep what is selected selected, where it is still there."""
        self._nothing_below = nothing_below
        new = list(rows)
        new_ids = [item_of(row).id for row in new]
        plan = plan_merge([item_of(row).id for row in self._rows], new_ids)
        for first, last in plan.removals:
            self.beginRemoveRows(QModelIndex(), first, last)
            self._take(self._rows[:first] + self._rows[last + 1 :], self._total)
            self.endRemoveRows()
        if plan.moved:
            self._reorder({identity: place for place, identity in enumerate(new_ids)})
        for first, last in plan.insertions:
            self.beginInsertRows(QModelIndex(), first, last)
            self._take(self._rows[:first] + new[first : last + 1] + self._rows[first:], self._total)
            self.endInsertRows()
        self._take(new, total)
        self._tell_changed(0, len(new) - 1)
        self.boundary_changed.emit()

    def update_items(self, items: Iterable[Item]) -> None:
        """Show the new state of items that have a row; others are ignored."""
        for item in items:
            row = self.row_of(item.id)
            if row is None:
                continue
            old = self._rows[row]
            self._rows[row] = replace(old, item=item) if isinstance(old, Hit) else item
            self._tell_changed(row, row)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many rows are loaded."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many columns the list has."""
        return 0 if parent.isValid() else len(Column)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are items that were neither loaded nor asked for."""
        return not parent.isValid() and len(self._rows) < self._total and self._wanted_offset is None

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page."""
        if self.canFetchMore(parent):
            self._wanted_offset = len(self._rows)
            self.page_wanted.emit(self._wanted_offset)

    def give_up_page(self) -> None:
        """Note that the wanted page will not come, so that it may be asked for again."""
        self._wanted_offset = None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return one aspect of a row; see `ItemRole`."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole and index.column() != Column.NAME:
            return self.cell(index.row(), Column(index.column()))
        aspect = self._aspects.get(role)
        return aspect(index.row()) if aspect else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Return the name of a column."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = (
            self.tr("Name"),
            self.tr("Kind"),
            self.tr("Caption"),
            self.tr("Date"),
            self.tr("Size"),
            self.tr("Score"),
        )
        return names[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be selected and dragged out."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren if index.isValid() else flags

    def mimeTypes(self) -> list[str]:
        """Rows leave the window as files."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the file URLs of rows."""
        mime = QMimeData()
        rows = dict.fromkeys(index.row() for index in indexes)
        mime.setUrls([QUrl.fromLocalFile(self.item(row).path) for row in rows])
        return mime

    def supportedDragActions(self) -> Qt.DropAction:
        """Dragging out copies, whatever key is held: files are never moved by this program."""
        return Qt.DropAction.CopyAction

    def _take(self, rows: list[Row], total: int) -> None:
        self._rows = rows
        self._total = max(total, len(rows))
        self._first_unlikely = first_unlikely_row(rows, self._nothing_below)
        self._row_of_id = None
        self._wanted_offset = None

    def _reorder(self, place: dict[int, int]) -> None:
        self.layoutAboutToBeChanged.emit()
        persistent = self.persistentIndexList()
        ids = [self.item(index.row()).id for index in persistent]
        self._take(sorted(self._rows, key=lambda row: place[item_of(row).id]), self._total)
        moved = [
            self.index(self.row_of(identity) or 0, index.column())
            for identity, index in zip(ids, persistent, strict=True)
        ]
        self.changePersistentIndexList(persistent, moved)
        self.layoutChanged.emit()

    def _tell_changed(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def cell(self, number: int, column: Column) -> str:
        """Return the text of the list's cell in row `number`."""
        item = self.item(number)
        match column:
            case Column.KIND:
                return self.tr("Photo") if item.kind is MediaKind.PHOTO else self.tr("Recording")
            case Column.CAPTION:
                title = title_of(item, self._language)
                return "" if title == file_name(item) else title
            case Column.DATE:
                return date_text(item.modified_s)
            case Column.SIZE:
                return size_text(item.size_bytes)
            case Column.SCORE:
                return self.badge(number)
            case _:
                return file_name(item)

    def _score(self, number: int) -> float | None:
        row = self._rows[number]
        return row.score if isinstance(row, Hit) else None

    def _why(self, number: int) -> tuple[tuple[str, float], ...]:
        row = self._rows[number]
        return row.why if isinstance(row, Hit) else ()

    def _tip(self, number: int) -> str:
        row, item = self._rows[number], self.item(number)
        meaning = self._words.meaning(row) if isinstance(row, Hit) else ""
        lines = (
            item.caption_en,
            item.caption_zh,
            item.transcript,
            item.text[:_TIP_LETTERS],
            Path(item.path).name,
            meaning,
        )
        return "\n".join(line for line in lines if line)

    def _spoken(self, number: int) -> str:
        names = {MediaKind.PHOTO: self.tr("Photo"), MediaKind.RECORDING: self.tr("Recording")}
        kind = names.get(self.item(number).kind, self.tr("Note"))
        words = self.tr("{kind}: {title}").format(kind=kind, title=self.title(number))
        row = self._rows[number]
        if not isinstance(row, Hit):
            return words
        return self.tr("{words}, {found}").format(words=words, found=self._words.spoken(row))
