"""The fixed inputs a bundle is probed with, the same when it is made and when it is checked. NumPy only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    Feeds = dict[str, dict[str, npt.NDArray[Any]]]

_LENGTH = 10
_WORDS = 5


def image_text_probe(preprocessing: Mapping[str, Any]) -> Feeds:
    """Return inputs for the two encoders of an image-text bundle by structure, made from its `preprocessing`.

    `pixels` float32 (2, S, S, 3): seeded noise. `ids` int32 (2, 10): the first ordinary tokens, in both languages.
    """
    size = int(preprocessing["image"]["size"])
    pixels = np.random.default_rng(0).standard_normal((2, size, size, 3), dtype=np.float32)
    return {"image_encoder.onnx": {"pixels": pixels}, "text_encoder.onnx": {"ids": _ids(preprocessing["text"])}}


def translation_probe(preprocessing: Mapping[str, Any]) -> Feeds:
    """Return the input of a translation bundle's encoder: `ids` as in `image_text_probe`."""
    return {"encoder.onnx": {"ids": _ids(preprocessing["text"])}}


def _ids(text: Mapping[str, Any]) -> npt.NDArray[np.int32]:
    """Return two rows as long as the bundle takes them, at most `_LENGTH`."""
    length = min(_LENGTH, int(text.get("max_tokens", _LENGTH)))
    words = np.arange(text["unk"] + 1, text["unk"] + 1 + min(_WORDS, length - 2))
    ids = np.full((2, length), text["pad"], np.int32)
    for row, start in zip(ids, (text["bos"]["en"], text["bos"]["zh"]), strict=True):
        row[: len(words) + 2] = [start, *words, text["eos"]]
    return ids


def sounds_probe(preprocessing: Mapping[str, Any]) -> Feeds:
    """Return the input of a sounds bundle's structure: `patches` float32 (2, 3, frames, bands), seeded noise.

    Its mean and spread are those of ordinary log-mel values, made from the bundle's `preprocessing`.
    """
    sound = preprocessing["sound"]
    shape = (2, 3, int(sound["patch_frames"]), int(sound["bands"]))
    patches = np.random.default_rng(0).standard_normal(shape, dtype=np.float32) * 2.0 - 3.0
    return {"sound_tagger.onnx": {"patches": patches.astype(np.float32)}}


def command_recogniser_probe(preprocessing: Mapping[str, Any]) -> Feeds:
    """Return inputs for the structure of a speech-command bundle, made from its `preprocessing`.

    `frames` float32 (2, 61, bands): seeded noise; `lengths` int32 (2,): the second utterance is shorter.
    """
    frames = np.random.default_rng(0).standard_normal((2, 61, int(preprocessing["mel"]["bands"])), dtype=np.float32)
    return {"command_recogniser.onnx": {"frames": frames, "lengths": np.array([61, 40], np.int32)}}


def q_agent_probe(preprocessing: Mapping[str, Any]) -> Feeds:
    """Return the input of an agent's structure, made from what its bundle says of its `observation`.

    `observations`: the first four states, int32 (4,); or seeded noise of two moments, float32 (2, …).
    """
    observation = preprocessing["observation"]
    if observation["kind"] == "state":
        return {"q_agent.onnx": {"observations": np.arange(min(4, int(observation["states"])), dtype=np.int32)}}
    shape = observation["shape"] if observation["kind"] == "frames" else [len(observation["scale"])]
    noise = np.random.default_rng(0).standard_normal((2, *shape), dtype=np.float32)
    return {"q_agent.onnx": {"observations": noise}}


PROBES: Mapping[str, Callable[[Mapping[str, Any]], Feeds]] = {
    "mmbm-image-text": image_text_probe,
    "mmbm-sounds": sounds_probe,
    "mmbm-speech-commands": command_recogniser_probe,
    "mmbm-translation": translation_probe,
    "mmbm-q-agent": q_agent_probe,
}
"""A family's inputs for those of its structures that can be run by themselves, from a manifest's `preprocessing`."""
