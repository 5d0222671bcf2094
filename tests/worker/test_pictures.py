"""Captions, vectors and checks by a real worker process."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.messages import Advanced, Finished
from mmbm_desktop.protocol.requests import (
    CaptionRequest,
    CheckModelRequest,
    ClassifyRequest,
    EmbedImagesRequest,
    EmbedTextRequest,
    SearchRequest,
)
from mmbm_desktop.protocol.results import CaptionResult, CheckResult, ClassifyResult, EmbedResult

if TYPE_CHECKING:
    from tests.worker.conftest import RunningWorker


def test_a_picture_is_described_in_both_languages(
    shared_worker: RunningWorker, tiny_bundle: Path, pictures: tuple[str, ...]
) -> None:
    result = shared_worker.ask(CaptionRequest(pictures[0], best=2), tiny_bundle)
    assert isinstance(result, CaptionResult)
    assert [caption.language for caption in result.captions] == ["en", "en", "zh", "zh"]
    assert isinstance(result.embedding, np.ndarray)
    assert result.made.model == "tiny 0.0.1"
    assert result.made.ms > 0


def test_a_picture_is_classified(
    shared_worker: RunningWorker, tiny_classifier: Path, pictures: tuple[str, ...]
) -> None:
    result = shared_worker.ask(ClassifyRequest(pictures[0], best=2), tiny_classifier)

    assert isinstance(result, ClassifyResult)
    assert [guess.label in ("red", "green", "blue") for guess in result.guesses] == [True, True]
    assert result.made.model == "tiny-classifier 0.0.1"


def test_pictures_become_vectors_and_broken_ones_are_named(
    shared_worker: RunningWorker, tiny_bundle: Path, pictures: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not much of a picture")
    (tmp_path / "empty.png").touch()
    Image.new("RGB", (1000, 1001)).save(tmp_path / "huge.png")
    bad = [str(tmp_path / name) for name in ("broken.jpg", "empty.png", "huge.png", "gone.png")]
    request = EmbedImagesRequest((*bad[:2], *pictures, *bad[2:]))
    message, before = shared_worker.until_end(shared_worker.begin(request, tiny_bundle, pixel_limit=1_000_000))
    assert isinstance(message, Finished)
    result = message.result
    assert isinstance(result, EmbedResult)
    assert result.inputs == pictures
    assert result.vectors.shape[0] == 3
    assert [failed.path for failed in result.failed] == bad
    assert [failed.failure.code for failed in result.failed] == [
        ErrorCode.IMAGE_BROKEN,
        ErrorCode.FILE_EMPTY,
        ErrorCode.IMAGE_TOO_LARGE,
        ErrorCode.FILE_NOT_FOUND,
    ]
    assert before[-1] == Advanced(message.job_id, 7, 7)


def test_the_worker_answers_as_inference_does(
    shared_worker: RunningWorker, tiny_bundle: Path, pictures: tuple[str, ...]
) -> None:
    result = shared_worker.ask(EmbedTextRequest(("two dogs", "两只狗")), tiny_bundle)
    expected = ImageTextBundle(tiny_bundle).encode_texts(["two dogs", "两只狗"])
    np.testing.assert_allclose(result.vectors, expected, atol=1e-5)


def test_a_whole_bundle_passes_its_check(shared_worker: RunningWorker, tiny_bundle: Path) -> None:
    result = shared_worker.ask(CheckModelRequest("tiny"), tiny_bundle)
    assert isinstance(result, CheckResult)
    assert result.probe_difference < 1e-4


@pytest.mark.parametrize("file", ["model.safetensors", "image_encoder.onnx", "tokenizer.json"])
def test_one_flipped_byte_is_damage_and_the_worker_lives_on(
    shared_worker: RunningWorker, tiny_bundle: Path, tmp_path: Path, pictures: tuple[str, ...], file: str
) -> None:
    damaged = Path(shutil.copytree(tiny_bundle, tmp_path / "damaged"))
    content = bytearray((damaged / file).read_bytes())
    content[len(content) // 2] ^= 1
    (damaged / file).write_bytes(content)
    for request in (CaptionRequest(pictures[0]), CheckModelRequest("tiny")):
        failure = shared_worker.ask(request, damaged)
        assert isinstance(failure, Failure)
        assert failure.code is ErrorCode.BUNDLE_DAMAGED
        assert failure.fault is Fault.ENVIRONMENT
        assert failure.params["file"] == file
    assert isinstance(shared_worker.ask(CaptionRequest(pictures[0]), tiny_bundle), CaptionResult)


@pytest.mark.parametrize("name", ["", "folder", "text.jpg", "half.png"])
def test_what_is_no_picture_is_refused_and_the_worker_lives_on(
    shared_worker: RunningWorker, tiny_bundle: Path, tmp_path: Path, pictures: tuple[str, ...], name: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.jpg").write_text("words " * 1000)
    whole = Path(pictures[0]).read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    failure = shared_worker.ask(CaptionRequest(str(tmp_path / name)), tiny_bundle)
    assert isinstance(failure, Failure)
    assert failure.fault is not Fault.BUG
    assert isinstance(shared_worker.ask(CaptionRequest(pictures[0]), tiny_bundle), CaptionResult)


def test_a_missing_bundle_is_said_to_be_missing(
    shared_worker: RunningWorker, tmp_path: Path, pictures: tuple[str, ...]
) -> None:
    for bundle in (None, tmp_path / "gone"):
        for request in (CaptionRequest(pictures[0]), EmbedTextRequest(("dog",)), CheckModelRequest("gone")):
            failure = shared_worker.ask(request, bundle)
            assert isinstance(failure, Failure)
            assert failure.code is ErrorCode.MODEL_MISSING


def test_a_folder_that_is_no_bundle_is_refused(
    shared_worker: RunningWorker, tmp_path: Path, pictures: tuple[str, ...]
) -> None:
    (tmp_path / "bundle.json").write_text("{}")
    failure = shared_worker.ask(CaptionRequest(pictures[0]), tmp_path)
    assert failure.code is ErrorCode.BUNDLE_INVALID


def test_what_the_worker_cannot_do_is_our_bug_and_it_lives_on(shared_worker: RunningWorker, tiny_bundle: Path) -> None:
    failure = shared_worker.ask(SearchRequest("dog"), tiny_bundle)
    assert failure.code is ErrorCode.BUG
    assert isinstance(shared_worker.ask(EmbedTextRequest(("dog",)), tiny_bundle), EmbedResult)


def test_jobs_are_done_in_the_order_they_came(
    shared_worker: RunningWorker, tiny_bundle: Path, pictures: tuple[str, ...]
) -> None:
    ids = [shared_worker.begin(CaptionRequest(path), tiny_bundle) for path in pictures]
    for job_id, path in zip(ids, pictures, strict=True):
        message, _ = shared_worker.until_end(job_id)
        assert message.result.path == path
