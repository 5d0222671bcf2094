"""The data of a speech-command run: sound and letters of every clip by split, the alphabet, and other talk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.inference.speech.letters import FRAMES_A_STEP
from mmbm_desktop.training.data.spoken import hear, of_split, read_spoken, refusal_without
from mmbm_desktop.training.data.spoken_augment import lengthened
from mmbm_desktop.training.data.synthesised import synthesised
from mmbm_desktop.training.data.tables import hashed
from mmbm_desktop.training.recipes.speech_commands_replay import replayed
from mmbm_desktop.training.spec import REPLAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.data.spoken import HeardClips
    from mmbm_desktop.training.recipe_rules import SpeechCommandsOptions
    from mmbm_desktop.training.recipes.speech_commands_start import CommandsStart
    from mmbm_desktop.training.spec import TrainSpec

    Pcm = npt.NDArray[np.int16]
    Floats = npt.NDArray[np.float32]

SPACE = " "
TALK = "talk"
"""The role of a further folder: recordings with transcripts, to hear talk in which no command is said."""
_ROUND_FRAMES = 32
"""Batches are as long as a multiple of it: there are few shapes to prepare for."""


@dataclass(frozen=True)
class SplitSound:
    """The clips of a split: their sound, words, speakers and files, in one order; made clips have names for files."""

    pcm: tuple[Pcm, ...]
    texts: tuple[str, ...]
    speakers: tuple[str, ...]
    paths: tuple[str, ...]

    @cached_property
    def keys(self) -> tuple[int, ...]:
        """A number that each clip has from its file's name alone."""
        return tuple(hashed(Path(path).name) for path in self.paths)

    def with_more(self, more: SplitSound) -> SplitSound:
        """Return these clips and more behind them."""
        return SplitSound(
            (*self.pcm, *more.pcm),
            (*self.texts, *more.texts),
            (*self.speakers, *more.speakers),
            (*self.paths, *more.paths),
        )

    @cached_property
    def rows_of(self) -> Mapping[str, npt.NDArray[np.int64]]:
        """The places of each speaker's clips; clips of nobody known are one speaker's."""
        names = np.array(self.speakers)
        return {name: np.flatnonzero(names == name) for name in sorted(set(self.speakers))}


@dataclass(frozen=True)
class SpeechCommandsData:
    """All of a run's data.

    Attributes:
        splits: "train" and "val".
        letters: the alphabet of the train split, the space first.
        words: of the train split, sorted.
        language: of the clips.
        unreadable: names of clips that were left out, and why.
        recorded: how many clips of the train split are recordings; synthesised ones follow them.
        talk: recordings of other words.
        start: the bundle that the run goes on from, if any.
        replayed: how many clips of the train split, its last ones, are learned again.
    """

    splits: Mapping[str, SplitSound]
    letters: str
    words: tuple[str, ...]
    language: str
    unreadable: Mapping[str, ErrorCode]
    recorded: int
    talk: tuple[Pcm, ...] = ()
    start: CommandsStart | None = None
    replayed: int = 0

    def numbers(self, text: str) -> npt.NDArray[np.int32]:
        """Return a text's letters as the network counts them, from 1 on; letters without a number are left out."""
        return np.array([self.letters.index(letter) + 1 for letter in text if letter in self.letters], np.int32)


def load_speech_commands_data(
    spec: TrainSpec, options: SpeechCommandsOptions, report: ReportProgress
) -> SpeechCommandsData:
    """Read, decode and synthesise what a run needs; no test split is opened.

    Raises:
        InputFault: a data folder cannot be trained on; the error says why.
        EnvironmentFault: voices are wanted and there is no synthesiser.
    """
    folder = Path(spec.data)
    start = _start(options)
    listed = [clip for clip in read_spoken(folder, options.held_out_speakers) if clip.split in ("train", "val")]
    odd = {str(clip.path): ErrorCode.DATASET_INVALID for clip in listed if start and not start.spells(clip.text)}
    heard = hear([clip for clip in listed if str(clip.path) not in odd], report)
    splits = {}
    for split in ("train", "val"):
        kept = [i for i, clip in enumerate(heard.clips) if clip.split == split]
        if not kept:
            raise refusal_without(split, folder)
        splits[split] = _sound_of(heard, kept)
    train = splits["train"]
    letters = letters_of(train.texts)
    known = start.words if start else ()
    words = tuple(sorted({word for text in train.texts for word in text.split()} | set(known)))
    language = start.language if start else of_split(heard.clips, "train")[0].language
    talk, unreadable = _talk(spec, {*words, *options.avoided}, report)
    more = synthesised(sorted(set(train.texts)), options.synthesised, language, spec.seed, report)
    made = SplitSound(
        tuple(clip.pcm for clip in more),
        tuple(clip.text for clip in more),
        tuple(clip.speaker for clip in more),
        tuple(f"{number} {clip.speaker} {clip.text}" for number, clip in enumerate(more)),
    )
    splits["train"] = train.with_more(made)
    left_out, again = {**odd, **heard.unreadable, **unreadable}, 0
    if start is not None:
        general, unread = replayed(spec, start, report)
        left_out |= unread
        again = len(general["train"].clips)
        splits = {name: one.with_more(_sound_of(general[name])) for name, one in splits.items()}
    recorded = len(train.pcm)
    letters = start.letters if start else letters
    return SpeechCommandsData(splits, letters, words, language, left_out, recorded, talk, start, again)


def _start(options: SpeechCommandsOptions) -> CommandsStart | None:
    """Return the bundle to go on from; reading one takes Keras, which whoever only looks at data does without."""
    if not options.start:
        return None
    from mmbm_desktop.training.recipes.speech_commands_start import read_commands_start

    return read_commands_start(options.start)


def letters_of(texts: Iterable[str]) -> str:
    """Return the alphabet of texts, the space first."""
    return SPACE + "".join(sorted({letter for text in texts for letter in text} - {SPACE}))


def _sound_of(heard: HeardClips, kept: Sequence[int] | None = None) -> SplitSound:
    rows = range(len(heard.clips)) if kept is None else kept
    clips = [heard.clips[row] for row in rows]
    return SplitSound(
        tuple(heard.pcm[row] for row in rows),
        tuple(clip.text for clip in clips),
        tuple(clip.speaker for clip in clips),
        tuple(str(clip.path) for clip in clips),
    )


def _talk(
    spec: TrainSpec, avoided: Iterable[str], report: ReportProgress
) -> tuple[tuple[Pcm, ...], Mapping[str, ErrorCode]]:
    """Return the train recordings of further folders in which none of the `avoided` words is said; and the unreadable.

    Raises:
        InputFault: a folder has another role or cannot be read.
    """
    roles = {TALK, REPLAY} if spec.options.get("start") else {TALK}
    if odd := {one.role for one in spec.further} - roles:
        raise InputFault(ErrorCode.SPEC_INVALID, f"roles {odd}, not {roles}", path=spec.data, reason="unknown-role")
    folders = [Path(one.folder) for one in spec.further if one.role == TALK]
    clips = [clip for folder in folders for clip in of_split(read_spoken(folder), "train")]
    heard = hear([clip for clip in clips if not set(clip.text.split()) & set(avoided)], report)
    return heard.pcm, heard.unreadable


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
