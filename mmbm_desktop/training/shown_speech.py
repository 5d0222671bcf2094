"""What the speech-command recipe makes of a few clips before it learns from them, by its own functions. No Keras."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.inference.speech.letters import utterance_frames
from mmbm_desktop.training.data.sound_augment import SILENT
from mmbm_desktop.training.data.spoken import hear, of_split, read_spoken, refusal_without
from mmbm_desktop.training.recipe_rules import SpeechCommandsOptions, filled
from mmbm_desktop.training.recipes.speech_commands_data import SpeechCommandsData, SplitSound, letters_of
from mmbm_desktop.training.recipes.speech_commands_utterances import Utterances

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.training.spec import TrainSpec

    Floats = npt.NDArray[np.float32]

CLIPS, VARIANTS = 3, 4
_POOL = 24
"""Clips that are heard, so that a joined one finds another of its speaker."""


@dataclass(frozen=True)
class ShownClip:
    """A clip and the utterances that were made of it.

    Attributes:
        path: its file.
        said: its words.
        whole: its log-mel frames as they are heard in use, (T, bands).
        variants: frames of utterances that begin with it, as long as `whole`, silence behind the shorter ones.
        words: what is to be written down for each of these; "" for a sound without words in its place.
    """

    path: str
    said: str
    whole: Floats
    variants: tuple[Floats, ...]
    words: tuple[str, ...]


def shown_speech(spec: TrainSpec, random: np.random.Generator, draw: int) -> list[ShownClip]:
    """Return a few train clips with what an epoch makes of them.

    Args:
        spec: of the run.
        random: decides which clips.
        draw: decides how they are changed; it counts as the epoch.

    Raises:
        InputFault: the data cannot be read, or there is no readable clip to learn from.
    """
    options = filled(SpeechCommandsOptions, spec.options)
    listed = of_split(read_spoken(Path(spec.data), options.held_out_speakers), "train")
    heard = hear([listed[place] for place in random.permutation(len(listed))[:_POOL]], _nothing)
    if not heard.clips:
        raise refusal_without("train", Path(spec.data))
    clips = heard.clips
    texts, speakers = tuple(one.text for one in clips), tuple(one.speaker for one in clips)
    train = SplitSound(heard.pcm, texts, speakers, tuple(str(one.path) for one in clips))
    letters = letters_of(one.text for one in listed)
    data = SpeechCommandsData({"train": train}, letters, (), clips[0].language, {}, len(clips))
    utterances = Utterances(data, options, (spec.seed, draw))
    return [_shown(row, data, utterances) for row in range(min(CLIPS, len(clips)))]


def _shown(row: int, data: SpeechCommandsData, utterances: Utterances) -> ShownClip:
    train = data.splits["train"]
    made = [utterances.made(copy * len(train.pcm) + row) for copy in range(VARIANTS)]
    words = tuple("".join(data.letters[number - 1] for number in letters) for _, letters in made)
    whole = utterance_frames(train.pcm[row])
    longest = max(len(one) for one in (whole, *(frames for frames, _ in made)))
    variants = tuple(_padded(frames, longest) for frames, _ in made)
    return ShownClip(train.paths[row], train.texts[row], _padded(whole, longest), variants, words)


def _padded(frames: Floats, longest: int) -> Floats:
    return np.pad(frames, ((0, longest - len(frames)), (0, 0)), constant_values=SILENT)


def _nothing(done: int, total: int | None) -> None:
    """Hear of progress and do nothing."""
    del done, total
