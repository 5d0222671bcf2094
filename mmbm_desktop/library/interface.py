"""The library behind one interface, so that another store can take SQLite's place. Paths are absolute strings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.filters import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.protocol.catalogue import FolderInfo
    from mmbm_desktop.protocol.filters import Filters
    from mmbm_desktop.protocol.journal import Step
    from mmbm_desktop.protocol.results import Item, Segment
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
    """A caption to store. `author` is "model" or "person"."""

    text: str
    language: str
    score: float
    model: str
    author: str = "model"


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
class IndexedItem:
    """Everything an indexing run learned of one file, stored in one transaction.

    `embedding` is a unit vector, float32, shape (D,), made by bundle `embedding_model`.
    """

    facts: FileFacts
    embedding: npt.NDArray[np.float32] | None = None
    embedding_model: str = ""
    captions: tuple[NewCaption, ...] = ()
    transcript: NewTranscript | None = None


@dataclass(frozen=True)
class CaptionEntry:
    """One line of an item's caption history."""

    text: str
    language: str
    score: float
    model: str
    author: str
    created_s: float


@dataclass(frozen=True)
class VectorHit:
    """An item id and its cosine similarity to the query."""

    item_id: int
    score: float


class Library(ABC):
    """Items, what is known of them, and exact vector search. Writes come from one thread, reads from any.

    Every method raises `MmbmError` with DISK_FULL, PERMISSION_DENIED, LIBRARY_LOCKED, LIBRARY_DAMAGED or
    LIBRARY_TOO_NEW where that is the cause. A write either happens whole or not at all.
    """

    @abstractmethod
    def unchanged(self, path: str, size_bytes: int, modified_s: float, embedding_model: str) -> bool:
        """Whether `path` is stored with this size and time and has an embedding of that model (a recording: any)."""

    @abstractmethod
    def store(self, items: Sequence[IndexedItem]) -> tuple[int, ...]:
        """Add or update items in one transaction and return their ids.

        A known content hash whose old path is gone is the same item moved: it keeps its data. A path whose content
        changed keeps what the person wrote, shown before any model's words, and gets new machine answers. A copy of a
        known file is another item that starts with what the person wrote for that content.
        """

    @abstractmethod
    def mark_missing(self, folder: str, seen: Sequence[str]) -> int:
        """Flag items below `folder` whose paths are not in `seen` as missing; return how many."""

    @abstractmethod
    def add_captions(self, item_id: int, captions: Sequence[NewCaption]) -> None:
        """Append captions to an item's history."""

    @abstractmethod
    def add_transcript(self, item_id: int, transcript: NewTranscript) -> None:
        """Append a transcript to an item's history."""

    @abstractmethod
    def caption_history(self, item_id: int) -> tuple[CaptionEntry, ...]:
        """Return every caption an item ever had, newest first."""

    @abstractmethod
    def items(self, ids: Sequence[int]) -> tuple[Item, ...]:
        """Return items by id in that order, without the unknown ones."""

    @abstractmethod
    def item_at(self, path: str) -> Item | None:
        """Return the item stored for `path`."""

    @abstractmethod
    def browse(self, offset: int, limit: int, filters: Filters = EVERYTHING) -> tuple[tuple[Item, ...], int]:
        """Return a page of items that are not missing, newest file first, and the total count."""

    @abstractmethod
    def search_vectors(
        self, query: npt.NDArray[np.float32], model: str, top: int, filters: Filters = EVERYTHING
    ) -> tuple[tuple[VectorHit, ...], int]:
        """Return `model`'s `top` items most similar to the unit vector `query` (D,), and how many were searched."""

    @abstractmethod
    def coverage(self, model: str) -> tuple[int, int]:
        """Return how many pictures that are not missing have a vector of `model`, and how many there are."""

    def answering_model(self, wanted: str, others: Sequence[str]) -> str:
        """Return the model whose vectors are to answer a search: `wanted`, or the one of `others` that covers more.

        While pictures are redone with a better model the old one's vectors answer, until the new one has as many.
        Vectors of two models are never ranked together: their cosines mean different things.
        """
        found = {model: self.coverage(model)[0] for model in (wanted, *others)}
        most = max(found.values())
        return wanted if found[wanted] == most else max(others, key=lambda model: found[model])

    @abstractmethod
    def search_words(self, text: str, top: int, filters: Filters = EVERYTHING) -> tuple[int, ...]:
        """Return ids whose captions, transcript or file name contain `text` (FTS5 trigram; LIKE if under 3 letters)."""

    @abstractmethod
    def add_folder(self, path: str) -> None:
        """Remember a folder; it is not done yet."""

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

    @abstractmethod
    def close(self) -> None:
        """Close every connection; safe to call twice."""
