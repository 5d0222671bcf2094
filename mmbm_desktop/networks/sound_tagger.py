"""The sound tagger: log-mel patches of a window in, a score for each kind of sound and an embedding out.

preprocess (`media.mel`) → features of each patch (`PatchEncoder`, depthwise-separable convolutions as in MobileNet,
Howard et al. 2017) → heads (`StatisticsHead` over the window's patches, the teacher's guess of each patch).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import layers

from mmbm_desktop.networks.image_encoder import ConvNorm
from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.sound_tagger_config import SoundTaggerConfig

_MOMENTUM = 0.95
_LEAST_VARIANCE = 1e-5
"""Keeps the root's slope finite where nothing changes."""


class SeparableBlock(layers.Layer):
    """A depthwise and a pointwise convolution, each normalised; around a shortcut where shapes allow."""

    def __init__(self, filters: int, stride: int, *, shortcut: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.depthwise = layers.DepthwiseConv2D(
            3, stride, padding="same", use_bias=False, depthwise_initializer="he_normal", name="depthwise"
        )
        self.norm = layers.BatchNormalization(momentum=_MOMENTUM, epsilon=1e-5, name="norm")
        self.pointwise = ConvNorm(filters, 1, name="pointwise")
        self.shortcut = shortcut

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """Map (B, T, F, C) to (B, T / stride, F / stride, filters)."""
        y = ops.relu(self.norm(self.depthwise(x), training=training))
        y = ops.relu(self.pointwise(y, training=training))
        return x + y if self.shortcut else y


class PatchEncoder(layers.Layer):
    """One patch of log-mel frames to a vector of features."""

    def __init__(self, config: SoundTaggerConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mean, self.deviation = config.mean, config.deviation
        self.stem = ConvNorm(config.stem_width, 3, 2, name="stem")
        self.blocks: list[SeparableBlock] = []
        before = config.stem_width
        for stage, (width, count) in enumerate(zip(config.widths, config.blocks, strict=True)):
            for index in range(count):
                stride = 2 if stage and not index else 1
                shortcut = stride == 1 and before == width
                name = f"stage_{stage}_block_{index}"
                self.blocks.append(SeparableBlock(width, stride, shortcut=shortcut, name=name))
                before = width

    def call(self, patches: Tensor, training: bool | None = None) -> Tensor:
        """Map log-mel patches (N, frames, bands) to features (N, embed_dim)."""
        x = ops.expand_dims((patches - self.mean) / self.deviation, -1)
        x = ops.relu(self.stem(x, training=training))
        for block in self.blocks:
            x = block(x, training=training)
        return ops.mean(x, axis=(1, 2))


class StatisticsHead(layers.Layer):
    """Scores of a window from the mean, the highest and the deviation of its patches' features.

    Statistics pooling as in x-vectors (Snyder et al. 2018): what lasts, what happens once, and what changes, as surf
    swells and rain does not. They are normalised, for their sizes differ, then every sound is a logistic regression.
    """

    def __init__(self, classes: int, dropout: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.norm = layers.BatchNormalization(momentum=_MOMENTUM, epsilon=1e-3, name="norm")
        self.dropout = layers.Dropout(dropout, name="dropout")
        self.to_logits = layers.Dense(classes, name="to_logits")

    def call(self, features: Tensor, training: bool | None = None) -> Tensor:
        """Map features (B, P, D) of P patches to probabilities (B, classes)."""
        mean, highest = ops.mean(features, axis=1), ops.max(features, axis=1)
        deviation = ops.sqrt(ops.var(features, axis=1) + _LEAST_VARIANCE)
        statistics = self.norm(ops.concatenate([mean, highest, deviation], axis=-1), training=training)
        return ops.sigmoid(self.to_logits(self.dropout(statistics, training=training)))


class SoundTagger(keras.Model):
    """Encoder and heads. Make one with `build_sound_tagger`."""

    def __init__(self, config: SoundTaggerConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.encoder = PatchEncoder(config, name="encoder")
        self.head = StatisticsHead(len(config.classes), config.dropout, name="head")
        self.to_teacher = layers.Dense(config.teacher_dim, name="to_teacher") if config.teacher_dim else None

    def call(self, patches: Tensor, training: bool | None = None) -> dict[str, Tensor]:
        """Tag windows of P patches each, (B, P, frames, bands).

        Returns:
            `scores` (B, classes), each from 0 to 1 by itself; `embedding` (B, embed_dim), the mean of the patches'
            features; with a teacher also `teacher` (B, P, teacher_dim), the guess of its features of every patch.
        """
        features = self.encode(patches, training=training)
        outputs = {"scores": self.head(features, training=training), "embedding": ops.mean(features, axis=1)}
        if self.to_teacher is not None:
            outputs["teacher"] = self.to_teacher(features)
        return outputs

    def encode(self, patches: Tensor, training: bool | None = None) -> Tensor:
        """Map windows of patches (B, P, frames, bands) to features (B, P, embed_dim)."""
        config = self.config
        flat = ops.reshape(patches, (-1, config.patch_frames, config.bands))
        encoded = self.encoder(flat, training=training)
        return ops.reshape(encoded, (-1, ops.shape(patches)[1], config.embed_dim))


def build_sound_tagger(config: SoundTaggerConfig) -> SoundTagger:
    """Make the network with fresh weights; `keras.utils.set_random_seed` decides them."""
    network = SoundTagger(config, name="sound_tagger")
    network(np.zeros((1, 2, config.patch_frames, config.bands), np.float32), training=False)
    return network
