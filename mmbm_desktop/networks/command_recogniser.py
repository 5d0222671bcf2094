"""The command recogniser: log-mel frames in, a score for every letter every 20 ms out.

preprocess (`media.mel`) → normalised values (`Normalise`) → features (`Stem`; `SpeechBlock`s, convolutions over
time alone, shaped as in ConvNeXt, Liu et al. 2022) → letters and a blank, to be read as in Graves et al. 2006.

Frames behind an utterance's length change nothing: a batch of utterances gives what each alone gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import layers

from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.command_recogniser_config import CommandRecogniserConfig

STRIDE = 2
"""Frames a step."""
BLANK = 0
_RANGE = 6.0
"""Of the values that count, in nepers: 52 dB."""
_FAR_BELOW = 1e3
_EPSILON = 1e-5
_MOMENTUM = 0.95
"""Of the running statistics: short runs must not end with those of their first batches."""


class Normalise(layers.Layer):
    """Counts from an utterance's loudest value down: 1 there, -1 where 52 dB are missing, and nothing below.

    So neither the level nor the hum of a quiet microphone changes what is seen. A mean would move with every pause.
    """

    def call(self, frames: Tensor, mask: Tensor) -> Tensor:
        """Map (B, T, bands) to the same shape, zero where `mask` (B, T, 1) is."""
        loudest = ops.max(frames * mask + (mask - 1.0) * _FAR_BELOW, axis=(1, 2), keepdims=True)
        return (1.0 + ops.maximum(frames - loudest, -_RANGE) * (2.0 / _RANGE)) * mask


class Stem(layers.Layer):
    """Two convolutions over time and frequency, then one vector a step: half the time, a quarter of the bands."""

    def __init__(self, config: CommandRecogniserConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        narrow, wide = config.stem_widths
        self.first = layers.Conv2D(narrow, 3, STRIDE, activation="relu", kernel_initializer="he_normal", name="first")
        self.second = layers.Conv2D(
            wide, 3, (1, 2), padding="same", activation="relu", kernel_initializer="he_normal", name="second"
        )
        self.to_width = layers.Dense(config.width, name="to_width")
        self.norm = layers.BatchNormalization(momentum=_MOMENTUM, epsilon=_EPSILON, name="norm")
        self.flat = (config.heard_bands + 3) // 4 * wide

    def call(self, x: Tensor, mask: Tensor, training: bool | None = None) -> Tensor:
        """Map (B, T, bands) to (B, (T + 1) // 2, width); `mask`, (B, (T + 1) // 2, 1), says which steps count."""
        # "same" would pad odd and even lengths differently, and a batch is longer than its utterances
        x = ops.expand_dims(ops.pad(x, ((0, 0), (1, 1), (1, 1))), -1)
        x = self.second(self.first(x) * ops.expand_dims(mask, -1))
        x = ops.reshape(x, (-1, ops.shape(x)[1], self.flat))
        return self.norm(self.to_width(x), training=training, mask=mask[:, :, 0])


class SpeechBlock(layers.Layer):
    """A depthwise convolution over time, then two dense layers on each step, around a shortcut."""

    def __init__(self, config: CommandRecogniserConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True  # Keras hands the mask of a normalisation on, and would warn of a block's
        self.depthwise = layers.DepthwiseConv1D(config.kernel, padding="same", use_bias=False, name="depthwise")
        self.norm = layers.BatchNormalization(momentum=_MOMENTUM, epsilon=_EPSILON, name="norm")
        self.widen = layers.Dense(
            config.width * config.expand, activation="relu", kernel_initializer="he_normal", name="widen"
        )
        self.narrow = layers.Dense(config.width, name="narrow")
        self.dropout = layers.Dropout(config.dropout, name="dropout")

    def call(self, x: Tensor, mask: Tensor, training: bool | None = None) -> Tensor:
        """Map (B, T, width) to the same shape; `mask`, (B, T, 1), says which steps count."""
        y = self.norm(self.depthwise(x * mask), training=training, mask=mask[:, :, 0])
        return x + self.dropout(self.narrow(self.widen(y)), training=training)


class CommandRecogniser(keras.Model):
    """Stem, blocks and letter scores. Make one with `build_command_recogniser`."""

    def __init__(self, config: CommandRecogniserConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.normalise = Normalise(name="normalise")
        self.stem = Stem(config, name="stem")
        self.blocks = [SpeechBlock(config, name=f"block_{index}") for index in range(config.blocks)]
        self.norm = layers.LayerNormalization(epsilon=_EPSILON, name="norm")
        self.to_letters = layers.Dense(len(config.letters) + 1, name="to_letters")

    def call(self, frames: Tensor, lengths: Tensor, training: bool | None = None) -> Tensor:
        """Score letters.

        Args:
            frames: log-mel frames, (B, T, bands).
            lengths: how many of them belong to each utterance, (B,).
            training: whether to drop activations.

        Returns:
            Logits (B, (T + 1) // 2, 1 + letters), the blank first; meaningless behind `steps_of(lengths)`.
        """
        heard = frames[:, :, : self.config.heard_bands]
        mask = _mask(heard[:, ::STRIDE], steps_of(lengths))
        x = self.stem(self.normalise(heard, _mask(heard, lengths)), mask, training=training)
        for block in self.blocks:
            x = block(x, mask, training=training)
        return self.to_letters(self.norm(x))


def steps_of(frames: Any) -> Any:
    """Return how many steps so many frames make; a number, an array or a tensor."""
    return (frames + STRIDE - 1) // STRIDE


def _mask(x: Tensor, lengths: Tensor) -> Tensor:
    """Return 1.0 where (B, T, …) belongs to an utterance and 0.0 behind it, (B, T, 1)."""
    places = ops.expand_dims(ops.arange(ops.shape(x)[1], dtype="int32"), 0)
    return ops.cast(ops.expand_dims(places < ops.expand_dims(lengths, 1), -1), x.dtype)


def build_command_recogniser(config: CommandRecogniserConfig) -> CommandRecogniser:
    """Make the network with fresh weights; `keras.utils.set_random_seed` decides them."""
    network = CommandRecogniser(config, name="command_recogniser")
    network(np.zeros((1, 8, config.bands), np.float32), np.array([8], np.int32), training=False)
    return network
