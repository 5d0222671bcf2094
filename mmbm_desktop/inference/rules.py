"""What a manifest says about preparing its inputs, read strictly. No pictures, no sessions."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from mmbm_desktop.bundles.manifest import Manifest

FAMILY = "mmbm-image-text"
_LARGEST_SIZE = 4096


@dataclass(frozen=True)
class ImageRules:
    """Square edge in pixels; mean and deviation of each channel on a scale of 0..1."""

    size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


@dataclass(frozen=True)
class TextRules:
    """Longest row of ids, and the ids of the marks; `bos` by language."""

    max_tokens: int
    pad: int
    bos: Mapping[str, int]
    eos: int
    unk: int


def read_rules(manifest: Manifest) -> tuple[ImageRules, TextRules]:
    """Return how pictures and texts are to be prepared for a bundle.

    Raises:
        EnvironmentFault: the manifest says nothing usable about it, or asks for something unknown (BUNDLE_INVALID).
    """
    with _usable(manifest):
        if manifest.family != FAMILY:
            raise ValueError(f"family {manifest.family!r}")
        return _image_rules(manifest.preprocessing["image"]), _text_rules(manifest.preprocessing["text"])


def read_text_rules(manifest: Manifest) -> TextRules:
    """Return how texts are to be prepared for a bundle that takes nothing else.

    Raises:
        EnvironmentFault: the manifest says nothing usable about it (BUNDLE_INVALID).
    """
    with _usable(manifest):
        return _text_rules(manifest.preprocessing["text"])


def read_states(manifest: Manifest) -> dict[str, tuple[int, ...]] | None:
    """Return the shapes of what a recurrent decoder keeps, without the rows' axis; None for a transformer.

    Raises:
        EnvironmentFault: the manifest says nothing usable about it (BUNDLE_INVALID).
    """
    with _usable(manifest):
        entry = manifest.preprocessing.get("caption_step")
        if entry is None:
            return None
        states = {str(name): tuple(int(size) for size in shape) for name, shape in entry["state"].items()}
        if not states or any(not shape or min(shape) < 1 or max(shape) > _LARGEST_SIZE for shape in states.values()):
            raise ValueError(f"states {states}")
        return states


@contextmanager
def _usable(manifest: Manifest) -> Generator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise EnvironmentFault(
            ErrorCode.BUNDLE_INVALID, f"{type(error).__name__}: {error}", name=manifest.name, field="preprocessing"
        ) from error


def _image_rules(entry: Mapping[str, Any]) -> ImageRules:
    rules = ImageRules(int(entry["size"]), _channels(entry["mean"]), _channels(entry["std"]))
    if (entry["resize"], entry["filter"]) != ("squash", "bilinear-antialias"):
        raise ValueError(f"resize {entry['resize']!r} by {entry['filter']!r}")
    if not 0 < rules.size <= _LARGEST_SIZE or min(rules.std) <= 0.0:
        raise ValueError(f"size {rules.size}, std {rules.std}")
    return rules


def _channels(values: Any) -> tuple[float, float, float]:
    red, green, blue = (float(value) for value in values)
    return red, green, blue


def _text_rules(entry: Mapping[str, Any]) -> TextRules:
    bos = {str(language): int(token) for language, token in entry["bos"].items()}
    rules = TextRules(int(entry["max_tokens"]), int(entry["pad"]), bos, int(entry["eos"]), int(entry["unk"]))
    if rules.max_tokens < 3 or not bos:
        raise ValueError(f"max_tokens {rules.max_tokens}, bos {bos}")
    return rules
