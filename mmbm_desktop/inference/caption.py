"""Captions: one picture to sentences in each language with their scores, and to its vector."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.decoding import Candidate, DecodingOptions, decode
from mmbm_desktop.inference.image_text import CaptionStep
from mmbm_desktop.inference.pixels import encoder_input, load_pixels
from mmbm_desktop.inference.tidy import tidy_caption
from mmbm_desktop.protocol.results import Caption, CaptionResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.inference.image_text import ImageTextBundle
    from mmbm_desktop.protocol.requests import CaptionRequest

_FIT_WEIGHT = 2.0
"""Of a sentence's cosine with its picture beside its rank; chosen on Flickr8k's val split."""


def caption(
    request: CaptionRequest, bundle: ImageTextBundle, pixel_limit: int, token: CancelToken | None = None
) -> CaptionResult:
    """Describe a picture. All languages share one run of the image encoder and every step of the decoder.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: the picture cannot be used, or the bundle has not been taught a language.
        EnvironmentFault: the bundle cannot be run.
    """
    stop = token or CancelToken()
    _require_languages(request.languages, bundle)
    began = time.perf_counter()
    pixels = load_pixels(Path(request.path), bundle.image_rules.size, pixel_limit)
    features, embedding = bundle.encode_pictures(encoder_input([pixels], bundle.image_rules))
    step = CaptionStep(bundle, features, np.zeros(len(request.languages), np.int64))

    def step_or_stop(parents: npt.NDArray[np.int64], tokens: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        stop.check()
        return step(parents, tokens)

    starts = [bundle.text_rules.bos[language] for language in request.languages]
    found = decode(step_or_stop, starts, decoding_options(request, bundle))
    fitting = [
        _fitting(candidates, language, embedding[0], bundle)
        for language, candidates in zip(request.languages, found, strict=True)
    ]
    captions = tuple(written for sentences in fitting for written, _ in sentences[: request.best])
    fit = next((fit for sentences in fitting for _, fit in sentences), 0.0)
    line = bundle.calibration.caption.get(captions[0].language) if captions else None
    probability = line.probability(fit) if line else None
    return CaptionResult(request.path, captions, fit, embedding[0], bundle.made_since(began), probability)


def decoding_options(request: CaptionRequest, bundle: ImageTextBundle) -> DecodingOptions:
    """Return how sentences are looked for: as the request says, within what the bundle can do."""
    rules = bundle.text_rules
    return DecodingOptions(
        beam=max(1, request.beam),
        best=max(1, request.best),
        max_tokens=max(1, min(request.max_tokens, rules.max_tokens)),
        length_penalty=request.length_penalty,
        banned=(rules.pad, rules.unk, *rules.bos.values()),
        eos=rules.eos,
    )


def _require_languages(languages: Sequence[str], bundle: ImageTextBundle) -> None:
    known = bundle.text_rules.bos
    for language in languages:
        if language not in known:
            raise InputFault(ErrorCode.LANGUAGE_UNSUPPORTED, language=language, supported=", ".join(known))
    if not languages:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, name="languages", value="")


def _fitting(
    candidates: Sequence[Candidate], language: str, picture: npt.NDArray[np.float32], bundle: ImageTextBundle
) -> list[tuple[Caption, float]]:
    """Return the sentences that read differently, each with its cosine with the picture's unit vector, best first.

    The decoder's rank and the cosine are added up: the decoder knows what people say, the vectors what is to be seen.
    """
    different: dict[str, Candidate] = {}
    for candidate in candidates:
        text = tidy_caption(bundle.vocabulary.words(candidate.tokens), language)
        if text:
            different.setdefault(text, candidate)
    if not different:
        return []
    cosines = (bundle.encode_texts(list(different)) @ picture).tolist()
    sentences = [(text, candidate, fit) for (text, candidate), fit in zip(different.items(), cosines, strict=True)]
    sentences.sort(key=lambda sentence: sentence[1].rank + _FIT_WEIGHT * sentence[2], reverse=True)
    return [(Caption(text, language, candidate.score), fit) for text, candidate, fit in sentences]
