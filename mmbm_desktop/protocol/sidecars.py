"""What is written beside the files of the library, or into one table, and what is read back from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from mmbm_desktop.protocol.failure import ItemFailure
from mmbm_desktop.protocol.filters import EVERYTHING, Filters


class SidecarForm(StrEnum):
    """A file beside a picture or a recording: captions and tags as TXT or XMP, transcripts as the others and TXT."""

    TXT = "txt"
    XMP = "xmp"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"


class Existing(StrEnum):
    """What becomes of a file that is there already: it stays, it grows, or what it says is replaced."""

    KEEP = "keep"
    APPEND = "append"
    OVERWRITE = "overwrite"


class Naming(StrEnum):
    """WHOLE: photo.jpg.xmp, as darktable and digiKam name it. STEM: photo.xmp, as Lightroom and trainers do."""

    WHOLE = "whole"
    STEM = "stem"


class FileAction(StrEnum):
    """What is done, or would be done, to one file. MERGE: an XMP file gets something, the rest of it stays as it is."""

    WRITE = "write"
    APPEND = "append"
    MERGE = "merge"
    OVERWRITE = "overwrite"
    KEEP = "keep"


@dataclass(frozen=True)
class ExportRequest:
    """Write what is known of items beside their files, into one table, or both.

    Attributes:
        items: ids of the library, in the order of a table; None: all that `filters` let through.
        forms: which sidecars.
        table: absolute path of a .csv or .jsonl file; "" for none.
        languages: of captions.
        naming: of sidecars; None: XMP by the whole name, the others by the stem.
        dry_run: say what would be written and write nothing.
        listed: how many files the result names; None for all.
    """

    items: tuple[int, ...] | None = None
    filters: Filters = EVERYTHING
    forms: tuple[SidecarForm, ...] = ()
    table: str = ""
    languages: tuple[Literal["en", "zh"], ...] = ("en", "zh")
    existing: Existing = Existing.KEEP
    naming: Naming | None = None
    dry_run: bool = False
    listed: int | None = None


@dataclass(frozen=True)
class PlannedFile:
    """One file of an export.

    Attributes:
        reason: of a file that stays: "same", it says so already; "exists"; "no-growing", its form cannot grow.
        dropped: how many control characters were left out, which XML cannot hold.
        backup: what the file was before is kept in this file; "" where nothing of it was replaced.
    """

    path: str
    action: FileAction
    reason: str = ""
    dropped: int = 0
    backup: str = ""


@dataclass(frozen=True)
class ExportResult:
    """What an export did, or would do: how many files by action, the first of them in full, and what failed.

    Attributes:
        items: how many items were looked at.
        wordless: how many of them had nothing to be written.
    """

    items: int
    wordless: int
    files: tuple[PlannedFile, ...]
    failed: tuple[ItemFailure, ...]
    counts: dict[FileAction, int] = field(default_factory=dict[FileAction, int])
    dry_run: bool = False


@dataclass(frozen=True)
class ImportRequest:
    """Read the sidecars below folders, and tables, into the library, as one step. `paths` are absolute."""

    paths: tuple[str, ...]
    dry_run: bool = False
    listed: int | None = None


@dataclass(frozen=True)
class ImportedItem:
    """What is new of one item: the languages of captions, whether there is a transcript, and tags."""

    path: str
    captions: tuple[str, ...] = ()
    transcript: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do: items that got something new, the first of them in full, and what failed.

    Attributes:
        sidecars: how many files were read.
        unchanged: how many items had everything already.
    """

    sidecars: int
    changed: int
    unchanged: int
    items: tuple[ImportedItem, ...]
    failed: tuple[ItemFailure, ...]
    dry_run: bool = False
