"""The words for exports and imports: what each does, what becomes of a file, and how it ended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.sidecars import ExportRequest, ExportResult, FileAction, ImportRequest, ImportResult

if TYPE_CHECKING:
    from mmbm_desktop.protocol.jobs import JobSnapshot
    from mmbm_desktop.protocol.sidecars import PlannedFile


class ExportWords(QObject):
    """Makes sentences about files in the language of the moment."""

    def title(self, request: ExportRequest | ImportRequest) -> str:
        """Return what a job is asked to do."""
        if isinstance(request, ImportRequest):
            return self.tr("Import from {name}").format(name=Path(request.paths[0]).name)
        return self.tr("Preview an export") if request.dry_run else self.tr("Export to files")

    def file(self, planned: PlannedFile) -> str:
        """Return what becomes of one file."""
        action = {
            FileAction.WRITE: self.tr("new"),
            FileAction.APPEND: self.tr("append"),
            FileAction.MERGE: self.tr("merge"),
            FileAction.OVERWRITE: self.tr("overwrite"),
            FileAction.KEEP: self.tr("keep"),
        }[planned.action]
        reason = {
            "same": self.tr("says the same"),
            "exists": self.tr("exists"),
            "no-growing": self.tr("cannot be appended to"),
        }.get(planned.reason, "")
        notes = [reason] if reason else []
        if planned.dropped:
            notes.append(self.tr("%n control character(s) left out", "", planned.dropped))
        if planned.backup:
            notes.append(self.tr("kept as {name}").format(name=Path(planned.backup).name))
        return f"{action} ({', '.join(notes)})" if notes else action

    def counts(self, result: ExportResult) -> str:
        """Return how many files an export writes and leaves, and how many it cannot write."""
        kept = result.counts.get(FileAction.KEEP, 0)
        written = sum(result.counts.values()) - kept
        parts = [
            self.tr("%n file(s) to write", "", written)
            if result.dry_run
            else self.tr("%n file(s) written", "", written)
        ]
        parts += [self.tr("%n stay(s) as they are", "", kept)] if kept else []
        parts += [self.tr("%n cannot be written", "", len(result.failed))] if result.failed else []
        parts += [self.tr("%n item(s) have nothing to say", "", result.wordless)] if result.wordless else []
        return " · ".join(parts)

    def outcome(self, job: JobSnapshot) -> str:
        """Return how an export or import ended; "" for a failure, which has words of its own."""
        if job.state is JobState.CANCELLED:
            return self.tr("Stopped. What was written stays.")
        if isinstance(job.result, ExportResult):
            return self.counts(job.result)
        if isinstance(job.result, ImportResult):
            return self._imported(job.result)
        return ""

    def _imported(self, result: ImportResult) -> str:
        if not result.changed and not result.failed:
            return self.tr("There was nothing new to import.")
        parts = [self.tr("%n item(s) got new words; Ctrl+Z takes them back", "", result.changed)]
        parts += [self.tr("%n file(s) could not be used", "", len(result.failed))] if result.failed else []
        return " · ".join(parts)
