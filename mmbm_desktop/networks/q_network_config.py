"""The sizes that rebuild a Q network. Plain numbers: reading it needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class QNetworkConfig:
    """Everything that decides a network's shapes.

    Attributes:
        observation: shape of what it is given: (numbers,), or (height, width, frames).
        actions: how many it can choose from.
        filters: channels of the two convolutions over frames; none where it is given numbers.
        hidden: widths of the dense layers.
    """

    observation: tuple[int, ...] = (4,)
    actions: int = 2
    filters: tuple[int, ...] = ()
    hidden: tuple[int, ...] = (128, 128)
