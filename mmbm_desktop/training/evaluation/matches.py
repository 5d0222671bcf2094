"""What counts as a match: cosines of an image-text bundle beside whether people's sentences say that it is right.

A sentence fits a picture when it agrees with what people wrote of the picture: when its CIDEr-D with their sentences
(Vedantam et al. 2015) reaches a threshold. The threshold of a language is the lower quartile of how much people agree
with each other: three of four sentences that people wrote of a picture agree with the others of it at least that much.
On the val split of Flickr8k that is 0.33 for English words, and 1.2 % of all pairs of a sentence and another's picture
reach it; 0.67 for Chinese characters and 2.8 %. A query's own picture fits it by definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.training.metrics.agreement import Agreement
from mmbm_desktop.training.metrics.words import caption_words

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.training.evaluation.image_text_answers import Said

    Floats = npt.NDArray[np.float32]
    Truths = npt.NDArray[np.bool_]

TOP = 20
"""Hits of a query that are looked at when curves are fitted and checked: about a first screen of the window's grid."""
_QUARTILE = 25


@dataclass(frozen=True)
class Matches:
    """Answers and their truth in one language.

    Attributes:
        cosines: of every query and every picture, (queries, pictures).
        fits: whether the picture shows what the query says, (queries, pictures).
        captions: cosines of every picture and the caption written for it, (pictures,).
        right: whether that caption agrees with people's, (pictures,).
        agreement: the threshold that decided.
    """

    cosines: Floats
    fits: Truths
    captions: Floats
    right: Truths
    agreement: float

    def top(self, count: int = TOP) -> tuple[Floats, Truths]:
        """Return the cosines of each query's best hits and whether they fit, each (queries * hits,)."""
        count = min(count, self.cosines.shape[1])
        best = np.argpartition(-self.cosines, count - 1, axis=1)[:, :count]
        cosines, fits = np.take_along_axis(self.cosines, best, axis=1), np.take_along_axis(self.fits, best, axis=1)
        return cosines.ravel(), fits.ravel()


def matches_of(said: Said, pictures: Floats, language: str, agreement: float | None = None) -> Matches | None:
    """Compare what a bundle says in a language with what people said.

    Args:
        said: the answers in that language.
        pictures: unit vectors, (pictures, E).
        language: how sentences are cut into words.
        agreement: the threshold; None to take it from these pictures' sentences.

    Returns:
        None where there is no threshold and a picture has a single sentence: nobody to agree with.
    """
    references = [[caption_words(text, language) for text in right] for right in said.references]
    people = Agreement(references)
    if agreement is None:
        if people.counts.min() < 2:
            return None
        agreement = _among_people(people, references)
    fits = np.stack([people.with_pictures(words) >= agreement for right in references for words in right])
    fits[np.arange(len(fits)), said.owners] = True
    written = [people.with_pictures(caption_words(text, language))[number] for number, text in enumerate(said.written)]
    captions = (said.captions * pictures).sum(axis=1)
    return Matches(said.queries @ pictures.T, fits, captions, np.array(written) >= agreement, agreement)


def _among_people(people: Agreement, references: list[list[tuple[str, ...]]]) -> float:
    each = [
        people.among_people(picture, number, words)
        for picture, right in enumerate(references)
        for number, words in enumerate(right)
    ]
    return float(np.percentile(each, _QUARTILE))
