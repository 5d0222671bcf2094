"""The sound tagger as it is trained: its losses, and what a run must not forget between two of its phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.networks.sound_tagger import build_sound_tagger
from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.sound_tagger import SoundTagger

_LEAST = 1e-6


class SoundsLearner(keras.Model):
    """Labels of windows, and the teacher's features and scores of every patch.

    Attributes:
        start: the network as it was before labels, which every phase with labels begins from.
        begun: number of the phase that has begun last, from 1 on.
        held_out: scores (sounds, classes) of every sound by the network that was trained without it; -1 before.
    """

    def __init__(self, network: SoundTagger, sounds: int, teacher: LastLayer | None, weight: float) -> None:
        super().__init__(name="learner")
        self.network = network
        self.start = build_sound_tagger(network.config)
        self.start.trainable = False
        self.teacher, self.teacher_weight = teacher, weight
        keep: dict[str, Any] = {"trainable": False, "dtype": "float32"}
        self.begun = self.add_weight(shape=(), initializer="zeros", name="begun", **keep)
        shape = (sounds, len(network.config.classes))
        self.held_out = self.add_weight(
            shape=shape, initializer=keras.initializers.Constant(-1.0), name="held_out", **keep
        )
        self.parts = [keras.metrics.Mean(name=name) for name in ("labels", "features", "scores")]
        self.built = True

    def compile(self, **settings: Any) -> None:
        """Compile without XLA, whose depthwise convolutions crawl on a CPU."""
        super().compile(**{**settings, "jit_compile": False})

    def keep_start(self) -> None:
        """Remember the network's weights as those to begin from."""
        self.start.set_weights(self.network.get_weights())

    def begin_again(self) -> None:
        """Give the network the weights to begin from."""
        self.network.set_weights(self.start.get_weights())

    def call(self, inputs: dict[str, Tensor], training: bool | None = None) -> dict[str, Tensor]:
        """Run the network on `patches` (B, P, frames, bands), or its head alone on `features` (B, P, dim)."""
        if "features" in inputs:
            return {"scores": self.network.head(inputs["features"], training=training)}
        return self.network(inputs["patches"], training=training)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        """Add up the losses that the batch has targets for: `labels` (B, classes), `teacher` (B, P, dim)."""
        labels, features, scores = self.parts
        total = ops.zeros(())
        if "teacher" in y and self.teacher is not None:
            near = ops.mean(ops.square(y_pred["teacher"] - y["teacher"]))
            alike = score_loss(self.teacher(y_pred["teacher"]), self.teacher(y["teacher"]))
            features.update_state(near)
            scores.update_state(alike)
            total = total + (self.teacher_weight if "labels" in y else 1.0) * (near + alike)
        if "labels" in y:
            loss = label_loss(y_pred["scores"], y["labels"])
            labels.update_state(loss)
            total = total + loss
        return total


class LastLayer:
    """A teacher's last layer, for features that were divided by `scale`."""

    def __init__(self, weights: np.ndarray, biases: np.ndarray, scale: np.ndarray) -> None:
        self._weights, self._biases = weights * scale[:, None], biases

    def __call__(self, features: Tensor) -> Tensor:
        """Map features (..., dim) to logits (..., classes)."""
        return ops.matmul(features, self._weights) + self._biases


def label_loss(scores: Tensor, labels: Tensor) -> Tensor:
    """Return the binary cross-entropy of probabilities (B, classes), summed over the classes."""
    scores = ops.clip(scores, _LEAST, 1 - _LEAST)
    losses = labels * ops.log(scores) + (1 - labels) * ops.log(1 - scores)
    return -ops.mean(ops.sum(losses, axis=-1))


def score_loss(guess: Tensor, right: Tensor) -> Tensor:
    """Return the mean divergence of the teacher's scores from the guess, summed over its classes, from logits.

    The binary cross-entropy less its smallest value, so that a perfect guess costs nothing (Hinton et al. 2015).
    """
    wanted = ops.sigmoid(right)
    costs = ops.softplus(guess) - wanted * guess - (ops.softplus(right) - wanted * right)
    return ops.mean(ops.sum(costs, axis=-1))
