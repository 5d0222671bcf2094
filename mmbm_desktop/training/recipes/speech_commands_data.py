"""The data of a speech-command run: sound and letters of every clip by split, and the alphabet they are spelled in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.inference.speech.letters import FRAMES_A_STEP
from mmbm_desktop.training.data.spoken import hear, of_split, read_spoken, refusal_without
from mmbm_desktop.training.data.spoken_augment import lengthened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.errors import ErrorCode
    from mmbm_desktop.base.progress import ReportProgress

    Pcm = npt.NDArray[np.int16]
    Floats = npt.NDArray[np.float32]

SPACE = " "
_ROUND_FRAMES = 32
"""Batches are as long as a multiple of it: there are few shapes to prepare for."""


@dataclass(frozen=True)
class SplitSound:
    """The clips of a split: their sound, words, speakers and files, in one order."""

    pcm: tuple[Pcm, ...]
    texts: tuple[str, ...]
    speakers: tuple[str, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True)
class SpeechCommandsData:
    """All of a run's data.

    Attributes:
        splits: "train" and "val".
        letters: the alphabet of the train split, the space first.
        words: of the train split, sorted.
        language: of the clips.
        unreadable: names of clips that were left out, and why.
    """

    splits: Mapping[str, SplitSound]
    letters: str
    words: tuple[str, ...]
    language: str
    unreadable: Mapping[str, ErrorCode]

    def numbers(self, text: str) -> npt.NDArray[np.int32]:
        """Return a text's letters as the network counts them, from 1 on; letters without a number are left out."""
        return np.array([self.letters.index(letter) + 1 for letter in text if letter in self.letters], np.int32)


def load_speech_commands_data(folder: Path, held_out: Sequence[str], report: ReportProgress) -> SpeechCommandsData:
    """Read and decode what a run needs; the test split is not opened.

    Raises:
        InputFault: the data folder cannot be trained on; the error says why.
    """
    listed = read_spoken(folder, held_out)
    heard = hear([clip for clip in listed if clip.split in ("train", "val")], report)
    splits = {}
    for split in ("train", "val"):
        kept = [i for i, clip in enumerate(heard.clips) if clip.split == split]
        if not kept:
            raise refusal_without(split, folder)
        splits[split] = SplitSound(
            tuple(heard.pcm[i] for i in kept),
            tuple(heard.clips[i].text for i in kept),
            tuple(heard.clips[i].speaker for i in kept),
            tuple(str(heard.clips[i].path) for i in kept),
        )
    texts = splits["train"].texts
    letters = SPACE + "".join(sorted({letter for text in texts for letter in text} - {SPACE}))
    words = tuple(sorted({word for text in texts for word in text.split()}))
    language = of_split(heard.clips, "train")[0].language
    return SpeechCommandsData(splits, letters, words, language, heard.unreadable)


def fewest_frames(letters: npt.NDArray[np.int32]) -> int:
    """Return how many frames a transcript needs: a step for each letter, and one between two equal ones."""
    return FRAMES_A_STEP * (len(letters) + int(np.sum(letters[1:] == letters[:-1])))


def padded(frames: Sequence[Floats], letters: Sequence[npt.NDArray[np.int32]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return utterances as a batch: `frames`, `lengths`; and their transcripts: `letters`, `counts`."""
    long_enough = [lengthened(one, fewest_frames(said)) for one, said in zip(frames, letters, strict=True)]
    lengths = np.array([len(one) for one in long_enough], np.int32)
    longest = -(-int(lengths.max()) // _ROUND_FRAMES) * _ROUND_FRAMES
    batch = np.zeros((len(frames), longest, long_enough[0].shape[1]), np.float32)
    for row, one in zip(batch, long_enough, strict=True):
        row[: len(one)] = one
    counts = np.array([len(one) for one in letters], np.int32)
    targets = np.zeros((len(letters), max(1, int(counts.max()))), np.int32)
    for row, one in zip(targets, letters, strict=True):
        row[: len(one)] = one
    return {"frames": batch, "lengths": lengths}, {"letters": targets, "counts": counts}
