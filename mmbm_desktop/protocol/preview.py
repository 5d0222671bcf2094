"""Records of a preview: what training will make of a few of a person's own items, before anything is trained."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.training import RunSettings

PREVIEWED = ("picture-classes", "image-text", "caption-reward", "sounds")
"""The recipes that change what they are shown; of the others there is no preview."""


class Change(StrEnum):
    """What a recipe does to what it is shown.

    It crops, mirrors and colours pictures; only mirrors them; leaves them as they are; or it cuts, colours, mixes and
    masks windows of sound.
    """

    CROPPED = "cropped"
    MIRRORED = "mirrored"
    NOTHING = "nothing"
    HEARD = "heard"


@dataclass(frozen=True)
class PreviewRequest:
    """Show a few items of a run's data as training would see them; another `draw` shows others."""

    settings: RunSettings
    draw: int = 0


@dataclass(frozen=True)
class PreviewItem:
    """An item and its variants as PNG files in Base64; `whole` is what the network is asked about when it is used."""

    path: str
    whole: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True)
class PreviewResult:
    """A few items; `size` is the edge of the network's input in pixels, 0 for sounds."""

    change: Change
    size: int
    items: tuple[PreviewItem, ...]
