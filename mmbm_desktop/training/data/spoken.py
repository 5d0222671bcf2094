"""Folders of recordings with what is said in them: which files, words, speakers and splits, and their sound.

Two layouts are known: `metadata.jsonl` or `metadata.csv` with `file_name` and `transcription` (Hugging Face
audiofolder), and `transcripts.jsonl` with `file`, `text`, `speaker` and `split`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.media.audio import SAMPLE_RATE_HZ, blocks_16k
from mmbm_desktop.protocol.spoken_words import spoken_words
from mmbm_desktop.training.data.tables import file_of, hashed, invalid, read_rows, split_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.base.errors import MmbmError
    from mmbm_desktop.base.progress import ReportProgress

    Pcm = npt.NDArray[np.int16]

FEWEST_CLIPS = 2
"""One to learn from and one to check with."""
LONGEST_S = 15.0
"""Commands are short, and all clips of a run are kept in memory."""
SPEAKER = "speaker-"
"""Begins the name of a split that is all clips of one speaker."""

TABLES = ("transcripts.jsonl", "metadata.jsonl", "metadata.csv")
TEXT_COLUMNS = ("transcription", "text", "sentence")
_VAL_OF_TRAIN = 20
"""One train clip in so many checks the training, where the table has no val split."""


@dataclass(frozen=True)
class SpokenClip:
    """A recording, the words said in it (lower case, one space between two), who says them, and its split."""

    path: Path
    text: str
    speaker: str
    split: str
    language: str


@dataclass(frozen=True)
class HeardClips:
    """Clips that could be read.

    Attributes:
        clips: those.
        pcm: the sound of each, 16 kHz mono, (samples,), int16.
        unreadable: names of the others, and why.
    """

    clips: tuple[SpokenClip, ...]
    pcm: tuple[Pcm, ...]
    unreadable: Mapping[str, ErrorCode]


def read_spoken(folder: Path, held_out: Sequence[str] = ()) -> tuple[SpokenClip, ...]:
    """Return every clip that a data folder's table lists with at least one word, in the table's order.

    Without a split column each clip's name decides: about 80 % train, 10 % val, 10 % test, the same every time;
    without a val split one train clip in twenty is moved there.

    Args:
        folder: the data folder.
        held_out: speakers whose clips are all in the test split, whatever the table says.

    Raises:
        InputFault: there is no table, it cannot be read, it has no words, a speaker is not there, or clips are too few.
    """
    rows = list(read_rows(folder, TABLES))
    if not any(column in row for row in rows for column in TEXT_COLUMNS):
        raise invalid(folder, "no-transcripts", f"none of the columns {', '.join(TEXT_COLUMNS)}")
    clips = [clip for row in rows if (clip := _clip(folder, row)) is not None]
    if len(clips) < FEWEST_CLIPS:
        raise invalid(folder, "too-few-clips", f"{len(clips)} clips with words")
    missing = set(held_out) - {clip.speaker for clip in clips}
    if missing:
        raise invalid(folder, "no-such-speaker", ", ".join(sorted(map(str, missing))))
    return tuple(_with_val_split([_held_out(clip, held_out) for clip in clips]))


def of_split(clips: Iterable[SpokenClip], split: str) -> tuple[SpokenClip, ...]:
    """Return the clips of one split; `speaker-NAME` is all clips of a speaker."""
    if split.startswith(SPEAKER):
        return tuple(clip for clip in clips if clip.speaker == split.removeprefix(SPEAKER))
    return tuple(clip for clip in clips if clip.split == split)


def hear(clips: Sequence[SpokenClip], report: ReportProgress) -> HeardClips:
    """Read the sound of clips; one that cannot be read does not stop the others."""
    kept: list[SpokenClip] = []
    sounds: list[Pcm] = []
    unreadable: dict[str, ErrorCode] = {}
    for number, clip in enumerate(clips, start=1):
        try:
            sounds.append(_sound(clip.path))
            kept.append(clip)
        except InputFault as error:
            unreadable[str(clip.path)] = error.code
        report(number, len(clips))
    return HeardClips(tuple(kept), tuple(sounds), unreadable)


def _sound(path: Path) -> Pcm:
    """Return a clip's sound; a long recording is given up before all of it is in memory.

    Raises:
        InputFault: see `blocks_16k`; it is longer than a command (DATASET_INVALID).
    """
    blocks: list[Pcm] = []
    for block in blocks_16k(path):
        blocks.append(block)
        if sum(map(len, blocks)) > LONGEST_S * SAMPLE_RATE_HZ:
            raise invalid(path, "too-long", f"longer than {LONGEST_S} s")
    return np.concatenate(blocks)


def _clip(folder: Path, row: Mapping[str, Any]) -> SpokenClip | None:
    path = file_of(folder, row)
    said = next((row[column] for column in TEXT_COLUMNS if isinstance(row.get(column), str)), "")
    text = " ".join(spoken_words(said))
    if path is None or not text:
        return None
    name = str(row.get("file_name") or row.get("file"))
    language = str(row.get("lang") or row.get("language") or "en")
    return SpokenClip(path, text, str(row.get("speaker") or ""), split_of(row, name), language)


def _held_out(clip: SpokenClip, speakers: Sequence[str]) -> SpokenClip:
    return dataclasses.replace(clip, split="test") if clip.speaker in speakers else clip


def _with_val_split(clips: list[SpokenClip]) -> list[SpokenClip]:
    """Move some train clips to the val split where it is empty."""
    if any(clip.split == "val" for clip in clips):
        return clips
    train = sorted((clip for clip in clips if clip.split == "train"), key=_by_name)
    moved = {clip.path for clip in train[: max(1, len(train) // _VAL_OF_TRAIN)]}
    return [dataclasses.replace(clip, split="val") if clip.path in moved else clip for clip in clips]


def _by_name(clip: SpokenClip) -> int:
    return hashed(clip.path.name)


def refusal_without(split: str, data: Path) -> MmbmError:
    """Return the refusal of a data folder that has no readable clip in a split."""
    return invalid(data, "no-readable-clip", f"split {split}")
