"""The library behind one interface, so that another store can take SQLite's place. Paths are absolute strings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.filters import EVERYTHING
from mmbm_desktop.protocol.order import NEWEST_FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.media.scan import ScannedFile
    from mmbm_desktop.protocol.catalogue import FolderInfo
    from mmbm_desktop.protocol.corrections import Correction, NewCorrection
    from mmbm_desktop.protocol.filter_values import FilterValues
    from mmbm_desktop.protocol.filters import Filters
    from mmbm_desktop.protocol.history import CaptionEntry, ItemHistory, TagCount
    from mmbm_desktop.protocol.journal import Action, Step
    from mmbm_desktop.protocol.order import Order
    from mmbm_desktop.protocol.results import ClassGuess, HeardSound, Item, Segment
    from mmbm_desktop.protocol.tasks import MediaKind


@dataclass(frozen=True)
class FileFacts:
    """What a scan knows of a file. `content_hash` is the SHA-256 of its bytes, 64 hexadecimal digits."""

    path: str
    kind: MediaKind
    content_hash: str
    size_bytes: int
    modified_s: float
    inode: int
    width: int = 0
    height: int = 0
    duration_s: float = 0.0


@dataclass(frozen=True)
class NewCaption:
    """A caption to store. `author` is "model" or "person".

    Of a person's, `said` and `said_by` are the caption and the model that it sets right; where they are empty the
    item's latest caption by a model in that language is.
    """

    text: str
    language: str
    score: float
    model: str
    author: str = "model"
    said: str = ""
    said_by: str = ""


@dataclass(frozen=True)
class NewTranscript:
    """A transcript to store."""

    text: str
    language: str
    segments: tuple[Segment, ...]
    score: float
    model: str
    author: str = "model"


@dataclass(frozen=True)
class ItemWords:
    """What an import brings for one item; tags are added to those that it has."""

    item_id: int
    captions: tuple[NewCaption, ...] = ()
    transcript: NewTranscript | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewSounds:
    """The sounds that a model named; it may have named none."""

    sounds: tuple[HeardSound, ...]
    model: str


@dataclass(frozen=True)
class NewClasses:
    """The classes that a model is rather sure a picture shows; it may be sure of none."""

    guesses: tuple[ClassGuess, ...]
    model: str


@dataclass(frozen=True)
class IndexedItem:
    """Everything an indexing run learned of one file, stored in one transaction.

    `embedding` is a unit vector, float32, shape (D,), made by bundle `embedding_model`. `note` is the text of a note.
    `failed` lists (task, language, model) of what was asked in vain: it is not asked again for the same content.
    """

    facts: FileFacts
    embedding: npt.NDArray[np.float32] | None = None
    embedding_model: str = ""
    captions: tuple[NewCaption, ...] = ()
    transcript: NewTranscript | None = None
    sounds: NewSounds | None = None
    note: str | None = None
    failed: tuple[tuple[str, str, str], ...] = ()
    classes: NewClasses | None = None


@dataclass(frozen=True)
class Known:
    """What the library holds of a file as it is now.

    `answers` are (task, language, model), those in vain among them; a person's caption or transcript has the model "".
    One that is `left_out` was taken out alone by a person: nothing is to be done for it.
    """

    item_id: int
    answers: frozenset[tuple[str, str, str]]
    left_out: bool = False

    def answered(self, task: str, language: str = "", model: str | None = None) -> bool:
        """Whether there is an answer, by `model` if one is named."""
        return any(one[:2] == (task, language) and model in (None, one[2]) for one in self.answers)


@dataclass(frozen=True)
class VectorHit:
    """An item id and its cosine similarity to the query."""

    item_id: int
    score: float


@dataclass(frozen=True)
class LibraryFacts:
    """What a library holds; `bytes` with the write-ahead log of a file; `version` is that of its tables."""

    bytes: int
    items: int
    folders: int
    version: int


class Library(ABC):
    """Items, what is known of them, and exact vector search. Writes come from one thread, reads from any.

    Every method raises `MmbmError` with DISK_FULL, PERMISSION_DENIED, LIBRARY_LOCKED, LIBRARY_DAMAGED,
    LIBRARY_READ_ONLY or LIBRARY_TOO_NEW where that is the cause. A write either happens whole or not at all.
    """

    @abstractmethod
    def recognise(self, files: Sequence[ScannedFile]) -> dict[str, Known]:
        """Return, by path, what is held of those files that are stored with this size, time and inode. A write.

        One that was missing is shown again. One at a new path, where the file of an item with the same size, time and
        inode is gone, is that item moved: it keeps its data.
        """

    @abstractmethod
    def known_content(self, path: str, content_hash: str, inode: int) -> Known | None:
        """Return what is held of a content that is, or by `store` becomes, the item at `path`; None if it is new."""

    @abstractmethod
    def store(self, items: Sequence[IndexedItem]) -> tuple[int, ...]:
        """Add or update items in one transaction and return their ids.

        A known content hash whose old path is gone is the same item moved: it keeps its data. A path whose content
        changed keeps what the person wrote, shown before any model's words, and gets new machine answers. A copy of a
        known file is another item that starts with what the person wrote for that content.
        """

    @abstractmethod
    def mark_missing(self, folder: str, seen: Sequence[str]) -> int:
        """Flag items below `folder` whose paths are not in `seen`, and have no file, as missing; return how many.

        They leave the results. Their data stay for 30 days and come back with the file.
        """

    @abstractmethod
    def mark_gone(self, paths: Sequence[str]) -> int:
        """Flag the items at or below `paths` that have no file any more as missing; return how many."""

    @abstractmethod
    def forget_old(self) -> int:
        """Forget for good what has been missing, and steps that were done, for 30 days; return how many items went."""

    @abstractmethod
    def embedded(self, model: str) -> tuple[int, int]:
        """Return how many shown items have a vector of `model`, and how many it could not answer for."""

    @abstractmethod
    def behind(self, task: str, language: str, model: str, after: int, limit: int) -> tuple[int, ...]:
        """Return ids above `after`, in order, of shown items whose `task` others did and `model` has not."""

    @abstractmethod
    def not_asked(self, kind: MediaKind, task: str, model: str, after: int, limit: int) -> tuple[int, ...]:
        """Return ids above `after`, in order, of shown items of a kind whose `task` `model` has not tried."""

    @abstractmethod
    def add_captions(self, item_id: int, captions: Sequence[NewCaption]) -> None:
        """Append captions to an item's history; a person's are corrections as well."""

    @abstractmethod
    def add_transcript(self, item_id: int, transcript: NewTranscript) -> None:
        """Append a transcript to an item's history; a person's is a correction as well."""

    @abstractmethod
    def add_correction(self, correction: NewCorrection) -> None:
        """Store a label or a thumb of a person, as a step that `undo` takes back; the file need be no item."""

    @abstractmethod
    def corrections(self) -> tuple[Correction, ...]:
        """Return every correction that counts (see `protocol.corrections.counted`), the newest first."""

    @abstractmethod
    def caption_history(self, item_id: int) -> tuple[CaptionEntry, ...]:
        """Return every caption an item ever had, newest first."""

    @abstractmethod
    def history(self, item_id: int) -> ItemHistory:
        """Return every caption and transcript an item ever had, newest first, and whose vectors of it are stored."""

    @abstractmethod
    def caption_batch(
        self, action: Action, captions: Mapping[int, Sequence[NewCaption]], batch: int | None = None
    ) -> int | None:
        """Append captions to several items' histories, whoever wrote them, as one step; see `change_tags`."""

    @abstractmethod
    def change_tags(
        self, items: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = (), batch: int | None = None
    ) -> int | None:
        """Put tags on items and take others off, as one step.

        A long batch is written in parts, each whole: the first part returns a number that the next ones are given as
        `batch`, so that all of them are one step. None where nothing changed and there was no part before.
        """

    @abstractmethod
    def import_words(self, source: str, words: Sequence[ItemWords]) -> None:
        """Add captions, transcripts and tags of many items as one step; `source` is the folder they come from."""

    @abstractmethod
    def tags(self) -> tuple[TagCount, ...]:
        """Return the tags of the items that are not missing, the most used first."""

    @abstractmethod
    def filter_values(self) -> FilterValues:
        """Return what a query's filters can be given, the most frequent first; may take some tenths of a second."""

    @abstractmethod
    def remove_items(self, items: Sequence[int]) -> int:
        """Take items out, as one step, and return how many; `undo` brings them back. Files are never touched."""

    @abstractmethod
    def items(self, ids: Sequence[int]) -> tuple[Item, ...]:
        """Return items by id in that order, without the unknown ones."""

    @abstractmethod
    def item_at(self, path: str) -> Item | None:
        """Return the item stored for `path`."""

    @abstractmethod
    def browse(
        self, offset: int, limit: int, filters: Filters = EVERYTHING, order: Order = NEWEST_FIRST
    ) -> tuple[tuple[Item, ...], int]:
        """Return a page of items that are not missing, in an order, and the total count."""

    @abstractmethod
    def ids(self, filters: Filters = EVERYTHING) -> tuple[int, ...]:
        """Return the ids of all items that are not missing and meet the conditions, in no order."""

    @abstractmethod
    def search_vectors(
        self, query: npt.NDArray[np.float32], model: str, top: int, filters: Filters = EVERYTHING
    ) -> tuple[tuple[VectorHit, ...], int]:
        """Return `model`'s `top` items most similar to the unit vector `query` (D,), and how many were searched."""

    @abstractmethod
    def search_words(self, text: str, top: int, filters: Filters = EVERYTHING) -> tuple[int, ...]:
        """Return ids whose words contain `text`, capital letters or not.

        An item's words are its captions, its transcript, the names of its sounds, a note's text and its file name.
        """

    @abstractmethod
    def add_folder(self, path: str, wanted: Sequence[str] = ("captions",)) -> None:
        """Remember a folder and what its files are asked for; a new one is not done yet."""

    @abstractmethod
    def set_folder_done(self, path: str, *, done: bool) -> None:
        """Note whether the last indexing run of a folder finished."""

    @abstractmethod
    def folders(self) -> tuple[FolderInfo, ...]:
        """Return the folders in the order they were added."""

    @abstractmethod
    def remove_folder(self, path: str) -> None:
        """Take out a folder and the items that lie below it and below no other folder; `undo` brings them back."""

    @abstractmethod
    def undo(self) -> Step | None:
        """Take back the person's latest step of the last 30 days and return it; None where there is none."""

    @abstractmethod
    def redo(self) -> Step | None:
        """Do again the step that was undone last and return it; None where there is none, or a new step followed."""

    @abstractmethod
    def next_steps(self) -> tuple[Step | None, Step | None]:
        """Return the steps that `undo` and `redo` would turn to."""

    @abstractmethod
    def check(self) -> tuple[str, ...]:
        """Return SQLite's `integrity_check` complaints; empty when all is well."""

    def others_wrote(self) -> bool:
        """Whether another process has changed the library since this was last asked; False where it cannot tell."""
        return False

    @abstractmethod
    def close(self) -> None:
        """Close every connection; safe to call twice."""
