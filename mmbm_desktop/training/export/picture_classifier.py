"""What goes into a picture-classes bundle: one structure, the names of the classes, and how to prepare pictures."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from mmbm_desktop.bundles.probe import picture_classes_probe
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.data.augment import PIXEL_MEAN, PIXEL_STD
from mmbm_desktop.training.export.check import TOLERANCE, compare, run_structure
from mmbm_desktop.training.export.hollow import Input, Structure
from mmbm_desktop.training.publish import BundleParts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from mmbm_desktop.networks.picture_classifier import PictureClassifier

STRUCTURE = "picture_classifier.onnx"
LABELS_FILE = "labels.json"
_RELATIVE = 1e-5
"""Of the largest logit: single precision has no more than that to give."""


def picture_classes_parts(
    network: PictureClassifier, classes: Sequence[str], temperature: float, image: Mapping[str, Any] | None = None
) -> BundleParts:
    """Return what is to be published; nothing of it needs another bundle.

    Args:
        network: the classifier.
        classes: names in the order of its scores.
        temperature: what the scores are divided by before they become probabilities.
        image: how pictures are to be prepared, as an encoder's manifest says it; None for a network of its own.
    """
    preprocessing = {"image": dict(image) if image else _image_rules(network.config.image_size)}
    sizes = asdict(network.config)
    if network.encoder_config is not None:
        sizes["encoder"] = asdict(network.encoder_config)
    return BundleParts(
        family="mmbm-picture-classes",
        tasks=("classify",),
        weights=weight_names(network),
        structures=(structure(network),),
        files={LABELS_FILE: (json.dumps(list(classes), indent=1, ensure_ascii=False) + "\n").encode()},
        network=sizes,
        preprocessing=preprocessing,
        check=partial(_check, network=network, preprocessing=preprocessing),
        calibration={"temperature": round(temperature, 5)},
    )


def _image_rules(size: int) -> dict[str, Any]:
    return {"size": size, "resize": "squash", "filter": "bilinear-antialias", "mean": PIXEL_MEAN, "std": PIXEL_STD}


def structure(network: PictureClassifier) -> Structure:
    """Return what to export of `network`; B is the batch."""
    size = network.config.image_size

    def classify(pixels: Any) -> tuple[Any]:
        return (network(pixels, training=False),)

    axes = {"pixels": ("B", size, size, 3), "logits": ("B", network.config.classes)}
    return Structure(STRUCTURE, classify, (Input("pixels", (None, size, size, 3)),), ("logits",), axes)


def _check(folder: Path, network: PictureClassifier, preprocessing: Mapping[str, Any]) -> dict[str, Any]:
    """Compare the structure with the network on the probe that its bundle will always be checked with; see `compare`.

    Raises:
        BugFault: they differ by more than the tolerance.
    """
    feeds = picture_classes_probe(preprocessing)
    right = {STRUCTURE: {"logits": to_numpy(network(feeds[STRUCTURE]["pixels"], training=False))}}
    tolerance = max(TOLERANCE, _RELATIVE * float(abs(right[STRUCTURE]["logits"]).max()))
    return compare(
        right, {STRUCTURE: run_structure(folder, STRUCTURE, feeds[STRUCTURE])}, {STRUCTURE: "logits"}, tolerance
    )
