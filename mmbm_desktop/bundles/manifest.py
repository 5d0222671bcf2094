"""`bundle.json`: what a model folder says of itself, parsed strictly. Nothing here opens the other files."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST_FILE = "bundle.json"
FORMAT = 1
_SIZE_LIMIT_BYTES = 4 << 20
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

T = TypeVar("T")


@dataclass(frozen=True)
class FileEntry:
    """Size and SHA-256 that a file must have."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A model's description. `network`, `preprocessing`, `calibration` and `probe` are read by who runs the model."""

    name: str
    version: str
    title: dict[str, str]
    tasks: tuple[str, ...]
    family: str
    languages: tuple[str, ...]
    licence: str
    source: str
    created_by: str
    files: dict[str, FileEntry]
    network: dict[str, Any] = field(default_factory=dict)
    preprocessing: dict[str, Any] = field(default_factory=dict)
    calibration: dict[str, Any] = field(default_factory=dict)
    quality: dict[str, float] = field(default_factory=dict)
    training_data: tuple[dict[str, str], ...] = ()
    parameters: int = 0
    probe: dict[str, Any] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """Bytes of all files of the bundle but the manifest."""
        return sum(entry.size_bytes for entry in self.files.values())


def read_manifest(folder: Path) -> Manifest:
    """Read and check `bundle.json` of a folder.

    Raises:
        EnvironmentFault: BUNDLE_INVALID with the `field` that is wrong.
        MmbmError: the file is missing or cannot be read.
    """
    path = folder / MANIFEST_FILE
    with os_errors_sorted(path):
        if path.stat().st_size > _SIZE_LIMIT_BYTES:
            raise _invalid(folder, "size")
        raw = path.read_bytes()
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _invalid(folder, "JSON") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _invalid(folder, "format")
    return _Reader(folder, content).manifest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `bundle.json` of a folder, whole or not at all; `read_manifest` gives the same manifest back.

    Raises:
        ValueError: a number of the manifest is NaN or infinite, which JSON cannot hold.
        MmbmError: the disk is full or the folder cannot be written.
    """
    content: dict[str, Any] = {"format": FORMAT, **{one.name: getattr(manifest, one.name) for one in fields(manifest)}}
    content["files"] = {
        name: {"bytes": entry.size_bytes, "sha256": entry.sha256} for name, entry in manifest.files.items()
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    write_atomically(folder / MANIFEST_FILE, f"{text}\n".encode())


class _Reader:
    """Takes typed values out of parsed JSON and names the field that has another type."""

    def __init__(self, folder: Path, content: dict[str, Any]) -> None:
        self._folder = folder
        self._content = content

    def manifest(self) -> Manifest:
        return Manifest(
            name=self._matching("name", _NAME),
            version=self._value("version", str),
            title=self._texts("title"),
            tasks=self._list("tasks"),
            family=self._value("family", str),
            languages=self._list("languages"),
            licence=self._value("licence", str),
            source=self._value("source", str),
            created_by=self._value("created_by", str),
            files=self._files(),
            network=self._value("network", dict, {}),
            preprocessing=self._value("preprocessing", dict, {}),
            calibration=self._value("calibration", dict, {}),
            quality=self._quality(),
            training_data=self._training_data(),
            parameters=self._value("parameters", int, 0),
            probe=self._value("probe", dict, {}),
        )

    def _value(self, name: str, kind: type[T], default: T | None = None) -> T:
        value = self._content.get(name, default)
        if type(value) is not kind:  # True is no number here
            raise _invalid(self._folder, name)
        return value

    def _matching(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self._value(name, str)
        if not pattern.fullmatch(value):
            raise _invalid(self._folder, name)
        return value

    def _texts(self, name: str) -> dict[str, str]:
        values = self._value(name, dict)
        if not all(isinstance(text, str) for text in values.values()):
            raise _invalid(self._folder, name)
        return values

    def _list(self, name: str) -> tuple[str, ...]:
        values = self._value(name, list)
        if not all(isinstance(value, str) for value in values):
            raise _invalid(self._folder, name)
        return tuple(values)

    def _quality(self) -> dict[str, float]:
        values = self._value("quality", dict, {})
        if not all(type(value) in (int, float) and math.isfinite(value) for value in values.values()):
            raise _invalid(self._folder, "quality")
        return {name: float(value) for name, value in values.items()}

    def _training_data(self) -> tuple[dict[str, str], ...]:
        entries = self._value("training_data", list, [])
        if not all(isinstance(entry, dict) and all(isinstance(t, str) for t in entry.values()) for entry in entries):
            raise _invalid(self._folder, "training_data")
        return tuple(entries)

    def _files(self) -> dict[str, FileEntry]:
        return {name: self._file(name, entry) for name, entry in self._value("files", dict).items()}

    def _file(self, name: str, entry: Any) -> FileEntry:
        try:
            size, digest = entry["bytes"], entry["sha256"]
        except (KeyError, TypeError) as error:
            raise _invalid(self._folder, f"files/{name}") from error
        inside = name not in ("", ".", "..", MANIFEST_FILE) and not re.search(r"[/\\:\0]", name)
        if not inside or type(size) is not int or size < 0 or not _SHA256.fullmatch(str(digest)):
            raise _invalid(self._folder, f"files/{name}")
        return FileEntry(size, digest)


def _invalid(folder: Path, field_name: str) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.BUNDLE_INVALID, field_name, name=folder.name, field=field_name)
