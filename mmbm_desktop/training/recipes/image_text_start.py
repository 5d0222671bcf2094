"""A finished image-text bundle as the start of a run: its sizes, its tokenizer, its weights in the Keras network."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors.numpy import load_file
from tokenizers import Tokenizer

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.bundles.store import bundle_folder
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.image_text_config import ImageTextConfig, TextRules
from mmbm_desktop.training.publish import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmbm_desktop.networks.image_text import ImageTextNetwork
    from mmbm_desktop.training.spec import TrainSpec

_FAMILY = "mmbm-image-text"
_TOKENIZER = "tokenizer.json"


@dataclass(frozen=True)
class Start:
    """A whole bundle that training starts from.

    Attributes:
        folder: where it is.
        name: of the bundle, with its version.
        config: the sizes that rebuild its network, without a teacher.
        tokenizer: its own; the ids in its tables of tokens are those of this one alone.
        languages: that it writes and understands.
        licence: what its weights may be used for.
        sources: what its weights come from, as in a spec.
        calibration: of its numbers, as its manifest has it.
    """

    folder: Path
    name: str
    config: ImageTextConfig
    tokenizer: Tokenizer
    languages: tuple[str, ...]
    licence: str
    sources: tuple[dict[str, str], ...]
    calibration: Mapping[str, Any] = field(default_factory=dict)

    def resized(self, sizes: Mapping[str, Any]) -> ImageTextConfig:
        """Return `config` with the sizes that a spec names, such as that of pictures; those of weights must stay."""
        named = {name: tuple(value) if isinstance(value, list) else value for name, value in sizes.items()}
        return dataclasses.replace(self.config, **named)

    def fill(self, network: ImageTextNetwork) -> None:
        """Give a network built from `config` the bundle's weights; only the projection to a teacher stays as it is.

        Raises:
            EnvironmentFault: a weight is missing, left over or of another shape (BUNDLE_INVALID).
        """
        arrays = load_file(self.folder / WEIGHTS)
        wanted = {name: one for name, one in weight_names(network).items() if "to_teacher" not in name}
        wrong = sorted(set(wanted) ^ set(arrays)) or sorted(
            name for name, variable in wanted.items() if tuple(variable.shape) != arrays[name].shape
        )
        if wrong:
            raise _invalid(self.folder, WEIGHTS, ", ".join(wrong))
        for name, variable in wanted.items():
            variable.assign(arrays[name])

    def origin(self, spec: TrainSpec) -> TrainSpec:
        """Return a spec that names where the weights come from for the card: the run's own sources after the bundle's.

        What a spec says of terms counts; without it the bundle's hold for what is made of it, too.
        """
        data = Path(spec.data).name
        own = spec.sources or ({"name": data, "terms": spec.terms or "those of the pictures and captions"},)
        known = {source["name"] for source in self.sources}
        begun = {"name": f"{self.name}, which training started from", "terms": self.licence}
        sources = (begun, *self.sources, *(source for source in own if source["name"] not in known))
        return dataclasses.replace(spec, sources=sources, terms=spec.terms or self.licence)


def read_start(bundle: str) -> Start:
    """Read a bundle, named as installed or shipped, or given as a folder.

    Raises:
        EnvironmentFault: there is none, it is damaged, or it is of another family.
    """
    folder = Path(bundle) if Path(bundle).is_absolute() else bundle_folder(bundle, _known_folders())
    if not folder.is_dir():
        raise EnvironmentFault(ErrorCode.MODEL_MISSING, path=str(folder), name=folder.name)
    manifest = verify(folder)
    if manifest.family != _FAMILY:
        raise _invalid(folder, "family", manifest.family)
    with os_errors_sorted(folder / _TOKENIZER):
        content = (folder / _TOKENIZER).read_bytes()
    try:
        config, tokenizer = _config(manifest.network), Tokenizer.from_buffer(content)
    except (AttributeError, TypeError, ValueError) as error:
        raise _invalid(folder, "network", str(error)) from error
    name = f"{manifest.name} {manifest.version}"
    calibration = manifest.calibration
    return Start(
        folder, name, config, tokenizer, manifest.languages, manifest.licence, manifest.training_data, calibration
    )


def _known_folders() -> tuple[Path, ...]:
    return paths.installed_models_dir(), paths.shipped_models_dir()


def _config(network: Mapping[str, Any]) -> ImageTextConfig:
    """Return the sizes in a manifest's `network`, lists as tuples."""
    sizes: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in network.items()
    }
    rules = TextRules(**sizes.pop("rules"))
    return dataclasses.replace(ImageTextConfig(**sizes, rules=rules), teacher_dim=0)


def _invalid(folder: Path, field: str, detail: str) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=folder.name, field=field)
