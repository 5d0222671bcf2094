"""The sounds recipe from a folder to a bundle: folds, teacher, calibration, evaluation, refusals."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.inference.sounds import SoundTagger, find_sounds
from mmbm_desktop.protocol.requests import SoundsRequest
from mmbm_desktop.training import evaluate as evaluation
from mmbm_desktop.training.__main__ import main
from mmbm_desktop.training.recipes.sounds import SoundsRecipe
from mmbm_desktop.training.recipes.sounds_learner import LastLayer, label_loss, score_loss
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.sound_teacher import SoundTeacher
from mmbm_desktop.training.spec import default_spec, read_spec

RATE = 16_000
SPEC = """
recipe = "sounds"
name = "tones"
data = "tones"
batch = 8
terms = "made by a test"

[network]
stem_width = 4
widths = [8, 8]
blocks = [1, 1]
dropout = 0.0

[options]
window_patches = 1
mixed = 0.2
left_out = ["tones:fold6"]

"""
FOLDS = '[[phases]]\ngoal = "fold"\nepochs = 1\nlearning_rate = 0.01\n\n' * 2
JOINT = '[[phases]]\ngoal = "joint"\nepochs = {epochs}\nlearning_rate = 0.02\n'


@pytest.fixture
def tones(tmp_path: Path) -> Path:
    """Write 24 recordings of a whistle or of hiss, in six folds."""
    folder = tmp_path / "tones"
    folder.mkdir()
    random = np.random.default_rng(0)
    rows = []
    for index in range(24):
        label = ("hiss", "whistle")[index % 2]
        time = np.arange(round(1.1 * RATE)) / RATE
        hiss = random.normal(0, 0.1, len(time))
        sound = hiss if label == "hiss" else 0.3 * np.sin(2 * np.pi * random.uniform(500, 2000) * time)
        soundfile.write(folder / f"{index}.wav", sound, RATE)
        rows.append({"file": f"{index}.wav", "label": label, "fold": index // 4 + 1})
    (folder / "broken.wav").write_bytes(b"RIFF....WAVEnonsense")
    rows.append({"file": "broken.wav", "label": "hiss", "fold": 1})
    (folder / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return folder


def write_spec(tones: Path, text: str) -> Path:
    file = tones.parent / "spec.toml"
    file.write_text(text, "utf-8")
    return file


def events(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_run_with_folds_learns_tones_and_its_bundle_is_calibrated_and_measured(tones, tmp_path, capsys):
    spec = write_spec(tones, SPEC + FOLDS + JOINT.format(epochs=30))
    place = tmp_path / "bundle" / "tones"

    assert main([str(spec), "--run-folder", str(tmp_path / "run"), "--out", str(place), "--threads", "1"]) == 0

    told = events(capsys.readouterr().out)
    assert [(e["path"], e["error"]) for e in told if e["event"] == "skipped"] == [
        (str(tones / "broken.wav"), "audio-broken")
    ]
    assert [event["event"] for event in told[-2:]] == ["published", "assessed"]
    assessment = told[-1]["assessment"]
    assert (assessment["split"], assessment["items"], assessment["labels"]) == ("fold6", 4, ["hiss", "whistle"])
    assert assessment["numbers"]["accuracy"] >= 0.75
    assert {one["kind"] for event in told for one in event.get("samples", ())} == {"recording"}
    curve = [e["val"] for e in RunFolder(tmp_path / "run").log() if "val" in e]
    assert len(curve) == 32
    assert {"accuracy", "mean average precision"} <= set(curve[0])
    manifest = verify(place)
    assert manifest.network["classes"] == ["hiss", "whistle", "silence"]
    assert manifest.quality["accuracy, tones test fold6"] >= 0.75
    assert "accuracy, tones test folds" in manifest.quality
    assert len(manifest.calibration["threshold"]) == 3
    assert check_bundle(place, threads=1).probe_difference < 1e-3

    result = find_sounds(SoundsRequest(str(tones / "23.wav")), SoundTagger(place, threads=1))
    assert "hiss" not in {sound.label for sound in result.sounds}

    assert evaluation.main([str(place), "--data", str(tones), "--split", "fold6", "--json"]) == 0
    (line,) = events(capsys.readouterr().out)
    assert line["items"] == 4
    assert line["metrics"]["accuracy"] == pytest.approx(manifest.quality["accuracy, tones test fold6"])
    assert {"mean average precision", "F1 of hiss"} <= set(line["metrics"])

    assert main(["--resume", str(tmp_path / "run"), "--out", str(tmp_path / "again" / "tones")]) == 0
    assert verify(tmp_path / "again" / "tones").quality == pytest.approx(manifest.quality, abs=1e-4)


def test_a_run_that_leaves_out_every_fold_in_turn_is_measured_on_what_it_left_out(tones, tmp_path):
    text = SPEC.replace('left_out = ["tones:fold6"]', "") + FOLDS
    recipe = SoundsRecipe(read_spec(write_spec(tones, text)), tmp_path, lambda done, total: None)
    scores = np.full(recipe.learner.held_out.shape, -1.0, np.float32)
    scores[:8] = 0.1
    for row, sound in enumerate(recipe.data.sounds[:8]):
        scores[row, recipe.data.classes.index("hiss" if row == 0 else sound.label)] = 0.9
    recipe.learner.held_out.assign(scores)

    found = recipe.assess(tmp_path / "no bundle is asked")

    wrong = recipe.data.sounds[0].label != "hiss"
    assert found is not None
    assert (found.split, found.items) == ("folds", 8)
    assert found.numbers["accuracy"] == pytest.approx(1 - wrong / 8)
    assert found.samples[0].right is not wrong
    assert {f"accuracy of fold {sound.part}" for sound in recipe.data.sounds[:8]} <= set(found.numbers)


def test_without_phases_for_folds_the_last_one_is_the_final_check_and_the_one_before_it_the_usual_one(tones, tmp_path):
    text = SPEC.replace('left_out = ["tones:fold6"]', "") + JOINT.format(epochs=1)
    recipe = SoundsRecipe(read_spec(write_spec(tones, text)), tmp_path, lambda done, total: None)

    assert recipe.data.left_out == "fold6"
    checked = {sound.fold for sound in recipe.data.sounds if sound.split == "val"}
    assert checked == {"fold5"}
    assert "fold6" not in {sound.fold for sound in recipe.data.sounds}


def test_the_preset_for_folds_leaves_out_each_in_turn_and_then_none(tmp_path):
    spec = default_spec("sounds", tmp_path, "mine", 3, "folds")

    assert [(phase.goal, phase.epochs) for phase in spec.phases] == [*[("fold", 3)] * 5, ("joint", 3)]


def test_an_unknown_fold_and_a_role_nobody_knows_are_told(tones, tmp_path, tiny_sounds_bundle, capsys):
    status = evaluation.main([str(tiny_sounds_bundle), "--data", str(tones), "--split", "fold9", "--json"])
    assert (status, events(capsys.readouterr().out)[0]["reason"]) == (1, "no-readable-sound")

    spec = write_spec(tones, SPEC + '[[further]]\nfolder = "tones"\nrole = "noise"\n\n' + JOINT.format(epochs=1))
    assert main([str(spec), "--run-folder", str(tmp_path / "run")]) == 1
    assert events(capsys.readouterr().out)[-1]["error"] == ErrorCode.SPEC_INVALID


@pytest.fixture(scope="module")
def teacher_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a tiny quantised network that stands for YAMNet, and what it is made of."""
    import tensorflow as tf

    random = np.random.default_rng(0)
    kernel = tf.constant(random.normal(size=(9, 9, 1, 8)), tf.float32)
    last = tf.constant(random.normal(size=(8, 521)), tf.float32)
    bias = tf.constant(random.normal(size=521), tf.float32)

    @tf.function(input_signature=[tf.TensorSpec((1, 96, 64))])
    def classify(x):
        spatial = tf.nn.relu6(tf.nn.conv2d(x[..., None], kernel, 8, "SAME"))
        pooled = tf.reduce_mean(spatial, (1, 2), keepdims=True, name="reduce_mean")
        return tf.nn.sigmoid(tf.matmul(tf.reshape(pooled, (1, 8)), last) + bias)

    converter = tf.lite.TFLiteConverter.from_concrete_functions([classify.get_concrete_function()])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([random.normal(size=(1, 96, 64)).astype(np.float32)] for _ in range(16))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    folder = tmp_path_factory.mktemp("teacher")
    (folder / "yamnet_tiny.tflite").write_bytes(converter.convert())
    np.savez(folder / "made_of.npz", kernel=kernel, last=last, bias=bias)
    return folder


@pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorflow", "ignore::UserWarning:tensorflow")
def test_the_teachers_features_and_last_layer_are_read(teacher_folder):
    import tensorflow as tf

    made_of = np.load(teacher_folder / "made_of.npz")
    patches = np.random.default_rng(1).normal(size=(2, 96, 64)).astype(np.float32)
    spatial = tf.nn.relu6(tf.nn.conv2d(patches[..., None], made_of["kernel"], 8, "SAME"))

    teacher = SoundTeacher(teacher_folder, threads=1)

    assert teacher.dim == 8
    assert teacher.features(patches) == pytest.approx(tf.reduce_mean(spatial, (1, 2)).numpy(), abs=0.15)
    assert teacher.weights == pytest.approx(made_of["last"], abs=0.05)
    assert teacher.biases == pytest.approx(made_of["bias"], abs=0.05)


def test_without_a_teacher_there_distilling_is_refused(tmp_path):
    with pytest.raises(EnvironmentFault) as caught:
        SoundTeacher(tmp_path)
    assert caught.value.code is ErrorCode.MODEL_MISSING


@pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorflow", "ignore::UserWarning:tensorflow")
def test_after_distilling_labels_change_the_head_alone_and_every_fold_begins_anew(
    tones, teacher_folder, tmp_path, capsys
):
    teacher = f'[teacher]\nfolder = "{teacher_folder}"\n\n'
    distil = '[[phases]]\ngoal = "distil"\nepochs = 2\nlearning_rate = 0.01\n\n'
    spec = write_spec(tones, SPEC + teacher + distil + FOLDS + JOINT.format(epochs=2))

    assert main([str(spec), "--run-folder", str(tmp_path / "run"), "--out", str(tmp_path / "b"), "--threads", "1"]) == 0

    last = RunFolder(tmp_path / "run").load("last")
    assert last is not None
    capsys.readouterr()
    recipe = SoundsRecipe(read_spec(spec), tmp_path / "cache", no_progress)
    learner = recipe.learner
    shapes = [variable.shape for variable in learner.variables]
    arrays = [last.arrays[name] for name in sorted(last.arrays) if name.startswith("model.")]
    values = {id(v): a for v, a in zip(learner.variables, arrays, strict=False)}
    assert [array.shape for array in arrays] == shapes[: len(arrays)]
    pairs = list(zip(learner.network.encoder.variables, learner.start.encoder.variables, strict=True))
    assert all(np.array_equal(values[id(now)], values[id(then)]) for now, then in pairs)
    head = list(zip(learner.network.head.trainable_variables, learner.start.head.variables, strict=False))
    assert any(not np.array_equal(values[id(now)], values[id(then)]) for now, then in head)
    held_out = values[id(learner.held_out)]
    parts = np.array([sound.part for sound in recipe.data.sounds])
    assert (held_out[parts <= 2] >= 0).all()
    assert (held_out[parts > 2] == -1).all()


