"""The data of a translation run: pairs as rows of ids, those of a similar length together."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.inference.spelling import Spelling
from mmbm_desktop.training.data.names import usual_spellings
from mmbm_desktop.training.data.pairs import read_pairs
from mmbm_desktop.training.pair_tokenizer import train_pair_tokenizer
from mmbm_desktop.training.tokenizer import encode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from tokenizers import Tokenizer

    from mmbm_desktop.training.data.pairs import Kind, Pair, ParallelText

    Ids = npt.NDArray[np.int32]

_LENGTHS = (7, 9, 11, 13, 15, 18, 22, 26)
"""Rows are padded to one of these or to the network's longest: few shapes, little padding."""
_TYPICAL_LENGTH = 12
_CAPTIONS_FOR_VOCABULARY = 6
"""Every sixth caption, so that people in the street do not fill the vocabulary."""


@dataclass(frozen=True)
class Group:
    """The train pairs that fit a length.

    Attributes:
        en: int32 ids, (pairs, length).
        zh: the same for Chinese.
        always: how many of the pairs, the first ones, belong to every epoch.
        sometimes: for each further stretch of pairs, where it begins, where it ends, and how many an epoch takes of it.
    """

    en: Ids
    zh: Ids
    always: int
    sometimes: tuple[tuple[int, int, int], ...]

    @property
    def length(self) -> int:
        """Tokens of a row."""
        return self.en.shape[1]

    @property
    def per_epoch(self) -> int:
        """Pairs of an epoch."""
        return self.always + sum(taken for _, _, taken in self.sometimes)

    def chosen(self, seed: int, epoch: int) -> npt.NDArray[np.int64]:
        """Return an epoch's rows in a random order; what is taken sometimes comes round in turn."""
        rows = [np.arange(self.always)]
        for first, last, taken in self.sometimes:
            turn = np.random.default_rng((seed, first)).permutation(np.arange(first, last))
            rows.append(turn[np.arange(epoch * taken, (epoch + 1) * taken) % (last - first)])
        return np.random.default_rng((seed, epoch, self.length)).permutation(np.concatenate(rows))

    def size(self, batch: int) -> int:
        """Return the pairs of a batch, so that every batch has about as many tokens as `batch` typical ones."""
        return max(1, batch * _TYPICAL_LENGTH // self.length)

    def steps(self, batch: int) -> int:
        """Return the batches of an epoch."""
        return -(-self.per_epoch // self.size(batch))


@dataclass(frozen=True)
class TranslationData:
    """All of a run's data.

    Attributes:
        tokenizer: learned from the train split.
        spelling: the same, and the characters that were simplified.
        groups: the train pairs by length, shortest first.
        val: the sentence pairs that check the training.
        counts: train pairs of each kind.
    """

    tokenizer: Tokenizer
    spelling: Spelling
    groups: tuple[Group, ...]
    val: tuple[Pair, ...]
    counts: Mapping[Kind, int]


def load_translation_data(folder: Path, vocab: int, max_tokens: int, per_epoch: Mapping[Kind, int]) -> TranslationData:
    """Read and encode everything a run needs.

    Args:
        folder: with the tables, see `training.data.pairs`.
        vocab: most entries of the tokenizer.
        max_tokens: longest row; pairs that do not fit are left out.
        per_epoch: captions and words of an epoch; sentences belong to every one.

    Raises:
        InputFault: the folder cannot be trained on; the error says why.
    """
    text = read_pairs(folder)
    train = pairs_to_learn(text, per_epoch)
    tokenizer = learned_tokenizer(train, vocab)
    groups, counts = _groups(train, tokenizer, max_tokens, per_epoch)
    val = text.of_split("val", "sentence")
    if not groups:
        raise InputFault(ErrorCode.DATASET_INVALID, "no short pair", path=str(folder), reason="too-few-pairs")
    return TranslationData(tokenizer, Spelling(_names(text), text.simplified), groups, val, counts)


def pairs_to_learn(text: ParallelText, per_epoch: Mapping[Kind, int]) -> list[Pair]:
    """Return the train pairs of the kinds that an epoch takes any of."""
    return [pair for pair in text.of_split("train") if pair.kind == "sentence" or per_epoch.get(pair.kind, 0)]


def learned_tokenizer(train: Sequence[Pair], vocab: int) -> Tokenizer:
    """Return a tokenizer of at most so many entries, learned from train pairs."""
    return train_pair_tokenizer(_vocabulary_texts(train), vocab)


def pair_lengths(tokenizer: Tokenizer, pairs: Sequence[Pair], max_tokens: int) -> npt.NDArray[np.int64]:
    """Return the length of each pair's longer side with its marks, (pairs,); `max_tokens` + 1 for what does not fit."""
    en, zh = (encode(tokenizer, [getattr(p, side) for p in pairs], max_tokens + 1) for side in ("en", "zh"))
    return np.maximum((en != 0).sum(1), (zh != 0).sum(1))


def _names(text: ParallelText) -> dict[str, str]:
    sentences, words = text.of_split("train", "sentence"), text.of_split("train", "word")
    return usual_spellings([pair.en for pair in sentences], [*(p.zh for p in sentences), *(p.en for p in words)])


def _vocabulary_texts(train: Sequence[Pair]) -> list[str]:
    captions = [pair for pair in train if pair.kind == "caption"][::_CAPTIONS_FOR_VOCABULARY]
    others = [pair for pair in train if pair.kind != "caption"]
    return [text for pair in (*others, *captions) for text in (pair.en, pair.zh)]


def _groups(
    train: Sequence[Pair], tokenizer: Tokenizer, max_tokens: int, per_epoch: Mapping[Kind, int]
) -> tuple[tuple[Group, ...], dict[Kind, int]]:
    kinds: tuple[Kind, ...] = ("sentence", "caption", "word")
    rows: dict[Kind, tuple[Ids, Ids]] = {}
    longest: dict[Kind, npt.NDArray[np.int64]] = {}
    for kind in kinds:
        chosen = [pair for pair in train if pair.kind == kind]
        en, zh = (encode(tokenizer, [getattr(p, side) for p in chosen], max_tokens + 1) for side in ("en", "zh"))
        longest[kind] = np.maximum((en != 0).sum(1), (zh != 0).sum(1))
        rows[kind] = en, zh
    counts: dict[Kind, int] = {kind: int((longest[kind] <= max_tokens).sum()) for kind in kinds}
    shares: dict[Kind, float] = {kind: per_epoch.get(kind, 0) / max(1, counts[kind]) for kind in kinds}
    edges = [0, *(length for length in _LENGTHS if length < max_tokens), max_tokens]
    groups = []
    for low, high in itertools.pairwise(edges):
        fits = {kind: np.flatnonzero((longest[kind] > low) & (longest[kind] <= high)) for kind in kinds}
        group = _group({kind: tuple(ids[fits[kind], :high] for ids in rows[kind]) for kind in kinds}, shares)
        if group.per_epoch:
            groups.append(group)
    return tuple(groups), counts


def _group(parts: Mapping[Kind, tuple[Ids, ...]], shares: Mapping[Kind, float]) -> Group:
    sometimes = []
    first = always = len(parts["sentence"][0])
    for kind in ("caption", "word"):
        count = len(parts[kind][0])
        taken = min(count, round(count * shares[kind]))
        if taken:
            sometimes.append((first, first + count, taken))
        first += count
    en, zh = (np.concatenate([part[side] for part in parts.values()]) for side in (0, 1))
    return Group(en, zh, always, tuple(sometimes))
