"""Recognises how a data folder is laid out: a table, tables of pairs, or a folder for each class. Opens only tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.media.formats import FileKind
from mmbm_desktop.protocol.dataset import DataKind, Severity
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.data.class_folders import has_split_folders
from mmbm_desktop.training.data.pairs import TABLE_ENDS
from mmbm_desktop.training.data.tables import named_split
from mmbm_desktop.training.doctor.listed import TABLES, survey_table
from mmbm_desktop.training.doctor.pair_tables import survey_pairs
from mmbm_desktop.training.doctor.survey import Item, Survey, finding, finding_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.protocol.dataset import Finding
    from mmbm_desktop.training.doctor.tree import Tree

_KINDS = {FileKind.PHOTO: DataKind.PICTURE_CLASSES, FileKind.RECORDING: DataKind.SOUND_CLASSES}
_LEFT_ALONE = ("readme", "licence", "license", *TABLES)


def recognise(folder: Path, tree: Tree, token: CancelToken) -> Survey:
    """Return what a folder is and what it lists.

    Raises:
        Cancelled: `token` was cancelled.
        MmbmError: a table's file cannot be read.
    """
    at_root = set(tree.at_root())
    table = next((name for name in TABLES if name in at_root), None)
    if table is not None:
        survey = survey_table(folder, table, tree, token)
    elif tables := _tables_of_splits(tree):
        survey = _by_split_tables(folder, tables, tree, token)
    elif any(name.lower().endswith(TABLE_ENDS) for name in at_root) and not _media(tree):
        survey = survey_pairs(folder, token)
    else:
        survey = _by_folders(folder, tree)
        survey.findings += _ignored(folder, tree)
    survey.findings += _places(folder, tree)
    return survey


def _tables_of_splits(tree: Tree) -> dict[str, str]:
    """Return the table of each top folder where all of these are splits with a table of their own, else nothing."""
    tops = [name for name in tree.folders if "/" not in name]
    names = {name for names in tree.files.values() for name in names}
    found = {top: next((table for table in TABLES if f"{top}/{table}" in names), "") for top in sorted(tops)}
    return found if all(named_split(top) and table for top, table in found.items()) else {}


def _by_split_tables(folder: Path, tables: dict[str, str], tree: Tree, token: CancelToken) -> Survey:
    """Return the pictures with labels that the splits' tables list; other recipes want one table for the whole."""
    whole = Survey(DataKind.PICTURE_CLASSES)
    for top, table in tables.items():
        survey = survey_table(folder / top, table, tree.below(top), token)
        if survey.kind is not DataKind.PICTURE_CLASSES:
            told = finding(FindingCode.TABLE_UNUSABLE, Severity.BLOCKER, table=f"{top}/{table}", reason="no-table")
            return Survey(DataKind.UNKNOWN, findings=survey.findings or [told])
        whole.items += [replace(item, split=named_split(top)) for item in survey.items]
        whole.classes |= survey.classes
        whole.findings += survey.findings
    return whole


def _media(tree: Tree) -> bool:
    return bool(tree.files[FileKind.PHOTO] or tree.files[FileKind.RECORDING])


def _by_folders(folder: Path, tree: Tree) -> Survey:
    pictures, recordings = tree.files[FileKind.PHOTO], tree.files[FileKind.RECORDING]
    if not pictures and not recordings:
        return Survey(DataKind.UNKNOWN, findings=[finding(FindingCode.NOTHING_FOUND, Severity.BLOCKER)])
    used, other = FileKind.PHOTO, recordings
    if len(recordings) > len(pictures):
        used, other = FileKind.RECORDING, pictures
    depth = 2 if has_split_folders(tree.files[used]) else 1
    deep = used is FileKind.PHOTO
    items = list(_items(folder, tree.files[used], depth, deep=deep))
    if not items or _only_splits(items) or (depth == 1 and _inside(tree.files[used])):
        return Survey(DataKind.UNKNOWN, findings=[_unknown(tree, used)])
    survey = Survey(_KINDS[used], items, _classes(folder, tree, items, depth))
    levels = [name.count("/") for name in tree.files[used]]
    by_level = list(zip(levels, (f"{folder}/{name}" for name in tree.files[used]), strict=True))
    beside = [path for level, path in by_level if level < depth]
    deeper = [path for level, path in by_level if level > depth and not deep]
    survey.findings += finding_of_each(FindingCode.UNSORTED, Severity.NOTE, beside)
    survey.findings += finding_of_each(FindingCode.TOO_DEEP, Severity.WARNING, deeper)
    left_out = [f"{folder}/{name}" for name in other]
    survey.findings += finding_of_each(FindingCode.KINDS_MIXED, Severity.WARNING, left_out, used=str(used))
    return survey


