"""Fitting a bundle's probabilities, writing them into it and checking them; no TensorFlow is needed for any of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.bundles.calibration import read_calibration
from mmbm_desktop.bundles.manifest import read_manifest, write_manifest
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.training.calibrate import main
from mmbm_desktop.training.calibration import calibration_numbers, fit_calibration
from mmbm_desktop.training.evaluate import main as evaluate
from mmbm_desktop.training.evaluation.image_text_answers import Answers, Said
from mmbm_desktop.training.evaluation.matches import matches_of

KINDS = ("dog", "girl", "boat", "kite")


@pytest.fixture
def bundle(tiny_bundle, tmp_path) -> Path:
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundle"))


def answers(count=48, noise=1.0, seed=0) -> Answers:
    """Return answers of a model that knows the kind of a picture, with noise: query and picture share an axis."""
    random = np.random.default_rng(seed)
    kinds = np.arange(count) % len(KINDS)
    references = tuple((f"a {KINDS[k]} on a hill", f"one {KINDS[k]} on some hill") for k in kinds)
    owners = np.repeat(np.arange(count), 2)

    def seen(of_kinds):
        vectors = np.eye(len(KINDS))[of_kinds] + noise * random.standard_normal((len(of_kinds), len(KINDS)))
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    guessed = np.where(random.uniform(size=count) < 0.6, kinds, (kinds + 1) % len(KINDS))
    written = tuple(f"a {KINDS[k]} on a hill" for k in guessed)
    said = Said(references, seen(kinds[owners]), owners, written, seen(guessed))
    return Answers(seen(kinds), tuple(f"{n}.jpg" for n in range(count)), {"en": said}, ())


def test_a_match_is_what_people_agree_on_and_a_querys_own_picture():
    known = answers()
    found = matches_of(known.said["en"], known.pictures, "en")
    kinds = np.arange(48) % len(KINDS)
    assert (found.fits == (kinds[known.said["en"].owners][:, None] == kinds[None, :])).all()
    strict = matches_of(known.said["en"], known.pictures, "en", agreement=99.0)
    assert strict.fits.sum() == len(strict.fits)
    assert not strict.right.any()


def test_the_best_hits_are_looked_at_all_of_them_where_there_are_few():
    known = answers()
    found = matches_of(known.said["en"], known.pictures, "en")
    cosines, fits = found.top(5)
    assert cosines.shape == fits.shape == (96 * 5,)
    assert cosines.reshape(96, 5).min(axis=1) == pytest.approx(np.sort(found.cosines, axis=1)[:, -5])
    assert found.top(1000)[0].size == found.cosines.size


def test_probabilities_fitted_on_some_pictures_hold_on_others(bundle):
    fitted = fit_calibration(answers(200))
    write_manifest(bundle, replace(read_manifest(bundle), calibration=fitted))
    numbers, tables = calibration_numbers(ImageTextBundle(bundle), answers(200, seed=1))
    assert set(numbers) == {
        f"{kind} {what}, English"
        for kind in ("search", "caption")
        for what in ("calibration error (ECE)", "Brier score")
    }
    assert numbers["search calibration error (ECE), English"] < 0.1
    assert numbers["caption calibration error (ECE), English"] < 0.15
    assert numbers["search Brier score, English"] < 0.25
    assert 0 < fitted["nothing_below"] < 1
    assert tables.count("| said | true | answers |") == 2


def test_a_single_sentence_a_picture_gives_nobody_to_agree_with():
    known = answers()
    one = replace(known.said["en"], references=tuple(right[:1] for right in known.said["en"].references))
    assert fit_calibration(replace(known, said={"en": one})) == {}


def folder_of(place: Path, count: int) -> Path:
    """Write noisy pictures with two sentences each, all of the val split but two."""
    random = np.random.default_rng(3)
    place.mkdir()
    lines = []
    for number in range(count):
        name = f"{number}.png"
        Image.fromarray(random.integers(0, 256, (8, 8, 3), np.uint8)).resize((48, 48)).save(place / name)
        kind = KINDS[number % len(KINDS)]
        split = {0: "train", 1: "test"}.get(number, "val")
        captions = [f"A {kind} on a hill .", f"One {kind} on some hill ."]
        lines.append(json.dumps({"file_name": name, "split": split, "captions": captions}))
    (place / "metadata.jsonl").write_text("\n".join(lines), "utf-8")
    return place


def test_a_bundle_is_calibrated_stays_whole_and_its_probabilities_are_measured(bundle, tmp_path, capsys, monkeypatch):
    before = verify(bundle)
    data = folder_of(tmp_path / "kinds", 30)
    curve = (2.0, -1.0)  # the tiny bundle knows nothing, so that a real fit has no rising curve
    monkeypatch.setattr("mmbm_desktop.training.calibration.fit_platt", lambda similarities, right: curve)

    assert main([str(bundle), "--data", str(data)]) == 0

    fitted = json.loads(capsys.readouterr().out)["calibration"]
    after = verify(bundle)
    assert after == replace(before, calibration=fitted)
    assert fitted["search"] == fitted["caption"] == {"en": list(curve)}
    assert fitted["fitted_on"] == "kinds val"
    assert read_calibration(after.calibration, "tiny").nothing_below == fitted["nothing_below"]
    assert evaluate([str(bundle), "--data", str(data), "--split", "val", "--record"]) == 0
    assert "search calibration error (ECE), English, kinds val" in verify(bundle).quality
    assert "| said | true | answers |" in (bundle / "card.md").read_text("utf-8")


def test_a_bundle_that_cannot_be_calibrated_loses_the_probabilities_it_had(bundle, shapes):
    write_manifest(bundle, replace(read_manifest(bundle), calibration={"search": {"en": [1.0, 0.0]}}))
    assert main([str(bundle), "--data", str(shapes)]) == 0
    assert verify(bundle).calibration == {}


def test_a_missing_bundle_is_told(tmp_path, shapes, capsys):
    assert main([str(tmp_path / "none"), "--data", str(shapes)]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "model-missing"
