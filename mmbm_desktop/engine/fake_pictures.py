"""Pictures for `FakeEngine`: thumbnails, of the file where there is one, else a painted stand-in; a moving picture."""

from __future__ import annotations

import contextlib
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import MmbmError

if TYPE_CHECKING:
    from PIL import Image


def thumbnail(path: str, edge: int, folder: Path, *, paint: bool) -> Path | None:
    """Return the thumbnail of a file; where there is none, a painted picture, or None if none is to be painted."""
    from mmbm_desktop.media import thumbnails

    with contextlib.suppress(MmbmError):
        return thumbnails.thumbnail(Path(path), edge, folder)
    if not paint:
        return None
    name = hashlib.sha256(path.encode()).hexdigest()[:16]
    target = folder / f"painted-{name}-{edge}.png"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _painted(name, edge).save(target)
    return target


def moving_picture() -> bytes:
    """Return a GIF of two frames, one red, one blue."""
    from PIL import Image

    target = io.BytesIO()
    first, second = (Image.new("RGB", (40, 20), colour) for colour in ("red", "blue"))
    first.save(target, "GIF", save_all=True, append_images=[second], duration=50, loop=0)
    return target.getvalue()


def _painted(name: str, edge: int) -> Image.Image:
    from PIL import Image

    first, second = (tuple(bytes.fromhex(name[start : start + 6])) for start in (0, 6))
    slope = Image.linear_gradient("L").resize((edge, edge * 3 // 4))
    return Image.composite(Image.new("RGB", slope.size, first), Image.new("RGB", slope.size, second), slope)
