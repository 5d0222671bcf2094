"""What a person saves, and machine answers that belong to a picture of the library, into the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.engine.answering import new_captions, new_transcript
from mmbm_desktop.engine.facts import facts_of
from mmbm_desktop.library.interface import IndexedItem, NewCaption, NewTranscript
from mmbm_desktop.protocol.events import CorrectionsChanged, LibraryChanged
from mmbm_desktop.protocol.results import CaptionResult, TranscriptResult
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.engine.one_thread import OneThread
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.media.scan import ScannedFile
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.results import Item


class Importing:
    """Adds single files, the person's words for them, and what models said of them."""

    def __init__(
        self,
        library: Library,
        writer: OneThread,
        announce: Callable[[Event], None],
        pixel_limit: Callable[[], int],
    ) -> None:
        self._library = library
        self._writer = writer
        self._announce = announce
        self._pixel_limit = pixel_limit

    def save_caption(self, path: str, text: str, language: str, known: CaptionResult | None) -> Item:
        """Store the person's caption of a picture; `known` is what a model said of it before, if anything.

        Raises:
            MmbmError: the file is gone or cannot be opened, the disk is full, or the library is locked.
        """
        item_id = self._item_id(path, MediaKind.PHOTO, known)
        said = next((one.text for one in known.captions if one.language == language), "") if known else ""
        by = known.made.model if known is not None and said else ""
        caption = NewCaption(text, language, 1.0, "", "person", said, by)
        return self._corrected(item_id, lambda: self._library.add_captions(item_id, [caption]))

    def save_transcript(self, path: str, text: str, language: str, known: TranscriptResult | None) -> Item:
        """Store the person's transcript of a recording; `known` is what a model wrote down before, if anything.

        Raises:
            MmbmError: the file is gone or cannot be opened, the disk is full, or the library is locked.
        """
        item_id = self._item_id(path, MediaKind.RECORDING, known)
        transcript = NewTranscript(text, language, (), 1.0, "", author="person")
        return self._corrected(item_id, lambda: self._library.add_transcript(item_id, transcript))

    def _corrected(self, item_id: int, add: Callable[[], None]) -> Item:
        item = self._added(item_id, add)
        self._announce(CorrectionsChanged())
        return item

    def remember(self, result: CaptionResult | TranscriptResult) -> None:
        """Store a machine answer if its file is in the library, unchanged, and has no answer of that kind yet.

        Raises:
            MmbmError: the disk is full, or the library is locked.
        """
        item = self._item_at(result.path) if result.path else None
        if item is None or not _is_stored(item, _file_at(result.path, item.kind)):
            return
        if isinstance(result, TranscriptResult):
            if item.transcript or not result.segments:
                return
            transcript = new_transcript(result)
            self._added(item.id, lambda: self._library.add_transcript(item.id, transcript))
        else:
            fresh = [one for one in new_captions(result) if not _caption(item, one.language)]
            if not fresh:
                return
            self._added(item.id, lambda: self._library.add_captions(item.id, fresh))

    def _item_id(self, path: str, kind: MediaKind, known: CaptionResult | TranscriptResult | None) -> int:
        """Return the id of the file's item, storing the file as it is now if the library has it not or otherwise."""
        file = _file_at(path, kind)
        item = self._item_at(path)
        if item is not None and _is_stored(item, file):
            return item.id
        facts = facts_of(file, self._pixel_limit())
        new = IndexedItem(facts)
        if isinstance(known, CaptionResult):
            new = IndexedItem(facts, known.embedding, known.made.model, new_captions(known))
        elif known is not None:
            new = IndexedItem(facts, transcript=new_transcript(known))
        return self._writer.run(lambda: self._library.store([new]))[0]

    def _item_at(self, path: str) -> Item | None:
        return self._writer.run(lambda: self._library.item_at(path))

    def _added(self, item_id: int, add: Callable[[], None]) -> Item:
        """Add something to an item and return the item as it is then."""

        def add_and_read() -> tuple[Item, ...]:
            add()
            return self._library.items([item_id])

        found = self._writer.run(add_and_read)
        if not found:
            raise InputFault(ErrorCode.FILE_NOT_FOUND, "its item was removed meanwhile")
        self._announce(LibraryChanged((item_id,)))
        return found[0]


def _file_at(path: str, kind: MediaKind) -> ScannedFile:
    from mmbm_desktop.media.scan import ScannedFile

    with os_errors_sorted(Path(path)):
        facts = Path(path).stat()
    return ScannedFile(path, kind, facts.st_size, facts.st_mtime, facts.st_ino)


def _is_stored(item: Item, file: ScannedFile) -> bool:
    return not item.missing and (item.size_bytes, item.modified_s) == (file.size_bytes, file.modified_s)


def _caption(item: Item, language: str) -> str:
    return item.caption_zh if language == "zh" else item.caption_en
