"""The words for training: devices, obstacles, states, kinds of data and numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mmbm_desktop.gui.fact_words import memory_text
from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.metric_words import MetricWords
from mmbm_desktop.gui.state.training_draft import Obstacle
from mmbm_desktop.protocol.dataset import DataKind
from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from mmbm_desktop.protocol.training import CurvePoint, EarlyStop, RunInfo, RunUse


_CPU = re.compile(r"CPU · (\d+) threads?")


class TrainingWords(MetricWords):
    """All that a page about training says of its records."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = JobWords(self)

    def device(self, name: str, gpus: int = 0) -> str:
        """Return what people call a device; `gpus`: how many there are, where that is known."""
        if name.startswith("gpu:"):
            return self.tr("GPU {number}").format(number=name[4:])
        if name == "all" and gpus:
            return self.tr("All {count} GPUs").format(count=gpus)
        return {"auto": self.tr("Automatic"), "cpu": self.tr("CPU"), "all": self.tr("All GPUs")}.get(name, name)

    def computes_on(self, described: str) -> str:
        """Return where a run computes; `described` is a run's, in English, and comes back where it is another kind."""
        match = _CPU.fullmatch(described)
        return self.tr("CPU · %n thread(s)", "", int(match[1])) if match else described

    def use(self, use: RunUse) -> str:
        """Return what a run uses of the computer."""
        parts = [
            self.tr("memory {size}").format(size=memory_text(use.memory_bytes)),
            self.tr("{busy} of %n core(s)", "", use.of_cores).format(busy=f"{use.cores:.1f}"),
        ]
        for gpu in use.gpus:
            sizes = {"used": memory_text(gpu.memory_bytes), "all": memory_text(gpu.total_bytes)}
            text = self.tr("GPU {number}: {used} of {all}").format(number=gpu.number, **sizes)
            busy = self.tr("{percent} % busy").format(percent=round(100 * (gpu.busy or 0.0)))
            parts.append(text if gpu.busy is None else f"{text}, {busy}")
        return " · ".join(parts)

    def silence(self, run: RunInfo) -> str:
        """Return that nothing was heard of a run for a while, and what that means."""
        text = self.tr("Nothing was heard of the run for {time}.").format(time=self._jobs.duration(run.silent_s or 0.0))
        if run.use is None:
            meaning = self.tr("It may be stalled; pause it.")
        elif run.use.computes:
            meaning = self.tr("It is still computing, so a step may just take long.")
        else:
            meaning = self.tr("It computes nothing either, so it hangs; pause it.")
        return self.tr("{heard} {meaning}").format(heard=text, meaning=meaning)

    def obstacle(self, obstacle: Obstacle) -> str:
        """Return why a run cannot start yet and what to do."""
        return {
            Obstacle.NO_RECIPE: self.tr("Choose what is to be learned."),
            Obstacle.NO_DATA: self.tr("Drop a data folder first."),
            Obstacle.EXAMINING: self.tr("The folder is still being looked over."),
            Obstacle.BLOCKED: self.tr("The data doctor found something that must be put right first; see Data."),
            Obstacle.UNFIT: self.tr("This goal cannot be learned from this folder."),
            Obstacle.NAME: self.tr(
                "The name takes small letters, digits, dots and dashes; it begins with a letter or digit."
            ),
        }[obstacle]

    # --- runs ----------------------------------------------------------------------------------------------------

    def state(self, state: RunState) -> str:
        """Return the name of a state."""
        return {
            RunState.WAITING: self.tr("waiting"),
            RunState.PREPARING: self.tr("preparing"),
            RunState.RUNNING: self.tr("running"),
            RunState.STOPPING: self.tr("stopping"),
            RunState.PAUSED: self.tr("paused"),
            RunState.INTERRUPTED: self.tr("interrupted"),
            RunState.FAILED: self.tr("failed"),
            RunState.FINISHED: self.tr("finished"),
        }[state]

    def progress(self, run: RunInfo) -> str:
        """Return how far a run is: epoch, time of a step, time left."""
        parts = []
        if run.epochs:
            current = min(run.epochs_done + (run.state is RunState.RUNNING), run.epochs)
            parts.append(self.tr("epoch {done} / {total}").format(done=current, total=run.epochs))
        if run.state is RunState.RUNNING and run.step_ms is not None:
            parts.append(self.tr("{count} ms/step").format(count=_short(run.step_ms)))
        if run.state is RunState.RUNNING and run.seconds_left is not None and run.seconds_left >= 1:
            parts.append(self.tr("{time} left").format(time=self._jobs.duration(run.seconds_left)))
        return " · ".join(parts)

    def summary(self, run: RunInfo) -> str:
        """Return a run's state and how far it is, for a list."""
        if run.state is RunState.RUNNING and run.seconds_left is not None and run.seconds_left >= 1:
            return self.tr("{time} left").format(time=self._jobs.duration(run.seconds_left))
        if run.state is RunState.FINISHED or not run.epochs_done:
            return self.state(run.state)
        done = self.tr("epoch {done} / {total}").format(done=run.epochs_done, total=run.epochs)
        return f"{self.state(run.state)} · {done}"

    def early_stop(self, why: EarlyStop) -> str:
        """Return why a run ended early."""
        text = self.tr(
            "Stopped early: no better for %n validation(s); the best was epoch {epoch}.", "", why.validations
        )
        return text.format(epoch=why.best_epoch)

    def log_line(self, point: CurvePoint) -> str:
        """Return a line of the log for what was measured on the val split."""
        numbers = " · ".join(f"{self.metric(name)} {number(value)}" for name, value in point.values.items())
        return self.tr("epoch {epoch}").format(epoch=f"{point.epoch:g}") + f"   {numbers}"

    # --- data and numbers ----------------------------------------------------------------------------------------

    def kind(self, kind: DataKind) -> str:
        """Return what people call a kind of data folder."""
        return {
            DataKind.PICTURE_CLASSES: self.tr("pictures, a folder per class"),
            DataKind.SOUND_CLASSES: self.tr("recordings, a folder per class"),
            DataKind.CAPTIONED_PICTURES: self.tr("pictures with captions"),
            DataKind.TRANSCRIBED_SPEECH: self.tr("recordings with transcripts"),
            DataKind.TEXT_PAIRS: self.tr("pairs of sentences"),
            DataKind.UNKNOWN: self.tr("unknown layout"),
        }[kind]


def number(value: float | None) -> str:
    """Return a number with the digits that say something; a dash for none."""
    if value is None:
        return "–"
    if value == round(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
