"""Assesses a published bundle on the test split of its data: the numbers of `evaluate`, with samples and classes."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.inference.chrf import corpus_chrf
from mmbm_desktop.inference.word_errors import aligned_words, word_error_rate
from mmbm_desktop.protocol.languages import language_of
from mmbm_desktop.protocol.training import Assessment, Believed, Sample, WordChange
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.metrics.classes import class_numbers, confusions
from mmbm_desktop.training.metrics.reliability import reliability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

SPLIT = "test"
_SHOWN, _OF_A_CELL, _MOST_CHANGES = 24, 8, 200
_MOST = {"pictures": 1000, "pairs": 500}
"""A report need not take longer than the training."""


def where_there_is_one(assess: Callable[[Measuring], Assessment], bundle: Path, data: str) -> Assessment | None:
    """Return an assessment on the test split; None where the data have none, or are gone.

    Raises:
        MmbmError: the bundle is damaged.
    """
    try:
        return assess(Measuring(bundle, Path(data), SPLIT))
    except InputFault as error:
        if error.code is ErrorCode.DATASET_INVALID:
            return None
        raise


def surprising(samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """Return some samples: wrong and sure ones first, right and sure ones last; others by score, low ones first."""

    def order(sample: Sample) -> tuple[bool, float]:
        return (sample.right is True, -sample.score if sample.right is False else sample.score)

    return tuple(sorted(samples, key=order)[:_SHOWN])


def surprising_and_of_cells(
    samples: Iterable[Sample], cells: Callable[[Sample], Iterable[tuple[str, str]]]
) -> tuple[Sample, ...]:
    """Return the most surprising samples, then some more of every cell of a table, to be looked at.

    Args:
        samples: all of them.
        cells: says in which cells one counts.
    """
    every = tuple(samples)
    first = surprising(every)
    counts = Counter(cell for one in first for cell in cells(one))
    more, known = [], set(map(id, first))
    for one in every:
        if id(one) not in known and any(counts[cell] < _OF_A_CELL for cell in cells(one)):
            counts.update(cells(one))
            more.append(one)
    return (*first, *more)


def of_the_matrix(sample: Sample) -> tuple[tuple[str, str]]:
    """Return the cell of the confusion matrix that a sample counts in."""
    return ((sample.truth, sample.guess),)


def changed_words(sample: Sample) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a transcript that differ, (said, written), each once."""
    return tuple(dict.fromkeys((said, written) for said, written in sample.words if said != written))


def word_changes(samples: Iterable[Sample]) -> tuple[WordChange, ...]:
    """Count words taken for others, left out and made up, the most frequent first; what is rare is left away."""
    pairs = Counter((said, written) for one in samples for said, written in one.words if said != written)
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return tuple(WordChange(said, written, count) for (said, written), count in ordered[:_MOST_CHANGES])


def believed(probable: npt.NDArray[np.floating], right: npt.NDArray[np.bool_]) -> tuple[Believed, ...]:
    """Return how far probabilities, (N,), can be believed, by tenths of what was said."""
    bins = reliability(probable, right).bins
    return tuple(Believed(one.count, round(one.predicted, 4), round(one.observed, 4)) for one in bins)


def agreement(guess: str, truths: Sequence[str]) -> float:
    """Return the chrF of a text with the nearest of some others, 0..1."""
    return round(max((corpus_chrf([guess], [truth]) for truth in truths), default=0.0), 4)


def of_classes(
    split: str,
    labels: Sequence[str],
    truth: npt.NDArray[np.integer],
    scores: npt.NDArray[np.floating],
    samples: Iterable[Sample],
) -> Assessment:
    """Return the assessment of whoever tells classes apart.

    Args:
        split: which items these are.
        labels: of the classes.
        truth: numbers of the right classes, (N,).
        scores: of the classes, (N, classes).
        samples: all items.
    """
    guesses = scores.argmax(axis=1)
    classes = class_numbers(labels, truth, scores)
    present = [one for one in classes if one.items]
    numbers = {"accuracy": float((guesses == truth).mean()), "mean F1": float(np.mean([one.f1 for one in present]))}
    table = confusions(truth, guesses, len(labels))
    kept = surprising_and_of_cells(samples, of_the_matrix)
    return Assessment(split, len(truth), numbers, classes, tuple(labels), table, kept)


def assess_sounds(measuring: Measuring) -> Assessment:
    """Choose among the sounds of the split that the bundle knows.

    Raises:
        InputFault: see `evaluate_sounds`.
    """
    from mmbm_desktop.training.evaluation.sounds import evaluation_of, heard_sounds

    heard = heard_sounds(measuring)
    found = of_classes(measuring.split, heard.classes, heard.truth, heard.among_classes, heard.samples())
    numbers = {**evaluation_of(heard, measuring).numbers, **found.numbers}
    kept = {name: value for name, value in numbers.items() if not name.startswith("F1 of ")}
    right = heard.among_classes.argmax(axis=1) == heard.truth
    return dataclasses.replace(found, numbers=kept, believed=believed(heard.among_classes.max(axis=1), right))


