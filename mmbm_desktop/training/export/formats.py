"""Writes a bundle's graphs as `.keras`, SavedModel, TFLite or plain ONNX into a folder. Checks nothing.

TFLite is what LiteRT reads; the converter is TensorFlow's own.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import onnx
import tensorflow as tf

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.training.export.network_file import BundleNetwork
from mmbm_desktop.training.export.rebuild import Rebuilt, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mmbm_desktop.training.export.hollow import Structure

KERAS_FILE, SAVED_MODEL = "model.keras", "saved_model"


def write_keras(bundle: Path, place: Path) -> None:
    """Write one file that holds the whole network; see `network_file`.

    Raises:
        EnvironmentFault: EXPORT_FAILED, the bundle holds a table and no network.
    """
    manifest, rebuilt = read_manifest(bundle), opened(bundle)
    if rebuilt.network is None:
        raise EnvironmentFault(ErrorCode.EXPORT_FAILED, manifest.family, format="keras", reason="no-network")
    whole = BundleNetwork(manifest.family, manifest.network, manifest.preprocessing, name="bundle")
    for variable, kept in zip(whole.network.weights, rebuilt.network.weights, strict=True):
        variable.assign(kept.value)
    with warnings.catch_warnings():
        # Keras 3.15's variables on TensorFlow do not know the `copy` argument that NumPy 2 offers them.
        warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
        whole.save(place / KERAS_FILE)


def write_saved_model(bundle: Path, place: Path) -> None:
    """Write one SavedModel with a signature for each graph, named like its file without the ending."""
    rebuilt = opened(bundle)
    graphs = {graph_name(one.file): _concrete(one) for one in rebuilt.structures}
    tf.saved_model.save(_holder(rebuilt), str(place / SAVED_MODEL), signatures=graphs)


def write_tflite(bundle: Path, place: Path) -> None:
    """Write a `.tflite` file for each graph, in single precision, with the names of the graph's inputs and outputs."""
    rebuilt = opened(bundle)
    holder = _holder(rebuilt)
    for structure in rebuilt.structures:
        converter = tf.lite.TFLiteConverter.from_concrete_functions([_concrete(structure)], holder)
        write_atomically(place / f"{graph_name(structure.file)}.tflite", converter.convert())


def write_onnx(bundle: Path, place: Path) -> None:
    """Write each graph with its weights inside: an `.onnx` file that needs no other."""
    for name in read_manifest(bundle).files:
        if name.endswith(".onnx"):
            model = onnx.load(bundle / name)
            write_atomically(place / name, model.SerializeToString())


def graph_name(file: str) -> str:
    """Return what a graph is called: its file in the bundle without the ending."""
    return file.removesuffix(".onnx")


def _holder(rebuilt: Rebuilt) -> tf.Module:
    """Return what keeps the variables: TensorFlow saves those it can reach from a module."""
    holder: Any = tf.Module()
    holder.published = [variable.value for variable in rebuilt.weights.values()]
    holder.seeds = [one.value for one in rebuilt.network.variables] if rebuilt.network is not None else []
    return holder


def _concrete(structure: Structure) -> Any:
    """Return a structure as a traced function whose answer has names."""

    def named(*tensors: Any) -> Any:
        answer = structure.function(*tensors)
        return dict(zip(structure.outputs, answer, strict=True))

    inputs = [tf.TensorSpec(one.shape, one.dtype, name=one.name) for one in structure.inputs]
    return tf.function(named, input_signature=inputs, autograph=False).get_concrete_function()


WRITERS: Mapping[str, Callable[[Path, Path], None]] = {
    "keras": write_keras,
    "savedmodel": write_saved_model,
    "tflite": write_tflite,
    "onnx": write_onnx,
}
