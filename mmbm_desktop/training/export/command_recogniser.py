"""What goes into a speech-command bundle: one structure, its alphabet and words, and how to prepare sound."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from mmbm_desktop.bundles.probe import command_recogniser_probe
from mmbm_desktop.inference.speech.letters import MARGIN_S, STEP_S
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.tensors import Tensor, ops, to_numpy
from mmbm_desktop.training.export.check import compare, run_structure
from mmbm_desktop.training.export.hollow import Input, Structure
from mmbm_desktop.training.publish import BundleParts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from mmbm_desktop.networks.command_recogniser import CommandRecogniser

FAMILY = "mmbm-speech-commands"
STRUCTURE = "command_recogniser.onnx"


def command_recogniser_parts(network: CommandRecogniser, words: Sequence[str]) -> BundleParts:
    """Return what is to be published of a network that knows `words`."""
    preprocessing = {
        "mel": {"bands": network.config.bands},
        "margin_s": MARGIN_S,
        "step_s": STEP_S,
        "letters": network.config.letters,
        "words": list(words),
    }
    return BundleParts(
        family=FAMILY,
        tasks=("transcribe",),
        weights=weight_names(network),
        structures=(structure(network),),
        files={},
        network=asdict(network.config),
        preprocessing=preprocessing,
        check=partial(check_command_recogniser, network=network, preprocessing=preprocessing),
    )


def structure(network: CommandRecogniser) -> Structure:
    """Return what to export of `network`; B is the batch, T the frames of the longest utterance."""
    bands, scores = network.config.bands, len(network.config.letters) + 1

    def score(frames: Tensor, lengths: Tensor) -> tuple[Tensor]:
        return (ops.softmax(network(frames, lengths, training=False)),)

    axes = {
        "frames": ("B", "T", bands),
        "lengths": ("B",),
        "probabilities": ("B", "steps", scores),
    }
    inputs = (Input("frames", (None, None, bands)), Input("lengths", (None,), "int32"))
    return Structure(STRUCTURE, score, inputs, ("probabilities",), axes)


def check_command_recogniser(
    folder: Path, network: CommandRecogniser, preprocessing: Mapping[str, Any]
) -> dict[str, Any]:
    """Compare the structure with the network on the probe of its bundle; see `compare`.

    Raises:
        BugFault: the structure differs by more than the tolerance.
    """
    feed = command_recogniser_probe(preprocessing)[STRUCTURE]
    right = to_numpy(ops.softmax(network(feed["frames"], feed["lengths"], training=False)))
    exported = run_structure(folder, STRUCTURE, feed)
    return compare({STRUCTURE: {"probabilities": right}}, {STRUCTURE: exported}, {STRUCTURE: "probabilities"})
