"""What the loop needs of a recipe. The loop knows neither pictures nor sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import keras

    from mmbm_desktop.base.errors import ErrorCode
    from mmbm_desktop.protocol.training import Assessment, Sample
    from mmbm_desktop.training.spec import PhaseSpec


class Recipe(Protocol):
    """A network with its losses and its data."""

    @property
    def learner(self) -> keras.Model:
        """The network as Keras trains it; its `compute_loss` adds up the losses."""
        ...

    @property
    def unreadable(self) -> Mapping[str, ErrorCode]:
        """Files that were left out, and why."""
        ...

    def start_phase(self, phase: PhaseSpec) -> None:
        """Choose what the phase trains, before its first step."""
        ...

    def steps(self, phase: PhaseSpec) -> int:
        """Return the steps of one epoch."""
        ...

    def batch(self, phase: PhaseSpec, epoch: int, step: int) -> tuple[Any, Any]:
        """Return inputs and targets of a step: always the same ones, in any process and order.

        `epoch` counts from the start of the run, over all phases.
        """
        ...

    def validate(self, phase: PhaseSpec) -> Mapping[str, float]:
        """Return numbers of the val split; `score`, the higher the better, decides which weights are kept as best."""
        ...

    def samples(self) -> Sequence[Sample]:
        """Return a few val items, always the same ones, and what the network says of them now."""
        ...

    def publish(self, place: Path, curve: Mapping[str, Any]) -> Path:
        """Write the bundle with the learner's weights as they are now."""
        ...

    def assess(self, bundle: Path) -> Assessment | None:
        """Measure the published bundle on a split it was never trained on; None where the data have none."""
        ...
