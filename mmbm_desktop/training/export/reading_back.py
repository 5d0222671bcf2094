"""Runs an exported model and the bundle it came from on the same inputs. Each format is read by its own runtime."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.bundles.probe import PROBES
from mmbm_desktop.training.export.check import open_structure, run_structure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy.typing as npt

    Arrays = dict[str, npt.NDArray[Any]]
    Runner = Callable[[str, Arrays], Mapping[str, Any]]

_SIZES = {"B": 2, "P": 3}
_OTHER_SIZE = 10
_ID = 3
"""Every whole number that a graph is given where no probe says more: a position, or the id of a token."""
_RELATIVE = 1e-5


def differences(bundle: Path, place: Path, kind: str) -> dict[str, float]:
    """Return, for each graph, how far its answers are from ONNX Runtime's of the bundle, over the largest answer.

    A difference counts beside the largest value of the same output, where that is more than 1.

    Args:
        bundle: the installed or trained one.
        place: the folder of the export.
        kind: its format, a key of `formats.WRITERS`.
    """
    runner = _RUNNERS[kind](place)
    found = {}
    for file, feed in feeds(bundle).items():
        right, answer = run_structure(bundle, file, feed), runner(file, feed)
        found[file] = max(_apart(right[name], np.asarray(answer[name])) for name in right)
    return found


def tolerance(bundle: Path) -> float:
    """Return the largest difference that counts as equal: what the bundle's own check allows."""
    return float(read_manifest(bundle).probe.get("tolerance", _RELATIVE))


def feeds(bundle: Path) -> dict[str, Arrays]:
    """Return inputs of every graph of a bundle: the manifest's probe, and seeded noise where it has none."""
    manifest = read_manifest(bundle)
    probe = PROBES[manifest.family](manifest.preprocessing)
    graphs = [name for name in manifest.files if name.endswith(".onnx")]
    return {name: probe[name] if name in probe else _noise(bundle, name) for name in graphs}


def _noise(bundle: Path, file: str) -> Arrays:
    random = np.random.default_rng(0)
    made: Arrays = {}
    for one in open_structure(bundle, file).get_inputs():
        shape = [axis if isinstance(axis, int) else _SIZES.get(axis, _OTHER_SIZE) for axis in one.shape]
        if "int" in one.type:
            made[one.name] = np.full(shape, _ID, np.int32)
        else:
            made[one.name] = random.standard_normal(shape, dtype=np.float32)
    return made


def _apart(right: npt.NDArray[Any], answer: npt.NDArray[Any]) -> float:
    if right.shape != answer.shape:
        return float("inf")
    largest = max(1.0, float(np.abs(right).max(initial=0.0)))
    return float(np.abs(right - answer).max(initial=0.0)) / largest


def _keras(place: Path) -> Runner:
    import keras

    from mmbm_desktop.networks.tensors import to_numpy
    from mmbm_desktop.training.export.formats import KERAS_FILE
    from mmbm_desktop.training.export.network_file import BundleNetwork

    loaded: Any = keras.saving.load_model(place / KERAS_FILE, custom_objects={"BundleNetwork": BundleNetwork})
    known = {structure.file: structure for structure in loaded.structures}

    def run(file: str, feed: Arrays) -> Mapping[str, Any]:
        structure = known[file]
        answer = structure.function(*(feed[one.name] for one in structure.inputs))
        return {name: to_numpy(value) for name, value in zip(structure.outputs, answer, strict=True)}

    return run


def _saved_model(place: Path) -> Runner:
    import tensorflow as tf

    from mmbm_desktop.training.export.formats import SAVED_MODEL, graph_name

    loaded: Any = tf.saved_model.load(str(place / SAVED_MODEL))

    def run(file: str, feed: Arrays) -> Mapping[str, Any]:
        answer = loaded.signatures[graph_name(file)](**{name: tf.constant(value) for name, value in feed.items()})
        return {name: value.numpy() for name, value in answer.items()}

    return run


def _tflite(place: Path) -> Runner:
    import tensorflow as tf

    from mmbm_desktop.training.export.formats import graph_name

    def run(file: str, feed: Arrays) -> Mapping[str, Any]:
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", "(?s).*tf.lite.Interpreter is deprecated", UserWarning
            )  # for LiteRT's own
            interpreter = tf.lite.Interpreter(model_path=str(place / f"{graph_name(file)}.tflite"), num_threads=1)
        return interpreter.get_signature_runner()(**feed)

    return run


def _onnx(place: Path) -> Runner:
    def run(file: str, feed: Arrays) -> Mapping[str, Any]:
        return run_structure(place, file, feed)

    return run


_RUNNERS: Mapping[str, Callable[[Path], Runner]] = {
    "keras": _keras,
    "savedmodel": _saved_model,
    "tflite": _tflite,
    "onnx": _onnx,
}
