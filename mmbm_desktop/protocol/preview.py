"""Records of a preview: what training will make of a few of a person's own items, before anything is trained."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.training import RunSettings

PREVIEWED = ("picture-classes", "image-text", "caption-reward", "sounds", "speech-commands", "translation")
"""The recipes that learn from items; agents have none to be shown."""


class Change(StrEnum):
    """What a recipe does to what it is shown.

    It crops, mirrors and colours pictures; only mirrors them; leaves them as they are; it cuts, colours, mixes and
    masks windows of sound; it joins clips of speech and says them otherwise; or it cuts texts into pieces.
    """

    CROPPED = "cropped"
    MIRRORED = "mirrored"
    NOTHING = "nothing"
    HEARD = "heard"
    SPOKEN = "spoken"
    CUT = "cut"


@dataclass(frozen=True)
class PreviewRequest:
    """Show a few items of a run's data as training would see them; another `draw` shows others."""

    settings: RunSettings
    draw: int = 0


@dataclass(frozen=True)
class PreviewText:
    """A text and the pieces that the network reads; "" for one that its vocabulary does not have."""

    text: str
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class PreviewItem:
    """An item as training sees it.

    Attributes:
        path: its file; "" for texts.
        whole: what the network is asked about when it is used, a PNG file in Base64; "" for texts.
        variants: what it learns from, the same.
        words: of speech: what is said in the whole, and what is to be written for each variant; "" for nothing.
        texts: of a pair of texts, both sides.
        fits: whether it is learned from; a pair that is too long is not.
    """

    path: str
    whole: str = ""
    variants: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    texts: tuple[PreviewText, ...] = ()
    fits: bool = True


@dataclass(frozen=True)
class PreviewResult:
    """A few items.

    Attributes:
        change: what is done to them.
        size: the edge of the network's input in pixels; 0 for sounds and texts.
        items: those.
        counts: of pairs of texts: how many were "counted", how many of these are "left_out", the most pieces of a
            text, "longest", and "vocabulary".
    """

    change: Change
    size: int
    items: tuple[PreviewItem, ...]
    counts: dict[str, int] = field(default_factory=dict)
