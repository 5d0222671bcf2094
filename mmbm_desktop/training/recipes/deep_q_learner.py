"""The Q network as it is trained: towards what another, older copy of it says is to come (Mnih et al. 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.q_network import QNetwork


class DeepQLearner(keras.Model):
    """The network that learns, and the one that says what is to come and is a copy of it from time to time."""

    def __init__(self, network: QNetwork, target: QNetwork, gamma: float, *, double: bool, **kwargs: Any) -> None:
        """Take both networks, how much later rewards count, and whether to learn as van Hasselt et al. (2016) do."""
        super().__init__(**kwargs)
        self.network = network
        self.target = target
        self.target.trainable = False
        self._gamma = gamma
        self._double = double
        self.built = True

    def call(self, inputs: dict[str, Tensor], training: bool | None = None) -> Tensor:
        """Value the actions of what is seen `now` (B, …): (B, actions)."""
        return self.network(inputs["now"], training=training)

    def train_step(self, data: Any) -> Any:
        """Learn several times from one call: inputs and targets have a further first axis, of that many.

        Calling costs as much as four updates of a small network.
        """
        x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
        result = None
        for index in range(x["now"].shape[0]):
            result = super().train_step((_part(x, index), _part(y, index)))
        return result

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        """Return the mean Huber loss; `y` holds `actions`, `rewards` and `terminated`, 1.0 where nothing follows."""
        to_come = ops.stop_gradient(self._to_come(x["after"]))
        wanted = y["rewards"] + self._gamma * (1.0 - y["terminated"]) * to_come
        said = _taken(y_pred, y["actions"])
        error = ops.abs(said - wanted)
        return ops.mean(ops.where(error < 1.0, 0.5 * ops.square(error), error - 0.5))

    def _to_come(self, after: Tensor) -> Tensor:
        """Return the value of what comes next, (B,)."""
        values = self.target(after, training=False)
        if not self._double:
            return ops.max(values, axis=-1)
        return _taken(values, ops.argmax(self.network(after, training=False), axis=-1))

    def copy_to_target(self) -> None:
        """Make the target the network as it is now."""
        for theirs, ours in zip(self.target.variables, self.network.variables, strict=True):
            theirs.assign(ours)


def _part(tensors: Any, index: int) -> dict[str, Tensor]:
    return {name: tensor[index] for name, tensor in tensors.items()}


def _taken(values: Tensor, actions: Tensor) -> Tensor:
    """Return the value of one action a row: (B, actions) and (B,) give (B,)."""
    return ops.squeeze(ops.take_along_axis(values, ops.expand_dims(ops.cast(actions, "int32"), -1), axis=-1), -1)
