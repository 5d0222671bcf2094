"""Records of agents that learn by trying: what they expect of their world's squares, and an episode they played."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueGrid:
    """What an agent expects of each square of its world; the squares go row by row from the top left.

    Attributes:
        environment: the world's name in the recipe's settings.
        epoch: epochs passed when the agent expected this, with a fraction.
        rows: of squares.
        columns: of squares.
        actions: names, such as "left".
        values: `values[square][action]`, the sum of rewards to come, later ones counting less.
        visits: how often the agent acted on each square.
        marks: a letter a square: "S" start, "F" free, "H" hole, "C" cliff, "G" goal, "R" taxi rank, " " none.
    """

    environment: str
    epoch: float
    rows: int
    columns: int
    actions: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    visits: tuple[int, ...]
    marks: str

    def expected(self, square: int) -> float:
        """Return what is expected of a square when the best is done there."""
        return max(self.values[square])

    def best(self, square: int) -> int | None:
        """Return the action that is best on a square; None where nothing was learned or nothing can be done."""
        values = self.values[square]
        if self.marks[square] in "HCG" or not self.visits[square] or max(values) == min(values):
            return None
        return values.index(max(values))


@dataclass(frozen=True)
class Episode:
    """An episode that an agent played without trying anything new.

    Attributes:
        environment: the world's name in the recipe's settings.
        epoch: epochs passed when it was played, with a fraction.
        total: sum of the rewards.
        actions: names, in order.
        solved: whether so much counts as solved.
        picture: file of the animated picture, beside the record.
        frame_ms: time between two of its frames.
    """

    environment: str
    epoch: float
    total: float
    actions: tuple[str, ...]
    solved: bool
    picture: str
    frame_ms: int
