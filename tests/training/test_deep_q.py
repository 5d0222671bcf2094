"""Networks of values: the loss by hand, going on along the same curve, numbers and pixels, publishing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import keras
import numpy as np
import pytest

from mmbm_desktop.base.errors import EnvironmentFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.agent import QAgent
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.networks.q_network import build_q_network
from mmbm_desktop.networks.q_network_config import QNetworkConfig
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.recipes.deep_q import DeepQRecipe
from mmbm_desktop.training.recipes.deep_q_learner import DeepQLearner
from mmbm_desktop.training.reinforcement.loop import AgentLoop
from mmbm_desktop.training.run_folder import LAST, RunFolder
from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

PHASE = PhaseSpec("q-learning", epochs=2, learning_rate=0.01)
TINY = {
    "epoch_steps": 60,
    "worlds": 3,
    "warm_up": 20,
    "replay": 60,
    "learn_every": 2,
    "target_updates": 10,
    "checked": 2,
}
SPEC = TrainSpec("deep-q", "pole", "", (PHASE,), seed=3, batch=8, network={"hidden": [8]}, options=TINY)


@pytest.mark.parametrize("double", [False, True])
def test_the_loss_is_that_of_the_papers(double):
    keras.utils.set_random_seed(1)
    sizes = QNetworkConfig((3,), 2, hidden=(5,))
    learner = DeepQLearner(build_q_network(sizes), build_q_network(sizes, "target"), 0.9, double=double)
    random = np.random.default_rng(2)
    now, after = random.normal(size=(2, 6, 3)).astype(np.float32) * 3
    rewards = random.normal(size=6).astype(np.float32) * 2
    ended = np.array([0, 0, 1, 0, 1, 0], np.float32)
    actions = np.array([0, 1, 1, 0, 0, 1])
    y = {"actions": actions, "rewards": rewards, "terminated": ended}
    loss = float(learner.compute_loss({"now": now, "after": after}, y, learner({"now": now})))

    said = to_numpy(learner.network(now))[np.arange(6), actions]
    older, newer = to_numpy(learner.target(after)), to_numpy(learner.network(after))
    to_come = older[np.arange(6), newer.argmax(1)] if double else older.max(1)
    error = np.abs(said - (rewards + 0.9 * (1 - ended) * to_come))
    assert error.min() < 1 < error.max()
    assert loss == pytest.approx(np.where(error < 1, error**2 / 2, error - 0.5).mean(), rel=1e-5)


def test_only_the_network_learns_and_the_other_is_copied():
    keras.utils.set_random_seed(1)
    sizes = QNetworkConfig((3,), 2, hidden=(5,))
    learner = DeepQLearner(build_q_network(sizes), build_q_network(sizes, "target"), 0.9, double=True)
    assert len(learner.trainable_variables) == 4
    now = np.ones((1, 3), np.float32)
    assert not np.allclose(learner.network(now), learner.target(now))
    learner.copy_to_target()
    np.testing.assert_array_equal(learner.network(now), learner.target(now))


def test_frames_and_numbers_are_valued():
    assert build_q_network(QNetworkConfig((4,), 3))(np.zeros((2, 4))).shape == (2, 3)
    frames = build_q_network(QNetworkConfig((40, 60, 3), 2, filters=(4, 8), hidden=(8,)))
    assert frames(np.zeros((2, 40, 60, 3))).shape == (2, 2)


class _Killed(Exception):
    pass


def _learn(folder: Path, spec: TrainSpec = SPEC, *, killed_at: int = 0) -> DeepQRecipe:
    folder.mkdir(exist_ok=True)
    recipe = DeepQRecipe(spec)
    one_turn, turns = recipe.turn, iter(range(1, 1000))

    def turn(*arguments):
        if next(turns) == killed_at:
            raise _Killed
        return one_turn(*arguments)

    recipe.turn = turn
    AgentLoop(spec, recipe, RunFolder(folder), CancelToken(), lambda event: None).run()
    return recipe


def _last(folder: Path) -> dict[str, np.ndarray]:
    saved = RunFolder(folder).load(LAST)
    assert saved is not None
    return dict(saved.arrays)


@pytest.mark.slow
def test_a_killed_run_goes_on_along_the_same_curve_and_its_agent_is_kept(tmp_path):
    """Weights, optimiser, replay buffer and every world are as in a run without a break; episodes are cut in the middle."""
    spec = dataclasses.replace(SPEC, checkpoint_steps=7)
    whole = _learn(tmp_path / "whole", spec)
    parts = tmp_path / "parts"
    with pytest.raises(_Killed):
        _learn(parts, spec, killed_at=26)
    assert _last(parts)["along"][1] == 21
    _learn(parts, spec)
    for name, array in _last(tmp_path / "whole").items():
        np.testing.assert_allclose(_last(parts)[name], array, rtol=1e-5, atol=1e-6, err_msg=name)
    assert _curve(parts) == pytest.approx(_curve(tmp_path / "whole"))
    assert _last(tmp_path / "whole")["along"][2] >= 40

    bundle = whole.publish(tmp_path / "pole", whole.validate(PHASE))
    assert check_bundle(bundle).probe_difference < 1e-4
    seen = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    np.testing.assert_allclose(QAgent(bundle).values(seen), to_numpy(whole.network(seen)), atol=1e-5)
    further = DeepQRecipe(dataclasses.replace(SPEC, options={**TINY, "start": str(bundle)}))
    further.begin()
    np.testing.assert_allclose(to_numpy(further.network(seen)), to_numpy(whole.network(seen)), atol=1e-5)
    with pytest.raises(EnvironmentFault):
        DeepQRecipe(dataclasses.replace(SPEC, network={"hidden": [9]}, options={**TINY, "start": str(bundle)})).begin()


def _curve(folder: Path) -> list[float]:
    return [entry["val"]["score"] for entry in RunFolder(folder).log() if "val" in entry]


@pytest.mark.slow
def test_an_agent_that_sees_pixels_learns_and_plays_from_its_bundle(tmp_path):
    network = {"filters": [4, 4], "hidden": [8]}
    options = {**TINY, "epoch_steps": 40, "epsilon_start": 0.5}
    phases = (dataclasses.replace(PHASE, epochs=1),)
    spec = dataclasses.replace(SPEC, network=network, options=options, phases=phases)
    recipe = _learn(tmp_path / "run", spec)
    bundle = recipe.publish(tmp_path / "pixels", recipe.validate(PHASE))
    assert check_bundle(bundle).probe_difference < 1e-4
    assessment = recipe.assess(bundle)
    assert assessment is not None
    assert assessment.numbers["mean return"] >= 8
