"""One run in detail: its curve, its samples and its report, read once and then kept up to date. QtCore only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.gui.state.training_curve import Curve
from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    from mmbm_desktop.engine.runs.interface import Runs
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.events import RunAdvanced, RunSampled
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.training import CurvePoint, RunInfo, RunReport, RunSettings, Sample


class WatchedRun(QObject):
    """Follows one run from `start` on, for as long as it is kept; `stop` before it is thrown away."""

    curve_changed = Signal()
    samples_changed = Signal()
    report_changed = Signal()
    settings_changed = Signal()

    def __init__(
        self, run_id: str, runs: Runs, bridge: EngineBridge, calls: LibraryCalls, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.run_id = run_id
        self.curve = Curve()
        self.samples: tuple[Sample, ...] = ()
        self.report: RunReport | None = None
        self.settings: RunSettings | None = None
        self._runs, self._bridge, self._calls = runs, bridge, calls
        self._early: list[CurvePoint] | None = []
        self._sampled = False
        self._stopped = False

    def start(self) -> None:
        """Listen, then read what there is."""
        self._bridge.run_advanced.connect(self._advanced)
        self._bridge.run_sampled.connect(self._sampled_now)
        self._bridge.run_changed.connect(self._changed)
        for call, take in (
            (self._runs.settings, self._take_settings),
            (self._runs.curve, self._take_curve),
            (self._runs.samples, self._take_samples),
            (self._runs.report, self._take_report),
        ):
            self._calls.run(partial(call, self.run_id), success=take, failure=self._unread)

    def stop(self) -> None:
        """Listen no more; answers on their way are dropped."""
        self._stopped = True
        self._bridge.run_advanced.disconnect(self._advanced)
        self._bridge.run_sampled.disconnect(self._sampled_now)
        self._bridge.run_changed.disconnect(self._changed)

    # --- reading -------------------------------------------------------------------------------------------------

    def _take_curve(self, points: tuple[CurvePoint, ...]) -> None:
        """Begin with what the folder holds; what was told meanwhile may be in it already."""
        if self._stopped:
            return
        early, self._early = self._early or [], None
        self.curve = Curve(points)
        known = points[-1] if points else None
        rest = early[early.index(known) + 1 :] if known in early else [one for one in early if one not in points]
        self.curve.add(rest)
        self.curve_changed.emit()

    def _take_samples(self, samples: tuple[Sample, ...]) -> None:
        if not self._stopped and not self._sampled:
            self.samples = samples
            self.samples_changed.emit()

    def _take_report(self, report: RunReport | None) -> None:
        if not self._stopped:
            self.report = report
            self.report_changed.emit()

    def _take_settings(self, settings: RunSettings) -> None:
        if not self._stopped:
            self.settings = settings
            self.settings_changed.emit()

    def _unread(self, failure: Failure) -> None:
        """Show nothing of what a run's folder does not give away; a removed run ends here as well."""

    # --- hearing -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _advanced(self, event: RunAdvanced) -> None:
        if event.run_id != self.run_id:
            return
        if self._early is not None:
            self._early += event.points
        else:
            self.curve.add(event.points)
            self.curve_changed.emit()

    @Slot(object)
    def _sampled_now(self, event: RunSampled) -> None:
        if event.run_id == self.run_id:
            self._sampled = True
            self.samples = event.samples
            self.samples_changed.emit()

    @Slot(object)
    def _changed(self, run: RunInfo) -> None:
        if run.id == self.run_id and run.state is RunState.FINISHED:
            self._calls.run(partial(self._runs.report, self.run_id), success=self._take_report, failure=self._unread)