def _unknown(tree: Tree, used: FileKind) -> Finding:
    pictures, recordings = len(tree.files[FileKind.PHOTO]), len(tree.files[FileKind.RECORDING])
    inside = _inside(tree.files[used])
    code, severity = FindingCode.KIND_UNKNOWN, Severity.BLOCKER
    return finding(code, severity, pictures=pictures, recordings=recordings, inside=inside)


def _items(folder: Path, names: Sequence[str], depth: int, *, deep: bool) -> Iterator[Item]:
    """Yield the items of classes whose folders are `depth` levels down; `deep`: files may lie further down in them."""
    for name in names:
        parts = name.split("/")
        if len(parts) == depth + 1 or (deep and len(parts) > depth):
            split = named_split(parts[0]) if depth == 2 else ""
            yield Item(f"{folder}/{name}", label=parts[depth - 1], split=split)


def _only_splits(items: Sequence[Item]) -> bool:
    """Whether the "classes" are train, val and test: a folder of splits without classes below."""
    return not items[0].split and all(named_split(item.label) for item in items)


def _classes(folder: Path, tree: Tree, items: Sequence[Item], depth: int) -> dict[str, str]:
    classes: dict[str, str] = {}
    for name in tree.folders:
        parts = name.split("/")
        if len(parts) == depth and (depth == 1 or named_split(parts[0])):
            classes.setdefault(parts[-1], f"{folder}/{name}")
    return {item.label: "" for item in items} | classes


def _inside(names: Sequence[str]) -> str:
    """Return the folder that everything lies in and that is laid out by class itself; "" where there is none."""
    tops = {name.split("/")[0] for name in names}
    top = tops.pop()
    if tops or not all(name.count("/") >= 2 for name in names):
        return ""
    below = [name.removeprefix(f"{top}/") for name in names]
    return top if any(name.count("/") == 1 for name in below) or has_split_folders(below) else _deeper(top, below)


def _deeper(top: str, below: Sequence[str]) -> str:
    inside = _inside(below)
    return f"{top}/{inside}" if inside else ""


def _ignored(folder: Path, tree: Tree) -> Iterator[Finding]:
    by_suffix: dict[str, list[str]] = {}
    for kind in (FileKind.TEXT, FileKind.OTHER):
        for name in tree.files[kind]:
            if not name.rsplit("/", 1)[-1].lower().startswith(_LEFT_ALONE):
                by_suffix.setdefault(Path(name).suffix.lower(), []).append(f"{folder}/{name}")
    for suffix, paths in sorted(by_suffix.items()):
        yield from finding_of_each(FindingCode.IGNORED, Severity.NOTE, paths, suffix=suffix)


def _places(folder: Path, tree: Tree) -> Iterator[Finding]:
    for code, severity, names in (
        (FindingCode.FOLDER_UNREADABLE, Severity.WARNING, tree.unreadable),
        (FindingCode.LINK_LOOP, Severity.NOTE, tree.loops),
        (FindingCode.TOO_DEEP, Severity.WARNING, tree.too_deep),
    ):
        yield from finding_of_each(code, severity, [f"{folder}/{name}" for name in names])
    if tree.hidden:
        hidden = [f"{folder}/{name}" for name in tree.hidden]
        label = Path(hidden[0]).name
        yield from finding_of_each(FindingCode.NAME_ODD, Severity.WARNING, hidden, label=label, problem="hidden")
