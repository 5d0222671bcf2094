"""A finished speech-command bundle as the start of a run: its network, its alphabet, its words."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.store import bundle_folder
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.inference.commands import FAMILY, read_spelling
from mmbm_desktop.training.export.rebuild import opened

if TYPE_CHECKING:
    from mmbm_desktop.networks.command_recogniser import CommandRecogniser
    from mmbm_desktop.training.spec import TrainSpec


@dataclass(frozen=True)
class CommandsStart:
    """A whole bundle that training starts from.

    Attributes:
        folder: where it is.
        name: of the bundle, with its version.
        letters: its alphabet, which stays: each letter is an output of its network.
        words: that it knows.
        language: of the words.
        licence: what its weights may be used for.
        sources: what its weights come from, as in a spec.
    """

    folder: Path
    name: str
    letters: str
    words: tuple[str, ...]
    language: str
    licence: str
    sources: tuple[dict[str, str], ...]

    def network(self) -> CommandRecogniser:
        """Return its network with its weights.

        Raises:
            EnvironmentFault: sizes and weights do not belong together (BUNDLE_INVALID).
        """
        return cast("CommandRecogniser", opened(self.folder).network)

    def spells(self, text: str) -> bool:
        """Whether a text, as `spoken_words` writes it, has no other letters."""
        return set(text) <= set(self.letters)

    def origin(self, spec: TrainSpec) -> TrainSpec:
        """Return a spec that names where the weights come from for the card: the run's own sources after the bundle's.

        What a spec says of terms counts; without it the bundle's hold for what is made of it, too.
        """
        own = spec.sources or ({"name": Path(spec.data).name, "terms": spec.terms or "those of the recordings"},)
        known = {source["name"] for source in self.sources}
        begun = {"name": f"{self.name}, which training started from", "terms": self.licence}
        sources = (begun, *self.sources, *(source for source in own if source["name"] not in known))
        return dataclasses.replace(spec, sources=sources, terms=spec.terms or self.licence)


def read_commands_start(bundle: str) -> CommandsStart:
    """Read a bundle, named as installed or shipped, or given as a folder.

    Raises:
        EnvironmentFault: there is none, it is damaged, or it is of another family.
    """
    known = (paths.installed_models_dir(), paths.shipped_models_dir())
    folder = Path(bundle) if Path(bundle).is_absolute() else bundle_folder(bundle, known)
    if not folder.is_dir():
        raise EnvironmentFault(ErrorCode.MODEL_MISSING, path=str(folder), name=folder.name)
    manifest = verify(folder)
    if manifest.family != FAMILY:
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, manifest.family, name=folder.name, field="family")
    spelling = read_spelling(manifest)
    return CommandsStart(
        folder,
        f"{manifest.name} {manifest.version}",
        spelling.letters,
        spelling.words,
        next(iter(manifest.languages), "en"),
        manifest.licence,
        manifest.training_data,
    )
