"""What learning is made of: exploration, worlds side by side, the replay buffer, playing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.training.reinforcement.chance import Exploration
from mmbm_desktop.training.reinforcement.crew import AGAIN, Crew, Turn
from mmbm_desktop.training.reinforcement.eyes import eyes_of
from mmbm_desktop.training.reinforcement.playing import Arena
from mmbm_desktop.training.reinforcement.replay import Replay
from mmbm_desktop.training.reinforcement.world import World


def test_exploration_falls_along_a_line_and_stays():
    exploration = Exploration(1.0, 0.1, 0.5)
    assert [exploration.epsilon(along) for along in (0, 0.25, 0.5, 0.9)] == pytest.approx([1, 0.55, 0.1, 0.1])
    assert Exploration(1.0, 0.1, 0.0).epsilon(0) == 0.1


def _crew(name: str = "cart-pole", count: int = 3) -> Crew:
    worlds = [World(name) for _ in range(count)]
    return Crew(worlds, eyes_of(worlds[0]), seed=4)


def _walk(crew: Crew, turns: int, seed: int = 0) -> list[Turn]:
    random = np.random.default_rng(seed)
    return [crew.act(random.integers(0, 2, 3)) for _ in range(turns)]


def test_after_an_episode_a_turn_begins_the_next():
    turns = _walk(_crew(), 150)
    for before, after in itertools.pairwise(turns):
        over = before.terminated
        assert ((after.actions == AGAIN) == over).all()
        assert (after.ages[over] == 0).all()
        assert (after.rewards[over] == 0).all()
    lengths = [total for turn in turns for total in turn.ended]
    assert len(lengths) == sum(int(turn.terminated.sum()) for turn in turns) > 3
    assert min(lengths) >= 8


@pytest.mark.parametrize("turns", [0, 7, 31, 90])
def test_a_crew_goes_on_where_it_was(turns):
    whole, parts = _crew(), _crew()
    _walk(whole, turns)
    parts.restore({name: array.copy() for name, array in whole.state().items()})
    for one, other in zip(_walk(whole, 60, 1), _walk(parts, 60, 1), strict=True):
        np.testing.assert_array_equal(one.seen, other.seen)
        np.testing.assert_array_equal(one.actions, other.actions)
        assert one.ended == other.ended


def _turn(number: int, ages: list[int], actions: list[int], *, ends: bool = False) -> Turn:
    seen = np.array([[number], [100 + number]], np.float32)
    return Turn(np.array(actions), np.array([number, -number]), np.array([ends, False]), seen, np.array(ages), ())


def _filled(rows: int, stacked: int, moments: int) -> Replay:
    """Two worlds; the first one's episode ends at moment 5, the next begins at moment 6."""
    replay = Replay(rows, np.array([[0], [100]], np.float32), stacked)
    for number in range(1, moments):
        first = number if number <= 5 else number - 6
        action = AGAIN if number == 6 else number % 2
        replay.add(_turn(number, [first, number], [action, 1], ends=number == 5))
    return replay


@pytest.mark.parametrize(("rows", "moments"), [(50, 20), (12, 20), (12, 12), (12, 13)])
def test_steps_that_are_drawn_happened(rows, moments):
    drawn = _filled(rows, 3, moments).draw(400, np.random.default_rng(1))
    after = drawn.after[:, -1, 0]
    number = np.where(after >= 100, after - 100, after)
    np.testing.assert_array_equal(drawn.now[:, -1, 0], after - 1)
    np.testing.assert_array_equal(np.abs(drawn.rewards), number)
    assert set(number[after < 100]) <= set(range(1, moments)) - {6}
    assert (drawn.terminated == ((after < 100) & (number == 5))).all()
    assert set(number) >= set(range(max(1, moments - rows + 4), moments)) - {6}


def test_earlier_moments_never_come_from_another_episode():
    drawn = _filled(50, 3, 20).draw(400, np.random.default_rng(1))
    for stack in (drawn.now[:, :, 0], drawn.after[:, :, 0]):
        assert ((stack[:, 1:] - stack[:, :-1] == 1) | (stack[:, 1:] == stack[:, :-1])).all()
        first_world = stack[stack[:, -1] < 100]
        assert ((first_world.max(1) <= 5) | (first_world.min(1) >= 6)).all()


def test_a_buffer_goes_on_where_it_was():
    for moments in (4, 30):
        whole = _filled(12, 2, moments)
        parts = Replay(12, np.array([[0], [100]], np.float32), 2)
        parts.restore(whole.state())
        for replay in (whole, parts):
            replay.add(_turn(moments, [3, 3], [1, 0]))
        one, other = (replay.draw(50, np.random.default_rng(2)) for replay in (whole, parts))
        np.testing.assert_array_equal(one.now, other.now)
        np.testing.assert_array_equal(one.rewards, other.rewards)
        np.testing.assert_array_equal(whole.latest(), parts.latest())


def _downhill(seen):
    return np.array([[1, 2, 1, 0][state % 4] if state < 12 else 2 for state in seen])


def test_an_episode_is_played_as_the_policy_says():
    right_way = {0: 1, 4: 1, 8: 2, 9: 1, 13: 2, 14: 2}
    arena = Arena("frozen-lake-4x4")
    played = arena.play(lambda seen: np.array([right_way[int(state)] for state in seen]), [1, 2], painted=1)
    assert [one.total for one in played] == [1.0, 1.0]
    assert played[0].actions == [1, 1, 2, 1, 2, 2]
    assert (len(played[0].frames), len(played[1].frames)) == (7, 0)


def test_episodes_side_by_side_are_those_played_alone():
    arena = Arena("frozen-lake-8x8", slippery=True)
    together = arena.play(_downhill, list(range(60)))
    alone = [arena.play(_downhill, [seed])[0] for seed in range(60)]
    assert [one.actions for one in together] == [one.actions for one in alone]
    assert len({tuple(one.actions) for one in together}) > 5


def test_a_long_episode_keeps_few_frames_and_its_pace():
    (played,) = Arena("mountain-car").play(lambda seen: np.zeros(len(seen), int), [1], painted=1)
    assert len(played.actions) == 200
    assert len(played.frames) <= 121
    assert played.frame_ms == 2 * 33


def test_playing_can_be_stopped():
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        Arena("taxi").play(_downhill, [1], token)
