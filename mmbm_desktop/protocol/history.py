"""What an item's past holds: every caption and transcript, by whom and when; and the tags of the whole library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.results import Segment


@dataclass(frozen=True)
class CaptionEntry:
    """One line of an item's caption history. `author` is "model" or "person"."""

    text: str
    language: str
    score: float
    model: str
    author: str
    created_s: float


@dataclass(frozen=True)
class TranscriptEntry:
    """One line of an item's transcript history; a person's has no segments."""

    text: str
    language: str
    segments: tuple[Segment, ...]
    score: float
    model: str
    author: str
    created_s: float


@dataclass(frozen=True)
class ItemHistory:
    """Everything that was ever written about an item, newest first."""

    captions: tuple[CaptionEntry, ...] = ()
    transcripts: tuple[TranscriptEntry, ...] = ()


@dataclass(frozen=True)
class TagCount:
    """A tag and how many items have it."""

    name: str
    items: int
