"""What comes back. Every answer says which model made it, on which device, in how many milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.batches import BatchResult
from mmbm_desktop.protocol.failure import ItemFailure
from mmbm_desktop.protocol.keeping import KeepingResult
from mmbm_desktop.protocol.preview import PreviewResult
from mmbm_desktop.protocol.sidecars import ExportResult, ImportResult
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.protocol.agents import Episode
    from mmbm_desktop.protocol.dataset import DataReport


@dataclass(frozen=True)
class Made:
    """Provenance: bundle name with version, device ("CPU", "CUDA:0"), milliseconds of computing."""

    model: str
    device: str
    ms: float


@dataclass(frozen=True)
class Caption:
    """One caption. `score` is exp(mean log-probability of its tokens), 0..1."""

    text: str
    language: str
    score: float


@dataclass(frozen=True)
class CaptionResult:
    """Captions of one picture, for each language best first.

    `fit` is the cosine similarity of the first caption and the picture in the shared space, -1..1: a cross-check.
    `embedding` is the picture's unit vector, float32, shape (D,). `probability` is what calibration makes of `fit`:
    that the first caption says what people would; None for a model that was not calibrated for its language.
    """

    path: str
    captions: tuple[Caption, ...]
    fit: float
    embedding: npt.NDArray[np.float32]
    made: Made
    probability: float | None = None


@dataclass(frozen=True)
class EmbedResult:
    """Unit vectors, float32, shape (number of good inputs, D), in input order less the failed ones."""

    vectors: npt.NDArray[np.float32]
    inputs: tuple[str, ...]
    failed: tuple[ItemFailure, ...]
    made: Made


@dataclass(frozen=True)
class Word:
    """One spoken word; times in seconds from the start of the audio, confidence 0..1."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True)
class Segment:
    """A stretch of speech between two pauses."""

    text: str
    start_s: float
    end_s: float
    confidence: float
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class TranscriptResult:
    """What was said. `path` is the audio file (for a recording: where it was kept, or "")."""

    path: str
    language: str
    segments: tuple[Segment, ...]
    duration_s: float
    made: Made

    @property
    def text(self) -> str:
        """The whole transcript as one line."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def score(self) -> float:
        """Mean confidence of the segments weighted by their length in seconds; 0.0 when nothing was said."""
        total = sum(s.end_s - s.start_s for s in self.segments)
        if not total:
            return 0.0
        return sum(s.confidence * (s.end_s - s.start_s) for s in self.segments) / total


@dataclass(frozen=True)
class Sound:
    """A stretch in which one sound is heard. `label` is its id; `score` the probability that it is there, 0..1."""

    label: str
    start_s: float
    end_s: float
    score: float


@dataclass(frozen=True)
class SoundsResult:
    """The sounds of a recording, by start; several may be heard at once. `names`: id to name, by language."""

    path: str
    sounds: tuple[Sound, ...]
    duration_s: float
    names: dict[str, dict[str, str]]
    made: Made

    def name(self, label: str, language: str) -> str:
        """Return how people call a sound in a language ("en", "zh"); its id where it has no name."""
        return self.names.get(language, {}).get(label, label)


@dataclass(frozen=True)
class TranslateResult:
    """A text in another language.

    `score` is exp(mean log-probability of the tokens), 0..1. `back` is the translation translated back, `back_score`
    how much of the text came back (chrF, 0..1): a hint at what was lost.
    """

    text: str
    translation: str
    source: str
    to: str
    score: float
    back: str
    back_score: float
    made: Made


@dataclass(frozen=True)
class CheckResult:
    """A bundle that was found whole: its files' bytes and the largest difference of its probe outputs."""

    name: str
    files: int
    size_bytes: int
    probe_difference: float
    made: Made


@dataclass(frozen=True)
class HeardSound(Sound):
    """A sound of an item, with what people call it in both languages; "" where it has no name."""

    name_en: str = ""
    name_zh: str = ""

    def name(self, language: str) -> str:
        """Return how people call the sound in a language ("en", "zh"); its id where it has no name."""
        return (self.name_zh if language == "zh" else self.name_en) or self.label


