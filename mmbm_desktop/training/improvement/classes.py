"""Two picture classifiers side by side: how often each says what people, or the old one, say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.inference.classify import PictureClassifier
from mmbm_desktop.inference.pixels import load_pixels
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.protocol.training import ComparedItem, ComparedNumber, Comparison
from mmbm_desktop.training.data.labelled_pictures import read_labelled_pictures
from mmbm_desktop.training.improvement.choosing import MOST_GENERAL, examples
from mmbm_desktop.training.improvement.general import contents_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.training import Improves
    from mmbm_desktop.training.data.labelled_pictures import LabelledPicture


@dataclass(frozen=True)
class _Measured:
    items: tuple[ComparedItem, ...]

    def number(self, name: str, *, general: bool) -> ComparedNumber:
        old, new = (
            sum(getattr(one, which) == one.truth for one in self.items) / len(self.items) for which in ("old", "new")
        )
        return ComparedNumber(name, old, new, general, decides=True)


def compare_classes(improves: Improves, data: Path, new: Path) -> Comparison:
    """See `comparing.compare`. A class that only the new model knows counts, and the old one never finds it."""
    models = (PictureClassifier(Path(improves.bundle)), PictureClassifier(new))
    mine = _Measured(_items(models, _pictures(data, "test"), general=False))
    general = _Measured(())
    if improves.general:
        corrected = contents_of(data)
        listed = [one for one in _canary(Path(improves.general), improves) if one.content not in corrected]
        general = _Measured(_items(models, listed[:MOST_GENERAL], general=True))
    numbers = [mine.number("accuracy", general=False)] if mine.items else []
    if general.items:
        name = "accuracy" if improves.by_people else "agreement with the old model"
        numbers.append(general.number(name, general=True))
    shown = examples((*mine.items, *general.items))
    return Comparison(improves.model, new.name, len(mine.items), len(general.items), tuple(numbers), shown)


def _pictures(folder: Path, split: str) -> tuple[LabelledPicture, ...]:
    return read_labelled_pictures(folder, no_progress, fewest=0, carve=False).of_split(split)


def _canary(folder: Path, improves: Improves) -> list[LabelledPicture]:
    """Return general pictures that no model was trained on, in an order that is always the same."""
    listed = read_labelled_pictures(folder, no_progress, fewest=0, carve=improves.by_people).of_split("test")
    return sorted(listed, key=lambda one: one.content)


def _items(
    models: tuple[PictureClassifier, PictureClassifier], pictures: Sequence[LabelledPicture], *, general: bool
) -> tuple[ComparedItem, ...]:
    found = []
    for one in pictures:
        try:
            old, new = (_said(model, one) for model in models)
        except (MmbmError, OSError):
            continue
        found.append(ComparedItem(one.source.name, one.label, old, new, general))
    return tuple(found)


def _said(model: PictureClassifier, picture: LabelledPicture) -> str:
    if picture.source.member:
        from mmbm_desktop.inference.pixels import squashed
        from mmbm_desktop.training.data.pictures import Opener

        with Opener() as opened:
            pixels = squashed(opened(picture.source), model.image_rules.size)
    else:
        pixels = load_pixels(picture.source.path, model.image_rules.size, DEFAULT_PIXEL_LIMIT)
    return model.labels[int(model.probabilities([pixels])[0].argmax())]
