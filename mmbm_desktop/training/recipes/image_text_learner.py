"""The image-text network as it is trained: its losses, and which of them a phase adds up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import keras

from mmbm_desktop.networks.tensors import Tensor, ops
from mmbm_desktop.training.recipes.image_text_goals import finds, writes

if TYPE_CHECKING:
    from mmbm_desktop.networks.image_text import ImageTextNetwork

_FIRST_SCALE = 1 / 0.07
_HIGHEST_SCALE = 100.0


class ImageTextLearner(keras.Model):
    """Contrast between pictures and sentences, captions word by word, and the teacher's features.

    Rows of text belong to pictures in turn: rows 0, 1, … `per_picture` - 1 to picture 0 and so on, one row a language.
    """

    def __init__(self, network: ImageTextNetwork, per_picture: int, teacher_weight: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.network = network
        self.per_picture = per_picture
        self.teacher_weight = teacher_weight
        self.goal = "joint"
        self.scale = self.add_weight(
            shape=(), initializer=keras.initializers.Constant(math.log(_FIRST_SCALE)), name="log_scale"
        )
        self.parts = [keras.metrics.Mean(name=name) for name in ("contrast", "caption", "teacher")]
        self.built = True

    def call(self, inputs: dict[str, Tensor], training: bool | None = None) -> dict[str, Tensor]:
        """Run the image encoder on `pixels` (B, S, S, 3) and, given `ids` (B * per_picture, T), the goal's text parts.

        Each sentence is embedded, and predicted from its beginning and its picture.
        """
        outputs = dict(self.network.image_encoder(inputs["pixels"], training=training))
        if "ids" in inputs:
            ids = inputs["ids"]
            if finds(self.goal):
                outputs["text_embedding"] = self.network.text_encoder(ids, training=training)
            if writes(self.goal):
                features = ops.repeat(outputs["features"], self.per_picture, axis=0)
                outputs["logits"] = self.network.caption_decoder(ids[:, :-1], features, training=training)
        return outputs

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        """Add up the losses that the batch has targets for; `y` may hold `teacher` (B, dim)."""
        contrast, caption, teacher = self.parts
        total = ops.zeros(())
        if "teacher" in y:
            loss = teacher_loss(y_pred["teacher"], y["teacher"])
            teacher.update_state(loss)
            total = total + (self.teacher_weight if "ids" in x else 1.0) * loss
        if "text_embedding" in y_pred:
            scale = ops.exp(ops.minimum(self.scale, math.log(_HIGHEST_SCALE)))
            contrasted = self._contrast(y_pred["embedding"], y_pred["text_embedding"], scale)
            contrast.update_state(contrasted)
            total = total + contrasted
        if "logits" in y_pred:
            written = caption_loss(y_pred["logits"], x["ids"][:, 1:], self.network.config.rules.pad)
            caption.update_state(written)
            total = total + written
        return total

    def _contrast(self, pictures: Tensor, sentences: Tensor, scale: Tensor) -> Tensor:
        rows = ops.reshape(sentences, (-1, self.per_picture, self.network.config.embed_dim))
        losses = [contrastive_loss(pictures, rows[:, i], scale) for i in range(self.per_picture)]
        return sum(losses[1:], losses[0]) / self.per_picture


def contrastive_loss(left: Tensor, right: Tensor, scale: Tensor) -> Tensor:
    """Return the symmetric cross-entropy of finding each row's partner among all (Radford et al. 2021, figure 3).

    Args:
        left: unit vectors, (B, E).
        right: their partners, (B, E).
        scale: what cosines are multiplied by.
    """
    logits = ops.matmul(left, ops.transpose(right)) * scale
    own = ops.diagonal(logits)
    return ops.mean(ops.logsumexp(logits, axis=0) + ops.logsumexp(logits, axis=1) - 2 * own) / 2


def caption_loss(logits: Tensor, targets: Tensor, pad: int) -> Tensor:
    """Return the cross-entropy per real token of logits (C, T, vocab) and targets (C, T)."""
    losses = ops.sparse_categorical_crossentropy(targets, logits, from_logits=True)
    weight = ops.cast(ops.not_equal(targets, pad), losses.dtype)
    return ops.sum(losses * weight) / ops.maximum(ops.sum(weight), 1.0)


def teacher_loss(guess: Tensor, features: Tensor) -> Tensor:
    """Return mean squared error plus one minus the cosine, of standardised features (B, dim)."""
    squared = ops.mean(ops.square(guess - features))
    norms = ops.norm(guess, axis=-1) * ops.norm(features, axis=-1)
    cosine = ops.sum(guess * features, axis=-1) / ops.maximum(norms, 1e-6)
    return squared + 1 - ops.mean(cosine)
