"""Finds bundles in folders: those that ship with the program and those the person installed. Opens only manifests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.bundles.manifest import MANIFEST_FILE, read_manifest
from mmbm_desktop.protocol.catalogue import ModelInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CARD_FILE = "card.md"
_CARD_LIMIT_CHARACTERS = 100_000


def find_bundles(folders: Sequence[Path], *, built_in: Path | None = None) -> tuple[ModelInfo, ...]:
    """Return the bundles below `folders`; a bad one has `problem` set.

    Of two with one name the first counts, but a bad one never hides a whole one.

    Args:
        folders: searched in this order, one level deep.
        built_in: the folder among them whose bundles ship with the program.
    """
    found: dict[str, ModelInfo] = {}
    for parent in folders:
        for folder in _bundle_folders(parent):
            info = _describe(folder, built_in=parent == built_in)
            known = found.get(info.name)
            if known is None or (known.problem and not info.problem):
                found[info.name] = info
    return tuple(found.values())


def bundle_folder(name: str, folders: Sequence[Path]) -> Path:
    """Return the folder of the bundle called `name`.

    Raises:
        EnvironmentFault: MODEL_MISSING.
    """
    for info in find_bundles(folders):
        if info.name == name:
            return Path(info.path)
    raise EnvironmentFault(ErrorCode.MODEL_MISSING, name=name)


def _bundle_folders(parent: Path) -> Iterator[Path]:
    try:
        folders = sorted(parent.iterdir())
    except OSError:
        return
    for folder in folders:
        if not folder.name.startswith(".") and (folder / MANIFEST_FILE).is_file():
            yield folder


def _describe(folder: Path, *, built_in: bool) -> ModelInfo:
    try:
        manifest = read_manifest(folder)
    except MmbmError as error:
        return ModelInfo(folder.name, "", folder.name, (), (), "", 0, str(folder), built_in, problem=error.code.value)
    gone = next(
        (name for name, entry in manifest.files.items() if not _has_size(folder / name, entry.size_bytes)), None
    )
    return ModelInfo(
        name=manifest.name,
        version=manifest.version,
        title=manifest.title.get("en", manifest.name),
        tasks=manifest.tasks,
        languages=manifest.languages,
        licence=manifest.licence,
        size_bytes=manifest.size_bytes,
        path=str(folder),
        built_in=built_in,
        quality=manifest.quality,
        card=_card(folder),
        problem="" if gone is None else ErrorCode.BUNDLE_DAMAGED.value,
        calibration=manifest.calibration,
        titles=dict(manifest.title),
    )


def _has_size(path: Path, size_bytes: int) -> bool:
    try:
        return path.stat().st_size == size_bytes
    except OSError:
        return False


def _card(folder: Path) -> str:
    try:
        return (folder / CARD_FILE).read_text(encoding="utf-8", errors="replace")[:_CARD_LIMIT_CHARACTERS]
    except OSError:
        return ""
