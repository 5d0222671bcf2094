"""What becomes of a table that an export is written to: made, grown by rows that it has not, replaced, or kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.library.sidecars.encoded import FileText, read_text
from mmbm_desktop.library.sidecars.plan import EXISTS, SAME, Proposal, backup_of
from mmbm_desktop.library.sidecars.tables import COLUMNS, TABLE_SUFFIXES, cell, encoded_rows, rows_of
from mmbm_desktop.protocol.sidecars import Existing, FileAction, PlannedFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, object]


def table_suffix(path: str) -> str:
    """Return ".csv" or ".jsonl".

    Raises:
        InputFault: UNSUPPORTED_TYPE, a table of another kind.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise InputFault(ErrorCode.UNSUPPORTED_TYPE, path=path, suffix=suffix)
    return suffix


def table_proposal(path: str, rows: Sequence[Row], existing: Existing) -> Proposal:
    """Return what would be written into a table of items.

    Raises:
        InputFault: UNSUPPORTED_TYPE; SIDECAR_INVALID, the file there is no such table; FOLDER_NOT_FOUND.
    """
    file, suffix = Path(path), table_suffix(path)
    if not file.parent.is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(file.parent))
    old = read_text(file)
    if old is None or (not old.text.strip() and existing is not Existing.KEEP):
        return Proposal(PlannedFile(path, FileAction.WRITE), encoded_rows(rows, COLUMNS, suffix))
    if existing is Existing.APPEND:
        return _grown(path, suffix, old, rows)
    data = encoded_rows(rows, COLUMNS, suffix)
    if old.encoded(old.text) == data:
        return Proposal(PlannedFile(path, FileAction.KEEP, SAME))
    if existing is Existing.KEEP:
        return Proposal(PlannedFile(path, FileAction.KEEP, EXISTS))
    return Proposal(PlannedFile(path, FileAction.OVERWRITE, backup=backup_of(file)), data)


def _grown(path: str, suffix: str, old: FileText, rows: Sequence[Row]) -> Proposal:
    has = {str(row.get("path")) for row in rows_of(old.text, suffix)}
    new = [row for row in rows if (cell(row["path"]) if suffix == ".csv" else row["path"]) not in has]
    data = encoded_rows(new, COLUMNS, suffix, old)
    if not new:
        return Proposal(PlannedFile(path, FileAction.KEEP, SAME))
    return Proposal(PlannedFile(path, FileAction.APPEND), data)
