"""Captions that learn from rewards: what is drawn, what is learned, and that a stopped run goes on as if it had not."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from mmbm_desktop.base.errors import Cancelled, InputFault
from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.inference.decoding import DecodingOptions, decode
from mmbm_desktop.inference.image_text import CaptionStep, ImageTextBundle
from mmbm_desktop.networks.image_text import build_image_text, weight_names
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.loop import Loop
from mmbm_desktop.training.recipes.caption_reward import CaptionRewardRecipe
from mmbm_desktop.training.recipes.caption_reward_learner import SelfCriticalLearner
from mmbm_desktop.training.recipes.caption_sampling import Writer
from mmbm_desktop.training.recipes.image_text_start import read_start
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.spec import PhaseSpec, TrainSpec
from mmbm_desktop.training.tokenizer import encode

PIXELS = np.random.default_rng(0).normal(size=(2, 32, 32, 3)).astype(np.float32)
STARTS = np.array([1, 2], np.int32)


@pytest.fixture(scope="module")
def network(tiny_bundle):
    start = read_start(str(tiny_bundle))
    network = build_image_text(start.config)
    start.fill(network)
    return network


@pytest.fixture(scope="module")
def writer(network) -> Writer:
    return Writer(network, 18)


def _spec(data: Path, bundle: Path, **more) -> TrainSpec:
    options = {"start": str(bundle), "drawn": 2, "kl": 0.05, **more}
    phase = PhaseSpec("self-critical", epochs=2, learning_rate=0.01)
    return TrainSpec("caption-reward", "rewarded", str(data), (phase,), batch=4, options=options, checkpoint_steps=3)


def _recipe(data: Path, bundle: Path, **more) -> CaptionRewardRecipe:
    return CaptionRewardRecipe(_spec(data, bundle, **more), data.parent / "cache", no_progress)


def _steps(learner: keras.Model, batches, rate: float = 0.01) -> list[dict[str, float]]:
    learner.compile(optimizer=keras.optimizers.Adam(rate))
    return [{k: float(v) for k, v in learner.train_on_batch(*one, return_dict=True).items()} for one in batches]


def test_what_is_written_greedily_is_what_the_published_bundle_writes(writer, tiny_bundle):
    bundle = ImageTextBundle(tiny_bundle, threads=1)
    features, _ = bundle.encode_pictures(PIXELS)
    rules = bundle.text_rules
    options = DecodingOptions(
        beam=1, max_tokens=15, min_tokens=0, no_repeat=0, banned=(rules.pad, rules.unk, *rules.bos.values())
    )
    found = decode(CaptionStep(bundle, features, np.arange(2)), STARTS.tolist(), options)
    ids = writer.write(features, STARTS)
    for (candidate, *_), row in zip(found, ids, strict=True):
        assert tuple(int(token) for token in row[1:] if token not in (rules.pad, rules.eos)) == candidate.tokens


def test_chance_decides_what_is_drawn_and_no_caption_holds_a_mark(network, writer):
    features = to_numpy(network.image_encoder(PIXELS, training=False)["features"])
    chances = np.random.default_rng(1).random((2, 15))
    first, again, other = (writer.write(features, STARTS, one) for one in (chances, chances, chances[::-1]))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    rules = network.config.rules
    for row in first:
        end = list(row).index(rules.eos) if rules.eos in row else len(row)
        assert not set(row[1:end]) & {rules.pad, rules.bos_en, rules.bos_zh, rules.unk}
        assert not row[end + 1 :].any()


def test_drawn_captions_are_held_against_greedy_ones_and_only_the_decoder_learns(network, writer):
    def rewards(pictures, ids):
        """Like the first half of the vocabulary."""
        return ((ids > 4) & (ids < 100)).sum(axis=1).astype(np.float32)

    features = to_numpy(network.image_encoder(PIXELS, training=False)["features"])
    greedy = rewards(None, writer.write(features, STARTS)).mean()
    learner = SelfCriticalLearner(writer, 0.01, rewards, name="learner")
    start = {name: to_numpy(one).copy() for name, one in weight_names(network).items()}
    chances = np.random.default_rng(2).random((2, 6, 2, 15))
    inputs = {"pixels": np.repeat(PIXELS, 3, axis=0), "pictures": np.zeros(6, np.int64), "starts": STARTS.repeat(3)}
    first, second = _steps(learner, (({**inputs, "chances": one}, {}) for one in chances))
    assert first["greedy"] == pytest.approx(greedy, rel=1e-4)
    assert first["reward"] > 0
    assert first["kl"] == pytest.approx(0, abs=1e-6)
    assert second["kl"] > first["kl"]
    now = {name: to_numpy(one).copy() for name, one in weight_names(network).items()}
    for name, variable in weight_names(network).items():
        variable.assign(start[name])
    changed = {name for name in start if np.abs(now[name] - start[name]).max() > 0}
    assert changed
    assert all(name.startswith("caption_decoder.") and ".tokens." not in name for name in changed)


@pytest.mark.slow
def test_a_stopped_run_goes_on_along_the_same_curve_and_is_published(shapes, tiny_bundle, tmp_path, monkeypatch):
    calibrated = []
    monkeypatch.setattr("mmbm_desktop.training.recipes.caption_reward.calibrate", calibrated.append)
    whole = _recipe(shapes, tiny_bundle)
    _loop(whole, tmp_path / "whole").run()
    curve = _curve(tmp_path / "whole")
    assert len(curve) == 2
    assert {"CIDEr-D en", "CIDEr-D zh", "different en", "words zh", "score"} <= set(curve[0])

    token = CancelToken()
    parts = _recipe(shapes, tiny_bundle)
    judged = parts.learner.train_on_batch
    taken = []

    def counted(*args, **kwargs):
        taken.append(1)
        if len(taken) == 6:
            token.cancel()
        return judged(*args, **kwargs)

    monkeypatch.setattr(parts.learner, "train_on_batch", counted)
    with pytest.raises(Cancelled):
        _loop(parts, tmp_path / "parts", token).run()
    _loop(_recipe(shapes, tiny_bundle), tmp_path / "parts").run()
    for one, other in zip(curve, _curve(tmp_path / "parts"), strict=True):
        assert one == pytest.approx(other, rel=1e-3, abs=1e-4)

    place = whole.publish(tmp_path / "rewarded", curve[-1])
    assert check_bundle(place).files
    assert [one.bundle for one in calibrated] == [place]
    assert "which training started from" in (place / "card.md").read_text("utf-8")
    assert whole.samples()[0].guess
    assessed = whole.assess(place)
    assert assessed is not None
    assert (assessed.split, assessed.items, len(assessed.samples)) == ("test", 4, 8)
    assert set(assessed.before) == set(assessed.numbers)
    assert all(one.before for one in assessed.samples)


def _loop(recipe: CaptionRewardRecipe, folder: Path, token: CancelToken | None = None) -> Loop:
    return Loop(recipe.spec, recipe, RunFolder(folder), token or CancelToken(), lambda event: None)


def _curve(folder: Path) -> list[dict[str, float]]:
    return [entry["val"] for entry in RunFolder(folder).log() if "val" in entry]


def _rate(data: Path, liked: str, disliked: str) -> None:
    names = [json.loads(line)["file_name"] for line in (data / "metadata.jsonl").read_text("utf-8").splitlines()]
    rows = [
        {"file_name": name, "caption": caption, "rating": rating}
        for name in names
        for caption, rating in ((liked, 1), (disliked, -1))
    ]
    (data / "thumbs.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")


def test_a_caption_with_thumbs_up_becomes_likelier_than_one_with_thumbs_down(shapes, tiny_bundle):
    _rate(shapes, "A little girl .", "A black dog .")
    recipe = _recipe(shapes, tiny_bundle, reward="thumbs")
    phase = recipe.spec.phases[0]
    assert recipe.steps(phase) == 16 * 2 // 4
    told = _steps(recipe.learner, (recipe.batch(phase, 0, step) for step in range(8)), 0.003)
    assert told[0]["preference"] == pytest.approx(0, abs=1e-4)
    assert told[-1]["preference"] > 0.3
    assert told[-1]["kl"] > told[0]["kl"]
    ids = encode(recipe.data.tokenizer, ["A little girl .", "A black dog ."], recipe.config.max_tokens)
    squares = recipe.data.squares(recipe.data.splits["val"].rows[:2], recipe.config.image_size)
    liked, disliked = recipe.learner.gained(squares, ids)
    assert liked > 0 > disliked


def test_thumbs_without_a_rated_picture_to_train_on_are_refused(shapes, tiny_bundle):
    (shapes / "thumbs.jsonl").write_text('{"file_name": "other.png", "caption": "a", "rating": 1}', "utf-8")
    with pytest.raises(InputFault) as caught:
        _recipe(shapes, tiny_bundle, reward="thumbs")
    assert caught.value.params["reason"] == "too-few-pictures"
