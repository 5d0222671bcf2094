"""A classifier's bundle answers with its classes, best first, and is refused where its manifest makes no sense."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.inference.classify import PictureClassifier, classify
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.protocol.requests import ClassifyRequest


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "照片.png"
    Image.effect_noise((40, 30), 80).convert("RGB").save(file)
    return file


def test_classes_come_best_first_and_their_probabilities_add_up(tiny_classifier: Path, photo: Path) -> None:
    result = classify(ClassifyRequest(str(photo)), PictureClassifier(tiny_classifier, threads=1), DEFAULT_PIXEL_LIMIT)

    scores = [guess.score for guess in result.guesses]
    assert {guess.label for guess in result.guesses} == {"red", "green", "blue"}
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1)
    assert (result.path, result.made.model) == (str(photo), "tiny-classifier 0.0.1")


def test_only_as_many_as_were_asked_for(tiny_classifier: Path, photo: Path) -> None:
    bundle = PictureClassifier(tiny_classifier, threads=1)

    assert len(classify(ClassifyRequest(str(photo), best=2), bundle, DEFAULT_PIXEL_LIMIT).guesses) == 2


def test_a_made_bundle_passes_its_check(tiny_classifier: Path) -> None:
    assert check_bundle(tiny_classifier, threads=1).probe_difference < 1e-4


def test_cancelling_and_what_is_no_picture_are_told(tiny_classifier: Path, photo: Path, tmp_path: Path) -> None:
    bundle, token = PictureClassifier(tiny_classifier, threads=1), CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        classify(ClassifyRequest(str(photo)), bundle, DEFAULT_PIXEL_LIMIT, token)
    (tmp_path / "text.jpg").write_text("words")
    with pytest.raises(InputFault) as caught:
        classify(ClassifyRequest(str(tmp_path / "text.jpg")), bundle, DEFAULT_PIXEL_LIMIT)
    assert caught.value.code is ErrorCode.IMAGE_BROKEN


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("calibration", {"temperature": 0}),
        ("calibration", {"temperature": "warm"}),
        ("preprocessing", {}),
        ("family", "mmbm-sounds"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    tiny_classifier: Path, tmp_path: Path, field: str, value: object
) -> None:
    folder = Path(shutil.copytree(tiny_classifier, tmp_path / "tiny-classifier"))
    manifest = json.loads((folder / "bundle.json").read_text("utf-8"))
    manifest[field] = value
    (folder / "bundle.json").write_text(json.dumps(manifest), "utf-8")

    with pytest.raises(EnvironmentFault) as caught:
        PictureClassifier(folder, threads=1)
    assert (caught.value.code, caught.value.params["field"]) == (ErrorCode.BUNDLE_INVALID, field)


@pytest.mark.parametrize("labels", ["{}", "[]", "[1, 2, 3]", "not JSON"])
def test_names_that_make_no_sense_are_refused(tiny_classifier: Path, tmp_path: Path, labels: str) -> None:
    folder = Path(shutil.copytree(tiny_classifier, tmp_path / "tiny-classifier"))
    rename(folder, labels)

    with pytest.raises(EnvironmentFault) as caught:
        PictureClassifier(folder, threads=1)
    assert caught.value.params["field"] == "labels.json"


def test_more_names_than_scores_are_refused_before_an_answer(
    tiny_classifier: Path, photo: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_classifier, tmp_path / "tiny-classifier"))
    rename(folder, '["a", "b", "c", "d"]')
    bundle = PictureClassifier(folder, threads=1)

    with pytest.raises(EnvironmentFault) as caught:
        classify(ClassifyRequest(str(photo)), bundle, DEFAULT_PIXEL_LIMIT)
    assert caught.value.code is ErrorCode.BUNDLE_INVALID


def rename(folder: Path, labels: str) -> None:
    """Give a bundle other names, its manifest in step."""
    content = labels.encode()
    (folder / "labels.json").write_bytes(content)
    manifest = json.loads((folder / "bundle.json").read_text("utf-8"))
    manifest["files"]["labels.json"] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "bundle.json").write_text(json.dumps(manifest), "utf-8")
