"""Which class opens a bundle of which family. Families are imported when one of theirs is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mmbm_desktop.inference.opened import OpenedBundle


def open_bundle(folder: Path, threads: int = 0) -> OpenedBundle:
    """Open a bundle of any family.

    Raises:
        EnvironmentFault: its family is unknown (BUNDLE_INVALID), or see `OpenedBundle`.
        MmbmError: a file cannot be read.
    """
    manifest = read_manifest(folder)
    opener = _OPENERS.get(manifest.family)
    if opener is None:
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, manifest.family, name=manifest.name, field="family")
    return opener(folder, threads)


def _image_text(folder: Path, threads: int) -> OpenedBundle:
    from mmbm_desktop.inference.image_text import ImageTextBundle

    return ImageTextBundle(folder, threads)


def _sounds(folder: Path, threads: int) -> OpenedBundle:
    from mmbm_desktop.inference.sounds import SoundTagger

    return SoundTagger(folder, threads)


def _speech_commands(folder: Path, threads: int) -> OpenedBundle:
    from mmbm_desktop.inference.commands import CommandRecogniser

    return CommandRecogniser(folder, threads)


def _translation(folder: Path, threads: int) -> OpenedBundle:
    from mmbm_desktop.inference.translate import Translator

    return Translator(folder, threads)


def _q_agent(folder: Path, threads: int) -> OpenedBundle:
    from mmbm_desktop.inference.agent import QAgent

    return QAgent(folder, threads)


_OPENERS: Mapping[str, Callable[[Path, int], OpenedBundle]] = {
    "mmbm-image-text": _image_text,
    "mmbm-sounds": _sounds,
    "mmbm-speech-commands": _speech_commands,
    "mmbm-translation": _translation,
    "mmbm-q-agent": _q_agent,
}
