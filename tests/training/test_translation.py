"""A whole little run: it learns a handful of sentences by heart, both ways, and its bundle says them."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import keras
import numpy as np
import onnx
import pytest

from mmbm_desktop.base.errors import BugFault, EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.bundles.safetensors_header import read_places
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.inference.translate import ENCODER, STEP, Translator, translate
from mmbm_desktop.networks.translation import build_translation
from mmbm_desktop.protocol.requests import TranslateRequest
from mmbm_desktop.training import evaluate as evaluation
from mmbm_desktop.training.__main__ import main
from mmbm_desktop.training.evaluate import evaluate
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.export.translation_check import check_translation
from mmbm_desktop.training.recipes.catalogue import make_recipe
from mmbm_desktop.training.recipes.translation_learner import TranslationLearner
from mmbm_desktop.training.spec import PhaseSpec, read_spec
from mmbm_desktop.training.tiny_translation import tiny_translation_config

WHO = {"Tom": "汤姆", "The dog": "狗", "He": "他"}
DOES = {"runs": "跑", "sleeps": "睡觉", "eats": "吃", "sings": "唱歌", "swims": "游泳"}

SPEC = """
recipe = "translation"
name = "phrases"
data = "phrases"
seed = 5
batch = 2
vocab = 120
checkpoint_steps = 50
terms = "made by a test"

[network]
width = 32
heads = 2
encoder_layers = 1
decoder_layers = 1
max_tokens = 7
dropout = 0.0

