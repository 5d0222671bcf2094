"""The worlds that agents learn in, as plain data. Nothing here needs Gymnasium or Keras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FOUR_WAYS = ("left", "down", "right", "up")


@dataclass(frozen=True)
class Squares:
    """A world made of squares.

    Attributes:
        rows: from top to bottom.
        columns: from left to right.
        stride: states a square; all but one say what else is the case (Taxi: where passenger and destination are).
        shown: which of them the value table shows.
        marks: a letter a square, row by row: "S" start, "F" free, "H" hole, "C" cliff, "G" goal, "R" a taxi rank.
    """

    rows: int
    columns: int
    marks: str
    stride: int = 1
    shown: int = 0


@dataclass(frozen=True)
class WorldInfo:
    """One environment of Gymnasium (https://gymnasium.farama.org) and what a run must know of it.

    Attributes:
        id: Gymnasium's name.
        actions: names, in Gymnasium's order.
        most_steps: an episode is cut off after so many.
        solved: mean return from which it counts as solved.
        worst: a return that says "nothing learned", for sums between 0 and 1.
        arguments: for Gymnasium, beside `is_slippery`.
        slips: whether the ice may be slippery.
        squares: where its states are squares.
        scale: (centre, spread) of each number of an observation, where it is made of numbers.
        frame_ms: time between two steps when an episode is shown.
    """

    id: str
    actions: tuple[str, ...]
    most_steps: int
    solved: float
    worst: float = 0.0
    arguments: Mapping[str, Any] | None = None
    slips: bool = False
    squares: Squares | None = None
    scale: tuple[tuple[float, float], ...] = ()
    frame_ms: int = 200


_LAKE_4, _LAKE_8 = (
    "SFFFFHFHFFFHHFFG",
    "SFFFFFFFFFFFFFFFFFFHFFFFFFFFFHFFFFFHFFFFFHHFFFHFFHFFHFHFFFFHFFFG",
)
TABLE_WORLDS: Mapping[str, WorldInfo] = {
    "frozen-lake-4x4": WorldInfo(
        "FrozenLake-v1",
        FOUR_WAYS,
        100,
        solved=0.7,
        arguments={"map_name": "4x4"},
        slips=True,
        squares=Squares(4, 4, _LAKE_4),
    ),
    "frozen-lake-8x8": WorldInfo(
        "FrozenLake-v1",
        FOUR_WAYS,
        200,
        solved=0.8,
        arguments={"map_name": "8x8"},
        slips=True,
        squares=Squares(8, 8, _LAKE_8),
    ),
    "cliff-walking": WorldInfo(
        "CliffWalking-v1",
        ("up", "right", "down", "left"),
        200,
        solved=-13.0,
        worst=-200.0,
        slips=True,
        squares=Squares(4, 12, "F" * 36 + "S" + "C" * 10 + "G"),
    ),
    # the squares show a passenger in the taxi who wants to go to the rank at the top left
    "taxi": WorldInfo(
        "Taxi-v4",
        ("down", "up", "right", "left", "pick up", "drop off"),
        200,
        solved=7.0,
        worst=-200.0,
        squares=Squares(5, 5, "RFFFR" + "F" * 15 + "RFFRF", stride=20, shown=16),
    ),
}
CONTROL_WORLDS: Mapping[str, WorldInfo] = {
    "cart-pole": WorldInfo(
        "CartPole-v1",
        ("left", "right"),
        500,
        solved=475.0,
        scale=((0.0, 2.4), (0.0, 2.0), (0.0, 0.2), (0.0, 2.0)),
        frame_ms=20,
    ),
    "mountain-car": WorldInfo(
        "MountainCar-v0",
        ("left", "coast", "right"),
        200,
        solved=-110.0,
        worst=-200.0,
        scale=((-0.3, 0.9), (0.0, 0.07)),
        frame_ms=33,
    ),
    "acrobot": WorldInfo(
        "Acrobot-v1",
        ("clockwise", "coast", "anticlockwise"),
        500,
        solved=-100.0,
        worst=-500.0,
        scale=((0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 6.0), (0.0, 12.0)),
        frame_ms=66,
    ),
}
WORLDS: Mapping[str, WorldInfo] = {**TABLE_WORLDS, **CONTROL_WORLDS}


def share(info: WorldInfo, total: float) -> float:
    """Return how good a return is: 0 at the worst, 1 from "solved" on."""
    return min(1.0, max(0.0, (total - info.worst) / (info.solved - info.worst)))
