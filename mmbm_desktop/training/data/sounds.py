"""Folders of recordings with labels: which files, which sounds, which fold or split. Decodes nothing.

Two layouts are known: a table (`labels.jsonl`, `metadata.jsonl` or `metadata.csv`) with `file` or `file_name` and
`label`, and maybe `fold`, `split`, `start`, `end`, `licence` and what the recording was cut from; or a folder a
class, maybe below folders called train, val and test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.media.formats import FileKind, kind_by_name
from mmbm_desktop.training.data.class_folders import has_split_folders
from mmbm_desktop.training.data.tables import file_of, hashed, invalid, named_split, read_rows, split_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TABLES = ("labels.jsonl", "metadata.jsonl", "metadata.csv")
SPEECH_TABLES = (*TABLES, "transcripts.jsonl")
SPEECH = "speech"
FOLDS = 5
FEWEST_SOUNDS = 2

_GROUPS = ("freesound_id", "source", "speaker")
"""Columns that say what a recording was cut from, or who made it: such recordings are never told apart."""


@dataclass(frozen=True)
class LabelledSound:
    """A stretch of a recording and the sound in it.

    Attributes:
        path: of the recording.
        label: id of the sound.
        fold: the part of the set it belongs to, "fold1" and so on; "" where the set has none.
        split: "train", "val" or "test".
        group: what it was cut from; recordings of one group are left out together.
        start_s: where the stretch begins.
        end_s: where it ends; None at the recording's end.
        licence: of the recording, where the table says it.
    """

    path: Path
    label: str
    fold: str = ""
    split: str = "train"
    group: str = ""
    start_s: float = 0.0
    end_s: float | None = None
    licence: str = ""

    @property
    def part(self) -> int:
        """Number of the part, 1 to 5, that this sound is left out with: its fold's, else one that its group decides."""
        number = self.fold.removeprefix("fold")
        if number.isdigit():
            return (int(number) - 1) % FOLDS + 1
        return part_of(self.group)


def part_of(group: str) -> int:
    """Return a number from 1 to 5, the same for the same group."""
    return hashed(group) % FOLDS + 1


def read_sounds(folder: Path, label: str = "") -> tuple[LabelledSound, ...]:
    """Return every labelled recording of a data folder.

    Without a split column each recording's name decides: about 80 % train, 10 % val, 10 % test, the same every time.

    Args:
        folder: the data folder.
        label: what recordings without a label are; rows without one are passed over where it is "".

    Raises:
        InputFault: the folder is missing, has no table and no folders of recordings, its table cannot be read or names
            a file outside it, or it lists too few sounds.
    """
    tables = SPEECH_TABLES if label else TABLES
    if folder.is_dir() and not any((folder / name).is_file() for name in tables):
        found = list(_by_folder(folder))
        if not found:
            raise invalid(folder, "no-sounds", f"no {', '.join(TABLES)}, and no folder of recordings")
    else:
        rows = list(read_rows(folder, tables))
        found = [sound for row in rows if (sound := _sound(folder, row, label)) is not None]
        if rows and not found:
            raise invalid(folder, "no-labels", "no row has both a file and a label")
    if len(found) < FEWEST_SOUNDS:
        raise invalid(folder, "too-few-sounds", f"{len(found)} sounds with a label")
    return tuple(found)


def of_part(sounds: tuple[LabelledSound, ...], name: str) -> tuple[LabelledSound, ...]:
    """Return the sounds of a split ("test") or of a fold ("fold10"); of the whole folder for "all"."""
    return sounds if name == "all" else tuple(sound for sound in sounds if name in (sound.fold, sound.split))


def _by_folder(folder: Path) -> Iterator[LabelledSound]:
    found = [path for path in sorted(folder.glob("*/*")) if kind_by_name(path) is FileKind.RECORDING]
    deeper = [path for path in sorted(folder.glob("*/*/*")) if kind_by_name(path) is FileKind.RECORDING]
    names = {path: path.relative_to(folder).as_posix() for path in [*found, *deeper]}
    splits = has_split_folders(names.values())
    for path in deeper if splits else found:
        name = names[path]
        split = named_split(name.split("/")[0]) if splits else split_of({}, name)
        yield LabelledSound(path.resolve(), path.parent.name, split=split, group=name)


def _sound(folder: Path, row: Mapping[str, Any], label: str) -> LabelledSound | None:
    path = file_of(folder, row)
    named = str(row.get("label") or label).strip()
    if path is None or not named:
        return None
    name = path.relative_to(folder.resolve()).as_posix()
    group = next((str(row[column]) for column in _GROUPS if row.get(column)), name)
    fold = str(row.get("fold", "") or "").removeprefix("fold")
    split = "train" if fold and not row.get("split") else split_of(row, name)
    start, end = _seconds(folder, row, "start"), _seconds(folder, row, "end")
    return LabelledSound(
        path,
        named,
        f"fold{fold}" if fold else "",
        split,
        group,
        start or 0.0,
        end,
        str(row.get("licence", "")),
    )


def _seconds(folder: Path, row: Mapping[str, Any], column: str) -> float | None:
    value = row.get(column)
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except (TypeError, ValueError) as error:
        raise invalid(folder, "table-unreadable", f"{column} = {value!r}") from error
