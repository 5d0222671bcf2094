"""The worlds are what the table says of them, and the same seed and actions lead to the same place."""

from __future__ import annotations

import gymnasium
import pytest

from mmbm_desktop.training.reinforcement.eyes import Frames, eyes_from, eyes_of
from mmbm_desktop.training.reinforcement.world import Stream, World, episode_seed
from mmbm_desktop.training.reinforcement.worlds import WORLDS, share


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_is_what_the_table_says(name):
    world, info = World(name), WORLDS[name]
    spec = gymnasium.spec(info.id)
    assert world.environment.action_space.n == len(info.actions)
    if "map_name" not in (info.arguments or {}) and spec.max_episode_steps:
        assert info.most_steps == spec.max_episode_steps
    if info.squares:
        assert world.states == info.squares.rows * info.squares.columns * info.squares.stride
        assert len(info.squares.marks) == info.squares.rows * info.squares.columns
    else:
        assert world.environment.observation_space.shape == (len(info.scale),)


@pytest.mark.parametrize("name", ["frozen-lake-4x4", "frozen-lake-8x8"])
def test_the_marks_are_those_of_the_map(name):
    world = World(name)
    letters = "".join(letter.decode() for row in world.environment.desc for letter in row)
    assert WORLDS[name].squares.marks == letters


def test_the_cliff_is_where_the_marks_say():
    world = World("cliff-walking")
    assert world.reset(1) == WORLDS["cliff-walking"].squares.marks.index("S")
    assert world.step(1).reward == -100


def test_only_worlds_that_can_be_slippery_are():
    assert World("frozen-lake-4x4", slippery=True).slippery
    assert not World("taxi", slippery=True).slippery


def test_ice_that_is_not_slippery_does_as_it_is_told():
    world = World("frozen-lake-4x4")
    assert world.reset(3) == 0
    steps = [world.step(action) for action in (1, 1, 2, 1, 2, 2)]
    assert [step.observation for step in steps] == [4, 8, 9, 13, 14, 15]
    assert (steps[-1].reward, steps[-1].terminated, steps[-1].cut_off) == (1.0, True, False)


def test_an_episode_is_cut_off_and_that_is_no_end():
    world = World("frozen-lake-4x4")
    world.reset(1)
    steps = [world.step(0) for _ in range(100)]
    assert not any(step.ended for step in steps[:-1])
    assert (steps[-1].terminated, steps[-1].cut_off) == (False, True)


def test_the_seed_decides_all_chance():
    def walk(seed):
        world = World("frozen-lake-8x8", slippery=True)
        return [world.reset(seed), *(world.step(action).observation for action in (1, 2, 1, 2, 2, 1))]

    assert walk(5) == walk(5)
    assert any(walk(5) != walk(seed) for seed in range(6, 12))


def test_no_stream_of_seeds_meets_another():
    seeds = [episode_seed(1, stream, number) for stream in Stream for number in range(500)]
    assert len(set(seeds)) == len(seeds)


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("pixels", [False, True])
def test_eyes_are_described_and_made_again_from_that(name, pixels):
    world = World(name)
    eyes = eyes_of(world, pixels=pixels)
    seen = eyes.see(world, world.reset(1))
    again = eyes_from(eyes.described())
    assert again.described() == eyes.described()
    assert (again.see(world, world.reset(1)) == seen).all()
    assert eyes.together(seen[None, None].repeat(eyes.stacked, 1)).shape == (1, *eyes.shape)


def test_numbers_are_about_one_and_frames_show_what_moved():
    world = World("mountain-car")
    eyes = eyes_of(world)
    assert abs(eyes.see(world, world.reset(1))).max() < 1.5
    frames = Frames()
    first = frames.see(world, world.reset(1))
    for _ in range(30):
        world.step(2)
    assert (frames.see(world, None) != first).any()


@pytest.mark.parametrize("described", [{}, {"kind": "sound"}, {"kind": "frames", "shape": [1, 2, 3]}])
def test_eyes_that_nobody_has_are_refused(described):
    with pytest.raises((KeyError, ValueError)):
        eyes_from(described)


def test_a_return_is_somewhere_between_the_worst_and_solved():
    info = WORLDS["cart-pole"]
    assert [share(info, total) for total in (-5, 0, 237.5, 475, 500)] == [0, 0, 0.5, 1, 1]
