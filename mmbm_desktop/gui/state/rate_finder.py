"""Finding a learning rate for a run to be: a job, its progress, and the curve that came of it. QtCore only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import FindRateRequest
from mmbm_desktop.protocol.results import FindRateResult

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.events import RateTried
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.training import RunSettings


class RateFinder(QObject):
    """`found` or `failure` for the settings that were last asked about.

    While rates are tried there is a `job`, and `tried`, the curve so far.
    """

    changed = Signal()

    def __init__(self, engine: Engine, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.found: FindRateResult | None = None
        self.tried: FindRateResult | None = None
        self.until = 1.0
        """The rate that the curve so far will go to."""
        self.failure: Failure | None = None
        self.job: JobSnapshot | None = None
        self._request: FindRateRequest | None = None
        self._asked: RunSettings | None = None
        self._job_id: JobId | None = None
        bridge.job_changed.connect(self._job_changed)
        bridge.rate_tried.connect(self._rate_tried)

    @property
    def running(self) -> bool:
        """Whether rates are being tried."""
        return self._request is not None

    def find(self, settings: RunSettings) -> None:
        """Try rates for a run with these settings."""
        self.cancel()
        self._asked = _that_matter(settings)
        self.found, self.tried, self.failure, self.job = None, None, None, None
        self._request = FindRateRequest(settings)
        self._job_id = self._engine.submit(self._request)
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Stop trying."""
        request, self._request, self.tried = self._request, None, None
        if request is not None and self._job_id is not None:
            self._engine.cancel(self._job_id)
            self.changed.emit()

    def keep_for(self, settings: RunSettings) -> None:
        """Forget what was found for settings that are no longer the form's: it says nothing about these."""
        if self._asked is not None and self._asked != _that_matter(settings):
            self._asked, self.found, self.failure = None, None, None
            self.cancel()
            self.changed.emit()

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if self._request is None or job.request is not self._request:
            return
        self.job = job
        if job.state.final:
            self._request = self.tried = None
            self.found = job.result if isinstance(job.result, FindRateResult) else None
            self.failure = job.failure if job.state is JobState.FAILED else None
        self.changed.emit()

    @Slot(object)
    def _rate_tried(self, tried: RateTried) -> None:
        if self._request is None or tried.job_id != self._job_id:
            return
        before = self.tried or FindRateResult((), (), diverged=False, proposal=None, lowest_at=None)
        self.tried = replace(before, rates=(*before.rates, tried.rate), losses=(*before.losses, tried.loss))
        self.until = tried.until
        self.changed.emit()


def _that_matter(settings: RunSettings) -> RunSettings:
    """Return the settings without those that change nothing about the first hundred steps."""
    return replace(settings, name="", epochs=None, learning_rate=None, patience=0, min_delta=0.0)
