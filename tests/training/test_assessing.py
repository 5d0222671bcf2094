"""Numbers of classes, surprises and word changes, checked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.inference.word_errors import aligned_words
from mmbm_desktop.protocol.training import Assessment, Believed, Sample, WordChange
from mmbm_desktop.training.evaluation.assessing import (
    agreement,
    believed,
    changed_words,
    of_classes,
    of_the_matrix,
    surprising,
    surprising_and_of_cells,
    where_there_is_one,
    word_changes,
)
from mmbm_desktop.training.metrics.classes import auroc, class_numbers, confusions

TRUTH = np.array([0, 0, 0, 1, 1, 2])
SCORES = np.array(
    [[0.9, 0.1, 0.0], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.8, 0.1], [0.5, 0.4, 0.1], [0.2, 0.5, 0.3]]
)


def test_every_class_has_its_numbers():
    cat, dog, owl = class_numbers(("cat", "dog", "owl"), TRUTH, SCORES)
    assert (cat.items, cat.precision, cat.recall) == (3, pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (dog.precision, dog.recall, dog.f1) == (pytest.approx(1 / 3), 0.5, pytest.approx(0.4))
    assert (owl.precision, owl.recall, owl.f1, owl.auroc) == (0, 0, 0, 1.0)
    assert confusions(TRUTH, SCORES.argmax(1), 3) == ((2, 1, 0), (1, 1, 0), (0, 1, 0))


def test_auroc_counts_pairs_and_halves_ties():
    right = np.array([True, True, False, False])
    assert auroc(np.array([0.9, 0.4, 0.5, 0.1]), right) == 0.75
    assert auroc(np.array([0.5, 0.5, 0.5, 0.5]), right) == 0.5
    assert auroc(np.array([0.5, 0.4]), np.array([True, True])) is None


def test_the_most_surprising_come_first():
    def one(score: float, right: bool | None) -> Sample:
        return Sample("text", str(score), "a", "b", score, right)

    some = [one(0.9, True), one(0.2, False), one(0.8, False), one(0.3, True)]
    assert [(s.right, s.score) for s in surprising(some)] == [(False, 0.8), (False, 0.2), (True, 0.3), (True, 0.9)]
    assert [s.score for s in surprising([one(0.7, None), one(0.1, None)])] == [0.1, 0.7]
    assert len(surprising([one(0.5, None)] * 100)) == 24


def test_an_assessment_of_classes_holds_together():
    samples = [Sample("picture", str(i), "a", "b", 0.5, right=False) for i in range(6)]
    found = of_classes("test", ("cat", "dog", "owl"), TRUTH, SCORES, samples)
    assert (found.items, found.numbers["accuracy"]) == (6, 0.5)
    assert sum(map(sum, found.confusion)) == 6
    assert [one.items for one in found.classes] == [sum(row) for row in found.confusion]


def test_data_without_a_test_split_are_not_assessed_and_other_errors_are_told():
    asked: list[object] = []

    def fail(code: ErrorCode, kind: type = InputFault):
        def assess(measuring) -> Assessment:
            asked.append(measuring.split)
            raise kind(code)

        return assess

    assert where_there_is_one(fail(ErrorCode.DATASET_INVALID), Path("/b"), "/d") is None
    with pytest.raises(InputFault):
        where_there_is_one(fail(ErrorCode.FOLDER_NOT_FOUND), Path("/b"), "/d")
    with pytest.raises(EnvironmentFault):
        where_there_is_one(fail(ErrorCode.BUNDLE_DAMAGED, EnvironmentFault), Path("/b"), "/d")
    assert asked == ["test"] * 3


def test_agreement_is_with_the_nearest_text():
    assert agreement("two dogs run", ["a cat", "two dogs run"]) == 1.0
    assert agreement("", ["a cat"]) == 0.0
    assert agreement("a", []) == 0.0


@pytest.mark.parametrize(
    ("said", "heard", "changes"),
    [
        ("one two three", "one two three", (0, 0, 0)),
        ("one two three", "one too three", (1, 0, 0)),
        ("one two three", "one three", (0, 1, 0)),
        ("one two", "one two two", (0, 0, 1)),
        ("", "one two", (0, 0, 2)),
        ("one two", "", (0, 2, 0)),
        ("one two three four", "two three five four six", (0, 1, 2)),
    ],
)
def test_changes_of_words_are_told_apart(said, heard, changes):
    pairs = aligned_words(said, heard)

    kinds = [(bool(a), bool(b)) for a, b in pairs if a != b]
    assert tuple(map(kinds.count, ((True, True), (True, False), (False, True)))) == changes
    assert " ".join(filter(None, (a for a, _ in pairs))) == said
    assert " ".join(filter(None, (b for _, b in pairs))) == heard


def test_words_that_stayed_stand_beside_each_other():
    assert aligned_words("One two three.", "two three four") == (
        ("one", ""),
        ("two", "two"),
        ("three", "three"),
        ("", "four"),
    )


def test_every_cell_of_the_confusions_keeps_some_items_to_look_at():
    right = [Sample("picture", f"{n}.jpg", "a", "a", 0.9, right=True) for n in range(40)]
    wrong = [Sample("picture", f"w{n}.jpg", "b", "a", 0.9, right=False) for n in range(40)]

    kept = surprising_and_of_cells([*right, *wrong], of_the_matrix)

    assert [one.right for one in kept] == [False] * 24 + [True] * 8


def heard(name: str, said: str, written: str) -> Sample:
    words = aligned_words(said, written)
    return Sample("recording", f"{name}.wav", said, written, 0.5, said == written, words)


def test_words_taken_for_others_are_counted_and_each_keeps_clips_to_listen_to():
    clips = [heard(f"{n}", "five two", "nine two") for n in range(30)]
    clips += [heard("twice", "two two", "one one"), heard("more", "two", "two one"), heard("right", "two", "two")]

    found = word_changes(clips)
    kept = surprising_and_of_cells(clips, changed_words)

    assert found == (WordChange("five", "nine", 30), WordChange("two", "one", 2), WordChange("", "one", 1))
    assert [one.source for one in kept[24:]] == ["twice.wav", "more.wav"]


def test_probabilities_are_compared_with_what_was_right():
    found = believed(np.array([0.95, 0.95, 0.15]), np.array([True, False, False]))

    assert found == (Believed(1, 0.15, 0.0), Believed(2, 0.95, 0.5))
