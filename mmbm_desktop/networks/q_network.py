"""The Q network: what is seen in, the value of every action out (Mnih et al. 2015, with fewer and smaller layers)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import layers

from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.q_network_config import QNetworkConfig

_KERNELS = ((8, 4), (4, 2), (3, 1))
"""Size and stride of the convolutions, in order."""


class QNetwork(keras.Model):
    """Convolutions over frames where there are any, dense layers, values. Make one with `build_q_network`."""

    def __init__(self, config: QNetworkConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.convolutions = [
            layers.Conv2D(width, size, stride, activation="relu", kernel_initializer="he_normal", name=f"conv_{index}")
            for index, (width, (size, stride)) in enumerate(zip(config.filters, _KERNELS, strict=False))
        ]
        self.dense = [
            layers.Dense(width, activation="relu", kernel_initializer="he_normal", name=f"dense_{index}")
            for index, width in enumerate(config.hidden)
        ]
        self.to_values = layers.Dense(config.actions, name="to_values")

    def call(self, observations: Tensor, training: bool | None = None) -> Tensor:
        """Map (B, *observation) to the value of every action, (B, actions)."""
        del training  # nothing is dropped
        x = observations
        for convolution in self.convolutions:
            x = convolution(x)
        if self.convolutions:
            x = ops.reshape(x, (-1, int(np.prod(x.shape[1:]))))
        for dense in self.dense:
            x = dense(x)
        return self.to_values(x)


def build_q_network(config: QNetworkConfig, name: str = "q_network") -> QNetwork:
    """Make the network with fresh weights; `keras.utils.set_random_seed` decides them."""
    network = QNetwork(config, name=name)
    network(np.zeros((1, *config.observation), np.float32), training=False)
    return network
