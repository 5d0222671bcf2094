"""How often an agent tries something else than what it thinks best (epsilon-greedy), over the length of a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Exploration:
    """A share of random actions that falls along a line, then stays.

    Attributes:
        start: at the beginning of the run.
        end: from `over` on.
        over: share of the run.
    """

    start: float
    end: float
    over: float

    def epsilon(self, along: float) -> float:
        """Return the share of random actions at a place 0..1 of the run."""
        if self.over <= 0 or along >= self.over:
            return self.end
        return self.start + (self.end - self.start) * along / self.over
