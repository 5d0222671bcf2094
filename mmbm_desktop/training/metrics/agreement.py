"""How much many sentences agree with what people wrote about many pictures: CIDEr-D of all against all."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.training.metrics.cider import LONGEST, SCALE, SIGMA
from mmbm_desktop.training.metrics.words import NGram, ngrams

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]


class Agreement:
    """The references of pictures, indexed by n-gram, so that a sentence meets only those that share something with it.

    The numbers are those of `cider.cider_d` (Vedantam et al. 2015) for one sentence and one reference; document
    frequencies come from the references, one document a picture.
    """

    def __init__(self, references: Sequence[Sequence[Sequence[str]]]) -> None:
        """Index the words of each picture's references, at least one each."""
        self.counts = np.array([len(right) for right in references])
        self._first = np.concatenate([[0], np.cumsum(self.counts)[:-1]])
        self._documents = Counter(g for right in references for g in {g for w in right for g in ngrams(w, LONGEST)})
        self._log_count = math.log(max(len(references), 1))
        every = [words for right in references for words in right]
        self._lengths = np.array([_length(words) for words in every])
        found: dict[NGram, list[tuple[int, float, float]]] = {}
        for number, words in enumerate(every):
            vector, norms = self._vector(words)
            for gram, weight in vector.items():
                found.setdefault(gram, []).append((number, weight, weight / norms[len(gram)]))
        self._index = {gram: _columns(entries) for gram, entries in found.items()}

    def with_each(self, words: Sequence[str]) -> Floats:
        """Return the CIDEr-D of a sentence and every single reference, shape (references,), picture after picture."""
        vector, norms = self._vector(words)
        total = np.zeros(len(self._lengths))
        for gram, weight in vector.items():
            if gram in self._index:
                numbers, weights, shares = self._index[gram]
                total[numbers] += np.minimum(weight, weights) * shares / norms[len(gram)]
        penalty = np.exp(-((_length(words) - self._lengths) ** 2) / (2 * SIGMA**2))
        return (SCALE * total / LONGEST * penalty).astype(np.float32)

    def with_pictures(self, words: Sequence[str]) -> Floats:
        """Return the CIDEr-D of a sentence and the references of every picture, shape (pictures,)."""
        return (np.add.reduceat(self.with_each(words), self._first) / self.counts).astype(np.float32)

    def among_people(self, picture: int, sentence: int, words: Sequence[str]) -> float:
        """Return how much a picture's own sentence agrees with the others of it, of which there must be one."""
        first, count = int(self._first[picture]), int(self.counts[picture])
        own = self.with_each(words)[first : first + count]
        return float((own.sum() - own[sentence]) / (count - 1))

    def _vector(self, words: Sequence[str]) -> tuple[dict[NGram, float], dict[int, float]]:
        """Return the weights of a sentence's n-grams, those that weigh nothing left out, and their norms by n."""
        vector = {
            gram: weight
            for gram, count in ngrams(words, LONGEST).items()
            if (weight := count * (self._log_count - math.log(max(1, self._documents[gram]))))
        }
        squares = dict.fromkeys(range(1, LONGEST + 1), 0.0)
        for gram, weight in vector.items():
            squares[len(gram)] += weight**2
        return vector, {n: math.sqrt(square) for n, square in squares.items()}


def _length(words: Sequence[str]) -> int:
    return max(len(words) - 1, 0)


def _columns(entries: Sequence[tuple[int, float, float]]) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    numbers, weights, shares = zip(*entries, strict=True)
    return np.array(numbers), np.array(weights), np.array(shares)
