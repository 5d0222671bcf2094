"""What would be written for an item, file by file, and the writing. A dry run and a real one take the same steps.

Nothing is ever destroyed: a file whose words are replaced is kept beside itself as .bak, .bak2 …, and a file that is
not what its name says is refused and left as it is.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import os_errors_sorted, write_beside
from mmbm_desktop.library.sidecars.described import once, without_controls
from mmbm_desktop.library.sidecars.encoded import FileText, read_text, unusable
from mmbm_desktop.library.sidecars.text import text_lines, with_lines
from mmbm_desktop.library.sidecars.transcripts import transcript_text
from mmbm_desktop.library.sidecars.xmp import merged_xmp
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.sidecars import Existing, FileAction, Naming, PlannedFile, SidecarForm
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mmbm_desktop.library.sidecars.described import Described

_TIMED = (SidecarForm.SRT, SidecarForm.VTT, SidecarForm.JSON)
SAME, EXISTS, NO_GROWING = "same", "exists", "no-growing"


@dataclass(frozen=True)
class Proposal:
    """A file and, where it is not to stay as it is, the bytes that it would hold."""

    planned: PlannedFile
    data: bytes | None = None


class Planner:
    """Proposes files for one item after the other; a file is proposed once.

    Args:
        forms: which sidecars.
        existing: what becomes of files that are there.
        naming: None for the usual one of each form.
    """

    def __init__(self, forms: Sequence[SidecarForm], existing: Existing, naming: Naming | None = None) -> None:
        self._forms, self._existing, self._naming = forms, existing, naming
        self._taken: set[str] = set()
        self._folders: dict[Path, frozenset[str]] = {}

    def proposals(self, item: Described) -> Iterator[Proposal | ItemFailure]:
        """Yield a proposal for each sidecar that the item has words for, or why there can be none."""
        for form in self._forms:
            if not has_words(item, form):
                continue
            path = Path(item.path)
            try:
                path = self._target(Path(item.path), form)
                yield self._proposal(item, form, path)
            except MmbmError as error:
                yield ItemFailure(str(path), Failure.of(error))

    def _target(self, media: Path, form: SidecarForm) -> Path:
        """Return the sidecar's path: one that is there already, by either convention, else by the chosen one.

        A photo.xmp is taken for this photo's only where no other file is called photo.something.
        """
        names = self._names(media.parent)
        if media.name not in names:
            raise InputFault(ErrorCode.FILE_NOT_FOUND, path=str(media))
        naming = self._naming or (Naming.WHOLE if form is SidecarForm.XMP else Naming.STEM)
        whole, stem = f"{media.name}.{form}", f"{media.stem}.{form}"
        wanted, other = (whole, stem) if naming is Naming.WHOLE else (stem, whole)
        for name in (wanted, other) if form is SidecarForm.XMP else (wanted,):
            there = next((one for one in (name, f"{name[:-4]}.{form.upper()}") if one in names), None)
            if there and (name in (wanted, whole) or self._alone(media, names)):
                return media.with_name(there)
        return media.with_name(wanted)

    def _alone(self, media: Path, names: frozenset[str]) -> bool:
        others = (Path(name) for name in names if name != media.name)
        return all(one.stem != media.stem or one.suffix[1:].lower() in tuple(SidecarForm) for one in others)

    def _names(self, folder: Path) -> frozenset[str]:
        if folder not in self._folders:
            if len(self._folders) > 16:
                self._folders.clear()
            try:
                self._folders[folder] = frozenset(one.name for one in folder.iterdir())
            except FileNotFoundError:
                self._folders[folder] = frozenset()
            except OSError as error:
                raise EnvironmentFault(ErrorCode.PERMISSION_DENIED, str(error), path=str(folder)) from error
        return self._folders[folder]

    def _proposal(self, item: Described, form: SidecarForm, path: Path) -> Proposal:
        if str(path) in self._taken:
            raise unusable("same-name")
        self._taken.add(str(path))
        if form is SidecarForm.XMP:
            proposal = self._xmp(item, path)
        elif form is SidecarForm.TXT:
            lines = text_lines(item)
            proposal = self._text(path, "".join(f"{line}\n" for line in lines), lines)
        else:
            proposal = self._text(path, transcript_text(item, form), None)
        if proposal.data is not None and not os.access(path.parent, os.W_OK):
            raise EnvironmentFault(ErrorCode.PERMISSION_DENIED, path=str(path.parent))
        return proposal

    def _xmp(self, item: Described, path: Path) -> Proposal:
        old = read_text(path)
        cleaned = {language: without_controls(text) for language, text in xmp_captions(item).items()}
        tags = [without_controls(tag) for tag in item.tags]
        captions = {language: text for language, (text, _) in cleaned.items() if text}
        merged = merged_xmp(old.text if old else None, captions, once(tag for tag, _ in tags), self._existing)
        dropped = sum(count for _, count in (*cleaned.values(), *tags))
        if old is None:
            return Proposal(PlannedFile(str(path), FileAction.WRITE, dropped=dropped), merged.source.encode())
        if merged.source == old.text:
            return Proposal(PlannedFile(str(path), FileAction.KEEP, SAME))
        action = FileAction.OVERWRITE if merged.replaces else FileAction.MERGE
        planned = PlannedFile(str(path), action, "", dropped, backup_of(path) if merged.replaces else "")
        return Proposal(planned, old.encoded(merged.source))

    def _text(self, path: Path, text: str, lines: Sequence[str] | None) -> Proposal:
        """Return what becomes of a text file; `lines` are given where it can grow by lines."""
        with os_errors_sorted(path):
            there = path.exists()
        if not there:
            return Proposal(PlannedFile(str(path), FileAction.WRITE), text.encode())
        if self._existing is Existing.KEEP or (self._existing is Existing.APPEND and lines is None):
            return Proposal(PlannedFile(str(path), FileAction.KEEP, self._why_kept(path, text)))
        old = read_text(path) or FileText("")
        if old.text.splitlines() == text.splitlines():
            return Proposal(PlannedFile(str(path), FileAction.KEEP, SAME))
        if self._existing is Existing.APPEND and lines is not None:
            grown = with_lines(old, lines)
            if grown == old.text:
                return Proposal(PlannedFile(str(path), FileAction.KEEP, SAME))
            return Proposal(PlannedFile(str(path), FileAction.APPEND), old.encoded(grown))
        return _overwriting(path, old, old.encoded(text.replace("\n", old.newline)))

    def _why_kept(self, path: Path, text: str) -> str:
        try:
            old = read_text(path)
        except MmbmError:
            old = None
        if old is not None and old.text.splitlines() == text.splitlines():
            return SAME
        return EXISTS if self._existing is Existing.KEEP else NO_GROWING


def _overwriting(path: Path, old: FileText, data: bytes) -> Proposal:
    backup = backup_of(path) if old.text.strip() else ""
    return Proposal(PlannedFile(str(path), FileAction.OVERWRITE, backup=backup), data)


def has_words(item: Described, form: SidecarForm) -> bool:
    """Whether an item has anything for a form of sidecar."""
    if form in _TIMED:
        return item.kind is MediaKind.RECORDING and bool(item.segments or item.transcript.strip())
    if form is SidecarForm.XMP:
        return bool(xmp_captions(item) or item.tags)
    return bool(text_lines(item))


def xmp_captions(item: Described) -> dict[str, str]:
    """Return what becomes the description: captions of a photo; of a recording nothing, only its tags are written."""
    found: dict[str, str] = {}
    for language, text in item.captions:
        if text.strip():
            found.setdefault(language, text)
    return found


def backup_of(path: Path) -> str:
    """Return a name for what a file was before that no file has yet."""
    number, name = 1, path.with_name(f"{path.name}.bak")
    while name.exists():
        number += 1
        name = path.with_name(f"{path.name}.bak{number}")
    return str(name)


def apply(proposal: Proposal) -> PlannedFile:
    """Write what is proposed, whole or not at all, after keeping what it replaces; return what was done.

    Raises:
        MmbmError: the disk is full, or the folder cannot be written; the file is as it was.
    """
    planned = proposal.planned
    if proposal.data is None:
        return planned
    path = Path(planned.path)
    if planned.backup:
        with os_errors_sorted(path):
            before = path.read_bytes()
        planned = replace(planned, backup=backup_of(path))
        write_beside(Path(planned.backup), before)
    write_beside(path, proposal.data)
    return planned
