"""Reads sidecars and tables into the library as a person's words, all of them as one step that can be undone.

Reading the same files again changes nothing: a text that a person wrote before, or that is shown now, is not new.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.library.interface import ItemWords, NewCaption, NewTranscript
from mmbm_desktop.library.sidecars.described import same_text
from mmbm_desktop.library.sidecars.reading import SidecarReader, sidecars_below
from mmbm_desktop.protocol.events import LibraryChanged
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.sidecars import ImportedItem, ImportRequest, ImportResult
from mmbm_desktop.protocol.tags import tags_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.one_thread import OneThread
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.library.sidecars.reading import Said, SaidTranscript
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.results import Item

_NAMED_AT_ONCE = 1000
"""So many changed items are told by their ids; of more it is told that there are many."""


@dataclass
class _Wanted:
    """What all sidecars of one item say together."""

    item: Item
    captions: dict[str, str] = field(default_factory=dict[str, str])
    transcript: SaidTranscript | None = None
    tags: tuple[str, ...] = ()

    def add(self, said: Said) -> None:
        """Believe one sidecar more than those before it."""
        self.captions.update(said.captions)
        self.transcript = said.transcript or self.transcript
        self.tags += said.tags


class SidecarImport:
    """Answers `ImportRequest`s."""

    def __init__(self, library: Library, writer: OneThread, announce: Callable[[Event], None]) -> None:
        self._library, self._writer, self._announce = library, writer, announce

    def run(self, job: RunningJob) -> ImportResult:
        """Import a job's folders; a file that cannot be read is named, the others count.

        Raises:
            Cancelled: the job was cancelled; nothing was changed.
            MmbmError: the library cannot be read or written.
        """
        request = cast("ImportRequest", job.request)
        files, failed = sidecars_below(request.paths)
        wanted, read = self._read(files, failed, job)
        new = [words for one in wanted.values() if (words := self._new(one)) is not None]
        job.token.check()
        if new and not request.dry_run:
            self._writer.run(lambda: self._library.import_words(request.paths[0], new))
            ids = tuple(one.item_id for one in new)
            self._announce(LibraryChanged(ids if len(ids) <= _NAMED_AT_ONCE else ()))
        items = tuple(_imported(wanted[one.item_id].item.path, one) for one in new[: request.listed])
        return ImportResult(read, len(new), len(wanted) - len(new), items, tuple(failed), request.dry_run)

    def _read(self, files: list[str], failed: list[ItemFailure], job: RunningJob) -> tuple[dict[int, _Wanted], int]:
        """Return what the files say by item, and how many of them say something."""
        reader = SidecarReader(self._known)
        wanted: dict[int, _Wanted] = {}
        read = 0
        for number, path in enumerate(files):
            job.token.check()
            job.progress(number, len(files))
            try:
                found = reader.read(path)
            except MmbmError as error:
                failed.append(ItemFailure(path, Failure.of(error)))
                continue
            read += bool(found)
            for said in found:
                wanted.setdefault(said.item.id, _Wanted(said.item)).add(said)
        job.progress(len(files), len(files))
        return wanted, read

    def _known(self, path: str) -> Item | None:
        item = self._library.item_at(path)
        return None if item is None or item.missing else item

    def _new(self, wanted: _Wanted) -> ItemWords | None:
        """Return what the library does not have of an item; None where it has everything."""
        item, history = wanted.item, self._library.history(wanted.item.id)
        # Of a plain text the language is a guess: the same words are nothing new in either.
        known = [item.caption_en, item.caption_zh, *(one.text for one in history.captions if one.author == "person")]
        captions = tuple(
            NewCaption(text, language, 1.0, "", author="person")
            for language, text in wanted.captions.items()
            if not any(same_text(text, one) for one in known)
        )
        said, transcript = wanted.transcript, None
        written = [item.transcript, *(one.text for one in history.transcripts if one.author == "person")]
        if said is not None and not any(same_text(said.text, one) for one in written):
            transcript = NewTranscript(said.text, said.language, said.segments, 1.0, "", author="person")
        has = {tag.casefold() for tag in item.tags}
        tags = tuple(tag for tag in tags_of(",".join(wanted.tags)) if tag.casefold() not in has)
        return ItemWords(item.id, captions, transcript, tags) if captions or transcript or tags else None


def _imported(path: str, words: ItemWords) -> ImportedItem:
    languages = tuple(one.language for one in words.captions)
    return ImportedItem(path, languages, words.transcript is not None, words.tags)
