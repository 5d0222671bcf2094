"""How close a translation bundle comes to a data folder's translations, both ways."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.inference.chrf import corpus_chrf
from mmbm_desktop.inference.translate import Translator
from mmbm_desktop.protocol.requests import TranslateRequest
from mmbm_desktop.training.data.pairs import read_pairs
from mmbm_desktop.training.evaluation.interface import Evaluation
from mmbm_desktop.training.metrics.bleu import corpus_bleu

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.training.data.pairs import Pair
    from mmbm_desktop.training.evaluation.interface import Measuring

_WAYS = (("en", "zh", "English to Chinese"), ("zh", "en", "Chinese to English"))
_TOKEN = re.compile(r"\w+|[^\w\s]")


def evaluate_translation(measuring: Measuring) -> Evaluation:
    """Measure chrF and BLEU-4 of the split's sentence pairs each way, each against its one translation.

    The bundle answers as it answers people: through ONNX Runtime, spelled out. Capitals and marks count. Chinese
    references are turned into simplified characters; BLEU counts Chinese by character.

    Raises:
        InputFault: `read_pairs` cannot read the data folder, or it has no sentence pair in that split.
        EnvironmentFault: the bundle is damaged.
    """
    translator = Translator(measuring.bundle)
    pairs = read_pairs(measuring.data).of_split(measuring.split, "sentence")[: measuring.limit]
    if not pairs:
        detail = f"split {measuring.split}"
        raise InputFault(ErrorCode.DATASET_INVALID, detail, path=str(measuring.data), reason="too-few-pairs")
    numbers: dict[str, float] = {}
    answers: dict[str, dict[str, Any]] = {}
    for source, target, way in _WAYS:
        right = [translator.spelling.simple(getattr(pair, target)) for pair in pairs]
        written = _translations(translator, pairs, source, target, measuring.beam or TranslateRequest.beam)
        numbers[f"chrF, {way}"] = corpus_chrf(written, right)
        by = ", by character" if target == "zh" else ""
        ours, theirs = ([_tokens(text, target) for text in texts] for texts in (written, right))
        numbers[f"BLEU-4, {way}{by}"] = corpus_bleu(ours, [[tokens] for tokens in theirs])
        answers[f"{source}-{target}"] = {getattr(pair, source): text for pair, text in zip(pairs, written, strict=True)}
    return Evaluation(numbers, len(pairs), answers=answers)


def _translations(translator: Translator, pairs: Sequence[Pair], source: str, target: str, beam: int) -> list[str]:
    return [translator.translated(getattr(pair, source), target, beam).text for pair in pairs]


def _tokens(text: str, language: str) -> tuple[str, ...]:
    """Split English into words and marks, Chinese into characters."""
    return tuple("".join(text.split())) if language == "zh" else tuple(_TOKEN.findall(text))
