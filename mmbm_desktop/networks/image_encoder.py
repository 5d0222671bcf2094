"""The picture side: a small residual network (He et al. 2016) that gives a spatial map and an embedding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras import layers

from mmbm_desktop.networks.attention import unit_length
from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.image_text_config import ImageTextConfig

_MOMENTUM = 0.95
"""Of the running statistics: short runs must not end with those of their first batches."""


class ConvNorm(layers.Layer):
    """Convolution without bias, then batch normalisation."""

    def __init__(self, filters: int, kernel: int, stride: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.convolution = layers.Conv2D(
            filters, kernel, stride, padding="same", use_bias=False, kernel_initializer="he_normal", name="convolution"
        )
        self.norm = layers.BatchNormalization(momentum=_MOMENTUM, epsilon=1e-5, name="norm")

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """Map (B, S, S, C) to (B, S / stride, S / stride, filters)."""
        return self.norm(self.convolution(x), training=training)


class ResidualBlock(layers.Layer):
    """Two 3 x 3 convolutions around a shortcut."""

    def __init__(self, filters: int, stride: int, *, project: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.first = ConvNorm(filters, 3, stride, name="first")
        self.second = ConvNorm(filters, 3, name="second")
        self.shortcut = ConvNorm(filters, 1, stride, name="shortcut") if project else None

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """Map (B, S, S, C) to (B, S / stride, S / stride, filters)."""
        short = x if self.shortcut is None else self.shortcut(x, training=training)
        y = ops.relu(self.first(x, training=training))
        return ops.relu(short + self.second(y, training=training))


class ImageEncoder(layers.Layer):
    """Pixels to features: stem, residual stages, one 1 x 1 convolution; then a projection for each use."""

    def __init__(self, config: ImageTextConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stem = [ConvNorm(w, 3, 2, name=f"stem_{i}") for i, w in enumerate(config.stem_widths)]
        self.blocks: list[ResidualBlock] = []
        before = config.stem_widths[-1]
        for stage, (width, count) in enumerate(zip(config.widths, config.blocks, strict=True)):
            for index in range(count):
                stride = 2 if stage and not index else 1
                project = stride != 1 or before != width
                name = f"stage_{stage}_block_{index}"
                self.blocks.append(ResidualBlock(width, stride, project=project, name=name))
                before = width
        self.last = ConvNorm(config.pooled_width, 1, name="last")
        self.to_features = layers.Dense(config.width, name="to_features")
        self.features_norm = layers.LayerNormalization(epsilon=1e-5, name="features_norm")
        self.to_embedding = layers.Dense(config.embed_dim, use_bias=False, dtype="float32", name="to_embedding")
        self.to_teacher = (
            layers.Dense(config.teacher_dim, dtype="float32", name="to_teacher") if config.teacher_dim else None
        )
        self.channels = config.pooled_width

    def call(self, pixels: Tensor, training: bool | None = None) -> dict[str, Tensor]:
        """Encode normalised pixels (B, S, S, 3); S is the config's `image_size`, or another one while training.

        Returns:
            `features` (B, N, width), the map the decoder looks at; `embedding` (B, embed_dim) of length 1;
            with a teacher also `teacher` (B, teacher_dim), the guess of its features.
        """
        x = pixels
        for layer in self.stem:
            x = ops.relu(layer(x, training=training))
        for block in self.blocks:
            x = block(x, training=training)
        x = ops.relu(self.last(x, training=training))
        pooled = ops.mean(ops.cast(x, "float32"), axis=(1, 2))
        spatial = ops.reshape(x, (-1, x.shape[1] * x.shape[2], self.channels))
        outputs = {
            "features": self.features_norm(self.to_features(spatial)),
            "embedding": unit_length(self.to_embedding(pooled)),
        }
        if self.to_teacher is not None:
            outputs["teacher"] = self.to_teacher(pooled)
        return outputs
