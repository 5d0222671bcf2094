"""Picture classifiers: normalised pixels in, a score for each class out.

preprocess (`media`, normalised pixels) → features (a body: an image-text model's encoder, the textbook's one
convolution, or a small residual network) → scores (`ClassHead`).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import layers

from mmbm_desktop.networks.image_encoder import ConvNorm, ImageEncoder, ResidualBlock
from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.image_text_config import ImageTextConfig
    from mmbm_desktop.networks.picture_classifier_config import PictureClassifierConfig

_LEAST_DEVIATION = 1e-4


class PlainBody(layers.Layer):
    """The textbook's network: one 3 x 3 convolution and one dense layer, each with ReLU, and no pooling."""

    def __init__(self, config: PictureClassifierConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.convolution = layers.Conv2D(config.filters, 3, activation="relu", name="convolution")
        self.flatten = layers.Flatten(name="flatten")
        self.dense = layers.Dense(config.hidden, activation="relu", name="dense")
        self.width = config.hidden

    def call(self, pixels: Tensor, training: bool | None = None) -> Tensor:
        """Map pixels (B, S, S, 3) to features (B, hidden)."""
        del training
        return self.dense(self.flatten(self.convolution(pixels)))


class ResidualBody(layers.Layer):
    """A small residual network (He et al. 2016); its last map is averaged."""

    def __init__(self, config: PictureClassifierConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stem = ConvNorm(config.stem_width, 3, 2, name="stem")
        self.blocks: list[ResidualBlock] = []
        before = config.stem_width
        for stage, (width, count) in enumerate(zip(config.widths, config.blocks, strict=True)):
            for index in range(count):
                stride = 2 if stage and not index else 1
                project = stride != 1 or before != width
                name = f"stage_{stage}_block_{index}"
                self.blocks.append(ResidualBlock(width, stride, project=project, name=name))
                before = width
        self.width = before

    def call(self, pixels: Tensor, training: bool | None = None) -> Tensor:
        """Map pixels (B, S, S, 3) to features (B, widths[-1])."""
        x = ops.relu(self.stem(pixels, training=training))
        for block in self.blocks:
            x = block(x, training=training)
        return ops.mean(x, axis=(1, 2))


class EncoderBody(layers.Layer):
    """The image encoder of an image-text model: the average of its map beside its embedding.

    It runs as in use even while it is trained: the running statistics of its normalisations come from far more pictures
    than a folder of classes holds.
    """

    def __init__(self, encoder: ImageTextConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.image_encoder = ImageEncoder(dataclasses.replace(encoder, teacher_dim=0), name="image_encoder")
        self.width = encoder.width + encoder.embed_dim

    def call(self, pixels: Tensor, training: bool | None = None) -> Tensor:
        """Map pixels (B, S, S, 3) to features (B, width + embed_dim)."""
        del training
        outputs = self.image_encoder(pixels, training=False)
        return ops.concatenate([ops.mean(outputs["features"], axis=1), outputs["embedding"]], axis=-1)


class ClassHead(layers.Layer):
    """Features to the scores of classes, linearly or with one hidden layer.

    Attributes:
        mean: taken from every feature first, (width,); never trained.
        deviation: which every feature is divided by then, (width,); never trained.
    """

    def __init__(self, config: PictureClassifierConfig, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mean = self.add_weight(shape=(width,), initializer="zeros", trainable=False, name="mean")
        self.deviation = self.add_weight(shape=(width,), initializer="ones", trainable=False, name="deviation")
        self.dropout = layers.Dropout(config.dropout, name="dropout")
        mlp = config.head == "mlp"
        self.hidden = layers.Dense(config.hidden, activation="relu", name="hidden") if mlp else None
        self.to_logits = layers.Dense(config.classes, name="to_logits")

    def standardise(self, features: np.ndarray) -> None:
        """Remember the mean and the deviation of features (N, width)."""
        self.mean.assign(features.mean(axis=0))
        self.deviation.assign(features.std(axis=0) + _LEAST_DEVIATION)

    def call(self, features: Tensor, training: bool | None = None) -> Tensor:
        """Map features (B, width) to logits (B, classes)."""
        x = self.dropout((features - self.mean) / self.deviation, training=training)
        if self.hidden is not None:
            x = self.dropout(self.hidden(x), training=training)
        return self.to_logits(x)


class PictureClassifier(keras.Model):
    """A body and a head. Make one with `build_picture_classifier`."""

    def __init__(self, config: PictureClassifierConfig, encoder: ImageTextConfig | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config, self.encoder_config = config, encoder
        self.body = _body(config, encoder)
        self.head = ClassHead(config, self.body.width, name="head")

    def call(self, pixels: Tensor, training: bool | None = None) -> Tensor:
        """Map normalised pixels (B, S, S, 3) to logits (B, classes); a softmax makes them probabilities."""
        return self.head(self.body(pixels, training=training), training=training)


def _body(config: PictureClassifierConfig, encoder: ImageTextConfig | None) -> Any:
    if config.body == "encoder":
        if encoder is None:
            raise ValueError("the sizes of the encoder are missing")
        return EncoderBody(encoder, name="body")
    return (PlainBody if config.body == "plain" else ResidualBody)(config, name="body")


def build_picture_classifier(
    config: PictureClassifierConfig, encoder: ImageTextConfig | None = None
) -> PictureClassifier:
    """Make the network with fresh weights; `keras.utils.set_random_seed` decides them."""
    network = PictureClassifier(config, encoder, name="picture_classifier")
    network(np.zeros((1, config.image_size, config.image_size, 3), np.float32), training=False)
    return network
