"""The speech-command recipe: two tones as words, from a folder to a bundle that is measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.training.card import record
from mmbm_desktop.training.evaluate import evaluate
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.loop import Loop
from mmbm_desktop.training.recipes.catalogue import make_recipe
from mmbm_desktop.training.recipes.speech_commands_data import fewest_frames, padded
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.spec import TrainSpec, spec_from
from tests.training.tones import make_tones

SIZES = {"stem_widths": [6, 8], "width": 24, "blocks": 2, "kernel": 5, "dropout": 0.0}


def spec_for(data: Path, epochs: int = 1, **options: object) -> TrainSpec:
    phases = [{"goal": "spell", "epochs": epochs, "learning_rate": 0.01}]
    about = {"recipe": "speech-commands", "name": "tones", "data": str(data), "batch": 8, "seed": 3}
    return spec_from({**about, "network": SIZES, "phases": phases, "options": options, "weight_decay": 0.0})


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tones(tmp_path_factory.mktemp("data") / "tones", 20)


@pytest.fixture(scope="module")
def bundle(tones: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a bundle that was trained on the tones."""
    folder = tmp_path_factory.mktemp("run")
    spec = spec_for(tones, 14, speed=0.05, joined=0.0)
    recipe = make_recipe(spec, folder, no_progress)
    (folder / "run").mkdir()
    Loop(spec, recipe, RunFolder(folder / "run"), CancelToken(), list).run()
    return recipe.publish(folder / "tones", recipe.validate(spec.phases[0]))


def test_two_words_are_learned_and_measured_on_clips_never_seen(bundle, tones):
    found = evaluate(Measuring(bundle, tones, "test"))
    assert found.items == 4
    assert found.numbers == {"clip accuracy": 1.0, "word error rate": 0.0}
    assert set(found.answers["text"].values()) == {"down", "up"}
    assert evaluate(Measuring(bundle, tones, "speaker-ann", limit=6)).items == 6


def test_the_bundle_is_whole_and_says_what_it_knows(bundle, tones):
    manifest = verify(bundle)
    assert (manifest.family, manifest.tasks, manifest.languages) == ("mmbm-speech-commands", ("transcribe",), ("en",))
    assert manifest.preprocessing["words"] == ["down", "up"]
    assert manifest.preprocessing["letters"] == manifest.network["letters"] == " dnopuw"
    assert check_bundle(bundle, threads=1).files == len(manifest.files)
    card = (bundle / "card.md").read_text("utf-8")
    assert "*down, up*" in card
    assert "ann, bob" in card
    record(bundle, {"clip accuracy, tones test": 1.0})
    assert verify(bundle).quality == {**manifest.quality, "clip accuracy, tones test": 1.0}


def test_a_batch_is_the_same_whenever_it_is_made_and_held_out_speakers_are_never_in_one(tones):
    recipe, again = (make_recipe(spec_for(tones, held_out_speakers=["ann"]), tones, no_progress) for _ in range(2))
    phase = spec_for(tones).phases[0]
    first, second = (one.batch(phase, 3, 0) for one in (recipe, again))
    for one, other in zip(first, second, strict=True):
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[name], other[name]) for name in one)
    assert set(recipe.data.splits["train"].speakers) == {"bob"}
    assert recipe.steps(phase) == 2


def test_unreadable_clips_are_named_and_the_rest_is_trained_on(tmp_path):
    data = make_tones(tmp_path / "tones", 8)
    (data / "audio" / "up-3.wav").write_bytes(b"no sound at all, only words" * 9)
    recipe = make_recipe(spec_for(data), tmp_path, no_progress)
    assert {Path(name).name: code for name, code in recipe.unreadable.items()} == {"up-3.wav": ErrorCode.AUDIO_BROKEN}


def test_a_folder_of_which_nothing_can_be_heard_is_refused(tmp_path):
    (tmp_path / "metadata.jsonl").write_text(
        "\n".join(json.dumps({"file_name": f"{n}.wav", "text": "go"}) for n in range(20)), "utf-8"
    )
    with pytest.raises(InputFault) as caught:
        make_recipe(spec_for(tmp_path), tmp_path, no_progress)
    assert caught.value.params["reason"] == "no-readable-clip"


def test_a_split_that_is_not_there_cannot_be_measured(bundle, tones):
    with pytest.raises(InputFault) as caught:
        evaluate(Measuring(bundle, tones, "speaker-carl"))
    assert caught.value.params["reason"] == "no-readable-clip"


def test_a_transcript_always_has_the_steps_it_needs():
    letters = np.array([1, 2, 2, 3], np.int32)
    assert fewest_frames(letters) == 2 * 5
    x, y = padded([np.ones((4, 64), np.float32), np.ones((40, 64), np.float32)], [letters, letters[:1]])
    assert x["frames"].shape == (2, 64, 64)
    assert x["lengths"].tolist() == [10, 40]
    assert y["letters"].tolist() == [[1, 2, 2, 3], [1, 0, 0, 0]]
    assert y["counts"].tolist() == [4, 1]
