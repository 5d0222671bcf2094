"""Early stopping: when a run has not become better for a while. What counts is read from the log, never from memory.

So a run that was killed and resumed stops where one that was not does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.protocol.training import EarlyStop

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STOPPED_EARLY = "stopped_early"
"""Key of the log's line that says so."""


class EpochReached(Exception):
    """The run has come to the epoch that it was to come to, with everything kept; nothing is published yet."""


@dataclass(frozen=True)
class StoppingSpec:
    """When the last phase of a run ends before its planned end; earlier phases prepare it and keep their lengths.

    Attributes:
        patience: validations in a row without a better score, the recipe's own number for choosing weights.
        min_delta: a score counts as better when it is higher than the best by more than this.
    """

    patience: int
    min_delta: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what means nothing, with a ValueError."""
        whole = type(self.patience) is int and self.patience >= 1
        if not whole or not 0 <= self.min_delta < math.inf:
            raise ValueError(f"{self} makes no sense")


def early_stop(stopping: StoppingSpec, log: Iterable[Mapping[str, Any]], phase: int) -> EarlyStop | None:
    """Return why a phase is to end now; None while it is worth going on.

    The best counts from the phase's start, the patience anew from where the run stopped early before and was extended.

    Args:
        stopping: the spec's.
        log: the run's, from its start.
        phase: its number.
    """
    best, best_epoch, since = -math.inf, 0, 0
    for entry in log:
        if entry["phase"] != phase:
            continue
        if STOPPED_EARLY in entry:
            since = 0
        elif "val" in entry:
            score = entry["val"]["score"]
            better = score > best + stopping.min_delta
            best, best_epoch, since = (score, _epoch(entry), 0) if better else (best, best_epoch, since + 1)
    return EarlyStop(since, best_epoch) if since >= stopping.patience else None


def _epoch(entry: Mapping[str, Any]) -> int:
    """Return the epoch that a validation ended, counted from 1 over all phases."""
    return math.ceil(entry.get("at", entry["epoch"] + 1))
