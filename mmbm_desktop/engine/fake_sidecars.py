"""Canned answers to exports and imports for `FakeEngine`: a file for every item, one that stays, and one failure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.sidecars import (
    ExportRequest,
    ExportResult,
    FileAction,
    ImportedItem,
    ImportRequest,
    ImportResult,
    PlannedFile,
)
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.results import Item


def answer(request: ExportRequest | ImportRequest, stored: Sequence[Item]) -> ExportResult | ImportResult:
    """Return the usual answer over a library of `stored` items."""
    if isinstance(request, ImportRequest):
        items = tuple(ImportedItem(item.path, ("en",)) for item in stored[:2])
        return ImportResult(4, len(items), 1, items, (), request.dry_run)
    chosen = [item for item in stored if request.items is None or item.id in request.items]
    photos = [item for item in chosen if item.kind is MediaKind.PHOTO]
    files = [PlannedFile(f"{item.path}.{form}", FileAction.WRITE) for item in photos for form in request.forms]
    failed: tuple[ItemFailure, ...] = ()
    if request.table:
        files.append(PlannedFile(request.table, FileAction.WRITE))
    if len(files) > 2:
        files[1] = PlannedFile(files[1].path, FileAction.KEEP, "exists")
        fault = InputFault(ErrorCode.SIDECAR_INVALID, reason="not-xmp")
        failed = (ItemFailure(files.pop().path, Failure.of(fault)),)
    counts = dict(Counter(one.action for one in files))
    shown = tuple(files[: request.listed])
    return ExportResult(len(chosen), len(chosen) - len(photos), shown, failed, counts, request.dry_run)
