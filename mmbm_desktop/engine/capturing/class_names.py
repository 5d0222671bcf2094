"""What a person calls a class becomes the name of a folder that every system can hold, or is refused. Opens no file."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_CHARACTERS = 80
LONGEST_BYTES = 240
"""In UTF-8; file systems hold 255, and something may be put behind it."""

SPLIT_NAMES = frozenset(["train", "training", "val", "valid", "validation", "dev", "test", "testing"])
"""Folders of these names are taken for parts of the data, not for classes."""

_UNSAFE = frozenset('/\\<>:"|?*')
_UNSEEN = ("Cc", "Cs", "Cn", "Co")
_DIRECTIONS = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Signs that nobody sees and that turn the direction of others, or only make two names differ."""
_NUMBERED = [f"{device}{number}" for device in ("com", "lpt") for number in "123456789¹²³"]
_RESERVED = frozenset(["con", "prn", "aux", "nul", "conin$", "conout$", *_NUMBERED])
"""Names of devices on Windows, with any ending (Microsoft, "Naming Files, Paths, and Namespaces")."""


def folder_name(name: str) -> str:
    """Return the name of a folder for what a person typed, the same on every system.

    Unseen signs go; what a file name cannot hold becomes "-"; dots and spaces at the ends go; a name that Windows keeps
    for a device gets "_" behind it.

    Raises:
        InputFault: CLASS_NAME_INVALID, `reason` "name-empty" or "name-long".
    """
    seen = (sign for sign in unicodedata.normalize("NFC", name) if not _is_unseen(sign))
    safe = "".join("-" if sign in _UNSAFE else sign for sign in seen)
    safe = " ".join(safe.split()).lstrip(". ").rstrip(". ")
    if not safe.strip("-_. "):
        raise _refused(name, "name-empty")
    if safe.partition(".")[0].rstrip().casefold() in _RESERVED:
        stem, dot, rest = safe.partition(".")
        safe = f"{stem}_{dot}{rest}"
    if len(safe) > LONGEST_CHARACTERS or len(safe.encode()) > LONGEST_BYTES:
        raise _refused(name, "name-long")
    return safe


def class_name(name: str, others: Iterable[str] = ()) -> str:
    """Return the name of a class's folder beside those of `others`.

    Raises:
        InputFault: CLASS_NAME_INVALID, `reason` "name-empty", "name-long", "name-split" (it would be taken for a part
            of the data) or "name-taken" (it differs from `other` in nothing but case or the like).
    """
    safe = folder_name(name)
    if safe.casefold() in SPLIT_NAMES:
        raise _refused(safe, "name-split")
    other = next((one for one in others if alike(one) == alike(safe)), None)
    if other is not None:
        raise _refused(safe, "name-taken", other=other)
    return safe


def alike(name: str) -> str:
    """Return what names have in common that a system may take for the same folder, or a reader for the same class."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _is_unseen(sign: str) -> bool:
    return sign in _DIRECTIONS or (unicodedata.category(sign) in _UNSEEN and not sign.isspace())


def _refused(name: str, reason: str, **more: str) -> InputFault:
    shown = name.encode("utf-8", "replace").decode()
    short = shown if len(shown) <= LONGEST_CHARACTERS else f"{shown[:LONGEST_CHARACTERS]}…"
    return InputFault(ErrorCode.CLASS_NAME_INVALID, name=short, reason=reason, **more)
