"""What an agent sees of a world: a state's number, scaled numbers, or the last few painted frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PIL import Image

from mmbm_desktop.training.reinforcement.painter import paint

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from mmbm_desktop.training.reinforcement.world import Observation, World

    Seen = npt.NDArray[Any]

PIXELS = (40, 60)
"""Height and width of a frame as a network sees it."""
STACKED = 3
"""Frames it sees at once: speeds cannot be seen in one (Mnih et al. 2015 used four)."""


class Eyes(Protocol):
    """Turns a world's observation into one array; several of them, newest last, are what a network is given."""

    @property
    def stacked(self) -> int:
        """How many of the latest are given at once."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """Of what is given for one decision."""
        ...

    def see(self, world: World, observation: Observation) -> Seen:
        """Return what is kept of a moment."""
        ...

    def together(self, latest: Seen) -> Seen:
        """Map moments (B, stacked, …), oldest first, to what the network is given, (B, *shape)."""
        ...

    def described(self) -> dict[str, Any]:
        """Return what a bundle says of them."""
        ...


class StateNumber:
    """The number of the state, int32."""

    stacked = 1
    shape: tuple[int, ...] = ()

    def __init__(self, states: int) -> None:
        self.states = states

    def see(self, world: World, observation: Observation) -> Seen:
        """Return the number."""
        del world
        return np.asarray(observation, np.int32)

    def together(self, latest: Seen) -> Seen:
        """Return (B,)."""
        return latest[:, 0]

    def described(self) -> dict[str, Any]:
        """Return the kind and the number of states."""
        return {"kind": "state", "states": self.states}


class Numbers:
    """A few numbers, each moved and scaled to about -1..1, float32."""

    stacked = 1

    def __init__(self, scale: tuple[tuple[float, float], ...]) -> None:
        self.shape = (len(scale),)
        self._centre, self._spread = np.array(scale, np.float32).T

    def see(self, world: World, observation: Observation) -> Seen:
        """Return the scaled numbers."""
        del world
        return ((observation - self._centre) / self._spread).astype(np.float32)

    def together(self, latest: Seen) -> Seen:
        """Return (B, numbers)."""
        return latest[:, 0]

    def described(self) -> dict[str, Any]:
        """Return the kind and the scale."""
        scale = [[float(c), float(s)] for c, s in zip(self._centre, self._spread, strict=True)]
        return {"kind": "numbers", "scale": scale}


class Frames:
    """The last painted frames in grey, kept as uint8, given as 0..1 float32 with the newest in the last channel."""

    stacked = STACKED
    shape = (*PIXELS, STACKED)

    def see(self, world: World, observation: Observation) -> Seen:
        """Return the world as it looks now, (height, width)."""
        del observation
        grey = paint(world, PIXELS[1]).convert("L").resize((PIXELS[1], PIXELS[0]), Image.Resampling.BOX)
        return np.asarray(grey, np.uint8)

    def together(self, latest: Seen) -> Seen:
        """Return (B, height, width, stacked)."""
        return np.moveaxis(latest, 1, -1).astype(np.float32) / 255

    def described(self) -> dict[str, Any]:
        """Return the kind and the shape."""
        return {"kind": "frames", "shape": list(self.shape)}


def eyes_of(world: World, *, pixels: bool = False) -> Eyes:
    """Return what suits a world."""
    if world.states:
        return StateNumber(world.states)
    return Frames() if pixels else Numbers(world.info.scale)


def eyes_from(described: Mapping[str, Any]) -> Eyes:
    """Return the eyes that a bundle's `preprocessing` describes.

    Raises:
        KeyError, TypeError, ValueError: it describes none.
    """
    if described["kind"] == "state":
        return StateNumber(int(described["states"]))
    if described["kind"] == "numbers":
        return Numbers(tuple((float(c), float(s)) for c, s in described["scale"]))
    if described["kind"] == "frames" and tuple(described["shape"]) == Frames.shape:
        return Frames()
    raise ValueError(described["kind"])
