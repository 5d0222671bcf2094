"""Translation between English and Chinese: a text sentence by sentence, and back again as a check."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.chrf import corpus_chrf
from mmbm_desktop.inference.decoder_step import DecoderStep
from mmbm_desktop.inference.decoding import DecodingOptions, decode
from mmbm_desktop.inference.opened import OpenedBundle
from mmbm_desktop.inference.rules import read_text_rules
from mmbm_desktop.inference.sentences import pieces, sentences
from mmbm_desktop.inference.spelling import read_spelling
from mmbm_desktop.inference.text import Vocabulary, language_of
from mmbm_desktop.protocol.results import TranslateResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.inference.sessions import Arrays
    from mmbm_desktop.protocol.requests import TranslateRequest

FAMILY = "mmbm-translation"
ENCODER = "encoder.onnx"
STEP = "step.onnx"
_LENGTH_PENALTY = 1.2
"""More than judged by the mean alone (1): without it words are left out. Chosen on the val split."""
_LONGER_BY = 2
_LONGER_PLUS = 8
"""A translation has at most so many times as many tokens as its source, and so many more."""


@dataclass(frozen=True)
class Written:
    """A translation, the sum of its tokens' log-probabilities and how many they are, the ends included."""

    text: str
    log_probability: float = 0.0
    summands: int = 0

    @property
    def score(self) -> float:
        """exp(mean log-probability), 0..1; 1 where nothing had to be translated."""
        return float(np.exp(self.log_probability / max(1, self.summands)))


class Translator(OpenedBundle):
    """A verified bundle of the translation family, its sessions opened when first used. One thread at a time."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Verify the bundle and read how it wants its inputs.

        Raises:
            EnvironmentFault: BUNDLE_INVALID, BUNDLE_DAMAGED.
            MmbmError: a file cannot be read.
        """
        super().__init__(folder, threads)
        self.require_family(FAMILY)
        self.text_rules = read_text_rules(self.manifest)
        self.vocabulary = Vocabulary(folder / "tokenizer.json", self.text_rules)
        self.spelling = read_spelling(folder)

    def try_out(self, outputs: Mapping[str, Arrays]) -> None:
        """Score the first token of a translation in every language."""
        starts = np.array(list(self.text_rules.bos.values()))
        step = DecoderStep(self.sessions, STEP, outputs[ENCODER], np.zeros(len(starts), np.int64))
        if not np.isfinite(step(np.arange(len(starts)), starts)).all():
            raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, STEP, name=self.manifest.name, field="probe")

    def translated(self, text: str, to: str, beam: int = 4, token: CancelToken | None = None) -> Written:
        """Translate a text of any length to a language the bundle knows.

        Line breaks stay where they are; sentences that are in that language already, or without letters, as they are.

        Raises:
            Cancelled: `token` was cancelled.
            EnvironmentFault: the bundle cannot be run.
        """
        stop = token or CancelToken()
        lines = [
            [
                self._piece(piece, to, beam, stop)
                for sentence in sentences(line)
                for piece in pieces(sentence, self._fits)
            ]
            for line in self.spelling.simple(text).splitlines()
        ]
        every = [written for line in lines for written in line]
        joint = "" if to == "zh" else " "
        return Written(
            "\n".join(joint.join(written.text for written in line) for line in lines),
            sum(written.log_probability for written in every),
            sum(written.summands for written in every),
        )

    def _fits(self, piece: str) -> bool:
        """Whether nothing of a piece would be cut off."""
        return self.vocabulary.length(piece) <= self.text_rules.max_tokens

    def _piece(self, piece: str, to: str, beam: int, stop: CancelToken) -> Written:
        if language_of(piece) == to or not any(character.isalpha() for character in piece):
            return Written(piece)
        ids = self.vocabulary.rows([piece])
        memory = self.sessions.run(ENCODER, {"ids": ids})
        step = DecoderStep(self.sessions, STEP, memory, np.zeros(1, np.int64))

        def step_or_stop(parents: npt.NDArray[np.int64], tokens: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            stop.check()
            return step(parents, tokens)

        options = self._options(beam, ids.shape[1])
        best = decode(step_or_stop, [self.text_rules.bos[to]], options)[0][0]
        text = self.spelling.spelled(self.vocabulary.words(best.tokens), to)
        return Written(text, best.log_probability, best.summands)

    def _options(self, beam: int, length: int) -> DecodingOptions:
        rules = self.text_rules
        return DecodingOptions(
            beam=max(1, beam),
            max_tokens=min(_LONGER_BY * length + _LONGER_PLUS, rules.max_tokens - 1),
            min_tokens=1,
            length_penalty=_LENGTH_PENALTY,
            no_repeat=4,
            banned=(rules.pad, rules.unk, *rules.bos.values()),
            eos=rules.eos,
        )


def translate(request: TranslateRequest, translator: Translator, token: CancelToken | None = None) -> TranslateResult:
    """Translate a text, and translate the translation back to see how much of it comes back.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: the text is empty, or source and target are the same (ARGUMENT_INVALID); the bundle was not taught
            a language (LANGUAGE_UNSUPPORTED).
        EnvironmentFault: the bundle cannot be run.
    """
    began = time.perf_counter()
    if not request.text.strip():
        raise InputFault(ErrorCode.ARGUMENT_INVALID, "empty text", name="text", value='""')
    source = request.source or language_of(request.text)
    _require_languages(source, request.to, translator)
    there = translator.translated(request.text, request.to, request.beam, token)
    back = translator.translated(there.text, source, request.beam, token)
    return TranslateResult(
        text=request.text,
        translation=there.text,
        source=source,
        to=request.to,
        score=there.score,
        back=back.text,
        back_score=_likeness(back.text, translator.spelling.simple(request.text)),
        made=translator.made_since(began),
    )


def _require_languages(source: str, to: str, translator: Translator) -> None:
    known = translator.text_rules.bos
    for language in (source, to):
        if language not in known:
            raise InputFault(ErrorCode.LANGUAGE_UNSUPPORTED, language=language, supported=", ".join(known))
    if source == to:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, "the text is in that language already", name="to", value=to)


def _likeness(back: str, text: str) -> float:
    """Return chrF without regard to capitals, 0..1."""
    return corpus_chrf([back.lower()], [text.lower()])
