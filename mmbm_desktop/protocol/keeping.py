"""Records about the library as a file: how it is open, where it lies, and requests to back up, move and restore it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.failure import Failure


class Access(StrEnum):
    """How the library is open."""

    WRITING = "writing"
    READING = "reading"
    """Another window has it; this one only reads."""
    FREE = "free"
    """As READING, but the other window has closed: this one can take over."""
    CLOSED = "closed"
    """It could not be opened; `LibraryState.failure` says why."""


@dataclass(frozen=True)
class LibraryState:
    """Which library is open, and how. The path of one on a server is its address, without a password."""

    path: str
    access: Access = Access.WRITING
    failure: Failure | None = None
    server: bool = False


@dataclass(frozen=True)
class LibraryInfo:
    """Facts about a library. `bytes` counts the write-ahead log too; `version` is that of its tables."""

    path: str
    bytes: int
    items: int
    folders: int
    version: int
    backups: tuple[str, ...] = ()
    """The automatic copies, the newest first."""
    could_hold: str = ""
    """Of an empty library on a server: the file on this computer that is not empty and could be copied there."""


@dataclass(frozen=True)
class BackUpRequest:
    """Copy the library, while it is in use, to the file `target`."""

    target: str
    overwrite: bool = False


@dataclass(frozen=True)
class MoveLibraryRequest:
    """Move the library to another folder and go on with it there."""

    folder: str


@dataclass(frozen=True)
class RestoreRequest:
    """Put a copy in the library's place; what is there now is set aside first."""

    source: str


@dataclass(frozen=True)
class CopyLibraryRequest:
    """Copy all that a library holds into an empty one: from a file to a server, or from a server to a file.

    Each is a file or an address, which may hold a password; "" stands for the library that is open.
    """

    target: str = field(default="", repr=False)
    source: str = field(default="", repr=False)


KeepingRequest = BackUpRequest | MoveLibraryRequest | RestoreRequest | CopyLibraryRequest


@dataclass(frozen=True)
class KeepingResult:
    """Where the library or its copy lies now, and, after a restore, where the former library was set aside."""

    path: str
    bytes: int
    items: int
    aside: str = ""
