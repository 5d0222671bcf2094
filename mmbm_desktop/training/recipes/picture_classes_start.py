"""A finished picture classifier as the start of a run: its network, its classes, and what it learns more from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import load_file

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.inference.classify import PictureClassifier as OpenedClassifier
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.image_text_config import ImageTextConfig, TextRules
from mmbm_desktop.networks.picture_classifier_config import PictureClassifierConfig
from mmbm_desktop.training.data.labelled_pictures import read_labelled_pictures
from mmbm_desktop.training.data.pictures import load_pictures
from mmbm_desktop.training.data.tables import invalid
from mmbm_desktop.training.improvement.general import contents_of
from mmbm_desktop.training.publish import WEIGHTS
from mmbm_desktop.training.recipes.picture_classes_data import STORED, PictureClassesData

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.networks.picture_classifier import PictureClassifier
    from mmbm_desktop.training.data.labelled_pictures import LabelledPicture, LabelledPictures
    from mmbm_desktop.training.spec import TrainSpec

_MOST_GENERAL = 400
"""General pictures that are learned again; more would only make a short run long."""
_HEAD = "head.to_logits."


@dataclass(frozen=True)
class ClassesStart:
    """A whole classifier that training starts from.

    Attributes:
        folder: where it is.
        label: its name with its version.
        config: the sizes that rebuild its network.
        encoder: those of the image encoder in it, if there is one.
        classes: that it knows, in the order of its scores.
        image: how pictures are prepared for it.
        temperature: what its scores are divided by; the head goes on from where it was, so it still holds.
        licence: what its weights may be used for.
        sources: what its weights come from.
    """

    folder: Path
    label: str
    config: PictureClassifierConfig
    encoder: ImageTextConfig | None
    classes: tuple[str, ...]
    image: Mapping[str, Any]
    temperature: float
    licence: str
    sources: tuple[dict[str, str], ...]

    def fill(self, network: PictureClassifier, classes: Sequence[str]) -> None:
        """Give a network for these classes, the old ones first, the weights; a new class begins as an average one.

        Raises:
            EnvironmentFault: a weight is missing or of another shape (BUNDLE_INVALID).
        """
        arrays = load_file(self.folder / WEIGHTS)
        more = len(classes) - len(self.classes)
        for name, variable in weight_names(network).items():
            if name not in arrays:
                raise self._invalid(name)
            array = arrays[name]
            if name.startswith(_HEAD) and more:
                fresh = np.repeat(array.mean(axis=-1, keepdims=True), more, axis=-1)
                array = np.concatenate([array, fresh], axis=-1)
            if tuple(variable.shape) != array.shape:
                raise self._invalid(name)
            variable.assign(array)

    def _invalid(self, detail: str) -> EnvironmentFault:
        return EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=self.folder.name, field=WEIGHTS)


def read_classes_start(bundle: str) -> ClassesStart:
    """Read a picture-classes bundle, given as a folder.

    Raises:
        EnvironmentFault: it is missing, damaged or of another family.
    """
    folder = Path(bundle)
    if not folder.is_dir():
        raise EnvironmentFault(ErrorCode.MODEL_MISSING, path=bundle, name=folder.name)
    opened = OpenedClassifier(folder)
    manifest = opened.manifest
    sizes = dict(manifest.network)
    encoder = sizes.pop("encoder", None)
    try:
        return ClassesStart(
            folder=folder,
            label=f"{manifest.name} {manifest.version}",
            config=PictureClassifierConfig(**_tuples(sizes)),
            encoder=None if encoder is None else _encoder(dict(encoder)),
            classes=opened.labels,
            image=manifest.preprocessing["image"],
            temperature=opened.temperature,
            licence=manifest.licence,
            sources=manifest.training_data,
        )
    except (KeyError, TypeError) as error:
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, str(error), name=manifest.name, field="network") from error


def _encoder(sizes: dict[str, Any]) -> ImageTextConfig:
    rules = TextRules(**sizes.pop("rules"))
    return ImageTextConfig(**_tuples(sizes), rules=rules)


def _tuples(sizes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in sizes.items()}


def load_started_classes(
    spec: TrainSpec, start: ClassesStart, cache: Path, report: ReportProgress
) -> PictureClassesData:
    """Read and decode a run's own pictures and, after them, the general ones that are learned again.

    Raises:
        InputFault: a folder cannot be read, or has nothing to learn from or to check on.
        MmbmError: the cache cannot be written.
    """
    folder = Path(spec.data)
    mine = read_labelled_pictures(folder, report, fewest=1, carve=False)
    general = _general(spec, report)
    kept = {split: [*mine.of_split(split), *general.get(split, ())] for split in ("train", "val")}
    if not mine.of_split("train") or not kept["val"]:
        raise invalid(folder, "too-few-pictures", "nothing to learn from or to check on")
    used = [*kept["train"], *kept["val"]]
    array = load_pictures([one.source for one in used], round(start.config.image_size * STORED), cache, report)
    pixels = {one.source.name: array.pixels[place] for one, place in zip(used, array.places, strict=True) if place >= 0}
    readable = {split: tuple(one for one in kept[split] if one.source.name in pixels) for split in kept}
    if not readable["train"] or not readable["val"]:
        raise invalid(folder, "no-readable-picture", "nothing left to learn from or to check on")
    rehearsed = sum(one in general.get("train", ()) for one in readable["train"])
    names = sorted({one.label for one in mine.pictures if one.split == "train"} - set(start.classes))
    classes = (*start.classes, *names)
    known = {split: tuple(one for one in readable[split] if one.label in classes) for split in readable}
    test = tuple(one for one in mine.of_split("test") if one.label in classes)
    unreadable = {**mine.skipped, **dict.fromkeys(array.unreadable, ErrorCode.IMAGE_BROKEN)}
    return PictureClassesData(folder, classes, {**known, "test": test}, unreadable, pixels, rehearsed=rehearsed)


def _general(spec: TrainSpec, report: ReportProgress) -> dict[str, tuple[LabelledPicture, ...]]:
    """Return the general pictures to learn again and to check on, without those that a person corrected."""
    without = contents_of(Path(spec.data))
    found: dict[str, tuple[LabelledPicture, ...]] = {}
    for one in spec.further:
        carve = spec.improves is not None and spec.improves.by_people
        read: LabelledPictures = read_labelled_pictures(Path(one.folder), report, fewest=0, carve=carve)
        for split, most in (("train", _MOST_GENERAL), ("val", _MOST_GENERAL // 8)):
            listed = sorted((p for p in read.of_split(split) if p.content not in without), key=lambda p: p.content)
            found[split] = (*found.get(split, ()), *(replace(p, split=split) for p in listed[:most]))
    return found
