"""Embedding: pictures and texts to unit vectors of one space. A broken picture costs only its own vector."""

from __future__ import annotations

import os
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.inference.pixels import encoder_input, load_pixels
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.results import EmbedResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.inference.image_text import ImageTextBundle
    from mmbm_desktop.protocol.requests import EmbedImagesRequest, EmbedTextRequest

    Pixels = npt.NDArray[np.uint8]
    Loading = tuple[str, Future[Pixels]]

PICTURES_AT_ONCE = 16
TEXTS_AT_ONCE = 64
_AHEAD = 2 * PICTURES_AT_ONCE  # pictures decoded before they are needed; each is small by then


def embed_images(
    request: EmbedImagesRequest,
    bundle: ImageTextBundle,
    pixel_limit: int,
    token: CancelToken | None = None,
    progress: ReportProgress = no_progress,
) -> EmbedResult:
    """Return the vectors of all pictures that can be read, and why the others cannot.

    Pictures are decoded in a few threads while the network computes the batch before.

    Args:
        request: which pictures.
        bundle: the model.
        pixel_limit: largest width x height that is opened.
        token: checked between batches.
        progress: told the pictures done, good or not.

    Raises:
        Cancelled: `token` was cancelled.
        EnvironmentFault: the bundle cannot be run.
    """
    stop, began = token or CancelToken(), time.perf_counter()
    vectors: list[npt.NDArray[np.float32]] = []
    good: list[str] = []
    failed: list[ItemFailure] = []
    done = 0
    for batch in _loaded(request.paths, bundle.image_rules.size, pixel_limit):
        stop.check()
        readable = [(path, future.result()) for path, future in batch if future.exception() is None]
        failed += [ItemFailure(path, Failure.of(e)) for path, future in batch if (e := future.exception()) is not None]
        if readable:
            pixels = encoder_input([pixels for _, pixels in readable], bundle.image_rules)
            vectors.append(bundle.encode_pictures(pixels)[1])
            good += [path for path, _ in readable]
        done += len(batch)
        progress(done, len(request.paths))
    return EmbedResult(_stacked(vectors), tuple(good), tuple(failed), bundle.made_since(began))


def embed_texts(request: EmbedTextRequest, bundle: ImageTextBundle, token: CancelToken | None = None) -> EmbedResult:
    """Return the vectors of all texts.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: a text has no words (QUERY_EMPTY).
        EnvironmentFault: the bundle cannot be run.
    """
    stop, began = token or CancelToken(), time.perf_counter()
    if not all(text.strip() for text in request.texts):
        raise InputFault(ErrorCode.QUERY_EMPTY)
    vectors: list[npt.NDArray[np.float32]] = []
    for start in range(0, len(request.texts), TEXTS_AT_ONCE):
        stop.check()
        vectors.append(bundle.encode_texts(request.texts[start : start + TEXTS_AT_ONCE]))
    return EmbedResult(_stacked(vectors), request.texts, (), bundle.made_since(began))


def _loaded(paths: Sequence[str], size: int, pixel_limit: int) -> Iterator[list[Loading]]:
    """Yield the pictures in batches, in order, keeping a bounded number of them on the way."""
    threads = min(4, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads, "decode-pictures") as pool:
        waiting: deque[Loading] = deque()
        try:
            for path in paths:
                waiting.append((path, pool.submit(load_pixels, Path(path), size, pixel_limit)))
                if len(waiting) == _AHEAD + PICTURES_AT_ONCE:
                    yield [waiting.popleft() for _ in range(PICTURES_AT_ONCE)]
            while waiting:
                yield [waiting.popleft() for _ in range(min(PICTURES_AT_ONCE, len(waiting)))]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _stacked(vectors: list[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    return np.concatenate(vectors) if vectors else np.empty((0, 0), np.float32)
