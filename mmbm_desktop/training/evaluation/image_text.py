"""Search in both directions, captions and probabilities of an image-text bundle, on captioned pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.training.calibration import calibration_numbers
from mmbm_desktop.training.evaluation.image_text_answers import answers_of
from mmbm_desktop.training.evaluation.interface import Evaluation
from mmbm_desktop.training.metrics.bleu import corpus_bleu
from mmbm_desktop.training.metrics.cider import cider_d
from mmbm_desktop.training.metrics.recall import image_to_text, text_to_image
from mmbm_desktop.training.metrics.words import caption_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.training.evaluation.image_text_answers import Answers, Said
    from mmbm_desktop.training.evaluation.interface import Measuring

    Floats = npt.NDArray[np.float32]

KS = (1, 5, 10)


def evaluate_image_text(measuring: Measuring) -> Evaluation:
    """Measure search in both directions and captions in every language that all pictures of the split have.

    A calibrated bundle's probabilities are compared with what people wrote, too; see `training.calibration`.

    Raises:
        InputFault: `read_captioned` cannot read the data folder, or it has no readable picture in that split.
        EnvironmentFault: the bundle is damaged.
    """
    opened = ImageTextBundle(measuring.bundle)
    return evaluation_of(opened, answers_of(opened, measuring))


def evaluation_of(opened: ImageTextBundle, answers: Answers) -> Evaluation:
    """Return the numbers of what a bundle said."""
    numbers: dict[str, float] = {}
    for language, said in answers.said.items():
        numbers |= _search_numbers(said, answers.pictures, language) | _caption_numbers(said, language)
    kept, tables = calibration_numbers(opened, answers)
    captions = {
        language: dict(zip(answers.names, said.written, strict=True)) for language, said in answers.said.items()
    }
    return Evaluation(numbers | kept, len(answers.names), answers.unreadable, captions, tables)


def _search_numbers(said: Said, pictures: Floats, language: str) -> dict[str, float]:
    name = {"en": "English", "zh": "Chinese"}[language]
    to_image = text_to_image(pictures, said.queries, said.owners, KS)
    to_text = image_to_text(pictures, said.queries, said.owners, KS)
    found = {f"text-to-image R@{k}, {name}": value for k, value in to_image.items()}
    return found | {f"image-to-text R@{k}, {name}": value for k, value in to_text.items()}


def _caption_numbers(said: Said, language: str) -> dict[str, float]:
    ours = [caption_words(text, language) for text in said.written]
    right = [[caption_words(text, language) for text in texts] for texts in said.references]
    name = {"en": "English", "zh": "Chinese, by character"}[language]
    return {f"CIDEr-D, {name}": cider_d(ours, right), f"BLEU-4, {name}": corpus_bleu(ours, right)}
