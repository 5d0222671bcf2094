"""Runs exported structures with ONNX Runtime and holds their answers against the network's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime

from mmbm_desktop.base.errors import BugFault, ErrorCode
from mmbm_desktop.bundles.probe import image_text_probe
from mmbm_desktop.networks.tensors import to_numpy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.networks.image_text import ImageTextNetwork

TOLERANCE = 1e-4
_FIRST = 8
"""How many values of the first output row are kept as the expected answer."""

Arrays = dict[str, "npt.NDArray[Any]"]


def expected_answers(network: ImageTextNetwork, inputs: Mapping[str, Arrays]) -> dict[str, Arrays]:
    """Return Keras's outputs: the encoders' for the probe inputs, the decoder's for the probe picture and text."""
    pixels, ids = inputs["image_encoder.onnx"]["pixels"], inputs["text_encoder.onnx"]["ids"]
    encoded = network.image_encoder(pixels, training=False)
    memory_k, memory_v = network.caption_decoder.memory(encoded["features"])
    logits = network.caption_decoder(ids, encoded["features"], training=False)
    answers = {
        "image_encoder.onnx": {"features": encoded["features"], "embedding": encoded["embedding"]},
        "text_encoder.onnx": {"embedding": network.text_encoder(ids, training=False)},
        "caption_memory.onnx": {"memory_k": memory_k, "memory_v": memory_v},
        "caption_step.onnx": {"logits": logits},
    }
    return {file: {name: to_numpy(x) for name, x in named.items()} for file, named in answers.items()}


def exported_answers(folder: Path, network: ImageTextNetwork, inputs: Mapping[str, Arrays]) -> dict[str, Arrays]:
    """Return what the structures in `folder` answer to the same inputs; the decoder takes one token after the other."""
    config = network.config
    encoded = _run(folder, "image_encoder.onnx", inputs["image_encoder.onnx"])
    memory = _run(folder, "caption_memory.onnx", {"features": encoded["features"]})
    ids = inputs["text_encoder.onnx"]["ids"]
    empty = np.zeros((config.decoder_layers, len(ids), config.heads, 0, config.head_dim), np.float32)
    step, logits = _open(folder, "caption_step.onnx"), []
    state = {"cache_k": empty, "cache_v": empty}
    for position in range(ids.shape[1]):
        feed = {"tokens": ids[:, position], "position": np.array([position], np.int32), **state, **memory}
        scores, keys, values = step.run(["logits", "new_cache_k", "new_cache_v"], feed)
        state = {"cache_k": keys, "cache_v": values}
        logits.append(scores)
    return {
        "image_encoder.onnx": encoded,
        "text_encoder.onnx": _run(folder, "text_encoder.onnx", inputs["text_encoder.onnx"]),
        "caption_memory.onnx": memory,
        "caption_step.onnx": {"logits": np.stack(logits, axis=1)},
    }


def _open(folder: Path, file: str) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(folder / file, providers=["CPUExecutionProvider"])


def _run(folder: Path, file: str, feed: Arrays) -> Arrays:
    session = _open(folder, file)
    names = [output.name for output in session.get_outputs()]
    return {name: np.asarray(x) for name, x in zip(names, session.run(names, feed), strict=True)}


def check_export(folder: Path, network: ImageTextNetwork, preprocessing: Mapping[str, Any]) -> dict[str, Any]:
    """Compare all structures with the network, on the probe that its bundle will always be checked with.

    Returns:
        The `probe` entry of `bundle.json`: the largest difference of each structure, the tolerance, and the first
        values of the encoders' first rows.

    Raises:
        BugFault: a structure differs by more than the tolerance.
    """
    inputs = image_text_probe(preprocessing)
    right, exported = expected_answers(network, inputs), exported_answers(folder, network, inputs)
    differences = {
        file: float(np.max([np.abs(right[file][name] - exported[file][name]).max() for name in right[file]]))
        for file in right
    }
    wrong = {file: difference for file, difference in differences.items() if not difference <= TOLERANCE}
    if wrong:
        raise BugFault(ErrorCode.BUG, f"the export differs from the network: {wrong}")
    expected = {file: {"embedding": _first(right[file]["embedding"])} for file in inputs}
    return {
        "inputs": "seeded, see bundles/probe.py",
        "max_abs_difference": differences,
        "tolerance": TOLERANCE,
        "expected": expected,
    }


def _first(rows: npt.NDArray[Any]) -> Sequence[float]:
    return [float(value) for value in rows[0, :_FIRST]]
