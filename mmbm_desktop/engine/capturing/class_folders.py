"""The classes of a data folder that is captured into: listed, made, renamed while empty, and filled file by file."""

from __future__ import annotations

import io
import os
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted, write_beside
from mmbm_desktop.engine.capturing.class_names import SPLIT_NAMES, alike, class_name, folder_name
from mmbm_desktop.engine.growing_wav import wav_header
from mmbm_desktop.media.formats import PHOTO_SUFFIXES, RECORDING_SUFFIXES
from mmbm_desktop.protocol.capture import CaptureKind, ClassFolder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

TABLES = ("metadata.jsonl", "metadata.csv", "labels.jsonl", "captions.jsonl", "captions.csv", "transcripts.jsonl")
"""A folder with one of these is read by its table, whatever lies in folders beside it."""
JPEG_QUALITY = 92
_SUFFIXES = {CaptureKind.PICTURES: PHOTO_SUFFIXES, CaptureKind.SOUNDS: RECORDING_SUFFIXES}


def list_classes(folder: str, kind: CaptureKind) -> tuple[ClassFolder, ...]:
    """Return the classes of a data folder by name; none of one that is not there yet.

    Raises:
        InputFault: DATASET_INVALID, `reason` "has-splits" (its folders are train, val or test) or "has-table"; it is no
            folder or cannot be read.
    """
    place = Path(folder)
    if not place.exists():
        return ()
    with os_errors_sorted(place):
        labels = sorted(one.name for one in place.iterdir() if one.is_dir() and not one.name.startswith("."))
        tables = [name for name in TABLES if (place / name).is_file()]
    if labels and all(label.casefold() in SPLIT_NAMES for label in labels):
        raise InputFault(ErrorCode.DATASET_INVALID, path=folder, reason="has-splits")
    if tables:
        raise InputFault(ErrorCode.DATASET_INVALID, path=folder, reason="has-table", name=tables[0])
    return tuple(ClassFolder(label, _items(place / label, kind)) for label in labels)


def add_class(folder: str, name: str, kind: CaptureKind) -> str:
    """Make a class and return its name; the data folder is made with it where it is not there yet.

    Raises:
        MmbmError: the name or the data folder cannot be used, or nothing can be written there.
    """
    label = class_name(name, [one.label for one in list_classes(folder, kind)])
    place = Path(folder) / label
    with os_errors_sorted(place):
        place.mkdir(parents=True)
    return label


def rename_class(folder: str, label: str, name: str, kind: CaptureKind) -> str:
    """Give an empty class another name and return it.

    Raises:
        MmbmError: the name cannot be used, or files lie in the class ("class-not-empty"): somebody may know them by it.
    """
    others = [one.label for one in list_classes(folder, kind) if one.label != label]
    new = class_name(name, others)
    if new != label:
        _check_empty(Path(folder) / label)
        with os_errors_sorted(Path(folder) / label):
            (Path(folder) / label).rename(Path(folder) / new)
    return new


def remove_class(folder: str, label: str) -> None:
    """Remove an empty class.

    Raises:
        MmbmError: there are files in it, or it cannot be removed.
    """
    _check_empty(Path(folder) / label)
    with os_errors_sorted(Path(folder) / label):
        (Path(folder) / label).rmdir()


def meant_class(folder: str, name: str, kind: CaptureKind) -> str:
    """Return the class that a person means by a name: one that is there, or what a new one will be called.

    Raises:
        MmbmError: the name or the data folder cannot be used.
    """
    known = [one.label for one in list_classes(folder, kind)]
    safe = folder_name(name)
    meant = next((label for label in known if alike(label) == alike(safe)), None)
    return class_name(safe) if meant is None else meant


def write_picture(folder: str, label: str, pixels: npt.NDArray[np.uint8]) -> str:
    """Save a picture, (height, width, 3), and return its path.

    Raises:
        MmbmError: FOLDER_NOT_FOUND, the disk is full, or nothing can be written there.
    """
    from PIL import Image

    stored = io.BytesIO()
    Image.fromarray(pixels).save(stored, "JPEG", quality=JPEG_QUALITY)
    return _write(Path(folder) / label, ".jpg", stored.getvalue())


def write_recording(folder: str, label: str, sound: npt.NDArray[np.int16]) -> str:
    """Save 16 kHz mono sound, (samples,), and return its path.

    Raises:
        MmbmError: FOLDER_NOT_FOUND, the disk is full, or nothing can be written there.
    """
    pcm = sound.astype("<i2", copy=False).tobytes()
    return _write(Path(folder) / label, ".wav", wav_header(len(pcm)) + pcm)


def _write(place: Path, suffix: str, data: bytes) -> str:
    with os_errors_sorted(place):
        if not place.parent.is_dir():
            raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(place.parent))
        place.mkdir(exist_ok=True)
    stem = f"{datetime.now().astimezone():%Y%m%d-%H%M%S-%f}"[:-3]
    names = (f"{stem}{f'-{number}' if number else ''}{suffix}" for number in count())
    file = next(path for path in (place / name for name in names) if not path.exists())
    write_beside(file, data)
    return str(file)


def _items(place: Path, kind: CaptureKind) -> int:
    with os_errors_sorted(place), os.scandir(place) as entries:
        return sum(Path(one.name).suffix.lower() in _SUFFIXES[kind] for one in entries if not one.name.startswith("."))


def _check_empty(place: Path) -> None:
    with os_errors_sorted(place):
        if any(place.iterdir()):
            raise InputFault(ErrorCode.CLASS_NOT_EMPTY, path=str(place), name=place.name)
