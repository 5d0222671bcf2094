"""Finds sidecars below folders, the files they belong to, and what they say. Writes nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.library.sidecars.described import main_language
from mmbm_desktop.library.sidecars.encoded import read_text, unusable
from mmbm_desktop.library.sidecars.tables import TABLE_SUFFIXES, captions_of_row, rows_of, tags_of_row
from mmbm_desktop.library.sidecars.text import captions_in
from mmbm_desktop.library.sidecars.transcripts import read_cues, read_json_transcript
from mmbm_desktop.library.sidecars.xmp import read_xmp
from mmbm_desktop.media.formats import FileKind, kind_by_name
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.sidecars import SidecarForm
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mmbm_desktop.protocol.results import Item, Segment

_TABLES = frozenset(("captions.csv", "captions.jsonl"))
"""Tables that are read wherever they lie; others are named by the person."""
_ORDER = (*(suffix[1:] for suffix in TABLE_SUFFIXES), *("txt", "srt", "vtt", "json", "xmp"))
"""Where several sidecars speak of one item, the later form is believed."""
_MEDIA = (FileKind.PHOTO, FileKind.RECORDING)


@dataclass(frozen=True)
class SaidTranscript:
    """A transcript in a sidecar."""

    text: str
    language: str
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Said:
    """What one sidecar says of one item of the library."""

    item: Item
    captions: dict[str, str]
    transcript: SaidTranscript | None = None
    tags: tuple[str, ...] = ()


def sidecars_below(paths: Iterable[str]) -> tuple[list[str], list[ItemFailure]]:
    """Return the files that may be sidecars, those that are believed most last, and what could not be looked into."""
    found: list[str] = []
    failed: list[ItemFailure] = []
    for path in paths:
        if Path(path).is_file():
            found.append(path)
        elif not Path(path).is_dir():
            failed.append(ItemFailure(path, Failure.of(InputFault(ErrorCode.FOLDER_NOT_FOUND, path=path))))
        else:
            found += _below(path, failed)
    return sorted(dict.fromkeys(found), key=lambda one: (_rank(one), one)), failed


def _below(folder: str, failed: list[ItemFailure]) -> Iterator[str]:
    def note(error: OSError) -> None:
        fault = InputFault(ErrorCode.FOLDER_UNREADABLE, str(error), path=str(error.filename))
        failed.append(ItemFailure(str(error.filename), Failure.of(fault)))

    for place, inner, names in os.walk(folder, onerror=note):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in names:
            suffix = Path(name).suffix[1:].lower()
            if not name.startswith(".") and (suffix in tuple(SidecarForm) or name.lower() in _TABLES):
                yield str(Path(place) / name)


def _rank(path: str) -> int:
    suffix = Path(path).suffix[1:].lower()
    return _ORDER.index(suffix) if suffix in _ORDER else -1


class SidecarReader:
    """Reads sidecars of the items that `known` returns for a path."""

    def __init__(self, known: Callable[[str], Item | None]) -> None:
        self._known = known
        self._folder, self._files = Path(), tuple[Path, ...]()

    def read(self, path: str) -> tuple[Said, ...]:
        """Return what a file says; nothing for one that is no sidecar, a text of its own for example.

        Raises:
            InputFault: SIDECAR_INVALID: it cannot be read, belongs to several items, or its item is not in the library.
            MmbmError: it cannot be opened.
        """
        file = Path(path)
        suffix = file.suffix.lower()
        if suffix in TABLE_SUFFIXES:
            return tuple(self._table(file, suffix))
        if suffix[1:] not in tuple(SidecarForm):
            raise InputFault(ErrorCode.UNSUPPORTED_TYPE, path=path, suffix=suffix)
        item = self._item(file)
        if item is None:
            return ()
        found = read_text(file)
        return () if found is None else tuple(_said(item, SidecarForm(suffix[1:]), found.text))

    def _table(self, file: Path, suffix: str) -> Iterator[Said]:
        found = read_text(file)
        if found is None:
            raise InputFault(ErrorCode.FILE_NOT_FOUND, path=str(file))
        for row in rows_of(found.text, suffix):
            item = self._item_of_row(file, row)
            if item is not None:
                text = str(row.get("transcript") or "").strip()
                transcript = SaidTranscript(text, main_language(text)) if text else None
                captions = captions_of_row(row)
                recording = item.kind is MediaKind.RECORDING
                yield Said(item, {} if recording else captions, transcript if recording else None, tags_of_row(row))

    def _item_of_row(self, file: Path, row: dict[str, object]) -> Item | None:
        names = [str(row[name]) for name in ("path", "file_name") if row.get(name)]
        return next((item for name in names if (item := self._known(str(file.parent / name)))), None)

    def _item(self, sidecar: Path) -> Item | None:
        """Return the item that a sidecar is named after; None where no picture or recording is."""
        whole = sidecar.with_name(sidecar.stem)
        paths = [whole] if kind_by_name(whole) in _MEDIA else self._of_stem(sidecar)
        items = [item for path in paths if (item := self._known(str(path))) is not None]
        if sidecar.suffix.lower() in (".srt", ".vtt", ".json"):
            items = [item for item in items if item.kind is MediaKind.RECORDING]
            paths = [path for path in paths if kind_by_name(path) is FileKind.RECORDING]
        if len(items) > 1:
            raise unusable("same-name")
        if not items and any(path.exists() for path in paths):
            raise unusable("not-in-library")
        return items[0] if items else None

    def _of_stem(self, sidecar: Path) -> list[Path]:
        if sidecar.parent != self._folder:
            self._folder = sidecar.parent
            self._files = tuple(one for one in self._folder.iterdir() if kind_by_name(one) in _MEDIA)
        return [path for path in self._files if path.stem == sidecar.stem]


def _said(item: Item, form: SidecarForm, text: str) -> Iterator[Said]:
    recording = item.kind is MediaKind.RECORDING
    if form is SidecarForm.XMP:
        words = read_xmp(text)
        yield Said(item, {} if recording else words.captions, None, words.tags)
    elif not recording and form is SidecarForm.TXT:
        yield Said(item, captions_in(text))
    elif recording and text.strip():
        transcript = _transcript(form, text)
        if transcript.text:
            yield Said(item, {}, transcript)


def _transcript(form: SidecarForm, text: str) -> SaidTranscript:
    if form is SidecarForm.JSON:
        return SaidTranscript(*read_json_transcript(text))
    if form is SidecarForm.TXT:
        said = text.strip().replace("\r\n", "\n")
        return SaidTranscript(said, main_language(said))
    segments = read_cues(text, form)
    said = " ".join(one.text for one in segments)
    return SaidTranscript(said, main_language(said), segments)
