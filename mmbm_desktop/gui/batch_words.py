"""The words for batches: what each does and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mmbm_desktop.protocol.batches import BatchAction, BatchResult
from mmbm_desktop.protocol.jobs import JobState

if TYPE_CHECKING:
    from mmbm_desktop.protocol.batches import BatchRequest
    from mmbm_desktop.protocol.jobs import JobSnapshot


class BatchWords(QObject):
    """Makes sentences about batches in the language of the moment."""

    def title(self, request: BatchRequest) -> str:
        """Return what a batch is asked to do."""
        count = len(request.items)
        match request.action:
            case BatchAction.CAPTION:
                return self.tr("Caption %n item(s) again", "", count)
            case BatchAction.TRANSLATE if request.to == "zh":
                return self.tr("Translate captions of %n item(s) to Chinese", "", count)
            case BatchAction.TRANSLATE:
                return self.tr("Translate captions of %n item(s) to English", "", count)
            case BatchAction.TAG:
                return self.tr("Tag %n item(s)", "", count)
            case _:
                return self.tr("Remove %n item(s) from the library", "", count)

    def outcome(self, job: JobSnapshot) -> str:
        """Return what an ended batch did."""
        if job.state is JobState.CANCELLED:
            return self.tr("Stopped. What was done stays and can be undone.")
        result = job.result
        if not isinstance(result, BatchResult):
            return ""
        parts = [self.tr("%n done", "", result.done)]
        if result.passed_over:
            parts.append(self.tr("%n passed over", "", result.passed_over))
        return " · ".join(parts)
