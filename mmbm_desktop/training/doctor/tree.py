"""What lies below a folder, by the names alone: pictures, recordings, the rest, and what could not be entered."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.media.formats import FileKind, kind_by_name

if TYPE_CHECKING:
    from mmbm_desktop.base.progress import CancelToken

DEEPEST = 12
"""Folders further down are not entered."""
_SYSTEM_FILES = frozenset(["thumbs.db", "desktop.ini", "__macosx"])
_CHECK_EVERY = 256


@dataclass
class Tree:
    """Paths relative to the folder, "/" between parts, as `os` gives them (undecodable bytes as surrogates).

    Attributes:
        files: by what their names promise, sorted.
        folders: every folder that was entered, but the root.
        hidden: folders whose names begin with a dot and that hold a picture or a recording.
        loops: links to a folder that is visited anyway.
        unreadable: folders that cannot be listed.
        too_deep: folders that were not entered for their depth.
    """

    files: dict[FileKind, list[str]] = field(default_factory=lambda: {kind: [] for kind in FileKind})
    folders: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    loops: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    too_deep: list[str] = field(default_factory=list)

    def at_root(self) -> list[str]:
        """Return the names of the files directly in the folder."""
        return [name for names in self.files.values() for name in names if "/" not in name]

    def below(self, top: str) -> Tree:
        """Return what lies below one of the folders at the root, as if that were the root."""
        files = {
            kind: [name[len(top) + 1 :] for name in names if name.startswith(f"{top}/")]
            for kind, names in self.files.items()
        }
        return Tree(files)


def look_around(folder: Path, token: CancelToken) -> Tree:
    """Return what lies below a folder. Real folders are entered before links, so that a link never hides one.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: FOLDER_NOT_FOUND, FOLDER_UNREADABLE for `folder` itself.
    """
    if not folder.is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(folder))
    walker = _Walker(folder, token)
    try:
        walker.enter("")
    except OSError as error:
        raise InputFault(ErrorCode.FOLDER_UNREADABLE, str(error), path=str(folder)) from error
    walker.walk()
    for names in walker.tree.files.values():
        names.sort()
    return walker.tree


class _Walker:
    def __init__(self, root: Path, token: CancelToken) -> None:
        self.tree = Tree()
        self._root = str(root)
        self._token = token
        self._waiting: list[str] = []
        self._links: list[str] = []
        self._visited: set[tuple[int, int]] = set()
        self._seen = 0

    def walk(self) -> None:
        while self._waiting or self._links:
            name = self._waiting.pop() if self._waiting else self._links.pop()
            try:
                if self.enter(name):
                    self.tree.folders.append(name)
                else:
                    self.tree.loops.append(name)
            except OSError:
                self.tree.unreadable.append(name)

    def enter(self, name: str) -> bool:
        """List one folder; return False where it was visited before.

        Raises:
            OSError: it cannot be listed.
        """
        place = f"{self._root}/{name}" if name else self._root
        facts = Path(place).stat()
        if (facts.st_dev, facts.st_ino) in self._visited:
            return False
        with os.scandir(place) as entries:
            self._visited.add((facts.st_dev, facts.st_ino))
            for entry in entries:
                self._seen += 1
                if self._seen % _CHECK_EVERY == 0:
                    self._token.check()
                self._meet(entry, f"{name}/{entry.name}" if name else entry.name)
        return True

    def _meet(self, entry: os.DirEntry[str], name: str) -> None:
        if entry.name.lower() in _SYSTEM_FILES:
            return
        hidden = entry.name.startswith(".")
        if _is_folder(entry):
            if hidden:
                self.tree.hidden += [name] if _holds_media(entry.path) else []
            elif name.count("/") >= DEEPEST:
                self.tree.too_deep.append(name)
            else:
                (self._links if entry.is_symlink() else self._waiting).append(name)
        elif not hidden:
            kind = kind_by_name(entry.name) if _may_be_opened(entry) else FileKind.OTHER
            self.tree.files[kind].append(name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle
        return False


def _may_be_opened(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a file or a broken link, not a pipe or a device, whose opening could wait for ever."""
    try:
        return entry.is_file() or entry.is_symlink()
    except OSError:
        return True


def _holds_media(place: str) -> bool:
    try:
        with os.scandir(place) as entries:
            return any(kind_by_name(entry.name) in (FileKind.PHOTO, FileKind.RECORDING) for entry in entries)
    except OSError:
        return False
