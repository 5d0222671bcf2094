"""The loop: its learning rate, stopping, and going on; with the smallest recipe that is one."""

from __future__ import annotations

import dataclasses
import itertools

import keras
import numpy as np
import pytest

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.training import run_folder
from mmbm_desktop.training.loop import Loop, learning_rate, step_alone
from mmbm_desktop.training.run_folder import BEST, LAST, Position, RunFolder
from mmbm_desktop.training.spec import PhaseSpec, TrainSpec
from mmbm_desktop.training.stopping import EpochReached

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


def test_a_run_that_is_to_reach_an_epoch_pauses_there_and_goes_on_along_the_same_curve(tmp_path):
    _loop(LineRecipe(), tmp_path / "whole").run()
    asked = []
    for until in (1, 2, 2, 3):
        recipe = LineRecipe()
        loop = _loop(recipe, tmp_path / "parts")
        loop.until = until
        if until < PHASE.epochs:
            with pytest.raises(EpochReached):
                loop.run()
        else:
            loop.run()
        saved = RunFolder(tmp_path / "parts").load(LAST)
        assert saved is not None
        assert saved.position == Position(0, until)
        asked += recipe.asked
    assert asked == [(epoch, step) for epoch in range(3) for step in range(STEPS)]
    assert _curve(tmp_path / "parts") == _curve(tmp_path / "whole")
    whole, parts = (RunFolder(tmp_path / name).load(LAST) for name in ("whole", "parts"))
    assert whole is not None
    assert parts is not None
    pairs = zip(whole.arrays.values(), parts.arrays.values(), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)


def test_a_loss_that_is_no_number_ends_the_run_at_the_last_good_checkpoint(tmp_path):
    with pytest.raises(EnvironmentFault) as caught:
        _loop(LineRecipe(poisoned_at=STEPS + 4), tmp_path).run()
    assert caught.value.params["reason"] == "loss-not-finite"
    saved = RunFolder(tmp_path).load(LAST)
    assert saved is not None
    assert saved.position == Position(0, 1, 2)
    assert all(np.isfinite(array).all() for array in saved.arrays.values())


@pytest.mark.parametrize("step", [1, STEPS])
def test_weights_that_are_no_numbers_never_replace_the_last_good_checkpoint(tmp_path, step):
    """The loss of a step is that of the weights before it; what it made of them is seen when they are saved."""
    recipe = LineRecipe()
    taken = itertools.count(1)

    def take_step(learner, inputs, targets):
        losses = step_alone(learner, inputs, targets)
        if next(taken) == STEPS + step:
            learner.layers[-1].kernel.assign([[np.nan]])
        return losses

    loop = _loop(recipe, tmp_path)
    loop.take_step = take_step
    with pytest.raises(EnvironmentFault) as caught:
        loop.run()
    assert caught.value.params["reason"] == "loss-not-finite"
    for kind in (LAST, BEST):
        saved = RunFolder(tmp_path).load(kind)
        assert saved is not None
        assert saved.position >= Position(0, 1)
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


# --- paused, extended, finished -------------------------------------------------------------------------------------


class Stopping(CancelToken):
    """Cancelled in the step `after`; a step resets the metrics twice, once by itself."""

    def __init__(self, recipe: LineRecipe, after: int) -> None:
        super().__init__()
        steps = itertools.count(1)
        recipe.learner.reset_metrics = lambda: next(steps) == 2 * after and self.cancel()


def _spec(epochs: int) -> TrainSpec:
    return dataclasses.replace(SPEC, phases=(dataclasses.replace(PHASE, epochs=epochs),))


def _run(folder, spec: TrainSpec = SPEC, **options) -> Loop:
    recipe = LineRecipe()
    loop = Loop(spec, recipe, RunFolder(folder), CancelToken(), lambda event: None, **options)
    loop.run()
    return loop


