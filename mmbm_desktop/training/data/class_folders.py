"""A folder for each class, maybe with a folder for each split above them: which names mean what. Opens no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.training.data.tables import named_split

if TYPE_CHECKING:
    from collections.abc import Iterable


def has_split_folders(names: Iterable[str]) -> bool:
    """Whether files lie in folders of classes below folders of splits.

    Args:
        names: of the files, relative to the data folder, "/" between parts.
    """
    parts = [name.split("/") for name in names if "/" in name]
    return any(len(one) > 2 for one in parts) and all(named_split(one[0]) for one in parts)
