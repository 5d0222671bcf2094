"""A folder for each class, maybe with a folder for each split above them: which names mean what. Opens no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SPLIT_FOLDERS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}
"""How folders of splits are called, in small letters (as in Hugging Face's imagefolder and audiofolder), and what each
means."""


def has_split_folders(names: Iterable[str]) -> bool:
    """Whether files lie in folders of classes below folders of splits.

    Args:
        names: of the files, relative to the data folder, "/" between parts.
    """
    parts = [name.split("/") for name in names if "/" in name]
    return any(len(one) > 2 for one in parts) and all(one[0].lower() in SPLIT_FOLDERS for one in parts)