def assess_captions(measuring: Measuring, start: Path | None = None) -> Assessment:
    """Caption and find pictures as people do.

    Args:
        measuring: what, and on which pictures.
        start: the bundle that was gone on from, to be measured on the same pictures.

    Raises:
        InputFault: see `evaluate_image_text`.
    """
    numbers, items, samples = _captioned(measuring)
    if start is None:
        return Assessment(measuring.split, items, numbers, samples=_of_each_language(samples))
    before, _, old = _captioned(dataclasses.replace(measuring, bundle=start))
    said = {(one.source, one.truth): one.guess for one in old}
    samples = [dataclasses.replace(one, before=said.get((one.source, one.truth), "")) for one in samples]
    return Assessment(measuring.split, items, numbers, samples=_of_each_language(samples), before=before)


def _of_each_language(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """Return the most surprising samples of each language in turn: scores of two languages cannot be compared."""
    kinds: dict[str | None, list[Sample]] = {}
    for one in samples:
        kinds.setdefault(language_of(one.truth), []).append(one)
    sorted_in = [surprising(some) for some in kinds.values()]
    turns = (some[place] for place in range(_SHOWN) for some in sorted_in if place < len(some))
    return tuple(turns)[:_SHOWN]


def _captioned(measuring: Measuring) -> tuple[dict[str, float], int, list[Sample]]:
    """Return the numbers of a bundle, of how many pictures, and every caption."""
    from mmbm_desktop.inference.image_text import ImageTextBundle
    from mmbm_desktop.training.evaluation.image_text import evaluation_of
    from mmbm_desktop.training.evaluation.image_text_answers import answers_of

    opened = ImageTextBundle(measuring.bundle)
    limited = Measuring(measuring.bundle, measuring.data, measuring.split, _MOST["pictures"], measuring.beam)
    answers = answers_of(opened, limited)
    found = evaluation_of(opened, answers)
    samples = [
        Sample("picture", path, truths[0], guess, agreement(guess, truths))
        for said in answers.said.values()
        for path, truths, guess in zip(answers.paths, said.references, said.written, strict=True)
    ]
    return found.numbers, found.items, samples


def assess_speech(measuring: Measuring) -> Assessment:
    """Write down clips, and count which words were taken for others, left out and made up.

    Raises:
        InputFault: see `evaluate_speech_commands`.
    """
    from mmbm_desktop.training.evaluation.speech_commands import evaluation_of, written_clips

    heard, written = written_clips(measuring)
    found = evaluation_of(heard, written)
    said = [clip.text for clip in heard.clips]
    pairs = [aligned_words(truth, guess) for truth, guess in zip(said, written, strict=True)]
    samples = []
    for clip, guess, words in zip(heard.clips, written, pairs, strict=True):
        score, right = _word_agreement(clip.text, guess), clip.text == guess
        samples.append(Sample("recording", str(clip.path), clip.text, guess, score, right, words))
    numbers = {**found.numbers, **_kinds(pair for one in pairs for pair in one)}
    kept = surprising_and_of_cells(samples, changed_words)
    return Assessment(measuring.split, found.items, numbers, samples=kept, changes=word_changes(samples))


def _kinds(pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Return how many words of alignments were taken for others, left out and made up."""
    changed = [(bool(truth), bool(guess)) for truth, guess in pairs if truth != guess]
    kinds = {"substitutions": (True, True), "deletions": (True, False), "insertions": (False, True)}
    return {kind: float(changed.count(which)) for kind, which in kinds.items()}


def _word_agreement(truth: str, guess: str) -> float:
    return round(max(0.0, 1.0 - word_error_rate([truth], [guess])), 4)


def assess_translation(measuring: Measuring) -> Assessment:
    """Translate sentences both ways.

    Raises:
        InputFault: see `evaluate_translation`.
    """
    from mmbm_desktop.training.data.pairs import read_pairs
    from mmbm_desktop.training.evaluation.translation import evaluate_translation

    limited = Measuring(measuring.bundle, measuring.data, measuring.split, _MOST["pairs"], measuring.beam)
    found = evaluate_translation(limited)
    pairs = read_pairs(measuring.data).of_split(measuring.split, "sentence")
    samples = []
    for way, written in found.answers.items():
        source, target = way.split("-")
        truths: dict[str, list[str]] = {}
        for pair in pairs:
            truths.setdefault(getattr(pair, source), []).append(getattr(pair, target))
        samples += [
            Sample("text", text, truths[text][0], guess, agreement(guess, truths[text]))
            for text, guess in written.items()
        ]
    return Assessment(measuring.split, found.items, found.numbers, samples=_of_each_language(samples))
