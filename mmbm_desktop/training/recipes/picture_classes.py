"""The picture-classes recipe: a head on an image-text model's encoder, the encoder fine-tuned, or an own network."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.picture_classifier import build_picture_classifier
from mmbm_desktop.networks.picture_classifier_config import PictureClassifierConfig
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.data.augment import squared
from mmbm_desktop.training.data.picture_augment import Changes, changed
from mmbm_desktop.training.improvement.general import LEAST_STEPS
from mmbm_desktop.training.known_bundles import encoder_folder
from mmbm_desktop.training.metrics.classification import macro_f1
from mmbm_desktop.training.metrics.tagging import accuracy
from mmbm_desktop.training.metrics.temperature import softmax
from mmbm_desktop.training.picture_classes_options import PictureClassesOptions
from mmbm_desktop.training.picture_encoder import PictureEncoder
from mmbm_desktop.training.recipe_rules import filled
from mmbm_desktop.training.recipes.picture_classes_data import load_picture_classes
from mmbm_desktop.training.recipes.picture_classes_learner import PictureClassesLearner
from mmbm_desktop.training.recipes.picture_classes_publishing import assess_classes, publish_picture_classes
from mmbm_desktop.training.recipes.picture_classes_samples import chosen_rows, sample_of
from mmbm_desktop.training.recipes.picture_classes_start import load_started_classes, read_classes_start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.errors import ErrorCode
    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.protocol.training import Assessment, Sample
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

_AT_ONCE = 100
"""Pictures run at once when checking."""
_TIE = 1e-4
"""Weight of the loss in the score: it decides between weights of the same F1."""
_PROBE_EPOCHS, _PROBE_RATE, _PROBE_BATCH = 30, 1e-2, 128
_LEAST_PROBABILITY = 1e-7


class PictureClassesRecipe:
    """Data, network and losses of one run; see `recipes.interface.Recipe`.

    A frozen encoder's features are computed once, and only the head is trained. An encoder that is fine-tuned gets such
    a head first, so that random scores do not spoil it (Kumar et al., "Fine-Tuning can Distort Pretrained Features and
    Underperform Out-of-Distribution", 2022).
    """

    def __init__(self, spec: TrainSpec, cache: Path, report: ReportProgress) -> None:
        self.spec, self._cache = spec, cache
        self.options: PictureClassesOptions = filled(PictureClassesOptions, spec.options)
        self.start = read_classes_start(self.options.start) if self.options.start else None
        sizes = self.start.config if self.start else filled(PictureClassifierConfig, spec.network)
        own_encoder = sizes.body == "encoder" and self.start is None
        self.encoder = PictureEncoder(encoder_folder(self.options.encoder)) if own_encoder else None
        self._frozen = sizes.frozen and self.encoder is not None
        size = self.encoder.size if self.encoder else sizes.image_size
        if self.start:
            self.data = load_started_classes(spec, self.start, cache, report)
        else:
            pixels = not self._frozen
            self.data = load_picture_classes(spec, self.options, size, self.encoder, cache, report, pixels=pixels)
        head = sizes.head if self.start else self.options.head if self.encoder else "linear"
        self.config = dataclasses.replace(sizes, image_size=size, classes=len(self.data.classes), head=head)
        keras.utils.set_random_seed(spec.seed)
        encoder = self.start.encoder if self.start else self.encoder.config if self.encoder else None
        self.network = build_picture_classifier(self.config, encoder)
        self._learner = PictureClassesLearner(self.network, self.options.label_smoothing)
        self._labels = {split: self.data.labels(split).astype(np.int32) for split in ("train", "val")}
        self._weights = self._class_weights()
        self._assessed: tuple[Path, Assessment | None] | None = None
        if self.start is not None:
            self.start.fill(self.network, self.data.classes)
        elif self.encoder is not None:
            self._start_from(self.encoder)

    def _class_weights(self) -> npt.NDArray[np.float32]:
        """Return the weight of every class's pictures, (classes,); all together they weigh as many as there are."""
        counts = np.bincount(self._labels["train"], minlength=len(self.data.classes))
        weights = counts.sum() / (len(counts) * counts) if self.options.balanced else np.ones(len(counts))
        return weights.astype(np.float32)

    def _start_from(self, encoder: PictureEncoder) -> None:
        """Give the body the encoder's weights and the head the mean of its features; fine-tuning begins with a head."""
        arrays = encoder.weights()
        for name, variable in weight_names(self.network.body).items():
            variable.assign(arrays[name.removeprefix("body.")])
        features = self.data.features["train"]
        self.network.head.standardise(features[:, 0])
        if not self._frozen:
            self._fit_head(features)

    def _fit_head(self, features: npt.NDArray[np.float32]) -> None:
        """Train the head alone on features of pictures and mirrored pictures, (pictures, views, width)."""
        views = features.shape[1] if self.options.mirror else 1
        labels = np.repeat(self._labels["train"], views)
        rows = features[:, :views].reshape(len(labels), -1)
        self.network.body.trainable = False
        self._learner.compile(optimizer=keras.optimizers.AdamW(_PROBE_RATE, weight_decay=self.spec.weight_decay))
        random = np.random.default_rng((self.spec.seed, 0))
        for _ in range(_PROBE_EPOCHS):
            order = random.permutation(len(labels))
            for begin in range(0, len(order), _PROBE_BATCH):
                some = np.resize(order[begin : begin + _PROBE_BATCH], min(_PROBE_BATCH, len(order)))
                targets = {"labels": labels[some], "weights": self._weights[labels[some]]}
                self._learner.train_on_batch({"features": rows[some]}, targets)

    @property
    def learner(self) -> keras.Model:
        """The network with its loss."""
        return self._learner

    @property
    def unreadable(self) -> Mapping[str, ErrorCode]:
        """Pictures that could not be read."""
        return self.data.unreadable

    def start_phase(self, phase: PhaseSpec) -> None:
        """Leave the body of a frozen classifier alone, and a started one's: a few pictures would spoil it."""
        del phase
        self.network.body.trainable = not self.config.frozen and self.start is None

    def steps(self, phase: PhaseSpec) -> int:
        """Return the batches of an epoch; the last one is filled up with pictures of its beginning."""
        return max(LEAST_STEPS if self.start else 1, -(-self._own // self._size(phase)))

    @property
    def _own(self) -> int:
        return len(self._labels["train"]) - self.data.rehearsed

    def _size(self, phase: PhaseSpec) -> int:
        """Return the run's own pictures in a batch."""
        return min(max(1, (phase.batch or self.spec.batch) - self._replayed(phase)), self._own)

    def _replayed(self, phase: PhaseSpec) -> int:
        return round(self.options.replay * (phase.batch or self.spec.batch)) if self.data.rehearsed else 0

    def batch(self, phase: PhaseSpec, epoch: int, step: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return a step's changed pictures, or their features, and labels; seed, epoch and step decide them."""
        labels, size = self._labels["train"], self._size(phase)
        order = np.random.default_rng((self.spec.seed, epoch)).permutation(self._own)
        rows = order[np.arange(step * size, (step + 1) * size) % len(order)]
        random = np.random.default_rng((self.spec.seed, epoch, step))
        if count := self._replayed(phase):
            rows = np.concatenate([rows, random.integers(self._own, len(labels), count)])
        targets = {"labels": labels[rows], "weights": self._weights[labels[rows]]}
        if self._frozen:
            views = random.integers(0, 2 if self.options.mirror else 1, len(rows))
            return {"features": self.data.features["train"][rows, views]}, targets
        changes = Changes(self.options.augmentation, self.options.mirror)
        return {"pixels": changed(self.data.pictures("train", rows), self.config.image_size, changes, random)}, targets

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        """Return loss, accuracy and macro F1 of the val split."""
        del phase
        truth = self._labels["val"]
        probable = softmax(self._val_logits())
        right = probable[np.arange(len(truth)), truth]
        loss = float(-np.log(np.maximum(right, _LEAST_PROBABILITY)).mean())
        mean_f1 = macro_f1(probable, truth)
        numbers = {"loss": loss, "accuracy": accuracy(probable, truth), "macro F1": mean_f1}
        return {**numbers, "score": mean_f1 - _TIE * loss}

    def _val_logits(self, rows: Sequence[int] | None = None) -> npt.NDArray[np.float32]:
        """Return the logits of the val pictures, or of some of them, (pictures, classes)."""
        chosen = list(range(len(self._labels["val"]))) if rows is None else list(rows)
        parts = [chosen[begin : begin + _AT_ONCE] for begin in range(0, len(chosen), _AT_ONCE)]
        return np.concatenate([to_numpy(self._learner(self._val_inputs(part), training=False)) for part in parts])

    def _val_inputs(self, rows: Sequence[int]) -> dict[str, Any]:
        if self._frozen:
            return {"features": self.data.features["val"][list(rows), 0]}
        return {"pixels": squared(self.data.pictures("val", rows), self.config.image_size)}

    def samples(self) -> Sequence[Sample]:
        """Return a few val pictures, always the same ones, and what the network takes them for now."""
        rows = chosen_rows(self._labels["val"], self.spec.seed)
        probable = softmax(self._val_logits(rows))
        pictures = [self.data.splits["val"][row] for row in rows]
        return [
            sample_of(picture, row, self.data.classes, self._cache)
            for picture, row in zip(pictures, probable, strict=True)
        ]

    def publish(self, place: Path, curve: Mapping[str, Any]) -> Path:
        """Write the bundle, its temperature fitted on the val split, and measure it on the test split."""
        logits = (self._val_logits(), self._labels["val"])
        origin = self.start or self.encoder
        publish_picture_classes(place, self.spec, self.data, self.network, origin, logits, curve)
        self._assessed = (place, assess_classes(place, self.data, self._cache, self.spec))
        return place

    def assess(self, bundle: Path) -> Assessment | None:
        """Return how good the published bundle is on the test split; None where there is none."""
        if self._assessed is None or self._assessed[0] != bundle:
            self._assessed = (bundle, assess_classes(bundle, self.data, self._cache, self.spec))
        return self._assessed[1]
