"""What the column of runs lists: runs and searches by age; trials only below the search that is open. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.training import RunInfo
    from mmbm_desktop.protocol.tuning import TuningInfo


def listed(runs: Sequence[RunInfo], searches: Sequence[TuningInfo], opened: str) -> tuple[RunInfo | TuningInfo, ...]:
    """Return runs and searches, newest first; below the opened search its trials, by their numbers.

    The best trial of a finished search is listed as every other run, too: it is what the search was for.
    """
    trials = {run: search for search in searches for run in search.runs}
    apart = [run for run in runs if run.id not in trials or run.id == trials[run.id].best]
    everything: list[RunInfo | TuningInfo] = sorted([*apart, *searches], key=lambda one: one.created_s, reverse=True)
    search = next((one for one in searches if one.id == opened), None)
    if search is not None:
        known = {run.id: run for run in runs}
        below = [known[one.run] for one in search.trials if one.run in known and one.run != search.best]
        place = everything.index(search) + 1
        everything[place:place] = below
    return tuple(everything)
