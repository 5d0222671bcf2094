"""The sizes that rebuild a sound tagger. Plain numbers: reading it needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SoundTaggerConfig:
    """Everything that decides a network's shapes.

    Attributes:
        classes: sounds it can name, in the order of its scores.
        patch_frames: log-mel frames of a patch, 10 ms each.
        bands: log-mel bands of a frame.
        mean: taken from every log-mel value first.
        deviation: which every log-mel value is divided by then.
        stem_width: channels of the first convolution, of stride 2.
        widths: channels of each stage; every stage but the first halves time and frequency.
        blocks: depthwise-separable convolutions in each stage.
        teacher_dim: size of the teacher's feature vector to predict while training; 0 for none.
        dropout: share of a patch's features dropped in training.
    """

    classes: tuple[str, ...] = ()
    patch_frames: int = 96
    bands: int = 64
    mean: float = -3.5
    deviation: float = 2.5
    stem_width: int = 16
    widths: tuple[int, ...] = (32, 64, 128, 256, 512)
    blocks: tuple[int, ...] = (1, 2, 2, 4, 2)
    teacher_dim: int = 0
    dropout: float = 0.2

    @property
    def embed_dim(self) -> int:
        """Size of the features of a patch and of a window's embedding."""
        return self.widths[-1]
