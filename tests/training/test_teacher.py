"""Learning from a teacher: a tiny quantised classifier made here stands for MobileNet."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.recipes.image_text import ImageTextRecipe
from mmbm_desktop.training.spec import TrainSpec, read_spec
from mmbm_desktop.training.teacher import Teacher

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorflow", "ignore::UserWarning:tensorflow")

CHANNELS = 6


@pytest.fixture(scope="module")
def teacher_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import tensorflow as tf

    rng = np.random.default_rng(0)
    kernel = tf.constant(rng.normal(size=(3, 3, 3, CHANNELS)), tf.float32)
    last = tf.constant(rng.normal(size=(CHANNELS, 4)), tf.float32)

    @tf.function(input_signature=[tf.TensorSpec((1, 16, 16, 3))])
    def classify(x):
        spatial = tf.nn.relu(tf.nn.conv2d(x, kernel, 4, "SAME"))
        return tf.nn.softmax(tf.matmul(tf.reduce_mean(spatial, (1, 2)), last))

    converter = tf.lite.TFLiteConverter.from_concrete_functions([classify.get_concrete_function()])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([rng.random((1, 16, 16, 3)).astype(np.float32)] for _ in range(8))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.uint8
    folder = tmp_path_factory.mktemp("teacher")
    (folder / "mobilenet_tiny.tflite").write_bytes(converter.convert())
    (folder / "kernel.npy").write_bytes(b"")
    np.save(folder / "kernel.npy", kernel.numpy())
    return folder


def test_the_features_are_the_averaged_last_map(teacher_folder):
    import tensorflow as tf

    teacher = Teacher(teacher_folder, threads=1)
    assert (teacher.size, teacher.dim) == (16, CHANNELS)
    picture = np.random.default_rng(1).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    kernel = np.load(teacher_folder / "kernel.npy")
    spatial = tf.nn.relu(tf.nn.conv2d(picture[None] / np.float32(255), kernel, 4, "SAME"))
    expected = spatial.numpy().mean((0, 1, 2))
    np.testing.assert_allclose(teacher.features(picture), expected, atol=0.05 * np.abs(spatial.numpy()).max())


def test_a_folder_without_a_teacher_is_refused(tmp_path):
    with pytest.raises(EnvironmentFault) as caught:
        Teacher(tmp_path)
    assert caught.value.code == ErrorCode.MODEL_MISSING


def _with_teacher(spec_file: Path, teacher: Path) -> Path:
    """Add a teacher, four further pictures and a phase that distils to the spec."""
    further = spec_file.parent / "further"
    further.mkdir()
    with zipfile.ZipFile(further / "images.zip", "w") as archive:
        for number in range(4):
            Image.new("RGB", (16, 16), (60 * number, 20, 200)).save(further / "a.png")
            archive.write(further / "a.png", f"{number}.png")
    rows = [{"file": f"{number}.png", "split": "val" if number == 3 else "train"} for number in range(4)]
    (further / "labels.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    text = spec_file.read_text("utf-8")
    tables = f'\n[teacher]\nfolder = "{teacher.as_posix()}"\npictures = "further"\n\n[[phases]]\ngoal = "distil"\nepochs = 1\n'
    spec_file.write_text(text.replace("\n[[phases]]", tables + "\n[[phases]]", 1), "utf-8")
    return spec_file


def test_distilling_uses_the_further_pictures_and_leaves_the_text_parts_alone(spec_file, teacher_folder, tmp_path):
    spec = read_spec(_with_teacher(spec_file, teacher_folder))
    recipe = ImageTextRecipe(spec, tmp_path / "cache", no_progress)
    distil, joint = spec.phases
    assert recipe.data.lessons is not None
    features = recipe.data.lessons.features
    assert features.shape == (1, 24 + 3, CHANNELS)
    taught = np.concatenate([recipe.data.splits["train"].rows, 24 + np.arange(3)])
    np.testing.assert_allclose(features[0, taught].mean(0), 0, atol=1e-5)
    assert (recipe.steps(distil), recipe.steps(joint)) == ((16 + 3) // 4, 16 // 4)

    def weights() -> dict[str, np.ndarray]:
        return {v.path: to_numpy(v) for v in recipe.network.trainable_variables}

    recipe.start_phase(distil)
    recipe.learner.compile(optimizer="sgd")
    recipe.network.trainable = True
    before = weights()
    recipe.start_phase(distil)
    inputs, targets = recipe.batch(distil, 0, 0)
    assert set(inputs) == {"pixels"}
    recipe.learner.train_on_batch(inputs, targets)
    recipe.network.trainable = True
    changed = {path for path, value in weights().items() if not np.array_equal(value, before[path])}
    assert changed
    assert all("image_encoder" in path for path in changed)
    metrics = recipe.validate(distil)
    assert metrics["score"] == -metrics["teacher"] < 0


def test_no_picture_of_another_split_is_ever_trained_on(spec_file, teacher_folder, tmp_path):
    spec = read_spec(_with_teacher(spec_file, teacher_folder))
    recipe = ImageTextRecipe(spec, tmp_path / "cache", no_progress)
    own, lessons = recipe.data.splits, recipe.data.lessons
    assert lessons is not None
    held_out = {lessons.features[0, row].tobytes() for split in ("val", "test") for row in own[split].rows}
    for phase in spec.phases:
        for step in range(recipe.steps(phase)):
            _, targets = recipe.batch(phase, 0, step)
            assert not held_out & {row.tobytes() for row in targets["teacher"]}


def _with_views(spec_file: Path, teacher: Path) -> TrainSpec:
    """Let the teacher look at two parts of each picture."""
    spec = read_spec(_with_teacher(spec_file, teacher))
    assert spec.teacher is not None
    return dataclasses.replace(spec, teacher=dataclasses.replace(spec.teacher, views=2))


def test_a_crop_is_nearly_the_part_that_its_features_tell_of(spec_file, teacher_folder, tmp_path):
    recipe = ImageTextRecipe(_with_views(spec_file, teacher_folder), tmp_path / "cache", no_progress)
    lessons, train = recipe.data.lessons, recipe.data.splits["train"].rows
    assert lessons is not None
    assert lessons.features.shape == (3, 24 + 3, CHANNELS)
    assert (lessons.boxes[0] == [0, 0, 1, 1]).all()
    sides = lessons.boxes[1:, train, 2:] - lessons.boxes[1:, train, :2]
    assert sides.min() >= 0.6
    assert sides.max() <= 1
    held_out = recipe.data.splits["test"].rows
    assert (lessons.boxes[1:, held_out] == [0, 0, 1, 1]).all()
    rows = np.repeat(train[:1], 40)
    lessons.boxes[:, rows] = [[0, 0, 0.4, 0.4]], [[0.5, 0.5, 1, 1]], [[0.5, 0.5, 1, 1]]
    crops, features = recipe.data.crops(rows, 16, np.random.default_rng(3))
    assert features is not None
    of_first = (features == lessons.features[0, rows[0]]).all(-1)
    assert 0 < of_first.sum() < 40
    assert crops[of_first].std((1, 2)).mean() != pytest.approx(crops[~of_first].std((1, 2)).mean(), rel=0.05)


def test_a_phase_may_train_on_smaller_crops_than_are_published(spec_file, tmp_path):
    spec = read_spec(spec_file)
    recipe = ImageTextRecipe(spec, tmp_path / "cache", no_progress)
    small = dataclasses.replace(spec.phases[0], size=20)
    recipe.start_phase(small)
    recipe.learner.compile(optimizer="sgd")
    inputs, targets = recipe.batch(small, 0, 0)
    assert inputs["pixels"].shape == (4, 20, 20, 3)
    assert recipe.batch(spec.phases[0], 0, 0)[0]["pixels"].shape == (4, 32, 32, 3)
    assert np.isfinite(recipe.learner.train_on_batch(inputs, targets, return_dict=True)["caption"])
    maps = [
        recipe.network.image_encoder(pixels)["features"].shape
        for pixels in (inputs["pixels"], np.zeros((1, 32, 32, 3)))
    ]
    assert maps == [(4, 3 * 3, 16), (1, 4 * 4, 16)]
    assert recipe.validate(small)["caption"] > 0


def test_the_teacher_is_asked_once(spec_file, teacher_folder, tmp_path):
    spec = _with_views(spec_file, teacher_folder)
    asked = []
    once = ImageTextRecipe(spec, tmp_path / "cache", lambda done, total: asked.append((done, total)))
    assert asked[-1] == (3 * 3, 3 * 3)
    before = len(asked)
    again = ImageTextRecipe(spec, tmp_path / "cache", lambda done, total: asked.append((done, total)))
    assert len(asked) == before
    assert once.data.lessons is not None
    assert again.data.lessons is not None
    np.testing.assert_array_equal(once.data.lessons.features, again.data.lessons.features)


def test_the_same_step_gives_the_same_batch_in_any_order(spec_file, tmp_path):
    spec = read_spec(spec_file)
    recipe = ImageTextRecipe(spec, tmp_path / "cache", no_progress)
    (phase,) = spec.phases
    first, _ = recipe.batch(phase, 1, 2)
    other, _ = recipe.batch(phase, 0, 2)
    again, _ = recipe.batch(phase, 1, 2)
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
    assert np.abs(first["pixels"] - other["pixels"]).max() > 0.01
    assert first["ids"].shape == (4 * 2, 12)
    assert first["ids"][:, 0].tolist() == [1, 2] * 4
