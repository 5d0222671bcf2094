"""The sizes that rebuild a picture classifier. Plain numbers: reading it needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass

BODIES = ("encoder", "plain", "residual")
HEADS = ("linear", "mlp")


@dataclass(frozen=True)
class PictureClassifierConfig:
    """Everything that decides a network's shapes, apart from the sizes of an image encoder it is built on.

    Attributes:
        body: what turns pixels into features: "encoder", "plain" (one convolution and a dense layer) or "residual".
        frozen: whether training leaves the body as it is.
        image_size: edge of the square input, pixels; an encoder brings its own.
        classes: how many there are.
        head: "linear", or "mlp" for one hidden layer.
        hidden: width of the hidden layer of an "mlp" head, and of the dense layer of a "plain" body.
        filters: of the convolution of a "plain" body.
        stem_width: channels of the stride-2 convolution that a "residual" body starts with.
        widths: channels of each of its stages; every stage but the first halves the edge.
        blocks: residual blocks in each stage.
        dropout: share of the features dropped in training.
    """

    body: str = "encoder"
    frozen: bool = False
    image_size: int = 64
    classes: int = 0
    head: str = "linear"
    hidden: int = 128
    filters: int = 32
    stem_width: int = 24
    widths: tuple[int, ...] = (24, 48, 96, 192)
    blocks: tuple[int, ...] = (1, 1, 1, 1)
    dropout: float = 0.3
