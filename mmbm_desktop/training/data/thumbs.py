"""`thumbs.jsonl` of a data folder: captions a person rated, 1 for good, -1 for bad. Reads text alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.training.data.tables import file_of, invalid, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

THUMBS_FILE = "thumbs.jsonl"
_RATINGS = (1, -1)


@dataclass(frozen=True)
class Thumb:
    """A picture, a caption of it, and 1 or -1."""

    path: Path
    caption: str
    rating: int


def read_thumbs(folder: Path) -> tuple[Thumb, ...]:
    """Return the rated captions of a data folder, each a row with `file_name`, `caption` and `rating`, in their order.

    Raises:
        InputFault: there is no table, it cannot be read, or a row has no caption or another rating than 1 or -1.
    """
    return tuple(_thumb(folder, row) for row in read_rows(folder, (THUMBS_FILE,)))


def _thumb(folder: Path, row: Mapping[str, Any]) -> Thumb:
    path, caption, rating = file_of(folder, row), row.get("caption"), row.get("rating")
    usable = path is not None and isinstance(caption, str) and bool(caption.strip())
    if not usable or type(rating) is not int or rating not in _RATINGS:
        raise invalid(folder / THUMBS_FILE, "table-unreadable", f"no rated caption: {dict(row)}")
    assert path is not None  # noqa: S101 - part of `usable`
    return Thumb(path, str(caption).strip(), rating)
