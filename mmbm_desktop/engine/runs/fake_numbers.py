"""The made-up curve, samples and report of `FakeRuns`. The same place always has the same numbers."""

from __future__ import annotations

import math

from mmbm_desktop.protocol.training import Assessment, ClassNumbers, CurvePoint, Sample, WordChange

_CLASSES = ("bird", "cat", "dog")
_CONFUSION = ((18, 1, 1), (0, 17, 3), (1, 4, 15))


def train_point(epoch: float, *, resumed: bool = False) -> CurvePoint:
    """Return a loss that falls with the epochs and wavers a little."""
    loss = 2.0 * math.exp(-epoch / 4) + 0.2 + 0.05 * math.sin(17 * epoch)
    return CurvePoint(epoch, {"loss": loss}, phase="joint", resumed=resumed)


def val_point(epoch: float) -> CurvePoint:
    """Return numbers of the val split that rise towards 0.9."""
    accuracy = 0.9 * (1 - math.exp(-epoch / 3))
    loss = 2.0 * math.exp(-epoch / 5) + 0.3
    return CurvePoint(epoch, {"accuracy": accuracy, "loss": loss, "score": accuracy}, validation=True, phase="joint")


def samples(recipe: str, epoch: int) -> tuple[Sample, ...]:
    """Return what the network says of three items after an epoch."""
    kind = {"sounds": "recording", "speech-commands": "recording", "translation": "text"}.get(recipe, "picture")
    score = round(1 - math.exp(-epoch / 3), 3)
    guesses = ("bird", "dog", "dog") if epoch > 1 else ("dog", "dog", "bird")
    return tuple(
        Sample(kind, f"/data/{truth}-1.jpg", truth, guess, score, truth == guess)
        for truth, guess in zip(_CLASSES, guesses, strict=True)
    )


def assessment(recipe: str) -> Assessment:
    """Return numbers of three classes of twenty items each; of words for what writes down speech."""
    if recipe == "speech-commands":
        return _transcripts()
    total = sum(map(sum, _CONFUSION))
    right = sum(_CONFUSION[i][i] for i in range(len(_CLASSES)))
    classes = []
    for i, label in enumerate(_CLASSES):
        said, there = sum(row[i] for row in _CONFUSION), sum(_CONFUSION[i])
        precision, recall = _CONFUSION[i][i] / said, _CONFUSION[i][i] / there
        classes.append(
            ClassNumbers(label, there, precision, recall, 2 * precision * recall / (precision + recall), 0.95)
        )
    return Assessment(
        "test", total, {"accuracy": right / total}, tuple(classes), _CLASSES, _CONFUSION, samples(recipe, 9)
    )


def _transcripts() -> Assessment:
    pairs = (("five", "nine"), ("five", "nine"), ("two", ""), ("", "one"))
    clips = tuple(
        Sample("recording", f"/data/clip-{number}.wav", truth, guess, 0.5, right=False, words=((truth, guess),))
        for number, (truth, guess) in enumerate(pairs)
    )
    changes = (WordChange("five", "nine", 2), WordChange("", "one", 1), WordChange("two", "", 1))
    numbers = {"clip accuracy": 0.9, "word error rate": 0.05, "substitutions": 2.0, "deletions": 1.0, "insertions": 1.0}
    return Assessment("test", 60, numbers, samples=clips, changes=changes)
