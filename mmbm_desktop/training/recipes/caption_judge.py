"""What captions of the train split's pictures are worth: their CIDEr-D with what people wrote of the same picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.training.metrics.cider import CiderD
from mmbm_desktop.training.metrics.words import caption_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from tokenizers import Tokenizer

    from mmbm_desktop.networks.image_text_config import TextRules
    from mmbm_desktop.training.data.captioned import CaptionedPicture

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int32]

END = "</s>"
"""Counted as a word of its own: without it captions that stop in the middle ("a dog runs through the") pay off."""


class Judge:
    """Scores rows of ids against the references of pictures, whose n-grams are counted once."""

    def __init__(
        self,
        pictures: Sequence[CaptionedPicture],
        languages: Sequence[str],
        tokenizer: Tokenizer,
        rules: TextRules,
    ) -> None:
        """Weigh the references; document frequencies come from these pictures, which are the train split's."""
        self._tokenizer, self._rules = tokenizer, rules
        self._languages: Mapping[int, str] = {rules.bos_en: "en", rules.bos_zh: "zh"}
        self._measures = {
            language: CiderD([[_ended(text, language) for text in picture.captions[language]] for picture in pictures])
            for language in languages
        }

    def rewards(self, pictures: npt.NDArray[np.int64], ids: Ints) -> Floats:
        """Return the CIDEr-D, 0 to 10, of each row of ids (R, T) with the references of its picture, (R,)."""
        rows = zip(pictures.tolist(), ids, strict=True)
        return np.array([self._reward(picture, row) for picture, row in rows], np.float32)

    def _reward(self, picture: int, row: Ints) -> float:
        language = self._languages[int(row[0])]
        words = caption_words(self.text(row), language)
        ended = self._rules.eos in row
        return self._measures[language].score(picture, (*words, END) if ended else words)

    def text(self, row: Ints) -> str:
        """Return the words of a row of ids."""
        return self._tokenizer.decode(row.tolist(), skip_special_tokens=True)


def _ended(text: str, language: str) -> tuple[str, ...]:
    return (*caption_words(text, language), END)
