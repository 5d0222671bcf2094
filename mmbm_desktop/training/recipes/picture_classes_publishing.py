"""A picture-classes run's bundle: its temperature fitted on val, its numbers measured on test, and its card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.protocol.training import Assessment
from mmbm_desktop.training.card import Card, closing, measured, record
from mmbm_desktop.training.evaluation.assessing import believed
from mmbm_desktop.training.evaluation.picture_classes import classified
from mmbm_desktop.training.export.picture_classifier import picture_classes_parts
from mmbm_desktop.training.metrics.temperature import fit_temperature
from mmbm_desktop.training.publish import publish
from mmbm_desktop.training.recipes.picture_classes_samples import sample_of
from mmbm_desktop.training.recipes.picture_classes_start import ClassesStart

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.networks.picture_classifier import PictureClassifier
    from mmbm_desktop.training.picture_encoder import PictureEncoder
    from mmbm_desktop.training.recipes.picture_classes_data import PictureClassesData
    from mmbm_desktop.training.spec import TrainSpec

_MOST_SAMPLES = 2000


@dataclass(frozen=True)
class _Origin:
    """What a classifier began with: its name in a sentence, its licence, and where its weights come from."""

    label: str
    licence: str
    sources: tuple[dict[str, str], ...]


_MOST_NAMED = 50
"""Classes that a card lists."""


def publish_picture_classes(
    place: Path,
    spec: TrainSpec,
    data: PictureClassesData,
    network: PictureClassifier,
    origin: PictureEncoder | ClassesStart | None,
    val: tuple[npt.NDArray[np.float32], npt.NDArray[np.integer]],
    curve: Mapping[str, Any],
) -> None:
    """Write the bundle to the folder `place`.

    Args:
        place: the bundle's folder.
        spec: what the run was told.
        data: what it learned from.
        network: what it made.
        origin: what it began with, if anything: the encoder of another model, or a whole classifier.
        val: logits (pictures, classes) and classes (pictures,) of the val split.
        curve: numbers of the val split.

    Raises:
        MmbmError: it cannot be written.
    """
    about = f"{data.folder.name} val"
    quality = {f"{name}, {about}": float(value) for name, value in curve.items() if name in ("accuracy", "macro F1")}
    started = isinstance(origin, ClassesStart)
    image = origin.image if started else origin.manifest.preprocessing["image"] if origin else None
    temperature = origin.temperature if started else fit_temperature(*val)
    parts = picture_classes_parts(network, data.classes, temperature, image)
    publish(parts, _card(spec, data, _origin(origin), network.config.image_size, quality), place)


def _origin(origin: PictureEncoder | ClassesStart | None) -> _Origin | None:
    if origin is None:
        return None
    if isinstance(origin, ClassesStart):
        return _Origin(f"the classifier {origin.label}, going on from it", origin.licence, origin.sources)
    manifest = origin.manifest
    return _Origin(f"the image encoder of {origin.label}", manifest.licence, manifest.training_data)


def assess_classes(bundle: Path, data: PictureClassesData, cache: Path, spec: TrainSpec) -> Assessment | None:
    """Measure a bundle on the test split and write the numbers into its card; None where that split is empty.

    Raises:
        EnvironmentFault: the bundle is damaged or cannot be run.
        MmbmError: the card or the cache cannot be written.
    """
    found = classified(bundle, data.splits["test"])
    if not found.pictures:
        return None
    split = str(spec.options.get("test_split", "test"))
    numbers = found.numbers()
    record(bundle, {f"{name}, {Path(spec.data).name} {split}": value for name, value in numbers.items()})
    samples = [
        sample_of(found.pictures[row], found.probable[row], found.classes, cache)
        for row in found.by_surprise()[:_MOST_SAMPLES]
    ]
    sure, right = found.probable.max(axis=1), found.probable.argmax(axis=1) == found.truth
    return Assessment(
        split=split,
        items=len(found.pictures),
        numbers=numbers,
        classes=found.by_class(),
        labels=found.classes,
        confusion=found.confusion(),
        samples=tuple(samples),
        believed=believed(sure, right),
    )


def _card(
    spec: TrainSpec,
    data: PictureClassesData,
    origin: _Origin | None,
    size: int,
    quality: Mapping[str, float],
) -> Card:
    own = "those of the pictures it was trained on"
    terms = spec.terms or (f"{own}; of what it began with: {origin.licence}" if origin else own)
    sources = spec.sources or ({"name": data.folder.name, "terms": spec.terms or own},)
    if origin is not None:
        sources = (*sources, *origin.sources)
    named = [name.replace("\n", " ") for name in data.classes[:_MOST_NAMED]]
    more = f"; and {len(data.classes) - len(named)} more" if len(named) < len(data.classes) else ""
    began = f" on {origin.label}" if origin else ""
    text = f"""# {spec.title.get("en", spec.name)}

Says which of {len(data.classes)} classes a picture shows.

{measured(quality)}
## Limits

* It knows only this: {"; ".join(named)}{more}.
  Whatever else it sees it calls by one of these names.
* It learned from {len(data.splits["train"]):,} pictures{began}.
* A probability is right among pictures like those of the val split, which its temperature was fitted on. Where a class
  is rarer than there, it is rarer among the pictures that are called by its name, too.
* It squashes every picture to a square of {size} pixels; small things are lost.

{closing(spec, terms, sources)}"""
    return Card(
        name=spec.name,
        version="0.1.0",
        title=spec.title or {"en": spec.name, "zh": spec.name},
        licence=terms,
        source=f"trained with MMBM Desktop, recipe {spec.recipe}",
        languages=(),
        training_data=tuple(sources),
        quality=quality,
        text=text,
    )