[[phases]]
goal = "translate"
epochs = 20
learning_rate = 0.008
"""


def make_phrases(folder: Path) -> Path:
    """Write fifteen pairs; the test and val pairs are among the train ones, for the run has to learn them by heart."""
    folder.mkdir(parents=True)
    pairs = [f"{who} {does}.\t{wer}{tut}。" for who, wer in WHO.items() for does, tut in DOES.items()]
    rows = (
        [f"train\t{pair}" for pair in pairs]
        + [f"test\t{pair}" for pair in pairs[::4]]
        + [f"val\t{pair}" for pair in pairs]
    )
    (folder / "phrases.tsv").write_text("split\ten\tzh\n" + "\n".join(rows) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def spec_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("translation")
    make_phrases(folder / "phrases")
    (folder / "spec.toml").write_text(SPEC, "utf-8")
    return folder / "spec.toml"


@pytest.fixture(scope="module")
def bundle(spec_file: Path) -> Path:
    place = spec_file.parent / "out" / "phrases"
    run = spec_file.parent / "run"
    assert main([str(spec_file), "--run-folder", str(run), "--out", str(place), "--threads", "1"]) == 0
    return place


@pytest.fixture
def tiny(tiny_translation: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_translation, tmp_path / "tiny-translation"))


def test_what_was_learned_by_heart_is_translated_both_ways_and_back(bundle):
    translator = Translator(bundle, threads=1)
    there = translate(TranslateRequest("He sings.", "zh"), translator)
    assert (there.translation, there.source, there.to) == ("他唱歌。", "en", "zh")
    assert (there.back, there.back_score) == ("He sings.", pytest.approx(1))
    assert 0.5 < there.score <= 1
    back = translate(TranslateRequest("汤姆睡觉。狗游泳。", "en"), translator)
    assert back.translation == "Tom sleeps. The dog swims."


def test_its_numbers_are_measured_and_recorded(bundle, spec_file, capsys):
    data = str(spec_file.parent / "phrases")
    assert evaluation.main([str(bundle), "--data", data, "--split", "test", "--json", "--record"]) == 0
    line = json.loads(capsys.readouterr().out)
    assert line["items"] == 4
    assert line["metrics"]["chrF, English to Chinese"] > 0.9
    assert line["metrics"]["chrF, Chinese to English"] > 0.9
    assert {"BLEU-4, English to Chinese, by character", "BLEU-4, Chinese to English"} <= set(line["metrics"])
    card = (bundle / "card.md").read_text("utf-8")
    assert "chrF, English to Chinese, phrases test" in card
    assert "made by a test" in card
    assert "short everyday sentences" in card
    assert verify(bundle).tasks == ("translate",)


def test_a_split_without_sentences_is_refused(bundle, spec_file):
    with pytest.raises(InputFault) as caught:
        evaluate(Measuring(bundle, spec_file.parent / "phrases", "extra"))
    assert caught.value.code == ErrorCode.DATASET_INVALID


def test_the_bundle_passes_its_check_and_one_that_answers_otherwise_does_not(tiny):
    assert check_bundle(tiny, threads=1).probe_difference < 1e-4
    manifest = json.loads((tiny / "bundle.json").read_text("utf-8"))
    probe = manifest["probe"]
    assert set(probe["max_abs_difference"]) == {ENCODER, STEP}
    probe["expected"][ENCODER]["memory_k"][0] += 1
    (tiny / "bundle.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(EnvironmentFault) as caught:
        check_bundle(tiny, threads=1)
    assert caught.value.params["field"] == "probe"


def test_structures_hold_no_weights_and_point_into_the_one_file(tiny):
    places = {(p.offset, p.length) for p in read_places(tiny / "model.safetensors").values()}
    pointed = set()
    for name in (ENCODER, STEP):
        for tensor in onnx.load(tiny / name, load_external_data=False).graph.initializer:
            external = {entry.key: entry.value for entry in tensor.external_data}
            if external:
                pointed.add((int(external["offset"]), int(external["length"])))
            else:
                assert np.prod(tensor.dims) <= 32
    assert pointed == places


def test_an_export_that_answers_wrongly_is_refused(tiny):
    manifest = json.loads((tiny / "bundle.json").read_text("utf-8"))
    keras.utils.set_random_seed(8)
    another = build_translation(tiny_translation_config(manifest["network"]["vocab"]))
    with pytest.raises(BugFault, match="differs from the network"):
        check_translation(tiny, another, manifest["preprocessing"])


def test_an_epoch_takes_every_sentence_both_ways_and_words_in_turn(spec_file, tmp_path):
    data = make_phrases(tmp_path / "phrases")
    words = "".join(f"{zh}\t{zh}\tx\tn1\tto {en}\n" for en, zh in DOES.items()) + "狗\t狗\tx\tn1\tdog\n"
    (data / "words.tsv").write_text("zh\ttraditional\tpinyin\tlevels\tmeanings_en\n" + words, "utf-8")
    spec = dataclasses.replace(read_spec(spec_file), data=str(data), options={"words": 3}, batch=5)
    recipe = make_recipe(spec, tmp_path, lambda done, total: None)
    phase = PhaseSpec("translate", 2)
    epochs = []
    for epoch in range(2):
        batches = [recipe.batch(phase, epoch, step)[0] for step in range(recipe.steps(phase))]
        for batch in batches:
            half = len(batch["source"]) // 2
            np.testing.assert_array_equal(batch["source"][:half], batch["target"][half:])
            np.testing.assert_array_equal(batch["target"][:half], batch["source"][half:])
        epochs.append({tuple(row[row > 0]) for batch in batches for row in batch["source"]})
    assert epochs[0] != epochs[1]
    assert len(epochs[0]) == len(epochs[1]) == 2 * (15 + 3)
    assert len(epochs[0] | epochs[1]) == 2 * (15 + 6)


def test_the_smoothed_loss_is_the_cross_entropy_with_smoothed_labels():
    config = tiny_translation_config(11)
    learner = TranslationLearner(build_translation(config))
    rows = {"source": np.array([[1, 5, 6, 3]], np.int32), "target": np.array([[2, 7, 8, 3, 0]], np.int32)}
    outputs = learner(rows, training=False)
    plain, smoothed = (float(loss) for loss in learner.losses(outputs, rows["target"][:, 1:]))
    logits = np.asarray(outputs["logits"])[0, :3].astype(np.float64)
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    right = log_p[np.arange(3), [7, 8, 3]]
    assert plain == pytest.approx(-right.mean(), rel=1e-5)
    assert smoothed == pytest.approx(-(0.9 * right + 0.1 * log_p.mean(axis=-1)).mean(), rel=1e-5)
