"""Writes what the library knows beside its files and into tables, or says what would be written. Changes no item."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.library.sidecars.described import Described
from mmbm_desktop.library.sidecars.plan import Planner, apply, has_words
from mmbm_desktop.library.sidecars.table_plan import table_proposal, table_suffix
from mmbm_desktop.library.sidecars.tables import item_row
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.sidecars import ExportRequest, ExportResult, FileAction, PlannedFile, SidecarForm
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.library.sidecars.plan import Proposal
    from mmbm_desktop.protocol.results import Item

READ_AT_ONCE = 200
_TIMED = (SidecarForm.SRT, SidecarForm.VTT, SidecarForm.JSON)


class SidecarExport:
    """Answers `ExportRequest`s; a file that cannot be written is named, the others are written."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def run(self, job: RunningJob) -> ExportResult:
        """Export a job's items; sidecars that were written before a cancel stay, a table is written at the end.

        Raises:
            Cancelled: the job was cancelled.
            InputFault: UNSUPPORTED_TYPE, the table is neither .csv nor .jsonl.
            MmbmError: the library cannot be read.
        """
        request = cast("ExportRequest", job.request)
        if request.table:
            table_suffix(request.table)
        ids = request.items if request.items is not None else tuple(sorted(self._library.ids(request.filters)))
        done = _Export(request)
        for item in self._items(ids, job):
            done.take(self._described(item, request))
        job.token.check()
        done.write_table()
        return done.result()

    def _items(self, ids: Sequence[int], job: RunningJob) -> Iterator[Item]:
        for start in range(0, len(ids), READ_AT_ONCE):
            job.progress(start, len(ids))
            for item in self._library.items(ids[start : start + READ_AT_ONCE]):
                job.token.check()
                yield item
        job.progress(len(ids), len(ids))

    def _described(self, item: Item, request: ExportRequest) -> Described:
        texts = {"en": item.caption_en, "zh": item.caption_zh}
        captions = tuple((one, texts[one]) for one in texts if one in request.languages and texts[one].strip())
        described = Described(
            item.path, item.kind, captions, item.tags, item.transcript, (), "en", duration_s=item.duration_s
        )
        if item.kind is not MediaKind.RECORDING or not item.transcript:
            return described
        found = [one for one in self._library.history(item.id).transcripts if one.text == item.transcript]
        best = next((one for one in found if one.segments), found[0] if found else None)
        if best is None:
            return described
        return Described(
            item.path, item.kind, (), item.tags, item.transcript, best.segments, best.language, item.duration_s
        )


@dataclass
class _Export:
    """One export: what it did so far."""

    request: ExportRequest
    items: int = 0
    wordless: int = 0
    files: list[PlannedFile] = field(default_factory=list[PlannedFile])
    failed: list[ItemFailure] = field(default_factory=list[ItemFailure])
    counts: Counter[FileAction] = field(default_factory=Counter[FileAction])
    rows: list[Mapping[str, object]] = field(default_factory=list["Mapping[str, object]"])

    def __post_init__(self) -> None:
        self._planner = Planner(self.request.forms, self.request.existing, self.request.naming)

    def take(self, item: Described) -> None:
        """Propose and write the files of one item."""
        self.items += 1
        if self.request.table:
            self.rows.append(item_row(item))
        elif not any(has_words(item, form) for form in self.request.forms):
            self.wordless += 1
        for proposal in self._planner.proposals(item):
            if isinstance(proposal, ItemFailure):
                self.failed.append(proposal)
            else:
                self._write(proposal)

    def write_table(self) -> None:
        """Write the table, where one is asked for."""
        path = self.request.table
        if not path:
            return
        try:
            proposal = table_proposal(path, self.rows, self.request.existing)
        except MmbmError as error:
            self.failed.append(ItemFailure(path, Failure.of(error)))
            return
        self._write(proposal)

    def _write(self, proposal: Proposal) -> None:
        try:
            done = proposal.planned if self.request.dry_run else apply(proposal)
        except MmbmError as error:
            self.failed.append(ItemFailure(proposal.planned.path, Failure.of(error)))
            return
        self.counts[done.action] += 1
        if self.request.listed is None or len(self.files) < self.request.listed:
            self.files.append(done)

    def result(self) -> ExportResult:
        """Return what was done."""
        return ExportResult(
            self.items,
            self.wordless,
            tuple(self.files),
            tuple(self.failed),
            dict(self.counts),
            self.request.dry_run,
        )
