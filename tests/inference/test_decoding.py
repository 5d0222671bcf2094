"""Beam search against brute force on a toy model whose every sentence can be listed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from mmbm_desktop.inference.decoding import Candidate, DecodingOptions, decode

EOS = 3
VOCABULARY = 6


class ToyModel:
    """A random model whose next-token logits depend on the whole sentence so far; keeps sentences as its cache."""

    def __init__(self, seed: int, vocabulary: int = VOCABULARY, eos_bonus: float = 0.0) -> None:
        self._seed = seed
        self._vocabulary = vocabulary
        self._eos_bonus = eos_bonus
        self._sentences: list[tuple[int, ...]] | None = None
        self.calls = 0

    def logits(self, sentence: tuple[int, ...]) -> np.ndarray:
        values = np.random.default_rng([self._seed, *sentence]).normal(0, 1.5, self._vocabulary).astype(np.float32)
        values[EOS] += self._eos_bonus
        return values

    def __call__(self, parents: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        before = [()] * len(tokens) if self._sentences is None else self._sentences
        self._sentences = [(*before[parent], int(token)) for parent, token in zip(parents, tokens, strict=True)]
        self.calls += 1
        return np.stack([self.logits(sentence) for sentence in self._sentences])


def log_probability(model: ToyModel, start: int, tokens: tuple[int, ...]) -> float:
    total = 0.0
    for place, token in enumerate(tokens):
        logits = model.logits((start, *tokens[:place])).astype(np.float64)
        total += float(logits[token] - np.log(np.exp(logits).sum()))
    return total


def repeats(tokens: tuple[int, ...], run: int) -> bool:
    runs = [tokens[i : i + run] for i in range(len(tokens) - run + 1)]
    return len(set(runs)) < len(runs)


def every_sentence(model: ToyModel, start: int, options: DecodingOptions) -> list[tuple[float, tuple[int, ...]]]:
    words = [t for t in range(VOCABULARY) if t != EOS and t not in options.banned]
    found = []
    for length in range(options.min_tokens, options.max_tokens + 1):
        for tokens in itertools.product(words, repeat=length):
            if options.no_repeat and repeats(tokens, options.no_repeat):
                continue
            ended = (*tokens, EOS) if length < options.max_tokens else tokens
            total = log_probability(model, start, ended)
            found.append((total / max(1, len(ended)) ** options.length_penalty, tokens))
    return sorted(found, reverse=True)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "options",
    [
        DecodingOptions(beam=5000, max_tokens=3, min_tokens=0, length_penalty=0.0, no_repeat=0, banned=(0, 1), eos=EOS),
        DecodingOptions(beam=5000, max_tokens=4, min_tokens=2, length_penalty=0.7, no_repeat=2, banned=(0,), eos=EOS),
        DecodingOptions(beam=5000, max_tokens=4, min_tokens=1, length_penalty=1.3, no_repeat=3, banned=(0, 1), eos=EOS),
    ],
)
def test_a_beam_wide_enough_finds_what_brute_force_finds(seed: int, options: DecodingOptions) -> None:
    model = ToyModel(seed)
    (found,) = decode(model, [1], options)
    expected = every_sentence(ToyModel(seed), 1, options)
    assert [candidate.tokens for candidate in found[:20]] == [tokens for _, tokens in expected[:20]]
    np.testing.assert_allclose([c.rank for c in found[:20]], [rank for rank, _ in expected[:20]], rtol=1e-5)


def greedy_by_hand(model: ToyModel, start: int, most: int) -> tuple[int, ...]:
    tokens: tuple[int, ...] = ()
    while len(tokens) < most:
        logits = model.logits((start, *tokens))
        logits[0] = -np.inf
        best = int(logits.argmax())
        if best == EOS:
            break
        tokens = (*tokens, best)
    return tokens


@pytest.mark.parametrize("seed", range(10))
def test_a_beam_of_one_is_greedy_search(seed: int) -> None:
    options = DecodingOptions(beam=1, max_tokens=8, min_tokens=0, no_repeat=0, banned=(0,), eos=EOS)
    ((only, *others),) = decode(ToyModel(seed), [1], options)
    assert only.tokens == greedy_by_hand(ToyModel(seed), 1, 8)
    assert not others


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("penalty", [0.0, 0.7, 1.0])
def test_a_wider_beam_is_never_worse_than_greedy_search(seed: int, penalty: float) -> None:
    def best(beam: int) -> Candidate:
        options = DecodingOptions(beam=beam, max_tokens=10, min_tokens=0, length_penalty=penalty, eos=EOS)
        return decode(ToyModel(seed, vocabulary=12), [1], options)[0][0]

    greedy = best(1).rank
    assert all(best(beam).rank >= greedy - 1e-9 for beam in (2, 3, 5))


def test_several_starts_in_one_call_answer_as_each_alone() -> None:
    options = DecodingOptions(beam=3, best=3, max_tokens=7, min_tokens=1, banned=(0,), eos=EOS)
    together = decode(ToyModel(5), [1, 2, 4], options)
    alone = [decode(ToyModel(5), [start], options)[0] for start in (1, 2, 4)]
    assert together == alone


def test_sentences_differ_and_come_best_first() -> None:
    (found,) = decode(ToyModel(1), [1], DecodingOptions(beam=2, best=5, max_tokens=6, min_tokens=0, eos=EOS))
    assert len(found) >= 5
    assert len({candidate.tokens for candidate in found}) == len(found)
    assert [c.rank for c in found] == sorted((c.rank for c in found), reverse=True)


def test_no_sentence_holds_a_banned_token_or_the_same_three_tokens_twice() -> None:
    for seed in range(20):
        options = DecodingOptions(beam=3, best=3, max_tokens=15, no_repeat=3, banned=(0, 1, 2), eos=EOS)
        (found,) = decode(ToyModel(seed, eos_bonus=-4.0), [1], options)
        for candidate in found:
            assert not {0, 1, 2, EOS} & set(candidate.tokens)
            assert not repeats(candidate.tokens, 3)


def test_lengths_keep_their_bounds() -> None:
    short = DecodingOptions(beam=3, max_tokens=5, min_tokens=4, banned=(0,), eos=EOS)
    (found,) = decode(ToyModel(3, eos_bonus=9.0), [1], short)
    assert {len(candidate.tokens) for candidate in found} <= {4, 5}
    (endless,) = decode(ToyModel(3, eos_bonus=-50.0), [1], DecodingOptions(beam=3, max_tokens=5, no_repeat=0, eos=EOS))
    assert {len(candidate.tokens) for candidate in endless} == {5}


def test_a_higher_length_penalty_never_prefers_a_shorter_sentence() -> None:
    for seed in range(10):
        lengths = [
            len(decode(ToyModel(seed), [1], DecodingOptions(9999, 1, 4, 0, penalty, 0, (0,), EOS))[0][0].tokens)
            for penalty in (0.0, 0.5, 1.0)
        ]
        assert lengths == sorted(lengths)


def test_the_score_is_the_geometric_mean_of_the_probabilities() -> None:
    model = ToyModel(2)
    (found,) = decode(model, [1], DecodingOptions(beam=3, max_tokens=12, min_tokens=0, eos=EOS))
    best = next(candidate for candidate in found if candidate.summands == len(candidate.tokens) + 1)
    expected = math.exp(log_probability(model, 1, (*best.tokens, EOS)) / (len(best.tokens) + 1))
    assert best.score == pytest.approx(expected, rel=1e-5)


def test_search_stops_as_soon_as_enough_sentences_have_ended() -> None:
    model = ToyModel(0, eos_bonus=20.0)
    decode(model, [1], DecodingOptions(beam=1, max_tokens=50, min_tokens=2, eos=EOS))
    assert model.calls == 3


def test_when_nothing_may_follow_the_sentence_ends_there() -> None:
    everything = tuple(token for token in range(VOCABULARY) if token != EOS)
    (found,) = decode(ToyModel(0), [1], DecodingOptions(min_tokens=2, banned=everything, eos=EOS))
    assert [candidate.tokens for candidate in found] == [()]
