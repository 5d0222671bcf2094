"""The picture-classes recipe from a folder to a bundle: every body, resuming, calibration, evaluation, refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.inference.classify import PictureClassifier, classify
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.picture_classifier import build_picture_classifier
from mmbm_desktop.networks.picture_classifier_config import PictureClassifierConfig
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.protocol.requests import ClassifyRequest
from mmbm_desktop.training import evaluate as evaluation
from mmbm_desktop.training.__main__ import main
from mmbm_desktop.training.data.encoder_features import encode_pictures
from mmbm_desktop.training.data.labelled_pictures import read_labelled_pictures
from mmbm_desktop.training.data.picture_augment import Changes, changed
from mmbm_desktop.training.picture_encoder import PictureEncoder
from mmbm_desktop.training.recipes.picture_classes import PictureClassesRecipe
from mmbm_desktop.training.recipes.picture_classes_learner import class_loss
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.spec import TrainSpec, spec_from

COLOURS = {"a/red one": (200, 40, 40), "绿": (40, 180, 60), "blue" * 60: (50, 60, 200)}
RESIDUAL = {"body": "residual", "image_size": 16, "stem_width": 8, "widths": [8, 16], "blocks": [1, 1], "dropout": 0.0}


def make_colours(folder: Path, each: int = 16) -> Path:
    """Write `each` noisy pictures of every colour, a table of them, a copy of one and a broken one."""
    random = np.random.default_rng(0)
    (folder / "files").mkdir(parents=True)
    rows = []
    for number, (label, colour) in enumerate(COLOURS.items()):
        for index in range(each):
            pixels = np.clip(random.normal(colour, 40, (20, 24, 3)), 0, 255).astype(np.uint8)
            name = f"files/{number}-{index}.png"
            Image.fromarray(pixels).save(folder / name)
            rows.append({"file_name": name, "label": label})
    shutil.copy(folder / "files" / "0-0.png", folder / "files" / "copy.png")
    whole = (folder / "files" / "0-1.png").read_bytes()
    (folder / "files" / "cut.png").write_bytes(whole[: len(whole) // 3])
    rows += [{"file_name": f"files/{name}.png", "label": "a/red one"} for name in ("copy", "cut")]
    (folder / "metadata.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return folder


@pytest.fixture
def colours(tmp_path: Path) -> Path:
    return make_colours(tmp_path / "colours")


def plan(data: Path, network: dict, epochs: int = 3, batch: int = 8, **options: object) -> TrainSpec:
    return spec_from(
        {
            "recipe": "picture-classes",
            "name": "colours",
            "data": str(data),
            "batch": batch,
            "network": network,
            "options": options,
            "phases": [{"goal": "classify", "epochs": epochs, "learning_rate": 0.01}],
        }
    )


def events(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_folder_becomes_a_calibrated_classifier_that_answers_as_it_was_measured(colours, tmp_path, capsys):
    spec = tmp_path / "spec.toml"
    sizes = "\n".join(f"{name} = {json.dumps(value)}" for name, value in RESIDUAL.items())
    spec.write_text(
        f'recipe = "picture-classes"\nname = "colours"\ndata = "colours"\nbatch = 8\n\n[network]\n{sizes}\n\n'
        '[[phases]]\ngoal = "classify"\nepochs = 6\nlearning_rate = 0.01\n',
        "utf-8",
    )
    place = tmp_path / "bundle" / "colours"

    assert main([str(spec), "--run-folder", str(tmp_path / "run"), "--out", str(place), "--threads", "1"]) == 0

    told = events(capsys.readouterr().out)
    assert [(Path(e["path"]).name, e["error"]) for e in told if e["event"] == "skipped"] == [
        ("cut.png", "image-broken")
    ]
    curve = [e["val"] for e in RunFolder(tmp_path / "run").log() if "val" in e]
    assert len(curve) == 6
    assert {"loss", "accuracy", "macro F1", "score"} == set(curve[0])
    manifest = verify(place)
    assert manifest.quality["accuracy, colours test"] >= 0.8
    assert manifest.calibration["temperature"] > 0
    assert manifest.languages == ()
    assert check_bundle(place, threads=1).probe_difference < 1e-3

    result = classify(
        ClassifyRequest(str(colours / "files" / "1-3.png"), best=2),
        PictureClassifier(place, threads=1),
        DEFAULT_PIXEL_LIMIT,
    )
    assert result.guesses[0].label == "绿"
    assert len(result.guesses) == 2
    assert result.guesses[0].score > result.guesses[1].score

    assert evaluation.main([str(place), "--data", str(colours), "--split", "test", "--json"]) == 0
    (line,) = events(capsys.readouterr().out)
    assert line["metrics"]["accuracy"] == pytest.approx(manifest.quality["accuracy, colours test"])
    assert {"macro F1", "mean AUROC", "expected calibration error", "F1 of 绿"} <= set(line["metrics"])


def test_a_frozen_encoder_is_in_the_bundle_and_its_features_are_computed_once(
    colours, tiny_bundle, tmp_path, monkeypatch
):
    monkeypatch.setattr("mmbm_desktop.base.paths.shipped_models_dir", lambda: tiny_bundle.parent)
    spec = plan(colours, {"body": "encoder", "frozen": True}, head="mlp", balanced=True)
    recipe = PictureClassesRecipe(spec, tmp_path / "cache", no_progress)
    before = to_numpy(recipe.network.body.image_encoder.to_embedding.kernel)
    recipe.start_phase(spec.phases[0])
    recipe.learner.compile(optimizer="adam")
    for step in range(recipe.steps(spec.phases[0])):
        recipe.learner.train_on_batch(*recipe.batch(spec.phases[0], 0, step))

    assert len(recipe.samples()) == len(recipe.data.splits["val"])
    place = recipe.publish(tmp_path / "bundle" / "colours", recipe.validate(spec.phases[0]))
    found = recipe.assess(place)

    assert np.array_equal(before, to_numpy(recipe.network.body.image_encoder.to_embedding.kernel))
    assert check_bundle(place, threads=1).probe_difference < 1e-3
    assert verify(place).network["encoder"]["width"] == 16
    kept = len(recipe.data.splits["test"])
    assert (found.split, found.items, sum(map(sum, found.confusion)), len(found.samples)) == ("test", kept, kept, kept)
    assert found.labels == tuple(sorted(COLOURS))
    assert sum(one.items for one in found.classes) == kept
    assert found.numbers["accuracy"] == pytest.approx(sum(bool(one.right) for one in found.samples) / kept)

    logits = recipe._val_logits()
    truth = [one.source.path for one in recipe.data.splits["val"]]
    bundle = PictureClassifier(place, threads=1)
    guesses = [classify(ClassifyRequest(str(p)), bundle, DEFAULT_PIXEL_LIMIT).guesses[0].label for p in truth]
    assert guesses == [recipe.data.classes[index] for index in logits.argmax(axis=1)]

    monkeypatch.setattr(PictureEncoder, "features", None)
    again = PictureClassesRecipe(spec, tmp_path / "cache", no_progress)
    assert np.array_equal(again.data.features["train"], recipe.data.features["train"])


def test_an_encoder_that_is_fine_tuned_begins_with_its_weights_and_a_trained_head(
    colours, tiny_bundle, tmp_path, monkeypatch
):
    monkeypatch.setattr("mmbm_desktop.base.paths.shipped_models_dir", lambda: tiny_bundle.parent)
    spec = plan(colours, {"body": "encoder"}, epochs=1, augmentation=0.0)
    recipe = PictureClassesRecipe(spec, tmp_path, no_progress)
    started = recipe.validate(spec.phases[0])
    pictures = recipe.data.splits["val"]
    from_runtime = encode_pictures(pictures, PictureEncoder(tiny_bundle), tmp_path, no_progress).of(pictures)[:, 0]
    inputs = recipe._val_inputs(range(len(pictures)))["pixels"]

    assert started["accuracy"] >= 0.8
    assert np.abs(to_numpy(recipe.network.body(inputs)) - from_runtime).max() < 0.2  # resized twice, and once
    before = to_numpy(recipe.network.body.image_encoder.to_embedding.kernel).copy()
    recipe.start_phase(spec.phases[0])
    recipe.learner.compile(optimizer="adam")
    recipe.learner.train_on_batch(*recipe.batch(spec.phases[0], 0, 0))
    assert not np.array_equal(before, to_numpy(recipe.network.body.image_encoder.to_embedding.kernel))


def test_batches_depend_on_seed_and_position_alone_and_cover_everything(colours, tmp_path):
    spec = plan(colours, RESIDUAL, batch=10)
    first, second = (PictureClassesRecipe(spec, tmp_path, no_progress) for _ in range(2))
    (phase,) = spec.phases
    steps = first.steps(phase)

    assert steps == -(-len(first.data.splits["train"]) // 10)
    inputs, targets = first.batch(phase, 1, 1)
    again, labels = second.batch(phase, 1, 1)
    assert np.array_equal(inputs["pixels"], again["pixels"])
    assert np.array_equal(targets["labels"], labels["labels"])
    assert not np.array_equal(inputs["pixels"], first.batch(phase, 2, 1)[0]["pixels"])
    seen = np.concatenate([first.batch(phase, 0, step)[1]["labels"] for step in range(steps)])
    assert set(seen) == {0, 1, 2}
    assert len(seen) == steps * 10


def test_the_textbooks_network_is_as_the_textbook_has_it():
    network = build_picture_classifier(PictureClassifierConfig(body="plain", image_size=64, classes=7, dropout=0.0))
    shapes = {name: tuple(variable.shape) for name, variable in weight_names(network).items()}

    assert shapes["body.convolution.kernel"] == (3, 3, 3, 32)
    assert shapes["body.dense.kernel"] == (62 * 62 * 32, 128)
    assert shapes["head.to_logits.kernel"] == (128, 7)


def test_smoothed_labels_cost_what_their_definition_says():
    logits = np.log(np.array([[0.7, 0.2, 0.1]], np.float32))

    assert float(class_loss(logits, np.array([0]))[0]) == pytest.approx(-np.log(0.7), abs=1e-5)
    smoothed = -(0.8 * np.log(0.7) + 0.1 * np.log(0.2) + 0.1 * np.log(0.1))
    assert float(class_loss(logits, np.array([0]), 0.3)[0]) == pytest.approx(smoothed, abs=1e-5)


def test_rare_classes_weigh_as_much_as_common_ones_where_that_is_wanted(tmp_path):
    folder = make_colours(tmp_path / "colours", each=8)
    rows = (folder / "metadata.jsonl").read_text("utf-8").splitlines()
    (folder / "metadata.jsonl").write_text("\n".join([*rows[:16], *rows[16:19]]), "utf-8")
    recipe = PictureClassesRecipe(plan(folder, RESIDUAL, balanced=True), tmp_path, no_progress)
    labels = recipe._labels["train"]

    by_class = np.bincount(labels, recipe._weights[labels])
    assert by_class == pytest.approx([len(labels) / 3] * 3, rel=1e-5)


def test_changes_grow_with_their_strength_and_are_nothing_at_none():
    picture = np.random.default_rng(1).integers(0, 255, (32, 32, 3)).astype(np.uint8)
    plain = changed([picture], 16, Changes(0.0, mirror=False), np.random.default_rng(0))

    assert np.array_equal(plain, changed([picture], 16, Changes(0.0, mirror=False), np.random.default_rng(9)))
    differences = [
        float(np.abs(changed([picture] * 20, 16, Changes(s, mirror=False), np.random.default_rng(0)) - plain).mean())
        for s in (0.1, 0.5, 1.0)
    ]
    assert differences == sorted(differences)
    mirrored = changed([picture] * 20, 16, Changes(0.0, mirror=True), np.random.default_rng(0))
    assert {bool(np.array_equal(one, plain[0])) for one in mirrored} == {True, False}


def test_equal_pictures_are_never_on_both_sides(colours):
    by_content: dict[str, set[str]] = {}
    for one in read_labelled_pictures(colours, no_progress).pictures:
        by_content.setdefault(one.content, set()).add(one.split)

    assert len(by_content) == 49
    assert all(len(splits) == 1 for splits in by_content.values())


@pytest.mark.parametrize(("each", "reason"), [(1, "too-few-pictures"), (0, "no-classes")])
def test_too_few_pictures_are_refused_with_a_reason(tmp_path, each, reason):
    folder = tmp_path / "few"
    for label in ("cat", "dog"):
        (folder / label).mkdir(parents=True)
        for number in range(each):
            Image.new("RGB", (8, 8), (len(label), number, ord(label[0]))).save(folder / label / f"{number}.png")

    with pytest.raises(InputFault) as caught:
        PictureClassesRecipe(plan(folder, RESIDUAL), tmp_path, no_progress)
    assert (caught.value.code, caught.value.params["reason"]) == (ErrorCode.DATASET_INVALID, reason)


def test_a_class_of_which_nothing_can_be_read_is_left_out_and_one_class_is_not_enough(tmp_path):
    folder = tmp_path / "broken"
    for label in ("cat", "dog"):
        (folder / label).mkdir(parents=True)
        for number in range(3):
            Image.new("RGB", (64, 64), (len(label), number, ord(label[0]))).save(folder / label / f"{number}.jpg")
    for file in (folder / "dog").iterdir():
        file.write_bytes(file.read_bytes()[:100] + b"nonsense")

    with pytest.raises(InputFault) as caught:
        PictureClassesRecipe(plan(folder, RESIDUAL), tmp_path, no_progress)
    assert caught.value.params["reason"] == "one-class"
