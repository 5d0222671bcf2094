"""Runs that go on from a bundle with corrections: what they are told, what they learn again, old beside new."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.inference.classify import PictureClassifier
from mmbm_desktop.networks.picture_classifier import build_picture_classifier
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.protocol.training import ComparedNumber, Comparison, Improves, RunSettings
from mmbm_desktop.training.improvement.comparing import compare
from mmbm_desktop.training.improvement.general import answer_general
from mmbm_desktop.training.recipes.image_text import ImageTextRecipe
from mmbm_desktop.training.recipes.picture_classes import PictureClassesRecipe
from mmbm_desktop.training.recipes.picture_classes_start import read_classes_start
from mmbm_desktop.training.settings import spec_of
from tests.training.test_picture_classes import make_colours


def corrected(folder: Path, column: str = "label") -> Path:
    """Give the rows of a data folder the hash of their file, as the engine does, and say who spoke."""
    table = folder / "metadata.jsonl"
    rows = [json.loads(line) for line in table.read_text("utf-8").splitlines() if line]
    kept = [row for row in rows if (folder / row["file_name"]).is_file() and "broken" not in row["file_name"]]
    for number, row in enumerate(kept):
        row |= {"content": sha256_of(folder / row["file_name"]), "corrected": ["en"]}
        if column == "label":
            row["split"] = ("train", "train", "val", "test")[number % 4]
    table.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), "utf-8")
    return folder


def unanswered(folder: Path) -> Path:
    """Take away what people said of a data folder's pictures."""
    table = folder / "metadata.jsonl"
    rows = [json.loads(line) for line in table.read_text("utf-8").splitlines() if line]
    bare = [{name: row[name] for name in ("file_name", "split", "content") if name in row} for row in rows]
    table.write_text("".join(json.dumps(row) + "\n" for row in bare), "utf-8")
    return folder


def settings(recipe: str, data: Path, bundle: Path, general: Path | None = None, **more) -> RunSettings:
    improves = Improves(bundle.name, str(bundle), str(general or ""))
    preset = {"image-text": "fine-tune", "picture-classes": "frozen"}[recipe]
    options = {"start": str(bundle), "replay": 0.5}
    return RunSettings(recipe, str(data), "better", preset, 1, batch=8, options=options, improves=improves, **more)


def test_captions_are_taught_alone_and_the_general_folder_is_learned_again(tmp_path, tiny_bundle):
    spec = spec_of(settings("image-text", tmp_path, tiny_bundle, tmp_path / "general"))
    assert [phase.goal for phase in spec.phases] == ["caption"]
    assert [(one.folder, one.role) for one in spec.further] == [(str(tmp_path / "general"), "replay")]
    assert spec.improves == Improves("tiny", str(tiny_bundle), str(tmp_path / "general"))


def test_the_old_model_says_once_what_general_pictures_show(tmp_path, tiny_classifier):
    data, general = corrected(make_colours(tmp_path / "data", 4)), corrected(make_colours(tmp_path / "general", 6))
    unanswered(general)
    spec = spec_of(settings("picture-classes", data, tiny_classifier, general))
    assert answer_general(spec, no_progress) == spec
    said = (general / "metadata.jsonl").read_text("utf-8")
    assert {json.loads(line)["label"] for line in said.splitlines()} <= {"red", "green", "blue"}
    (general / "metadata.jsonl").write_text(said.replace("green", "blue"), "utf-8")
    answer_general(spec, no_progress)
    assert "green" not in (general / "metadata.jsonl").read_text("utf-8")
    (general / "metadata.jsonl").write_text(said.splitlines()[0], "utf-8")
    without = answer_general(spec, no_progress)
    assert (without.further, without.improves) == ((), Improves("tiny-classifier", str(tiny_classifier)))


