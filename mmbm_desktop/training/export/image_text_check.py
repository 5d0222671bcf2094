"""The answers of an image-text network and of its exported structures to the probe of its bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.bundles.probe import image_text_probe
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.export.check import compare, open_structure, run_structure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mmbm_desktop.networks.image_text import ImageTextNetwork
    from mmbm_desktop.training.export.check import Arrays


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
    encoded = run_structure(folder, "image_encoder.onnx", inputs["image_encoder.onnx"])
    memory = run_structure(folder, "caption_memory.onnx", {"features": encoded["features"]})
    ids = inputs["text_encoder.onnx"]["ids"]
    step, logits = open_structure(folder, "caption_step.onnx"), []
    names = network.caption_decoder.states
    state = dict(zip(names, map(to_numpy, network.caption_decoder.empty_cache(len(ids))), strict=True))
    for position in range(ids.shape[1]):
        place = {} if network.config.recurrent else {"position": np.array([position], np.int32)}
        scores, *kept = step.run(
            ["logits", *(f"new_{name}" for name in names)], {"tokens": ids[:, position], **place, **state, **memory}
        )
        state = dict(zip(names, kept, strict=True))
        logits.append(scores)
    return {
        "image_encoder.onnx": encoded,
        "text_encoder.onnx": run_structure(folder, "text_encoder.onnx", inputs["text_encoder.onnx"]),
        "caption_memory.onnx": memory,
        "caption_step.onnx": {"logits": np.stack(logits, axis=1)},
    }


def check_image_text(folder: Path, network: ImageTextNetwork, preprocessing: Mapping[str, Any]) -> dict[str, Any]:
    """Compare all structures with the network, on the probe that its bundle will always be checked with; see `compare`.

    Raises:
        BugFault: a structure differs by more than the tolerance.
    """
    inputs = image_text_probe(preprocessing)
    right, exported = expected_answers(network, inputs), exported_answers(folder, network, inputs)
    return compare(right, exported, dict.fromkeys(inputs, "embedding"))
