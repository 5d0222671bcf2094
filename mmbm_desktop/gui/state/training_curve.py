"""A run's curve as columns of numbers that only grow, so that a chart never looks at old points again. No Qt."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mmbm_desktop.protocol.training import CurvePoint

_LIKED = ("accuracy", "return", "reward", "loss")
_QUIET = ("rate", "learning_rate", "learning rate")
"""What is shown last: it is decided, not measured."""


@dataclass
class Series:
    """One line: `x` in epochs, `y` in the metric's own unit, both as doubles."""

    x: array[float] = field(default_factory=lambda: array("d"))
    y: array[float] = field(default_factory=lambda: array("d"))


class Curve:
    """Every number of a run by name, of training steps and of the val split apart."""

    def __init__(self, points: Iterable[CurvePoint] = ()) -> None:
        self._series: dict[tuple[str, bool], Series] = {}
        self.resumed: list[float] = []
        self.validations: list[CurvePoint] = []
        self._newest: CurvePoint | None = None
        self.add(points)

    def add(self, points: Iterable[CurvePoint]) -> None:
        """Append points, in order; those that the curve already ends with are passed over."""
        for point in self._unknown(tuple(points)):
            if point.resumed:
                self.resumed.append(point.epoch)
            if point.validation:
                self.validations.append(point)
            for name, value in point.values.items():
                series = self._series.setdefault((name, point.validation), Series())
                series.x.append(point.epoch)
                series.y.append(value)
            self._newest = point

    def _unknown(self, points: tuple[CurvePoint, ...]) -> tuple[CurvePoint, ...]:
        """Return the points behind the newest known one, where it is among them."""
        if self._newest in points:
            return points[len(points) - tuple(reversed(points)).index(self._newest) :]
        return points

    def series(self, name: str, *, validation: bool) -> Series:
        """Return a line; an empty one for a number that was never told."""
        return self._series.get((name, validation), Series())

    def __len__(self) -> int:
        """Return the length of the longest line."""
        return max((len(series.x) for series in self._series.values()), default=0)

    @property
    def names(self) -> tuple[str, ...]:
        """What can be shown: what people look at first, then as it came, what was merely decided last."""
        found = tuple(dict.fromkeys(name for name, _ in self._series))
        both = tuple(name for name in found if (name, True) in self._series and (name, False) in self._series)
        liked = [name for name in _LIKED if name in found]
        alone = "loss" in liked and "loss" not in both
        first = tuple(dict.fromkeys([*(name for name in liked if not (alone and name == "loss")), *both, *liked]))
        last = tuple(name for name in found if name in _QUIET)
        return (*first, *(name for name in found if name not in (*first, *last)), *last)
