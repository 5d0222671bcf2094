"""Which curves a chart shows, in which colours. Needs no pyqtgraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mmbm_desktop.gui.state.training_curve import Curve

COLOURS = ("accent", "warning", "good", "danger", "#b07cff", "#2bb3c0", "#d66fb0", "#8a9a2f")
"""Of runs beside each other, in this order: tokens, then colours that are seen on both grounds."""


@dataclass(frozen=True)
class Shown:
    """A curve on a chart: `label` and `colour` (a token or #rrggbb); `alone`: no other run is beside it."""

    label: str
    curve: Curve
    colour: str
    alone: bool = True


def shown_alone(label: str, curve: Curve) -> Shown:
    """Return the curve of the only run on a chart: training and validation in different colours."""
    return Shown(label, curve, COLOURS[0])


def shown_together(curves: Iterable[tuple[str, Curve]]) -> tuple[Shown, ...]:
    """Return the curves of several runs, each in a colour of its own: validation thick, training faint."""
    return tuple(
        Shown(label, curve, COLOURS[row % len(COLOURS)], alone=False) for row, (label, curve) in enumerate(curves)
    )
