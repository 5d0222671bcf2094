"""Embedding pictures and texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.errors import Cancelled, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.caption import caption
from mmbm_desktop.inference.embed import PICTURES_AT_ONCE, embed_images, embed_texts
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.protocol.requests import CaptionRequest, EmbedImagesRequest, EmbedTextRequest

LIMIT = 10**9


def test_vectors_come_in_input_order(opened: ImageTextBundle, pictures: list[str]) -> None:
    paths = tuple(pictures * 12)
    result = embed_images(EmbedImagesRequest(paths), opened, LIMIT)
    assert result.inputs == paths
    assert result.vectors.shape == (60, opened.manifest.network["embed_dim"])
    np.testing.assert_allclose(result.vectors[:5], result.vectors[55:], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(result.vectors, axis=1), 1.0, atol=1e-4)


def test_a_picture_has_the_vector_its_caption_came_with(opened: ImageTextBundle, pictures: list[str]) -> None:
    (vector,) = embed_images(EmbedImagesRequest((pictures[3],)), opened, LIMIT).vectors
    np.testing.assert_allclose(vector, caption(CaptionRequest(pictures[3]), opened, LIMIT).embedding, atol=1e-5)


def test_broken_pictures_cost_only_themselves(opened: ImageTextBundle, pictures: list[str], tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.jpg").write_text("no picture")
    cut = Path(pictures[1]).read_bytes()
    (tmp_path / "cut.jpg").write_bytes(cut[: len(cut) // 3])
    bad = [str(tmp_path / name) for name in ("empty.png", "text.jpg", "cut.jpg", "gone.png")]
    mixed = tuple(path for pair in zip(pictures, [*bad, pictures[0]], strict=True) for path in pair)
    result = embed_images(EmbedImagesRequest(mixed), opened, LIMIT)
    assert list(result.inputs) == [*pictures, pictures[0]]
    assert len(result.vectors) == 6
    assert [failed.path for failed in result.failed] == bad
    codes = [failed.failure.code for failed in result.failed]
    assert codes[0] is ErrorCode.FILE_EMPTY
    assert codes[3] is ErrorCode.FILE_NOT_FOUND


def test_nothing_but_broken_pictures_is_still_an_answer(opened: ImageTextBundle, tmp_path: Path) -> None:
    result = embed_images(EmbedImagesRequest((str(tmp_path / "gone.png"),)), opened, LIMIT)
    assert result.vectors.shape[0] == 0
    assert len(result.failed) == 1
    assert embed_images(EmbedImagesRequest(()), opened, LIMIT).inputs == ()


def test_progress_counts_every_picture(opened: ImageTextBundle, pictures: list[str]) -> None:
    told: list[tuple[int, int | None]] = []
    paths = tuple(pictures * 10)
    embed_images(EmbedImagesRequest(paths), opened, LIMIT, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (PICTURES_AT_ONCE, 50)
    assert told[-1] == (50, 50)


def test_cancelling_stops_between_batches(opened: ImageTextBundle, pictures: list[str]) -> None:
    token = CancelToken()
    done: list[int] = []

    def progress(count: int, _: int | None) -> None:
        done.append(count)
        token.cancel()

    with pytest.raises(Cancelled):
        embed_images(EmbedImagesRequest(tuple(pictures * 100)), opened, LIMIT, token, progress)
    assert done == [PICTURES_AT_ONCE]


def test_texts_of_both_languages_share_the_space(opened: ImageTextBundle) -> None:
    texts = (*(f"{number} dogs" for number in range(70)), "两只狗")
    result = embed_texts(EmbedTextRequest(texts), opened)
    assert result.inputs == texts
    assert result.vectors.shape == (71, opened.manifest.network["embed_dim"])
    np.testing.assert_allclose(
        result.vectors[-1], embed_texts(EmbedTextRequest(("两只狗",)), opened).vectors[0], atol=1e-5
    )


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_text_without_words_is_refused(opened: ImageTextBundle, text: str) -> None:
    with pytest.raises(InputFault) as caught:
        embed_texts(EmbedTextRequest(("dog", text)), opened)
    assert caught.value.code is ErrorCode.QUERY_EMPTY
