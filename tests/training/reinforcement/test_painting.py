"""Worlds are painted without a display, and the picture shows where things are."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from PIL import Image, ImageSequence

from mmbm_desktop.training.reinforcement.painter import as_gif, paint
from mmbm_desktop.training.reinforcement.world import World
from mmbm_desktop.training.reinforcement.worlds import WORLDS

AGENT = (0x32, 0x62, 0xE6)


def _painted(name: str, *actions: int, width: int | None = None) -> Image.Image:
    world = World(name)
    world.reset(2)
    for action in actions:
        world.step(action)
    return paint(world, width)


@pytest.mark.parametrize("name", WORLDS)
def test_every_world_has_a_picture_of_more_than_its_ground(name):
    image = _painted(name)
    assert image.mode == "RGB"
    assert len(image.getcolors(1 << 16) or ()) >= 3
    assert _painted(name, width=60).width in range(48, 61)


def test_the_agent_is_painted_on_its_square():
    assert _painted("frozen-lake-4x4").getpixel((20, 20)) == AGENT
    moved = _painted("frozen-lake-4x4", 1)
    assert moved.getpixel((20, 60)) == AGENT
    assert moved.getpixel((20, 20)) != AGENT


def test_a_cart_that_was_pushed_is_elsewhere():
    assert _painted("cart-pole", *[1] * 9).tobytes() != _painted("cart-pole").tobytes()


def test_an_animation_keeps_its_frames_and_their_time():
    frames = [_painted("frozen-lake-4x4"), _painted("frozen-lake-4x4", 1), _painted("frozen-lake-4x4", 1, 1)]
    with Image.open(io.BytesIO(as_gif(frames, 200))) as image:
        read = [(one.convert("RGB").getpixel((20, 100)), one.info["duration"]) for one in ImageSequence.Iterator(image)]
    assert len(read) == 3
    assert [duration for _, duration in read] == [200] * 3
    assert read[0][0] != read[2][0]


def test_painting_needs_neither_a_game_library_nor_keras():
    code = (
        "import sys; from mmbm_desktop.training.reinforcement import play; "
        "print([name for name in ('pygame', 'keras', 'tensorflow') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