def test_a_finished_run_that_is_extended_goes_on_from_its_last_step(tmp_path):
    _run(tmp_path, _spec(2))
    before = RunFolder(tmp_path).load(LAST)
    loop = _run(tmp_path, _spec(4))
    assert before is not None
    assert before.position == Position(0, 2)
    assert loop.recipe.asked == [(epoch, step) for epoch in (2, 3) for step in range(STEPS)]
    assert [entry["at"] for entry in RunFolder(tmp_path).log() if "val" in entry] == [1, 2, 3, 4]
    assert int(loop.recipe.learner.optimizer.iterations) == 4 * STEPS
    assert float(loop.recipe.learner.optimizer.learning_rate) == pytest.approx(
        learning_rate(PHASE, 4 * STEPS - 1, 4 * STEPS)
    )


def test_extending_is_the_same_whether_the_run_was_stopped_on_the_way_or_not(tmp_path):
    _run(tmp_path / "whole", _spec(2))
    _run(tmp_path / "whole", _spec(4))
    for epochs, stop_after in ((2, 3), (4, 4)):
        recipe = LineRecipe()
        with pytest.raises(Cancelled):
            Loop(_spec(epochs), recipe, RunFolder(tmp_path / "parts"), Stopping(recipe, stop_after), list).run()
        _run(tmp_path / "parts", _spec(epochs))
    np.testing.assert_allclose(_curve(tmp_path / "parts"), _curve(tmp_path / "whole"), rtol=1e-5)
    marks = [entry for entry in RunFolder(tmp_path / "parts").log() if entry.get("resumed")]
    assert len(marks) == 3


@pytest.mark.parametrize(("steps", "place"), [(2, (0, 0, 2)), (7, (0, 1, 2)), (5, (0, 0, 5))])
def test_a_run_that_is_told_to_finish_keeps_its_best_and_its_place(tmp_path, steps, place):
    asked = itertools.count()
    loop = _run(tmp_path, finishing=lambda: next(asked) >= steps)  # asked once before the first step
    assert loop.finished_at == Position(*place)
    assert len(_curve(tmp_path)) == 1
    best = RunFolder(tmp_path).load(BEST)
    assert best is not None
    assert float(loop.recipe.learner.layers[-1].kernel[0, 0]) == pytest.approx(max(_curve(tmp_path)))


def test_told_to_finish_before_it_goes_on_a_stopped_run_does_no_step(tmp_path):
    recipe = LineRecipe()
    with pytest.raises(Cancelled):
        Loop(SPEC, recipe, RunFolder(tmp_path), Stopping(recipe, 7), list).run()
    loop = _run(tmp_path, finishing=lambda: True)
    assert loop.recipe.asked == []
    assert loop.finished_at == Position(0, 1, 2)


def test_points_are_told_and_the_first_one_after_going_on_is_marked(tmp_path):
    told: list[dict] = []
    recipe = LineRecipe()
    with pytest.raises(Cancelled):
        Loop(SPEC, recipe, RunFolder(tmp_path), Stopping(recipe, 7), told.append).run()
    before = len(told)
    Loop(SPEC, LineRecipe(), RunFolder(tmp_path), CancelToken(), told.append).run()
    points = [point for event in told[before:] if event["event"] == "points" for point in event["points"]]
    assert [point["resumed"] for point in points] == [True, *[False] * (len(points) - 1)]
    assert [point["epoch"] for point in points if point["validation"]] == [2, 3]
    assert all(set(point["values"]) == {"score"} for point in points if point["validation"])


def test_a_full_disk_ends_the_run_and_the_checkpoint_before_is_whole(tmp_path, monkeypatch):
    saved = itertools.count(1)
    real = run_folder.write_atomically

    def full(path, data):
        if path.suffix == ".safetensors" and next(saved) > 3:
            raise EnvironmentFault(ErrorCode.DISK_FULL, path=str(path))
        real(path, data)

    monkeypatch.setattr(run_folder, "write_atomically", full)
    with pytest.raises(EnvironmentFault) as caught:
        _run(tmp_path)
    assert caught.value.code is ErrorCode.DISK_FULL
    monkeypatch.setattr(run_folder, "write_atomically", real)
    _run(tmp_path)
    _run(tmp_path / "whole")
    np.testing.assert_allclose(_curve(tmp_path), _curve(tmp_path / "whole"), rtol=1e-5)
