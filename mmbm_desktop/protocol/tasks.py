"""The names of what models do and of the media they do it to."""

from __future__ import annotations

from enum import StrEnum


class Task(StrEnum):
    """What a bundle can do."""

    CAPTION = "caption"
    EMBED_IMAGE = "embed-image"
    EMBED_TEXT = "embed-text"
    TRANSCRIBE = "transcribe"
    SOUNDS = "sounds"
    TRANSLATE = "translate"
    CLASSIFY = "classify"
    PLAY = "play"


class MediaKind(StrEnum):
    """What an item is."""

    PHOTO = "photo"
    RECORDING = "recording"
    TEXT = "text"


class Priority(int):
    """How urgent a job is; a smaller number runs first."""


INTERACTIVE = Priority(0)
NORMAL = Priority(10)
BACKGROUND = Priority(20)
LOWEST = Priority(30)
