"""The loop: its learning rate, stopping, and going on; with the smallest recipe that is one."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.training.loop import Loop, learning_rate
from mmbm_desktop.training.run_folder import LAST, Position, RunFolder
from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

PHASE = PhaseSpec("joint", epochs=3, learning_rate=0.1)
SPEC = TrainSpec("image-text", "line", "", (PHASE,), checkpoint_steps=2)
STEPS = 5


class Line(keras.Sequential):
    """A slope and an offset, with the mean squared error as its loss."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return keras.ops.mean((y - y_pred) ** 2)


class LineRecipe:
    """Learns y = 3 x from seeded numbers, with dropout so that random state counts."""

    def __init__(self, *, poisoned_at: int | None = None) -> None:
        keras.utils.set_random_seed(1)
        self.learner = Line([keras.Input((1,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
        self.asked: list[tuple[int, int]] = []
        self.poisoned_at = poisoned_at

    def start_phase(self, phase: PhaseSpec) -> None:
        self.started = phase

    def steps(self, phase: PhaseSpec) -> int:
        return STEPS

    def batch(self, phase: PhaseSpec, epoch: int, step: int):
        self.asked.append((epoch, step))
        x = np.random.default_rng((epoch, step)).normal(size=(8, 1)).astype(np.float32)
        poison = np.nan if len(self.asked) == self.poisoned_at else 1
        return x, 3 * x * poison

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        return {"score": float(self.learner.layers[-1].kernel[0, 0])}

    def publish(self, place, curve):
        raise NotImplementedError


def _loop(recipe: LineRecipe, folder, token=None, tell=lambda event: None) -> Loop:
    return Loop(SPEC, recipe, RunFolder(folder), token or CancelToken(), tell)


def _curve(folder) -> list[float]:
    return [entry["val"]["score"] for entry in RunFolder(folder).log() if "val" in entry]


def test_the_rate_warms_up_and_then_falls_along_a_cosine():
    rates = [learning_rate(PhaseSpec("joint", 1, 1.0, warmup=0.1), done, 100) for done in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9] == pytest.approx(1)
    assert all(a > b for a, b in itertools.pairwise(rates[10:]))
    assert rates[55] == pytest.approx(0.505)
    assert rates[-1] < 0.02


def test_every_step_is_done_once_and_the_curve_has_every_epoch(tmp_path):
    recipe = LineRecipe()
    _loop(recipe, tmp_path).run()
    assert recipe.asked == [(epoch, step) for epoch in range(3) for step in range(STEPS)]
    assert len(_curve(tmp_path)) == 3
    saved = RunFolder(tmp_path).load(LAST)
    assert saved is not None
    assert saved.position == Position(0, 3)


@pytest.mark.parametrize("stop_after", [1, 4, 5, 8])
def test_a_stopped_run_goes_on_along_the_same_curve(tmp_path, stop_after):
    _loop(LineRecipe(), tmp_path / "whole").run()
    token = CancelToken()
    recipe = LineRecipe()
    steps = itertools.count(1)
    recipe.learner.reset_metrics = lambda: next(steps) == stop_after and token.cancel()
    with pytest.raises(Cancelled):
        _loop(recipe, tmp_path / "parts", token).run()
    _loop(LineRecipe(), tmp_path / "parts").run()
    np.testing.assert_allclose(_curve(tmp_path / "parts"), _curve(tmp_path / "whole"), rtol=1e-5)


def test_a_loss_that_is_no_number_ends_the_run_at_the_last_good_checkpoint(tmp_path):
    with pytest.raises(EnvironmentFault) as caught:
        _loop(LineRecipe(poisoned_at=STEPS + 4), tmp_path).run()
    assert caught.value.params["reason"] == "loss-not-finite"
    saved = RunFolder(tmp_path).load(LAST)
    assert saved is not None
    assert saved.position == Position(0, 1, 2)
    assert all(np.isfinite(array).all() for array in saved.arrays.values())


def test_a_damaged_checkpoint_is_said_to_be_damaged(tmp_path):
    _loop(LineRecipe(), tmp_path).run()
    file = RunFolder(tmp_path).checkpoint_file(LAST)
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(EnvironmentFault) as caught:
        _loop(LineRecipe(), tmp_path).run()
    assert caught.value.params["reason"] == "checkpoint-damaged"


def test_a_line_of_the_log_that_was_cut_short_is_left_out(tmp_path):
    run = RunFolder(tmp_path)
    run.append_log(Position(0, 0, 1), {"a": 1})
    log = tmp_path / "log.jsonl"
    log.write_text(log.read_text("utf-8") + '{"phase": 0, "epo', "utf-8")
    assert [entry["a"] for entry in run.log()] == [1]
