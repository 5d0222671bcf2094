"""Paints a world as it is now, with Pillow alone: no display and no game library is needed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from mmbm_desktop.training.reinforcement.control_paint import PAINTERS, SHAPE
from mmbm_desktop.training.reinforcement.square_paint import paint_squares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.training.reinforcement.world import World

_SQUARE_PX = 40
_WIDTH_PX = 300
_FINER = 2
"""Painted so many times larger and made smaller, for smooth edges."""


def paint(world: World, width_px: int | None = None) -> Image.Image:
    """Return a world's picture, RGB.

    Args:
        world: an episode of it has begun.
        width_px: of the picture; what suits people where None. The shape is the world's own.
    """
    squares = world.info.squares
    if squares is not None:
        side = _SQUARE_PX if width_px is None else max(4, width_px // squares.columns)
        return paint_squares(squares, int(world.state[0]), side)
    width = width_px or _WIDTH_PX
    size = (width, round(width * SHAPE[world.name]))
    large = Image.new("RGB", (size[0] * _FINER, size[1] * _FINER), "#ffffff")
    PAINTERS[world.name](ImageDraw.Draw(large), large.size, world.state)
    return large.reduce(_FINER)


def as_gif(frames: Sequence[Image.Image], frame_ms: int) -> bytes:
    """Return one animated picture of frames of one size, repeated for ever; equal frames become one that lasts."""
    target = io.BytesIO()
    first, *rest = [frame.quantize(32, method=Image.Quantize.FASTOCTREE) for frame in frames]
    first.save(target, "GIF", save_all=True, append_images=rest, duration=max(20, frame_ms), loop=0, optimize=False)
    return target.getvalue()
