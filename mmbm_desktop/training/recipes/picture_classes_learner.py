"""The picture classifier as it is trained: cross-entropy to smoothed labels, each picture with its weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.picture_classifier import PictureClassifier


class PictureClassesLearner(keras.Model):
    """The network with its loss; takes pixels, or features where the body stays as it is."""

    def __init__(self, network: PictureClassifier, smoothing: float) -> None:
        super().__init__(name="learner")
        self.network, self.smoothing = network, smoothing
        self.right = keras.metrics.Mean(name="accuracy")
        self.built = True

    def compile(self, **settings: Any) -> None:
        """Compile without XLA: a run of seconds would spend most of them compiling."""
        super().compile(**{**settings, "jit_compile": False})

    def call(self, inputs: dict[str, Tensor], training: bool | None = None) -> Tensor:
        """Return logits (B, classes) of `pixels` (B, S, S, 3), or of `features` (B, width)."""
        if "features" in inputs:
            return self.network.head(inputs["features"], training=training)
        return self.network(inputs["pixels"], training=training)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        """Return the weighted mean of the losses; `y` has `labels` (B,), numbers of classes, and `weights` (B,)."""
        guess = ops.argmax(y_pred, axis=-1)
        self.right.update_state(ops.cast(ops.equal(ops.cast(guess, "int32"), y["labels"]), "float32"))
        return ops.mean(y["weights"] * class_loss(y_pred, y["labels"], self.smoothing))


def class_loss(logits: Tensor, labels: Tensor, smoothing: float = 0.0) -> Tensor:
    """Return the cross-entropy of each item, (B,).

    Args:
        logits: (B, classes).
        labels: numbers of classes, int32, (B,).
        smoothing: share of a label that goes to all classes alike.
    """
    classes = logits.shape[-1]
    targets = ops.one_hot(labels, classes) * (1.0 - smoothing) + smoothing / classes
    return -ops.sum(targets * ops.log_softmax(logits, axis=-1), axis=-1)
