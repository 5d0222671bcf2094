"""How a search stands, as the window sees it: made of its file and of what there is of its trials' runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.engine.tuning.drawing import tried_names, values_of
from mmbm_desktop.engine.tuning.halving import Plan, Standing, racers
from mmbm_desktop.engine.tuning.tuning_store import trial_id
from mmbm_desktop.protocol.training import RunState
from mmbm_desktop.protocol.tuning import TrialInfo, TrialState, TuningInfo

if TYPE_CHECKING:
    from collections.abc import Collection

    from mmbm_desktop.engine.tuning.tuning_store import StoredTrial, StoredTuning


def plan_of(stored: StoredTuning) -> Plan:
    """Return the plan of a search."""
    return Plan(stored.rungs, stored.places)


def standings_of(stored: StoredTuning) -> tuple[Standing, ...]:
    """Return what the race knows of the trials."""
    return tuple(Standing(one.scores, failed=one.failure is not None or one.gone) for one in stored.trials)


def info_of(
    tuning_id: str, path: str, stored: StoredTuning, state: RunState, *, current: int | None, there: Collection[str]
) -> TuningInfo:
    """Return how a search stands.

    Args:
        tuning_id: of the search.
        path: its folder.
        stored: its file.
        state: where it is, as far as processes and jobs know.
        current: index of the trial that is worked on.
        there: ids of the runs whose folders are there.
    """
    plan, names = plan_of(stored), tried_names(stored.settings)
    trials = []
    for index, trial in enumerate(stored.trials):
        run = trial_id(tuning_id, index)
        trials.append(
            TrialInfo(
                number=index + 1,
                run=run,
                values=values_of(trial.settings, names),
                state=_state(stored, index, current),
                scores=trial.scores,
                there=run in there,
                failure=trial.failure,
            )
        )
    return TuningInfo(
        id=tuning_id,
        path=path,
        settings=stored.settings,
        state=state,
        created_s=stored.created_s,
        rungs=stored.rungs,
        tried=names,
        trials=tuple(trials),
        epochs_done=sum(_epochs(stored, trial) for trial in stored.trials),
        epochs=plan.epochs,
        best="" if stored.best is None else trial_id(tuning_id, stored.best),
        bundle=stored.bundle,
        failure=stored.failure,
    )


def _epochs(stored: StoredTuning, trial: StoredTrial) -> int:
    return stored.rungs[len(trial.scores) - 1] if trial.scores else 0


def _state(stored: StoredTuning, index: int, current: int | None) -> TrialState:
    trial = stored.trials[index]
    if trial.gone or trial.failure is not None:
        return TrialState.GONE if trial.gone else TrialState.FAILED
    if stored.state is RunState.FINISHED:
        return TrialState.BEST if index == stored.best else TrialState.OUT
    if index == current:
        return TrialState.RUNNING
    rung = len(trial.scores)
    if rung == 0:
        return TrialState.WAITING
    if rung == len(stored.rungs):
        return TrialState.RACING
    there = racers(plan_of(stored), standings_of(stored), rung)
    return TrialState.RACING if there is None or index in there else TrialState.OUT
