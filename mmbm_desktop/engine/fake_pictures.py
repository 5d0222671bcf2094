"""Thumbnails for `FakeEngine`: of the file where there is one, else a painted stand-in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image


def thumbnail(path: str, edge: int, folder: Path, *, paint: bool) -> Path | None:
    """Return a picture with longest edge `edge` for `path`; None where the file cannot be read and none is painted."""
    from PIL import Image

    name = hashlib.sha256(f"{path} {edge}".encode()).hexdigest()[:16]
    target = folder / f"fake-{name}.png"
    if target.exists():
        return target
    try:
        with Image.open(path) as source:
            picture = source.convert("RGB")
    except (OSError, ValueError):
        if not paint:
            return None
        picture = _painted(name, edge)
    picture.thumbnail((edge, edge))
    folder.mkdir(parents=True, exist_ok=True)
    picture.save(target)
    return target


def _painted(name: str, edge: int) -> Image.Image:
    from PIL import Image

    first, second = (tuple(bytes.fromhex(name[start : start + 6])) for start in (0, 6))
    slope = Image.linear_gradient("L").resize((edge, edge * 3 // 4))
    return Image.composite(Image.new("RGB", slope.size, first), Image.new("RGB", slope.size, second), slope)
