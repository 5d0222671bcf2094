"""Records about folders, models and microphones that the window and the command line show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EXPORT_FORMATS = ("keras", "savedmodel", "tflite", "onnx")
"""What a model can be written as for other programs."""


@dataclass(frozen=True)
class FolderInfo:
    """A folder in the library.

    Attributes:
        items: how many of its items are shown.
        done: whether its last indexing run finished.
        wanted: what its files are asked for: "captions", "transcripts", "sounds".
        watch: how changes in it are noticed; "" where they are not.
    """

    path: str
    items: int
    done: bool
    wanted: tuple[str, ...] = ("captions",)
    watch: str = ""


@dataclass(frozen=True)
class ModelInfo:
    """An installed model. `quality` maps "metric on set/split" to a number; `built_in`: it ships with the program.

    `titles` are the manifest's by language, `title` is the English one. `calibration` is the manifest's, as it stands
    there; see `bundles.calibration`.
    """

    name: str
    version: str
    title: str
    tasks: tuple[str, ...]
    languages: tuple[str, ...]
    licence: str
    size_bytes: int
    path: str
    built_in: bool
    quality: dict[str, float] = field(default_factory=dict)
    card: str = ""
    problem: str = ""
    calibration: dict[str, Any] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def title_in(self, language: str) -> str:
        """Return the title in a language, the English one where there is no other."""
        return self.titles.get(language) or self.title


@dataclass(frozen=True)
class MicrophoneInfo:
    """An input device: its name, channel count and native sample rate in Hz."""

    name: str
    channels: int
    sample_rate_hz: int
    is_default: bool