@dataclass(frozen=True)
class ClassGuess:
    """A class and how probable it is, 0..1."""

    label: str
    score: float


@dataclass(frozen=True)
class Answered:
    """Provenance: which model did a task for an item, and when (seconds since the epoch); `language` of a caption."""

    task: str
    model: str
    when_s: float
    language: str = ""


@dataclass(frozen=True)
class Item:
    """One thing in the library. `captions` and `transcript` are the newest ones, with the person's edits.

    `text` is the beginning of a note. `sounds` are those that the newest answer named, by start; `classes` those that
    the newest answer of a classifier is rather sure of; `answers` the models' of the present content, the latest last.
    """

    id: int
    path: str
    kind: MediaKind
    content_hash: str
    size_bytes: int
    modified_s: float
    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    caption_en: str = ""
    caption_zh: str = ""
    transcript: str = ""
    missing: bool = False
    tags: tuple[str, ...] = ()
    text: str = ""
    sounds: tuple[HeardSound, ...] = ()
    answers: tuple[Answered, ...] = ()
    classes: tuple[ClassGuess, ...] = ()


@dataclass(frozen=True)
class Hit:
    """An item that matched. `score` is the cosine similarity -1..1; `why` lists (reason, strength) pairs.

    `probability` is what calibration makes of the cosine: that the picture shows what the query says. None for a hit
    found by words alone, for a query that is more than a text, and for a model that was not calibrated.
    """

    item: Item
    score: float
    why: tuple[tuple[str, float], ...] = ()
    probability: float | None = None


@dataclass(frozen=True)
class SearchResult:
    """Hits, best first, out of `searched` items.

    A hit less probable than `nothing_below` is probably not what was meant; None where there are no probabilities.
    """

    hits: tuple[Hit, ...]
    searched: int
    made: Made
    nothing_below: float | None = None


@dataclass(frozen=True)
class BrowseResult:
    """One page of the library's items and how many there are in all."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True)
class IndexResult:
    """What an indexing run did: files seen, newly done, already done before, and the ones that could not be used."""

    folders: tuple[str, ...]
    found: int
    indexed: int
    skipped: int
    failed: tuple[ItemFailure, ...]
    seconds: float


@dataclass(frozen=True)
class ClassifyResult:
    """The most probable classes of a picture, the best first."""

    path: str
    guesses: tuple[ClassGuess, ...]
    made: Made


@dataclass(frozen=True)
class ExamineDataResult:
    """What was found in a data folder."""

    report: DataReport


@dataclass(frozen=True)
class TrainResult:
    """A run that came to its end and what it published; `bundle` is "" where it was only to reach an epoch."""

    run: str
    bundle: str
    metrics: dict[str, float]


@dataclass(frozen=True)
class FindRateResult:
    """Losses at growing learning rates, and the rate to train with.

    Attributes:
        rates: of the steps that were done, growing.
        losses: smoothed, of the same steps.
        diverged: whether the loss rose so far that the test ended early.
        proposal: the rate to train with; None where the loss never fell.
        lowest_at: the rate of the lowest loss; None where it never fell.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    diverged: bool
    proposal: float | None
    lowest_at: float | None


@dataclass(frozen=True)
class TuneResult:
    """A search over settings that came to its end: its best run and the bundle that it published."""

    tuning: str
    run: str
    bundle: str


@dataclass(frozen=True)
class PlayResult:
    """An episode that a trained agent played, with its animated picture (GIF)."""

    episode: Episode
    picture: bytes


@dataclass(frozen=True)
class ExportModelResult:
    """An exported model: its folder, the files in it, and how far its answers are from the bundle's, at most."""

    name: str
    format: str
    path: str
    files: tuple[str, ...]
    difference: float


Result = (
    CaptionResult
    | EmbedResult
    | TranscriptResult
    | SoundsResult
    | TranslateResult
    | ClassifyResult
    | CheckResult
    | SearchResult
    | BrowseResult
    | IndexResult
    | BatchResult
    | ExportResult
    | ImportResult
    | ExamineDataResult
    | TrainResult
    | FindRateResult
    | TuneResult
    | PlayResult
    | ExportModelResult
    | PreviewResult
    | KeepingResult
)
