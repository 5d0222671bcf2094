"""Where a folder lies: which one it is just now, and whether a drive that belongs there is away."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePath

FSTAB = Path("/etc/fstab")
"""Where Linux and the BSDs list the drives that have a fixed place."""
_SPACE = "\\040"


@dataclass(frozen=True)
class Place:
    """A folder as it is just now. `device` and `inode` are others when a drive came or went."""

    device: int
    inode: int
    empty: bool = False

    def is_that_of(self, other: Place | None) -> bool:
        """Whether both are the same folder, whatever lies in it."""
        return other is not None and (self.device, self.inode) == (other.device, other.inode)


def place_of(folder: str) -> Place | None:
    """Return where a folder lies; None where there is none, or none that may be looked into."""
    try:
        found = os.stat(folder)  # noqa: PTH116 - every few seconds
        with os.scandir(folder) as entries:
            empty = next(entries, None) is None
    except (OSError, ValueError):
        return None
    return Place(found.st_dev, found.st_ino, empty)


def is_drive_away(folder: Path) -> bool:
    """Whether a folder is empty because the drive that the system mounts there, by its list, is not there."""
    place = place_of(str(folder))
    return place is not None and place.empty and any(folder == one and not one.is_mount() for one in _fixed_places())


def _fixed_places() -> list[Path]:
    try:
        lines = FSTAB.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    fields = [line.split() for line in lines if not line.lstrip().startswith("#")]
    places = [one[1].replace(_SPACE, " ") for one in fields if len(one) > 1]
    return [Path(one) for one in places if PurePath(one).is_absolute()]
