"""Where what belongs to a library lies beside its file. Nothing heavy is imported here, where deleting looks it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def index_folder(library: Path) -> Path:
    """Return the folder of a library's vector indices, which can be made again from it."""
    return library.with_name(f"{library.name}.vectors")
