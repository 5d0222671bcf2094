"""What the loop of agents needs of a recipe. The loop knows neither tables nor networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.base.errors import ErrorCode
    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.protocol.agents import Episode, ValueGrid
    from mmbm_desktop.protocol.training import Assessment, Sample
    from mmbm_desktop.training.spec import PhaseSpec


class AgentRecipe(Protocol):
    """An agent and the world it learns in. It learns in turns, each from what the turns before it led to."""

    @property
    def unreadable(self) -> Mapping[str, ErrorCode]:
        """Nothing is read, so nothing is left out."""
        ...

    def begin(self) -> None:
        """Prepare a run that has no checkpoint yet: go on from another agent where the run says so."""
        ...

    def steps(self, phase: PhaseSpec) -> int:
        """Return the turns of one epoch."""
        ...

    def turn(self, phase: PhaseSpec, done: int, total: int) -> Mapping[str, float]:
        """Act and learn once.

        Args:
            phase: of the run.
            done: turns of this phase before this one.
            total: turns that are planned for it.

        Returns:
            "return" (mean of the last episodes), "epsilon" and "loss", always all of them.
        """
        ...

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that the next turn depends on."""
        ...

    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Go back to a state; KeyError or ValueError where it is another agent's."""
        ...

    def validate(self, phase: PhaseSpec) -> Mapping[str, float]:
        """Return numbers of greedy episodes; `score`, the higher the better, decides what is kept as best."""
        ...

    def values(self) -> ValueGrid | None:
        """Return what is expected of each square; None where the world has no squares."""
        ...

    def episode(self, token: CancelToken) -> tuple[Episode, bytes]:
        """Play greedily and return the episode with its animated picture."""
        ...

    def samples(self) -> Sequence[Sample]:
        """Return a few greedy episodes in words, always of the same seeds."""
        ...

    def publish(self, place: Path, curve: Mapping[str, Any]) -> Path:
        """Write the bundle with the agent as it is now."""
        ...

    def assess(self, bundle: Path) -> Assessment | None:
        """Measure the published bundle on episodes it never saw."""
        ...
