"""A bundle as the Keras network it came from: sizes from its manifest, weights from its file. One table of families."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from safetensors.numpy import load_file

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.networks.command_recogniser import build_command_recogniser
from mmbm_desktop.networks.command_recogniser_config import CommandRecogniserConfig
from mmbm_desktop.networks.image_text import build_image_text, weight_names
from mmbm_desktop.networks.image_text_config import ImageTextConfig, TextRules
from mmbm_desktop.networks.picture_classifier import build_picture_classifier
from mmbm_desktop.networks.picture_classifier_config import PictureClassifierConfig
from mmbm_desktop.networks.q_network import build_q_network
from mmbm_desktop.networks.q_network_config import QNetworkConfig
from mmbm_desktop.networks.sound_tagger import build_sound_tagger
from mmbm_desktop.networks.sound_tagger_config import SoundTaggerConfig
from mmbm_desktop.networks.translation import build_translation
from mmbm_desktop.networks.translation_config import TranslationConfig
from mmbm_desktop.training.export import (
    command_recogniser,
    image_text,
    picture_classifier,
    q_agent,
    sounds,
    translation,
)
from mmbm_desktop.training.publish import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mmbm_desktop.training.export.hollow import Structure


@dataclass(frozen=True)
class Rebuilt:
    """What a bundle holds, as Keras has it.

    Attributes:
        structures: its graphs as functions.
        weights: published name to variable.
        network: all of it; None for an agent's table, which is none.
    """

    structures: tuple[Structure, ...]
    weights: Mapping[str, Any]
    network: keras.Model | None


def rebuild(family: str, sizes: Mapping[str, Any], preprocessing: Mapping[str, Any]) -> Rebuilt:
    """Return a family's network with fresh weights.

    Args:
        family: as in a manifest.
        sizes: a manifest's `network`.
        preprocessing: a manifest's.

    Raises:
        KeyError: there is no such family.
        TypeError: the sizes are another network's.
        ValueError: they make no sense.
    """
    structures, network = _FAMILIES[family]({name: _frozen(value) for name, value in sizes.items()}, preprocessing)
    if isinstance(network, keras.Model):
        return Rebuilt(structures, weight_names(network), network)
    return Rebuilt(structures, network, None)


def opened(folder: Path) -> Rebuilt:
    """Return a bundle's network with its weights; nothing is verified here.

    Raises:
        EnvironmentFault: BUNDLE_INVALID, its family is unknown or its sizes and weights do not belong together.
    """
    manifest = read_manifest(folder)
    try:
        rebuilt = rebuild(manifest.family, manifest.network, manifest.preprocessing)
    except (KeyError, TypeError, ValueError) as error:
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, repr(error), name=folder.name, field="network") from error
    arrays = load_file(folder / WEIGHTS)
    wrong = sorted(
        name
        for name in set(rebuilt.weights) | set(arrays)
        if name not in arrays or name not in rebuilt.weights or rebuilt.weights[name].shape != arrays[name].shape
    )
    if wrong:
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, ", ".join(wrong), name=folder.name, field=WEIGHTS)
    for name, variable in rebuilt.weights.items():
        variable.assign(arrays[name])
    return rebuilt


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _of(kind: type, sizes: Mapping[str, Any], **changes: Any) -> Any:
    return kind(**{**sizes, **changes})


def _image_text_config(sizes: Mapping[str, Any]) -> ImageTextConfig:
    """Return the sizes without a teacher, whose part is not published."""
    plain = {name: _frozen(value) for name, value in sizes.items()}
    return _of(ImageTextConfig, plain, rules=TextRules(**plain["rules"]), teacher_dim=0)


def _image_text(sizes: Mapping[str, Any], preprocessing: Mapping[str, Any]) -> tuple[tuple[Structure, ...], Any]:
    del preprocessing
    network = build_image_text(_image_text_config(sizes))
    return image_text.structures(network), network


def _picture_classes(sizes: Mapping[str, Any], preprocessing: Mapping[str, Any]) -> tuple[tuple[Structure, ...], Any]:
    del preprocessing
    own = {name: value for name, value in sizes.items() if name != "encoder"}
    encoder = _image_text_config(sizes["encoder"]) if "encoder" in sizes else None
    network = build_picture_classifier(_of(PictureClassifierConfig, own), encoder)
    return (picture_classifier.structure(network),), network


def _sounds(sizes: Mapping[str, Any], preprocessing: Mapping[str, Any]) -> tuple[tuple[Structure, ...], Any]:
    del preprocessing
    network = build_sound_tagger(_of(SoundTaggerConfig, sizes, teacher_dim=0))
    return (sounds.structure(network),), network


def _commands(sizes: Mapping[str, Any], preprocessing: Mapping[str, Any]) -> tuple[tuple[Structure, ...], Any]:
    del preprocessing
    network = build_command_recogniser(_of(CommandRecogniserConfig, sizes))
    return (command_recogniser.structure(network),), network


def _translation(sizes: Mapping[str, Any], preprocessing: Mapping[str, Any]) -> tuple[tuple[Structure, ...], Any]:
    del preprocessing
    network = build_translation(_of(TranslationConfig, sizes, rules=TextRules(**sizes["rules"])))
    return translation.structures(network), network


def _q_agent(sizes: Mapping[str, Any], preprocessing: Mapping[str, Any]) -> tuple[tuple[Structure, ...], Any]:
    if "states" in sizes:
        valued = q_agent.valued_by_table(np.zeros((sizes["states"], sizes["actions"])))
        return (q_agent.structure(valued, preprocessing),), valued.weights
    network = build_q_network(_of(QNetworkConfig, sizes))
    return (q_agent.structure(q_agent.valued_by_network(network), preprocessing),), network


_FAMILIES: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[tuple[Structure, ...], Any]]] = {
    "mmbm-image-text": _image_text,
    "mmbm-picture-classes": _picture_classes,
    "mmbm-sounds": _sounds,
    "mmbm-speech-commands": _commands,
    "mmbm-translation": _translation,
    "mmbm-q-agent": _q_agent,
}
