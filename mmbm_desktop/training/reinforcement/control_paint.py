"""Paints the worlds of classic control: a pole on a cart, a car in a valley, two links that swing.

The measures are those of Gymnasium's environments.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt
    from PIL import ImageDraw

    State = npt.NDArray[Any]
    Paint = Callable[[ImageDraw.ImageDraw, tuple[int, int], State], None]

_GROUND, _BODY, _ARM, _JOINT, _GOAL = "#98a1b3", "#1b1f27", "#a65508", "#3262e6", "#12805c"
_REACH = 2.4
"""Metres from the middle at which a cart is lost."""
SHAPE: Mapping[str, float] = {"cart-pole": 0.6, "mountain-car": 0.6, "acrobot": 1.0}
"""Height of a picture whose width is 1."""


def _cart_pole(draw: ImageDraw.ImageDraw, size: tuple[int, int], state: State) -> None:
    width, height = size
    metre = width / (2 * _REACH + 0.6)
    x, floor = width / 2 + float(state[0]) * metre, height * 0.82
    half, top = 0.28 * metre, floor - 0.3 * metre
    angle, length = float(state[2]), 1.6 * metre
    draw.line((0, floor, width, floor), fill=_GROUND, width=max(1, width // 150))
    draw.rectangle((x - half, top, x + half, floor), fill=_BODY)
    tip = (x + length * math.sin(angle), top - length * math.cos(angle))
    draw.line((x, top, *tip), fill=_ARM, width=max(2, width // 40))
    _disc(draw, x, top, width / 70, _JOINT)


def _mountain_car(draw: ImageDraw.ImageDraw, size: tuple[int, int], state: State) -> None:
    width, height = size
    lowest, highest, goal = -1.2, 0.6, 0.5

    def place(position: float) -> tuple[float, float]:
        y = math.sin(3 * position) * 0.45 + 0.55
        return (position - lowest) / (highest - lowest) * width, height * (0.97 - 0.75 * y)

    steps = [lowest + (highest - lowest) * i / 60 for i in range(61)]
    draw.line([place(position) for position in steps], fill=_GROUND, width=max(1, width // 100))
    x, y = place(goal)
    draw.line((x, y, x, y - height * 0.12), fill=_GOAL, width=max(2, width // 80))
    x, y = place(float(state[0]))
    _disc(draw, x, y - width / 45, width / 36, _BODY)


def _acrobot(draw: ImageDraw.ImageDraw, size: tuple[int, int], state: State) -> None:
    width, height = size
    metre = width / 4.6
    first, second = float(state[0]), float(state[0]) + float(state[1])
    middle = (width / 2, height / 2)
    elbow = (middle[0] + metre * math.sin(first), middle[1] + metre * math.cos(first))
    tip = (elbow[0] + metre * math.sin(second), elbow[1] + metre * math.cos(second))
    draw.line((0, middle[1] - metre, width, middle[1] - metre), fill=_GOAL, width=max(1, width // 150))
    draw.line((*middle, *elbow), fill=_BODY, width=max(2, width // 25))
    draw.line((*elbow, *tip), fill=_ARM, width=max(2, width // 25))
    _disc(draw, *middle, width / 40, _JOINT)
    _disc(draw, *elbow, width / 40, _JOINT)


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, reach: float, colour: str) -> None:
    draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)


PAINTERS: Mapping[str, Paint] = {"cart-pole": _cart_pole, "mountain-car": _mountain_car, "acrobot": _acrobot}
