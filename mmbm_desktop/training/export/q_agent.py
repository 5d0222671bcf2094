"""What goes into an agent's bundle: one structure from what is seen to values and the best action, and its world."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.bundles.probe import q_agent_probe
from mmbm_desktop.inference.agent import FAMILY, STRUCTURE
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.tensors import Tensor, ops, to_numpy
from mmbm_desktop.training.export.check import TOLERANCE, compare, run_structure
from mmbm_desktop.training.export.hollow import Input, Structure
from mmbm_desktop.training.publish import BundleParts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.networks.q_network import QNetwork

TABLE = "table"


@dataclass(frozen=True)
class Valued:
    """A function that values actions.

    Attributes:
        values: maps observations (B, …) to values (B, actions).
        weights: published name to Keras variable.
        actions: how many there are.
        network: the sizes that rebuild it.
    """

    values: Callable[[Tensor], Tensor]
    weights: Mapping[str, Any]
    actions: int
    network: Mapping[str, Any]


def valued_by_table(table: npt.NDArray[np.float64]) -> Valued:
    """Return the function that looks values up in a table, (states, actions)."""
    variable = keras.Variable(table.astype(np.float32), name=TABLE)

    def values(states: Tensor) -> Tensor:
        return ops.take(variable, states, axis=0)

    return Valued(values, {TABLE: variable}, table.shape[1], {"states": table.shape[0], "actions": table.shape[1]})


def valued_by_network(network: QNetwork) -> Valued:
    """Return the function that a network is."""

    def values(observations: Tensor) -> Tensor:
        return network(observations, training=False)

    return Valued(values, weight_names(network), network.config.actions, asdict(network.config))


def q_agent_parts(valued: Valued, preprocessing: Mapping[str, Any]) -> BundleParts:
    """Return what is to be published of an agent.

    Args:
        valued: how it values actions.
        preprocessing: `environment` with its `name` and whether it is `slippery`, `observation` as its eyes describe
            it, and the names of its `actions`.
    """
    return BundleParts(
        family=FAMILY,
        tasks=("play",),
        weights=valued.weights,
        structures=(structure(valued, preprocessing),),
        files={},
        network=valued.network,
        preprocessing=preprocessing,
        check=partial(_check, valued=valued, preprocessing=preprocessing),
    )


def structure(valued: Valued, preprocessing: Mapping[str, Any]) -> Structure:
    """Return what to export of a function that values actions; B is the batch."""

    def decide(observations: Tensor) -> tuple[Tensor, Tensor]:
        values = valued.values(observations)
        # not argmax, in which Keras looks at the bits of zeros, as ONNX cannot; the first of equals is best here, too
        return values, ops.squeeze(ops.top_k(values, 1)[1], -1)

    probe = q_agent_probe(preprocessing)[STRUCTURE]["observations"]
    shape, dtype = probe.shape[1:], str(probe.dtype)
    axes = {"observations": ("B", *shape), "values": ("B", valued.actions), "actions": ("B",)}
    return Structure(STRUCTURE, decide, (Input("observations", (None, *shape), dtype),), ("values", "actions"), axes)


def _check(folder: Path, valued: Valued, preprocessing: Mapping[str, Any]) -> dict[str, Any]:
    """Compare the structure with the function on the probe of its bundle; see `compare`.

    Raises:
        BugFault: they differ by more than the tolerance, which grows with the values: returns may be hundreds.
    """
    feed = q_agent_probe(preprocessing)[STRUCTURE]
    right = to_numpy(valued.values(feed["observations"]))
    exported = run_structure(folder, STRUCTURE, feed)
    tolerance = TOLERANCE * max(1.0, float(np.abs(right).max()))
    return compare({STRUCTURE: {"values": right}}, {STRUCTURE: exported}, {STRUCTURE: "values"}, tolerance)
