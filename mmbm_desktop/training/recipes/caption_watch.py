"""Greedy captions of val pictures while a decoder learns: how good, how long and how varied they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.inference.tidy import tidy_caption
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.protocol.training import Sample
from mmbm_desktop.training.data.captioned import of_split
from mmbm_desktop.training.metrics.cider import SCALE, CiderD
from mmbm_desktop.training.metrics.words import caption_words

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.training.recipes.caption_sampling import Writer
    from mmbm_desktop.training.recipes.image_text_data import ImageTextData

_MOST = 500
"""Pictures that are captioned each time."""
_AT_ONCE = 50
_SHOWN = 6


class CaptionWatch:
    """Captions the same val pictures again and again. Their features are kept: the image encoder must not learn."""

    def __init__(self, writer: Writer, data: ImageTextData) -> None:
        """Take the first pictures of the val split."""
        self._writer, self._network, self._data = writer, writer.network, data
        self._pictures = of_split(data.kept, "val")[:_MOST]
        self._features: npt.NDArray[np.float32] | None = None
        self._measures = {
            language: CiderD([[caption_words(t, language) for t in p.captions[language]] for p in self._pictures])
            for language in data.languages
        }
        self._marks = {"en": writer.network.config.rules.bos_en, "zh": writer.network.config.rules.bos_zh}

    def numbers(self) -> dict[str, float]:
        """Return, for each language, CIDEr-D, words a caption and the share of different ones; `score` is the mean."""
        found: dict[str, float] = {}
        for language, measure in self._measures.items():
            words = [caption_words(text, language) for text in self._written(language)]
            found[f"CIDEr-D {language}"] = float(np.mean([measure.score(i, one) for i, one in enumerate(words)]))
            found[f"words {language}"] = float(np.mean([len(one) for one in words]))
            found[f"different {language}"] = len(set(words)) / len(words)
        scores = [found[f"CIDEr-D {language}"] for language in self._data.languages]
        return {"score": float(np.mean(scores)), **found}

    def samples(self) -> tuple[Sample, ...]:
        """Return the first val pictures with their captions in every language; `score` is the mean CIDEr-D over 10."""
        written = {language: self._written(language, _SHOWN) for language in self._data.languages}
        return tuple(
            Sample(
                kind="picture",
                source=str(picture.path),
                truth=" / ".join(picture.captions[language][0] for language in written),
                guess=" / ".join(tidy_caption(texts[place], language) for language, texts in written.items()),
                score=self._agreement(place, {language: texts[place] for language, texts in written.items()}),
            )
            for place, picture in enumerate(self._pictures[:_SHOWN])
        )

    def _agreement(self, place: int, written: dict[str, str]) -> float:
        scores = [self._measures[name].score(place, caption_words(text, name)) for name, text in written.items()]
        return float(np.mean(scores)) / SCALE

    def _written(self, language: str, most: int | None = None) -> list[str]:
        features = self._encoded()[:most]
        ids = self._writer.write(features, np.full(len(features), self._marks[language], np.int32))
        return [self._data.tokenizer.decode(row.tolist(), skip_special_tokens=True) for row in ids]

    def _encoded(self) -> npt.NDArray[np.float32]:
        if self._features is None:
            rows = self._data.splits["val"].rows[:_MOST]
            size, encoder = self._network.config.image_size, self._network.image_encoder
            parts = [rows[i : i + _AT_ONCE] for i in range(0, len(rows), _AT_ONCE)]
            encoded = [encoder(self._data.squares(part, size), training=False)["features"] for part in parts]
            self._features = np.concatenate([to_numpy(one) for one in encoded])
        return self._features
