"""`mmbm train … --search [TRIALS]`: a search over settings, its lines while it goes on, and a table in the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.messages import error_words, words
from mmbm_desktop.cli.output import Output, rounded
from mmbm_desktop.cli.session import open_engine
from mmbm_desktop.engine.tuning.tuning_store import TuningStore
from mmbm_desktop.protocol.events import TuningChanged
from mmbm_desktop.protocol.option_texts import typed_settings
from mmbm_desktop.protocol.requests import TuneRequest
from mmbm_desktop.protocol.training import RunSettings, RunState
from mmbm_desktop.protocol.tuning import TrialState

if TYPE_CHECKING:
    import argparse

    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.engine.tuning.interface import Tuning
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.tuning import TrialInfo, TuningInfo


def is_search(named: str | None) -> bool:
    """Whether a search is meant, by its name or its folder among the person's runs."""
    return bool(named) and Path(str(named)).name in TuningStore(paths.data_dir() / "runs").ids()


def search(arguments: argparse.Namespace) -> int:
    """Start a search, or go on with one, and follow it to its end; return the exit status.

    Raises:
        MmbmError: a setting makes no sense, or a folder cannot be written.
    """
    output = Output(as_json=arguments.json)
    with open_engine() as engine:
        tuning, lines = engine.runs.tuning, _Lines(output)
        unsubscribe = engine.subscribe(lines.on_event)
        try:
            info = _begun(tuning, arguments)
            lines.started(info)
            _follow(engine, info, output)
        finally:
            unsubscribe()
        lines.take(_found(tuning, info.id))
        _tell_end(_found(tuning, info.id), output)
    return output.exit_status


def _begun(tuning: Tuning, arguments: argparse.Namespace) -> TuningInfo:
    if not arguments.resume:
        return tuning.start(_settings(arguments), arguments.search)
    info = _found(tuning, Path(arguments.resume).name)
    tuning.resume(info.id)
    return info


def _found(tuning: Tuning, tuning_id: str) -> TuningInfo:
    found = next((one for one in tuning.all() if one.id == tuning_id), None)
    if found is None:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, "no such search", name="--resume", value=tuning_id)
    return found


def _settings(arguments: argparse.Namespace) -> RunSettings:
    if arguments.spec or not arguments.task or not arguments.name:
        detail = "a search takes a task and a name, no spec"
        raise InputFault(ErrorCode.ARGUMENT_INVALID, detail, name="--search", value=arguments.spec or "")
    return typed_settings(vars(arguments))


def _follow(engine: Engine, info: TuningInfo, output: Output) -> None:
    wanted = TuneRequest(info.id)
    job_id = next((job.id for job in engine.jobs() if job.request == wanted and not job.state.final), None)
    if job_id is None:
        return
    try:
        engine.wait(job_id)
    except KeyboardInterrupt:
        output.note(words("search-paused", search=info.id))
        raise


class _Lines:
    """Tells what is new about a search, a line each: trials begun, scored and failed."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._before: dict[int, TrialInfo] = {}

    def started(self, info: TuningInfo) -> None:
        """Say what is going to be done."""
        rungs = ", ".join(map(str, info.rungs))
        record = {"event": "search-started", "search": info.id, "trials": len(info.trials), "rungs": list(info.rungs)}
        numbers = {"trials": len(info.trials), "rungs": rungs, "epochs": info.epochs}
        self._output.answer({**record, "epochs": info.epochs}, words("search-started", search=info.id, **numbers))

    def on_event(self, event: Event) -> None:
        """Hear of a change, in an engine thread."""
        if isinstance(event, TuningChanged):
            self.take(event.tuning)

    def take(self, info: TuningInfo) -> None:
        """Tell what is new."""
        for trial in info.trials:
            before = self._before.get(trial.number)
            self._before[trial.number] = trial
            scored = len(trial.scores) - (len(before.scores) if before is not None else 0)
            if before is not None and scored > 0:
                self._tell_score(info, trial)
            failed = trial.state is TrialState.FAILED and (before is None or before.state is not TrialState.FAILED)
            if failed and trial.failure is not None:
                text = words("trial-failed", number=trial.number, why=error_words(trial.failure))
                record = {"event": "trial-failed", **_about(trial), "error": trial.failure.code.value}
                self._output.answer({**record, "reason": str(trial.failure.params.get("reason", ""))}, text)

    def _tell_score(self, info: TuningInfo, trial: TrialInfo) -> None:
        epoch = info.rungs[len(trial.scores) - 1]
        about = {"number": trial.number, "epoch": epoch, "score": _number(trial.score), "values": _values(trial)}
        record = {"event": "trial-scored", **_about(trial), "epoch": epoch, "score": rounded(trial.score)}
        self._output.answer(record, words("trial-scored", **about))


def _about(trial: TrialInfo) -> dict[str, object]:
    return {"trial": trial.number, "run": trial.run, "settings": trial.values}


def _values(trial: TrialInfo) -> str:
    return ", ".join(f"{name} {_text(value)}" for name, value in trial.values.items())


def _text(value: object) -> str:
    return words("usual") if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _tell_end(info: TuningInfo, output: Output) -> None:
    """Print the table, and why the search stopped where it did not end."""
    trials = [
        {**_about(one), "state": str(one.state), "scores": [rounded(score) for score in one.scores]}
        for one in info.trials
    ]
    record = {"event": "search-ended", "search": info.id, "state": str(info.state), "best": info.best or None}
    lines = table_lines(info)
    if info.state is RunState.FINISHED:
        number = next((one.number for one in info.trials if one.run == info.best), 0)
        lines.append(words("search-won", number=number, run=info.best))
        lines.append(words("published", bundle=info.bundle))
    output.answer({**record, "bundle": info.bundle or None, "trials": trials}, "\n".join(lines))
    if info.failure is not None:
        output.failure(info.failure, path=info.id, key="search")


def table_lines(info: TuningInfo) -> list[str]:
    """Return the trials as lines of a table: number, what is tried, score at each rung, state."""
    head = ["", *info.tried, *(words("epoch-short", epoch=rung) for rung in info.rungs), ""]
    rows = [head]
    for one in info.trials:
        scores = [_number(score) for score in one.scores]
        scores += [""] * (len(info.rungs) - len(scores))
        rows.append([str(one.number), *map(_text, one.values.values()), *scores, words(f"trial-is-{one.state}")])
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return ["  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
