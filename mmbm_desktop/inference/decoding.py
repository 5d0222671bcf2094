"""Greedy and beam search over any function that scores the next token. Knows no model, no session and no text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]


class Step(Protocol):
    """One step of a decoder that keeps its own caches, one for each row."""

    def __call__(self, parents: Ints, tokens: Ints) -> Floats:
        """Return the next token's logits, shape (rows, vocabulary).

        Args:
            parents: shape (rows,): which row of the call before each row goes on from; its cache is to be copied. In
                the first call: the index of the row's start token.
            tokens: shape (rows,): the token each row has taken.
        """
        ...


@dataclass(frozen=True)
class DecodingOptions:
    """How a sentence is looked for."""

    beam: int = 3  # 1 is greedy; beyond 4 captions get shorter and duller, not better
    best: int = 1  # how many different sentences are wanted; widens the beam where it is narrower
    max_tokens: int = 24  # a bound on time: longer captions repeat themselves
    min_tokens: int = 3  # an empty caption is always the likeliest of an unsure model
    length_penalty: float = 0.7  # 0 prefers short sentences, 1 judges by the mean log-probability alone
    no_repeat: int = 3  # no run of so many tokens twice, small models loop; 0 allows it
    banned: tuple[int, ...] = ()  # padding, starts and the unknown are never words of an answer
    eos: int = 3  # the vocabulary's mark of the end

    @property
    def width(self) -> int:
        """How many unfinished sentences are followed at once."""
        return max(self.beam, self.best)


@dataclass(frozen=True)
class Candidate:
    """A sentence: its tokens without the marks of start and end, and the sum of all log-probabilities, the end's too.

    `rank` is what sentences are compared by: the sum over a power of the number of summands, the length penalty.
    """

    tokens: tuple[int, ...]
    log_probability: float
    summands: int
    rank: float

    @property
    def score(self) -> float:
        """exp(mean log-probability), 0..1."""
        return float(np.exp(self.log_probability / max(1, self.summands)))


def decode(step: Step, starts: Sequence[int], options: DecodingOptions) -> list[list[Candidate]]:
    """Return, for each start token, its sentences, best first; all starts share every call of `step`.

    Beam search after Graves, "Sequence Transduction with Recurrent Neural Networks", 2012, with two rules: a sentence
    ends only where its end is among the `width` likeliest continuations, and the greedy sentence is never dropped,
    so that a beam is never worse than greedy search, and a beam of one is greedy search.
    """
    searches = [_Search(options) for _ in starts]
    parents, tokens = np.arange(len(starts)), np.asarray(starts, np.int64)
    while len(tokens):
        log_probabilities = _log_softmax(step(parents, tokens))
        next_parents: list[int] = []
        next_tokens: list[int] = []
        first = 0
        for search in (s for s in searches if s.rows):
            rows = len(search.rows)
            search.advance(log_probabilities[first : first + rows])
            next_parents += [first + row.parent for row in search.rows]
            next_tokens += [row.tokens[-1] for row in search.rows]
            first += rows
        parents, tokens = np.asarray(next_parents, np.int64), np.asarray(next_tokens, np.int64)
    return [sorted(search.finished, key=lambda c: c.rank, reverse=True) for search in searches]


@dataclass(frozen=True)
class _Row:
    tokens: tuple[int, ...] = ()
    log_probability: float = 0.0
    parent: int = 0
    greedy: bool = True


@dataclass
class _Search:
    """The unfinished (`rows`) and finished sentences of one start token."""

    options: DecodingOptions
    rows: list[_Row] = field(default_factory=lambda: [_Row()])
    finished: list[Candidate] = field(default_factory=list)

    def advance(self, log_probabilities: Floats) -> None:
        """Go on by one token, given its log-probabilities, shape (rows, vocabulary); at the end `rows` is empty."""
        allowed = self._allowed(log_probabilities)
        sums = allowed + np.array([[row.log_probability] for row in self.rows])
        greedy = next((i * sums.shape[1] + int(allowed[i].argmax()) for i, r in enumerate(self.rows) if r.greedy), -1)
        order = [int(flat) for flat in _largest(sums.ravel(), 2 * self.options.width)]
        going_on: list[_Row] = []
        for place, flat in enumerate(order if greedy in order or greedy < 0 else [*order, greedy]):
            row, token = divmod(flat, sums.shape[1])
            total = float(sums[row, token])
            if total == -np.inf:
                continue
            if token != self.options.eos:
                going_on.append(_Row((*self.rows[row].tokens, token), total, row, flat == greedy))
            elif place < self.options.width or flat == greedy:
                self._finish(self.rows[row].tokens, total, ended=True)
        self._keep(going_on)

    def _keep(self, going_on: list[_Row]) -> None:
        width = self.options.width
        greedy = next((row for row in going_on if row.greedy), None)
        kept = going_on[:width]
        if greedy and greedy not in kept:
            kept[-1] = greedy
        if len(self.finished) >= width and not greedy:
            self.rows = []
        elif kept and len(kept[0].tokens) < self.options.max_tokens:
            self.rows = kept
        else:
            for row in kept or (() if self.finished else self.rows):
                self._finish(row.tokens, row.log_probability, ended=False)
            self.rows = []

    def _finish(self, tokens: tuple[int, ...], total: float, *, ended: bool) -> None:
        summands = len(tokens) + ended
        rank = total / max(1, summands) ** self.options.length_penalty
        self.finished.append(Candidate(tokens, total, summands, rank))

    def _allowed(self, log_probabilities: Floats) -> npt.NDArray[np.float64]:
        """Return a copy in which what may not follow is impossible."""
        allowed = log_probabilities.astype(np.float64)
        allowed[:, list(self.options.banned)] = -np.inf
        if len(self.rows[0].tokens) < self.options.min_tokens:
            allowed[:, self.options.eos] = -np.inf
        for row, scores in zip(self.rows, allowed, strict=True):
            scores[_repeating(row.tokens, self.options.no_repeat)] = -np.inf
        return allowed


def _repeating(tokens: tuple[int, ...], run: int) -> list[int]:
    """Return the tokens that would complete a run of `run` tokens that is already in `tokens`."""
    if not run or len(tokens) < run:
        return []
    last = tokens[len(tokens) - run + 1 :]
    return [tokens[i + run - 1] for i in range(len(tokens) - run + 1) if tokens[i : i + run - 1] == last]


def _largest(values: npt.NDArray[np.float64], count: int) -> Ints:
    """Return the places of the `count` largest values, largest first, equal ones in order."""
    if count < len(values):
        edge = np.partition(values, -count)[-count]
        places = np.flatnonzero(values >= edge)
    else:
        places = np.arange(len(values))
    return places[np.argsort(-values[places], kind="stable")][:count]


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
