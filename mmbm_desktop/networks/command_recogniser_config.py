"""The sizes that rebuild a command recogniser. Plain numbers: reading it needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CommandRecogniserConfig:
    """Everything that decides a network's shapes.

    Attributes:
        letters: what it can write, in the order of its scores; the blank comes before them.
        bands: log-mel bands of a frame.
        heard_bands: the lowest so many of them are used. Recordings made for the telephone hold nothing above 4 kHz,
            which is band 48 of 64; a network that learns from them must not miss it in better ones.
        stem_widths: channels of the two convolutions over time and frequency.
        width: channels of the blocks.
        blocks: residual blocks.
        kernel: steps of 20 ms that a block looks at.
        expand: how many times wider a block is inside.
        dropout: share of a block's activations dropped in training.
    """

    letters: str = ""
    bands: int = 64
    heard_bands: int = 64
    stem_widths: tuple[int, ...] = (16, 32)
    width: int = 96
    blocks: int = 5
    kernel: int = 9
    expand: int = 2
    dropout: float = 0.1