def test_a_classifier_goes_on_with_its_head_and_a_new_class(tmp_path, tiny_classifier):
    data, general = corrected(make_colours(tmp_path / "data", 4)), corrected(make_colours(tmp_path / "general", 6))
    table = general / "metadata.jsonl"
    table.write_text(table.read_text("utf-8").replace("绿", "green"), "utf-8")
    recipe = PictureClassesRecipe(
        spec_of(settings("picture-classes", data, tiny_classifier, general)), tmp_path / "cache", no_progress
    )
    assert recipe.data.classes[:3] == ("red", "green", "blue")
    assert len(recipe.data.classes) == 6
    corrections = {json.loads(line)["content"] for line in (data / "metadata.jsonl").read_text("utf-8").splitlines()}
    train = recipe.data.splits["train"]
    assert {one.content for one in train[len(train) - recipe.data.rehearsed :]}.isdisjoint(corrections)
    phase = recipe.spec.phases[0]
    recipe.start_phase(phase)
    assert {one.path.split("/")[-2] for one in recipe.network.trainable_variables} == {"to_logits"}
    assert recipe.steps(phase) >= 8
    inputs, targets = recipe.batch(phase, 0, 0)
    assert len(inputs["pixels"]) == len(targets["labels"]) == min(4, len(train) - recipe.data.rehearsed) + 4
    start = read_classes_start(str(tiny_classifier))
    old = build_picture_classifier(start.config)
    start.fill(old, start.classes)
    pixels = np.random.default_rng(1).normal(size=(2, 16, 16, 3)).astype(np.float32)
    was, now = (to_numpy(network(pixels, training=False)) for network in (old, recipe.network))
    np.testing.assert_allclose(now[:, :3], was, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(now[:, 3], was.mean(axis=1), rtol=1e-4, atol=1e-4)


def test_classifiers_are_compared_on_what_is_held_out(tmp_path, tiny_classifier):
    data, general = corrected(make_colours(tmp_path / "data", 4)), corrected(make_colours(tmp_path / "general", 6))
    spec = spec_of(settings("picture-classes", data, tiny_classifier, general))
    found = compare(spec, tiny_classifier)
    assert found is not None
    assert (found.held_out, found.general > 0) == (len(_of(data, "test")), True)
    assert all(one.old == one.new for one in (*found.numbers, *found.examples))
    assert [one.name for one in found.numbers] == ["accuracy", "agreement with the old model"]
    assert PictureClassifier(tiny_classifier).labels == ("red", "green", "blue")


def _of(folder: Path, split: str) -> list[str]:
    rows = [json.loads(line) for line in (folder / "metadata.jsonl").read_text("utf-8").splitlines()]
    return [row["file_name"] for row in rows if row["split"] == split]


@pytest.fixture
def english(shapes: Path) -> Path:
    """Return a folder of corrections in one language."""
    table = shapes / "metadata.jsonl"
    rows = [json.loads(line) for line in table.read_text("utf-8").splitlines()]
    table.write_text("".join(json.dumps({k: v for k, v in row.items() if k != "caption_zh"}) + "\n" for row in rows))
    return corrected(shapes, "caption")


def test_an_improved_captioner_only_writes_and_goes_through_few_pictures_often(english, tiny_bundle, tmp_path):
    spec = dataclasses.replace(spec_of(settings("image-text", english, tiny_bundle)), batch=64)
    recipe = ImageTextRecipe(spec, tmp_path / "cache", no_progress)
    phase = recipe.spec.phases[0]
    assert recipe.steps(phase) == 8
    first, again = (recipe.batch(phase, 0, step)[0]["ids"] for step in (0, 1))
    assert first.shape == again.shape
    assert (first != again).any()
    parts = recipe.parts()
    assert (parts.tasks, parts.calibration) == (("caption",), read_manifest(tiny_bundle).calibration)


def test_captioners_are_compared_by_people_by_fit_and_with_each_other(english, tiny_bundle, tmp_path):
    general = shutil.copytree(english, tmp_path / "general")
    table = general / "metadata.jsonl"
    table.write_text(table.read_text("utf-8").replace("caption", "caption_en"), "utf-8")
    for number, one in enumerate(sorted(general.glob("*.png"))):
        one.write_bytes(one.read_bytes() + bytes([number]))
    spec = spec_of(settings("image-text", english, tiny_bundle, general))
    found = compare(spec, shutil.copytree(tiny_bundle, tmp_path / "better"))
    assert found is not None
    assert (found.held_out, found.general, found.old, found.new) == (4, 4, "tiny", "better")
    assert [(one.name, one.general, one.decides) for one in found.numbers] == [
        ("CIDEr-D, English", False, True),
        ("fit of picture and caption", True, True),
        ("agreement with the old model", True, False),
    ]
    assert all(one.old == pytest.approx(one.new) for one in found.numbers)


def test_a_loss_of_more_than_five_per_cent_on_general_items_counts_as_forgetting():
    def general(old: float, new: float) -> Comparison:
        numbers = (ComparedNumber("accuracy", old, new, general=True, decides=True),)
        return Comparison("a", "b", 0, 9, numbers)

    assert not general(0.36, 0.35).forgot
    assert general(0.36, 0.34).forgot
    assert not general(0.0, 0.1).forgot
