"""What can be asked for. A request is complete in itself: no callbacks, no widgets, no globals. Paths are absolute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmbm_desktop.protocol.batches import BatchRequest
from mmbm_desktop.protocol.filters import EVERYTHING, Filters
from mmbm_desktop.protocol.keeping import KeepingRequest
from mmbm_desktop.protocol.order import NEWEST_FIRST, Order
from mmbm_desktop.protocol.preview import PreviewRequest
from mmbm_desktop.protocol.sidecars import ExportRequest, ImportRequest
from mmbm_desktop.protocol.training import RunSettings

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class CaptionRequest:
    """Write captions for one picture, and embed it: `best` alternatives in each of `languages`, best first."""

    path: str
    languages: tuple[Language, ...] = ("en", "zh")
    best: int = 1
    beam: int = 3
    max_tokens: int = 24
    length_penalty: float = 0.7
    model: str | None = None


@dataclass(frozen=True)
class EmbedImagesRequest:
    """Embed pictures. One broken picture does not stop the others."""

    paths: tuple[str, ...]
    model: str | None = None


@dataclass(frozen=True)
class EmbedTextRequest:
    """Embed texts (English or Chinese) into the space of the pictures."""

    texts: tuple[str, ...]
    model: str | None = None


@dataclass(frozen=True)
class TranscribeRequest:
    """Write down what is said in an audio file, streamed from disk."""

    path: str
    language: str = "en"
    model: str | None = None


@dataclass(frozen=True)
class LiveTranscribeRequest:
    """Write down 16 kHz mono int16 audio that arrives in pieces (worker messages `Audio`, then `EndOfAudio`)."""

    language: str = "en"
    model: str | None = None


@dataclass(frozen=True)
class SoundsRequest:
    """Say which sounds are heard in an audio file, and when; streamed from disk."""

    path: str
    model: str | None = None


@dataclass(frozen=True)
class TranslateRequest:
    """Translate a text `to` a language; `source` None: recognised from the text."""

    text: str
    to: Language
    source: Language | None = None
    beam: int = 4
    model: str | None = None


@dataclass(frozen=True)
class IndexRequest:
    """Take every picture and recording of `folders` into the library: thumbnail, embedding, and the words asked for.

    `only` names files and folders below `folders` that changed: nothing else is looked at.
    """

    folders: tuple[str, ...]
    captions: bool = True
    transcripts: bool = True
    sounds: bool = True
    only: tuple[str, ...] = ()
    model: str | None = None

    @property
    def wanted(self) -> tuple[str, ...]:
        """The words asked for, by name."""
        asked = {"captions": self.captions, "transcripts": self.transcripts, "sounds": self.sounds}
        return tuple(name for name, yes in asked.items() if yes)


@dataclass(frozen=True)
class RedoRequest:
    """Let the models that are chosen now answer for what older ones answered, at the lowest priority."""


@dataclass(frozen=True)
class SearchRequest:
    """Rank what `filters` let through by a text, an example picture, or both, less what `minus` says.

    `weighted` holds further texts that count more or less than `text`, which counts 1.
    """

    text: str = ""
    image_path: str | None = None
    minus: str = ""
    weighted: tuple[tuple[str, float], ...] = ()
    top: int = 60
    filters: Filters = EVERYTHING
    model: str | None = None


@dataclass(frozen=True)
class BrowseRequest:
    """List the library's items that `filters` let through in an order, `limit` from `offset` on."""

    offset: int = 0
    limit: int = 500
    filters: Filters = EVERYTHING
    order: Order = NEWEST_FIRST


@dataclass(frozen=True)
class RecordRequest:
    """Record from a microphone (by name; None: the system's) with live text, until `Engine.finish_recording`."""

    device: str | None = None
    language: str = "en"
    keep_audio: bool = True
    model: str | None = None


@dataclass(frozen=True)
class CheckModelRequest:
    """Check a bundle's files against their sizes and hashes, open it and run its probe."""

    name: str


@dataclass(frozen=True)
class ClassifyRequest:
    """Say which of a trained bundle's classes a picture shows, the most probable `best` of them."""

    path: str
    best: int = 5
    model: str | None = None


@dataclass(frozen=True)
class ExamineDataRequest:
    """Look a data folder over before anything is trained from it: its kind, counts and the data doctor's findings."""

    path: str


@dataclass(frozen=True)
class TrainRequest:
    """Work on a training run, by its id, until it is finished, paused or fails. Progress is counted in steps.

    With `until_epoch` it is paused, and nothing published, as soon as so many epochs are done.
    """

    run: str
    until_epoch: int | None = None


@dataclass(frozen=True)
class FindRateRequest:
    """Try growing learning rates for a run that is not begun; its settings are as a person has them now."""

    settings: RunSettings


@dataclass(frozen=True)
class TuneRequest:
    """Go on with a search over settings, by its id, until the best run is published, or it is paused or fails."""

    tuning: str


@dataclass(frozen=True)
class PlayRequest:
    """Let the trained agent of a bundle's folder play the episode of a seed, and paint it."""

    bundle: str
    seed: int


@dataclass(frozen=True)
class ExportModelRequest:
    """Write an installed model in a format of `protocol.catalogue.EXPORT_FORMATS` to a folder that is made."""

    name: str
    format: str
    path: str


WorkerRequest = (
    CaptionRequest
    | EmbedImagesRequest
    | EmbedTextRequest
    | TranscribeRequest
    | LiveTranscribeRequest
    | SoundsRequest
    | TranslateRequest
    | ClassifyRequest
    | CheckModelRequest
)
Request = (
    WorkerRequest
    | IndexRequest
    | BatchRequest
    | ExportRequest
    | ImportRequest
    | RedoRequest
    | SearchRequest
    | BrowseRequest
    | RecordRequest
    | ExamineDataRequest
    | TrainRequest
    | FindRateRequest
    | TuneRequest
    | PlayRequest
    | ExportModelRequest
    | PreviewRequest
    | KeepingRequest
)
