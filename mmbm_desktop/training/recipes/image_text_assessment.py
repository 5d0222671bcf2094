"""A published image-text bundle on the test split of its run's data, as a run's report shows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.protocol.training import Assessment, Sample
from mmbm_desktop.training.data.captioned import of_split, read_captioned
from mmbm_desktop.training.evaluation.image_text import evaluate_image_text
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.metrics.cider import SCALE, CiderD
from mmbm_desktop.training.metrics.words import caption_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmbm_desktop.training.data.captioned import CaptionedPicture

_SPLIT = "test"
_SHOWN = 60


def assess_image_text(bundle: Path, data: str) -> Assessment | None:
    """Measure a bundle on the test split; None where the data have no readable picture in it.

    The samples are those whose caption agrees least with people's (CIDEr-D), in the first language of the bundle.
    """
    try:
        found = evaluate_image_text(Measuring(bundle, Path(data), _SPLIT))
    except InputFault as fault:
        if fault.code is ErrorCode.DATASET_INVALID:
            return None
        raise
    pictures = {picture.path.name: picture for picture in of_split(read_captioned(Path(data)), _SPLIT)}
    samples = _samples(pictures, found.answers)
    return Assessment(_SPLIT, found.items, dict(found.numbers), samples=samples)


def _samples(pictures: Mapping[str, CaptionedPicture], answers: Mapping[str, Mapping[str, str]]) -> tuple[Sample, ...]:
    language, written = next(iter(answers.items()))
    said = {name: pictures[name].captions[language] for name in written}
    measure = CiderD([[caption_words(text, language) for text in right] for right in said.values()])
    samples = [
        Sample("picture", str(pictures[name].path), right[0], written[name], score)
        for place, (name, right) in enumerate(said.items())
        for score in (measure.score(place, caption_words(written[name], language)) / SCALE,)
    ]
    return tuple(sorted(samples, key=lambda sample: sample.score)[:_SHOWN])
