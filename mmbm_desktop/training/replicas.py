"""One step on several devices at once: each takes a share of the batch, what they found is added up. TensorFlow only.

The shares' losses and gradients count by their items, so a batch need not divide evenly, and a loss that is a mean over
the items has the very gradient of the whole batch. What a loss compares within its batch, as contrast does, and what
batch normalisation averages stays within a share. Gradients are clipped as a whole, after they were added up: Keras
would clip each share's own. (On one device Keras measures a table's gradient row by row of what was looked up, here it
is measured as a whole; where gradients are clipped, a network with such a table learns a little differently.)
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from mmbm_desktop.base.errors import ErrorCode, InputFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    Numbers = Mapping[str, Any]


class Replicas:
    """Copies of a learner on several devices, held equal by `tf.distribute.MirroredStrategy`.

    Args:
        devices: TensorFlow's names, such as "GPU:0"; every GPU that it sees, else every processor, where None.

    Raises:
        InputFault: Keras runs on another backend (ARGUMENT_INVALID).
    """

    def __init__(self, devices: Sequence[str] | None = None) -> None:
        if keras.backend.backend() != "tensorflow":
            raise InputFault(ErrorCode.ARGUMENT_INVALID, keras.backend.backend(), name="device", value="all")
        if devices is None:
            found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
            devices = [device.name.removeprefix("/device:") for device in found]
        self._strategy = tf.distribute.MirroredStrategy(list(devices))
        self._optimizer: Any = None
        self._function: Callable[[Any, Any, Any], Numbers] | None = None

    @property
    def count(self) -> int:
        """How many there are."""
        return self._strategy.num_replicas_in_sync

    def scope(self) -> AbstractContextManager[Any]:
        """Return the context in which the learner, its optimiser and its checkpoints are made."""
        return self._strategy.scope()

    def step(self, learner: keras.Model, inputs: Any, targets: Any) -> Numbers:
        """Take one step, as `train_on_batch` would on one device, and return the same numbers.

        Args:
            learner: compiled; its metrics were reset.
            inputs: nested arrays (rows, ...), each with as many rows as the batch has items, or a multiple of it.
            targets: the same.
        """
        if self._function is None or self._optimizer is not learner.optimizer:
            self._optimizer, self._function = learner.optimizer, _stepping(self._strategy, learner)
        parts, shares = shared_out((inputs, targets), self.count)
        batch = self._each(parts)
        weights = self._each([np.float32(share) for share in shares])
        numbers = self._function(batch[0], batch[1], weights)
        return {name: float(value) for name, value in numbers.items()}

    def _each(self, values: Sequence[Any]) -> Any:
        def of_replica(context: Any) -> Any:
            return tf.nest.map_structure(tf.convert_to_tensor, values[context.replica_id_in_sync_group])

        return self._strategy.experimental_distribute_values_from_function(of_replica)


def shared_out(batch: Any, count: int) -> tuple[list[Any], list[float]]:
    """Return the batch's parts, one a replica, and the share of the items in each.

    Where there are fewer items than replicas the rest get the first item, which counts nothing.
    """
    arrays = [np.asarray(one) for one in tf.nest.flatten(batch)]
    items = min(len(one) for one in arrays)
    bounds = [items * number // count for number in range(count + 1)]
    parts, shares = [], []
    for begin, end in itertools.pairwise(bounds):
        first, last = (begin, end) if end > begin else (0, 1)
        rows = [one[first * len(one) // items : last * len(one) // items] for one in arrays]
        parts.append(tf.nest.pack_sequence_as(batch, rows))
        shares.append((end - begin) / items)
    return parts, shares


def _stepping(strategy: Any, learner: keras.Model) -> Callable[[Any, Any, Any], Numbers]:
    """Return a compiled function that takes a step with a part of the batch on each device and adds up the numbers."""
    optimizer: Any = learner.optimizer
    trained = list(learner.trainable_variables)
    count = strategy.num_replicas_in_sync

    def step(inputs: Any, targets: Any, share: Any) -> Numbers:
        context = tf.distribute.get_replica_context()
        with tf.GradientTape() as tape:
            outputs = learner(inputs, training=True)
            loss = learner.compute_loss(x=inputs, y=targets, y_pred=outputs, training=True) * share
        found = [(one, variable) for one, variable in zip(_gradients(tape, loss, trained), trained, strict=True)]
        learned = [(one, variable) for one, variable in found if one is not None]
        summed = context.all_reduce(tf.distribute.ReduceOp.SUM, [one for one, _ in learned])
        if optimizer.global_clipnorm is not None:
            summed, _ = tf.clip_by_global_norm(summed, optimizer.global_clipnorm)
        of_all = {id(variable): one for one, (_, variable) in zip(summed, learned, strict=True)}
        # The optimiser adds up what the replicas have: each brings its part of the sum that all of them know.
        optimizer.apply([None if id(v) not in of_all else of_all[id(v)] / count for v in trained], trained)
        told = {"loss": loss, **{metric.name: metric.result() * share for metric in _parts_of(learner)}}
        return context.all_reduce(tf.distribute.ReduceOp.SUM, told)

    @tf.function(reduce_retracing=True)
    def everywhere(inputs: Any, targets: Any, share: Any) -> Numbers:
        found = strategy.run(step, args=(inputs, targets, share))
        return tf.nest.map_structure(lambda one: strategy.experimental_local_results(one)[0], found)

    return everywhere


def _gradients(tape: Any, loss: Any, variables: Sequence[Any]) -> list[Any]:
    found = tape.gradient(loss, [variable.value for variable in variables])
    return [None if one is None else tf.convert_to_tensor(one) for one in found]


def _parts_of(learner: keras.Model) -> list[Any]:
    """Return the metrics that a learner's own loss updates."""
    return [metric for metric in learner.metrics if metric.name != "loss"]
