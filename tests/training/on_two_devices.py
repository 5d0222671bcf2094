"""Run as a program: trains on two logical processors, as if they were two GPUs, and on one, and prints what came of it.

TensorFlow divides its devices once, before anything is computed: hence a process of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.training.loop import Loop, step_alone
from mmbm_desktop.training.replicas import Replicas
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

PHASE = PhaseSpec("joint", epochs=2, learning_rate=0.02)
SPEC = TrainSpec("image-text", "line", "", (PHASE,), checkpoint_steps=2)
ITEMS = (5, 1)
"""Of the batches of an epoch: one that does not divide by two, and one that is too small."""


class Learner(keras.Model):
    """Adds two rows of notes to what it is told of an item; its mean squared error is large enough to be clipped.

    It draws random numbers, which one and two devices cannot draw alike, but has no use for them.
    """

    def __init__(self) -> None:
        super().__init__(name="learner")
        self.notes, self.more = keras.layers.Dense(3), keras.layers.Dense(3, activation="tanh")
        self.chance, self.last = keras.random.SeedGenerator(3), keras.layers.Dense(1)
        self.unused = keras.layers.Dense(1)
        self.error = keras.metrics.Mean(name="error")
        self(Recipe.inputs(2, (0, 0)), training=False)
        self.unused(np.zeros((1, 1), np.float32))

    def call(self, inputs, training=None):
        notes = keras.ops.mean(keras.ops.reshape(self.notes(inputs["notes"]), (-1, 2, 3)), axis=1)
        drawn = keras.random.uniform((3,), seed=self.chance) if training else 0.0
        return self.last(notes + self.more(inputs["x"]) + 0.0 * drawn)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        squared = keras.ops.square(y - y_pred)
        self.error.update_state(keras.ops.mean(keras.ops.abs(y - y_pred)))
        return keras.ops.mean(squared)


class Recipe:
    def __init__(self) -> None:
        keras.utils.set_random_seed(1)
        self.learner = Learner()

    @staticmethod
    def inputs(items: int, place: tuple[int, int]) -> dict[str, np.ndarray]:
        random = np.random.default_rng(place)
        return {
            "x": random.normal(size=(items, 4)).astype(np.float32),
            "notes": random.normal(size=(2 * items, 2)).astype(np.float32),
        }

    def start_phase(self, phase: PhaseSpec) -> None:
        self.started = phase

    def steps(self, phase: PhaseSpec) -> int:
        return len(ITEMS)

    def batch(self, phase: PhaseSpec, epoch: int, step: int):
        inputs = self.inputs(ITEMS[step], (epoch, step))
        return inputs, 9 * inputs["x"].sum(1, keepdims=True)

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        inputs = self.inputs(16, (9, 9))
        return {"score": -float(np.mean((9 * inputs["x"].sum(1) - np.asarray(self.learner(inputs))[:, 0]) ** 2))}


def trained(folder: Path, *, together: bool, stop_after: int = 0) -> list[dict[str, float]]:
    """Train to the end, or so many steps, from the last checkpoint on; return the losses of each step."""
    replicas, token, told = Replicas(), CancelToken(), []

    def step(learner, inputs, targets):
        losses = (replicas.step if together else step_alone)(learner, inputs, targets)
        told.append({name: float(value) for name, value in losses.items()})
        if len(told) == stop_after:
            token.cancel()
        return losses

    with replicas.scope() if together else tf.device("CPU:0"):
        loop = Loop(SPEC, Recipe(), RunFolder(folder), token, lambda event: None, take_step=step)
        try:
            loop.run()
        except Cancelled:
            assert len(told) == stop_after
    return told


def main() -> None:
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    folder = Path(sys.argv[1])
    for name in ("alone", "together", "stopped"):
        (folder / name).mkdir()
    losses = {name: trained(folder / name, together=name == "together") for name in ("alone", "together")}
    trained(folder / "stopped", together=True, stop_after=1)
    trained(folder / "stopped", together=True)
    print(json.dumps({"replicas": Replicas().count, **losses}))


if __name__ == "__main__":
    main()
