"""The sounds recipe: distil YAMNet into a small network, then teach it labels, once for each fold that is left out."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.inference.sound_windows import WindowRules
from mmbm_desktop.networks.sound_tagger import build_sound_tagger
from mmbm_desktop.networks.sound_tagger_config import SoundTaggerConfig
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.protocol.training import Sample
from mmbm_desktop.training.data.sounds import FOLDS
from mmbm_desktop.training.evaluation.assessing import assess_sounds, of_classes, where_there_is_one
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.recipe_rules import SoundsOptions, filled
from mmbm_desktop.training.recipes.sounds_bank import FeatureBank, make_bank
from mmbm_desktop.training.recipes.sounds_batches import SoundBatches
from mmbm_desktop.training.recipes.sounds_data import load_sounds_data
from mmbm_desktop.training.recipes.sounds_held_out import HeldOut, tagged
from mmbm_desktop.training.recipes.sounds_learner import LastLayer, SoundsLearner
from mmbm_desktop.training.recipes.sounds_publishing import publish_sounds
from mmbm_desktop.training.sound_teacher import SoundTeacher

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.errors import ErrorCode
    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.protocol.training import Assessment
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

_DISTIL_CHECK = 256
_SAMPLES = 6


class SoundsRecipe:
    """Data, network and losses of one sounds run; see `recipes.interface.Recipe`.

    "distil" learns the teacher from the further folders alone where there are any, so that no fold of the run's own
    data is heard before its turn. Every "fold" phase starts from there and leaves out the next fold of all data; its
    scores of what it left out are kept. "joint" starts from there too and learns everything.
    """

    def __init__(self, spec: TrainSpec, cache: Path, report: ReportProgress) -> None:
        self.spec = spec
        self.options: SoundsOptions = filled(SoundsOptions, spec.options)
        self.data = load_sounds_data(spec, self.options, cache, report)
        sizes: SoundTaggerConfig = filled(SoundTaggerConfig, spec.network)
        teacher = None if spec.teacher is None else SoundTeacher(Path(spec.teacher.folder))
        self.config = dataclasses.replace(sizes, classes=self.data.classes, teacher_dim=teacher.dim if teacher else 0)
        window = self.options.window_patches * sizes.patch_frames
        self.rules = WindowRules(sizes.patch_frames, window, window // 2)
        self.batches = SoundBatches(self.data, self.rules, self.options, teacher)
        self.bank: FeatureBank | None = None
        keras.utils.set_random_seed(spec.seed)
        self.network = build_sound_tagger(self.config)
        layer = LastLayer(teacher.weights, teacher.biases, self.batches.scale) if teacher else None
        weight = spec.teacher.weight if spec.teacher else 0.0
        self._learner = SoundsLearner(self.network, len(self.data.sounds), layer, weight)

    @property
    def learner(self) -> keras.Model:
        """The network with its losses."""
        return self._learner

    @property
    def unreadable(self) -> Mapping[str, ErrorCode]:
        """Recordings that could not be read."""
        return self.data.unreadable

    def start_phase(self, phase: PhaseSpec) -> None:
        """Give labels their own start; a phase that was begun before is gone on with.

        After distilling, labels train the head alone: a few hundred clips would only teach the encoder worse.
        """
        number, labels = self._number(phase), phase.goal != "distil"
        distilled = labels and any(one.goal == "distil" for one in self.spec.phases)
        self.network.head.trainable = labels
        self.network.encoder.trainable = not distilled
        if self.network.to_teacher is not None:
            self.network.to_teacher.trainable = not distilled
        if int(to_numpy(self._learner.begun)) != number:
            self._learner.begun.assign(number)
            if labels and not any(earlier.goal != "distil" for earlier in self.spec.phases[: number - 1]):
                self._learner.keep_start()
            if labels:
                self._learner.begin_again()
        if distilled and self.bank is None:
            self.bank = make_bank(self.network, self.data, self.batches, self.rules, self.spec.seed)

    def _number(self, phase: PhaseSpec) -> int:
        return 1 + next(i for i, one in enumerate(self.spec.phases) if one is phase)

    def _fold(self, phase: PhaseSpec) -> int:
        """Return the number of the part that a phase leaves out; 0 for none."""
        if phase.goal != "fold":
            return 0
        earlier = [one for one in self.spec.phases[: self._number(phase) - 1] if one.goal == "fold"]
        return len(earlier) % FOLDS + 1

    def steps(self, phase: PhaseSpec) -> int:
        """Return the whole batches of an epoch, at least one: of patches to distil, of windows or sounds for labels."""
        rows = self._rows(phase)
        items = len(rows)
        if phase.goal == "distil":
            items = sum(len(self.data.frames(row)) for row in rows) // self.rules.patch
        elif self.bank is not None:
            items = int(np.isin(self.bank.rows, rows).sum())
        return max(1, items // (phase.batch or self.spec.batch))

    def _rows(self, phase: PhaseSpec) -> list[int]:
        rows = self.data.distilled_rows if phase.goal == "distil" else range(len(self.data.sounds))
        fold, sounds = self._fold(phase), self.data.sounds
        return [row for row in rows if sounds[row].split == "train" and sounds[row].part != fold]

    def batch(self, phase: PhaseSpec, epoch: int, step: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return a step's windows, their labels and teacher features; seed, epoch and step decide them."""
        random = np.random.default_rng((self.spec.seed, self._number(phase), epoch, step))
        size = phase.batch or self.spec.batch
        rows = self._rows(phase)
        if phase.goal == "distil":
            return self.batches.distilled(rows, size, random)
        return self.batches.labelled(rows, size, random) if self.bank is None else self.bank.batch(rows, size, random)

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        """Return the numbers of what the phase held out.

        With folds, "joint" has nothing left to hold out: its last weights are the best, its numbers those of the folds.
        """
        if phase.goal == "distil":
            inputs, targets = self.batches.distilled(self._rows(phase), _DISTIL_CHECK, np.random.default_rng(0))
            guess = self.network(inputs["patches"], training=False)
            return self._scored({"teacher": float(np.mean((to_numpy(guess["teacher"]) - targets["teacher"]) ** 2))})
        fold = self._fold(phase)
        if fold:
            self._hold_out([row for row, sound in enumerate(self.data.sounds) if sound.part == fold])
            return self._scored(self._held_out().numbers(self.data, fold))
        if any(one.goal == "fold" for one in self.spec.phases):
            return self._scored(self._held_out().numbers(self.data))
        rows = [row for row, sound in enumerate(self.data.sounds) if sound.split == "val"]
        self._hold_out(rows)
        numbers = self._held_out().numbers(self.data)
        return {**numbers, "score": numbers.get("mean average precision", 0.0)}

    def _scored(self, numbers: Mapping[str, float]) -> dict[str, float]:
        """Add a score that makes the last weights the best; a run that has ended, and is resumed, has no optimiser."""
        optimizer = getattr(self._learner, "optimizer", None)
        return {**numbers, "score": float(to_numpy(optimizer.iterations)) if optimizer else 0.0}

    def _hold_out(self, rows: list[int]) -> None:
        scores = to_numpy(self._learner.held_out).copy()
        if self.bank is None:
            windows = [[window.patches for window in self.data.windows(row, self.rules)] for row in rows]
            scores[rows] = tagged(self.network, windows)
        else:
            scores[rows] = tagged(self.network, [self.bank.whole[row] for row in rows], encoded=True)
        self._learner.held_out.assign(scores)

    def _held_out(self) -> HeldOut:
        return HeldOut.of(self.data, to_numpy(self._learner.held_out), self.network, self.rules)

    def samples(self) -> Sequence[Sample]:
        """Return what is heard in a few sounds that are held out; none while only the teacher is learned from."""
        if not self.network.head.trainable:
            return ()
        rows = [row for row in range(self.data.own) if self.data.sounds[row].split == "val"]
        rows = rows or [row for row in range(self.data.own) if self.data.sounds[row].part == 1]
        chosen = rows[:: max(1, len(rows) // _SAMPLES)][:_SAMPLES]
        windows = [[window.patches for window in self.data.windows(row, self.rules)] for row in chosen]
        return self._compared(chosen, tagged(self.network, windows)) if chosen else ()

    def _compared(self, rows: Sequence[int], scores: npt.NDArray[np.floating]) -> list[Sample]:
        """Return sounds of the run's own with the likeliest of its own classes, from scores (rows, classes)."""
        names = self.data.own_classes
        among = scores[:, [self.data.classes.index(name) for name in names]]
        found = []
        for row, one in zip(rows, among, strict=True):
            sound, guess = self.data.sounds[row], names[int(one.argmax())]
            score = round(float(one.max()), 4)
            found.append(Sample("recording", str(sound.path), sound.label, guess, score, guess == sound.label))
        return found

    def assess(self, bundle: Path) -> Assessment | None:
        """Measure the bundle on a fold that was left out or on the test split.

        A run that leaves out every fold in turn is measured on what its networks said of the folds they never heard.
        """
        folder = Path(self.spec.data).name
        left_out = [name.partition(":")[2] for name in self.options.left_out if name.startswith(f"{folder}:")]
        left_out += [self.data.left_out] if self.data.left_out else []
        if left_out:
            return assess_sounds(Measuring(bundle, Path(self.spec.data), left_out[0]))
        if any(phase.goal == "fold" for phase in self.spec.phases):
            return self._assessed_folds()
        return where_there_is_one(assess_sounds, bundle, self.spec.data)

    def _assessed_folds(self) -> Assessment:
        held_out, names = self._held_out(), self.data.own_classes
        own = held_out.rows < self.data.own
        rows, scores = held_out.rows[own], held_out.scores[own]
        columns = [self.data.classes.index(name) for name in names]
        truth = np.array([names.index(self.data.sounds[row].label) for row in rows], np.int64)
        found = of_classes("folds", names, truth, scores[:, columns], self._compared(rows.tolist(), scores))
        return dataclasses.replace(found, numbers={**found.numbers, **held_out.numbers(self.data)})

    def publish(self, place: Path, curve: Mapping[str, Any]) -> Path:
        """Write the bundle, calibrated on what was held out, and measure it on the folds that were left out."""
        del curve
        return publish_sounds(place, self.spec, self.data, self.network, self.rules, self._held_out(), self.options)