def test_a_folder_for_each_sound_is_trained_on_without_a_spec(tmp_path, capsys):
    random = np.random.default_rng(0)
    for index in range(8):
        file = tmp_path / "mine" / ("click", "hum")[index % 2] / f"{index}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(file, random.normal(0, 0.1, RATE), RATE)
    place = tmp_path / "my-sounds"

    command = ["--task", "sounds", "--data", str(tmp_path / "mine"), "--name", "my-sounds", "--epochs", "1"]
    assert main([*command, "--preset", "quick", "--run-folder", str(tmp_path / "run"), "--out", str(place)]) == 0

    assert "published" in [event["event"] for event in events(capsys.readouterr().out)]
    assert SoundTagger(place, threads=1).labels == ("click", "hum", "silence")
    assert "accuracy, mine val" in verify(place).quality


def test_losses_are_those_worked_out_by_hand():
    scores, labels = np.array([[0.5, 0.8]], np.float32), np.array([[1.0, 0.0]], np.float32)
    assert float(label_loss(scores, labels)) == pytest.approx(-math.log(0.5) - math.log(0.2), rel=1e-5)

    right = np.array([[2.0, -1.0]], np.float32)
    assert float(score_loss(right, right)) == pytest.approx(0.0, abs=1e-6)
    zero = np.zeros((1, 1), np.float32)
    p = 1 / (1 + math.exp(-2))
    expected = p * math.log(p / 0.5) + (1 - p) * math.log((1 - p) / 0.5)
    assert float(score_loss(zero, right[:, :1])) == pytest.approx(expected, rel=1e-4)

    layer = LastLayer(np.eye(2, dtype=np.float32), np.ones(2, np.float32), np.array([2.0, 3.0], np.float32))
    assert np.asarray(layer(np.ones((1, 2), np.float32))) == pytest.approx(np.array([[3.0, 4.0]]))
