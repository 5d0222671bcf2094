"""The speech-command recipe: a small network learns to spell what is said, from recordings and transcripts."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.inference.speech.letters import read_words, utterance_frames
from mmbm_desktop.networks.command_recogniser import build_command_recogniser, steps_of
from mmbm_desktop.networks.command_recogniser_config import CommandRecogniserConfig
from mmbm_desktop.networks.tensors import ops, to_numpy
from mmbm_desktop.protocol.training import Sample
from mmbm_desktop.training.evaluation.assessing import agreement, assess_speech, where_there_is_one
from mmbm_desktop.training.export.command_recogniser import command_recogniser_parts
from mmbm_desktop.training.improvement.general import LEAST_STEPS
from mmbm_desktop.training.publish import publish
from mmbm_desktop.training.recipe_rules import SpeechCommandsOptions, filled
from mmbm_desktop.training.recipes.speech_commands_card import speech_commands_card
from mmbm_desktop.training.recipes.speech_commands_data import SPACE, load_speech_commands_data, padded
from mmbm_desktop.training.recipes.speech_commands_learner import SpeechCommandsLearner, ctc_losses
from mmbm_desktop.training.recipes.speech_commands_replay import shared_order
from mmbm_desktop.training.recipes.speech_commands_utterances import Utterances

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.errors import ErrorCode
    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.protocol.training import Assessment
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

_AT_ONCE = 64
"""Utterances scored at once when checking."""
_SAMPLES = 6
_ALIKE = 8
"""Batches among whose clips those of like lengths are put together."""


class SpeechCommandsRecipe:
    """Data, network and loss of one speech-command run; see `recipes.interface.Recipe`."""

    def __init__(self, spec: TrainSpec, cache: Path, report: ReportProgress) -> None:
        del cache  # reading small clips again is quick
        self.spec = spec
        self.options: SpeechCommandsOptions = filled(SpeechCommandsOptions, spec.options)
        self.data = load_speech_commands_data(spec, self.options, report)
        sizes: CommandRecogniserConfig = filled(CommandRecogniserConfig, spec.network)
        keras.utils.set_random_seed(spec.seed)
        start = self.data.start
        fresh = dataclasses.replace(sizes, letters=self.data.letters)
        self.network = build_command_recogniser(fresh) if start is None else start.network()
        self.config = self.network.config
        self._learner = SpeechCommandsLearner(self.network, name="learner")
        self._ordered: tuple[tuple[int, int], npt.NDArray[np.int64]] | None = None

    @property
    def learner(self) -> keras.Model:
        """The network with its loss."""
        return self._learner

    @property
    def unreadable(self) -> Mapping[str, ErrorCode]:
        """Clips that could not be read, or are too long for commands."""
        return self.data.unreadable

    def start_phase(self, phase: PhaseSpec) -> None:
        """Every phase trains everything."""
        del phase

    def steps(self, phase: PhaseSpec) -> int:
        """Return the whole batches of an epoch, at least one; a few when few clips are learned beside general ones."""
        own, size = len(self.data.splits["train"].pcm) - self.data.replayed, self._size(phase)
        if not self.data.replayed:
            return max(1, own // size)
        return max(LEAST_STEPS, round(own / size / (1 - self.options.replay)))

    def _size(self, phase: PhaseSpec) -> int:
        return phase.batch or self.spec.batch

    def batch(self, phase: PhaseSpec, epoch: int, step: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return a step's utterances of like lengths; seed, epoch and step decide them."""
        return padded(*zip(*map(self._utterances(epoch).made, self._order(phase, epoch)[step]), strict=True))

    def _utterances(self, epoch: int) -> Utterances:
        return Utterances(self.data, self.options, (self.spec.seed, epoch))

    def _order(self, phase: PhaseSpec, epoch: int) -> npt.NDArray[np.int64]:
        """Return an epoch's order, which is drawn once: drawing it takes as long as making a batch."""
        asked, known = (epoch, self._size(phase)), self._ordered
        if known is None or known[0] != asked:
            known = self._ordered = (asked, self._drawn_order(phase, epoch))
        return known[1]

    def _drawn_order(self, phase: PhaseSpec, epoch: int) -> npt.NDArray[np.int64]:
        """Return which clips each step of an epoch begins with, (steps, batch): those of a step are of like lengths."""
        random = np.random.default_rng((self.spec.seed, epoch))
        lengths = self._utterances(epoch).lengths()
        steps, size = self.steps(phase), self._size(phase)
        again = self.data.replayed
        order = shared_order(random, steps * size, len(lengths) - again, again, self.options.replay)
        groups = [order[at : at + _ALIKE * size] for at in range(0, len(order), _ALIKE * size)]
        of_place = [np.argsort(lengths[group % len(lengths)], kind="stable") for group in groups]
        alike = np.concatenate([group[rows] for group, rows in zip(groups, of_place, strict=True)])
        return random.permutation(alike.reshape(steps, size))

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        """Return the val split's loss a letter, and the share of clips whose words are all right."""
        del phase
        val = self.data.splits["val"]
        total, right, count = 0.0, 0, 0
        for begin in range(0, len(val.pcm), _AT_ONCE):
            texts = val.texts[begin : begin + _AT_ONCE]
            said = [self.data.numbers(text) for text in texts]
            x, y = padded([utterance_frames(pcm) for pcm in val.pcm[begin : begin + _AT_ONCE]], said)
            logits = self._learner(x, training=False)
            total += float(ops.sum(ctc_losses(logits, steps_of(x["lengths"]), y["letters"], y["counts"])))
            count += int(y["counts"].sum())
            heard = self._words(to_numpy(ops.softmax(logits)), steps_of(x["lengths"]))
            right += sum(text == words for text, words in zip(texts, heard, strict=True))
        return {"score": -total / max(1, count), "loss": total / max(1, count), "accuracy": right / len(val.pcm)}

    def _words(self, probabilities: npt.NDArray[np.float32], steps: npt.NDArray[np.int32]) -> list[str]:
        read = (
            read_words(row[:length], self.data.letters, self.data.words, 0.0, np.inf)
            for row, length in zip(probabilities, steps, strict=True)
        )
        return [SPACE.join(word.text for word in words) for words in read]

    def samples(self) -> Sequence[Sample]:
        """Return what is spelled of a few val clips."""
        val = self.data.splits["val"]
        rows = range(0, len(val.pcm), max(1, len(val.pcm) // _SAMPLES))[:_SAMPLES]
        said = [self.data.numbers(val.texts[row]) for row in rows]
        x, _ = padded([utterance_frames(val.pcm[row]) for row in rows], said)
        scores = to_numpy(ops.softmax(self._learner(x, training=False)))
        heard = self._words(scores, steps_of(x["lengths"]))
        texts = [val.texts[row] for row in rows]
        return [
            Sample("recording", val.paths[row], text, guess, agreement(guess, [text]), guess == text)
            for row, text, guess in zip(rows, texts, heard, strict=True)
        ]

    def assess(self, bundle: Path) -> Assessment | None:
        """Measure the bundle on the test split."""
        return where_there_is_one(assess_speech, bundle, self.spec.data)

    def publish(self, place: Path, curve: Mapping[str, Any]) -> Path:
        """Write the bundle."""
        name = Path(self.spec.data).name
        quality = {f"clip accuracy, {name} val": float(curve["accuracy"])}
        spec = self.spec if self.data.start is None else self.data.start.origin(self.spec)
        card = speech_commands_card(spec, self.data, quality)
        return publish(command_recogniser_parts(self.network, self.data.words), card, place)
