"""The answers of a translation network and of its exported structures to the probe of its bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.bundles.probe import translation_probe
from mmbm_desktop.inference.translate import ENCODER, STEP
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.export.check import compare, open_structure, run_structure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mmbm_desktop.networks.translation import TranslationNetwork
    from mmbm_desktop.training.export.check import Arrays


def expected_answers(network: TranslationNetwork, ids: Any) -> dict[str, Arrays]:
    """Return Keras's outputs: what the decoder keeps of the probe, and the scores of each of its tokens after those."""
    features = network.encoder(ids, training=False)
    memory_k, memory_v = network.decoder.memory(features)
    logits = network.decoder(ids, features, training=False)
    answers = {ENCODER: {"memory_k": memory_k, "memory_v": memory_v}, STEP: {"logits": logits}}
    return {file: {name: to_numpy(x) for name, x in named.items()} for file, named in answers.items()}


def exported_answers(folder: Path, network: TranslationNetwork, ids: Any) -> dict[str, Arrays]:
    """Return what the structures in `folder` answer to the same ids; the decoder takes one token after the other."""
    config = network.config
    memory = run_structure(folder, ENCODER, {"ids": ids})
    empty = np.zeros((config.decoder_layers, len(ids), config.heads, 0, config.head_dim), np.float32)
    step, logits = open_structure(folder, STEP), []
    state = {"cache_k": empty, "cache_v": empty}
    for position in range(ids.shape[1]):
        feed = {"tokens": ids[:, position], "position": np.array([position], np.int32), **state, **memory}
        scores, keys, values = step.run(["logits", "new_cache_k", "new_cache_v"], feed)
        state = {"cache_k": keys, "cache_v": values}
        logits.append(scores)
    return {ENCODER: memory, STEP: {"logits": np.stack(logits, axis=1)}}


def check_translation(folder: Path, network: TranslationNetwork, preprocessing: Mapping[str, Any]) -> dict[str, Any]:
    """Compare both structures with the network, on the probe that its bundle will always be checked with.

    Raises:
        BugFault: a structure differs by more than the tolerance; see `compare`.
    """
    ids = translation_probe(preprocessing)[ENCODER]["ids"]
    right, exported = expected_answers(network, ids), exported_answers(folder, network, ids)
    return compare(right, exported, {ENCODER: "memory_k"})
