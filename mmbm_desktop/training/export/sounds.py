"""What goes into a sounds bundle: one structure, the sounds' names, and how to prepare sound."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from mmbm_desktop.bundles.probe import sounds_probe
from mmbm_desktop.media.audio import SAMPLE_RATE_HZ
from mmbm_desktop.media.mel import HOP_SAMPLES, LOG_OFFSET, WINDOW_SAMPLES
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.data.sound_names import sound_names
from mmbm_desktop.training.export.check import compare, run_structure
from mmbm_desktop.training.export.hollow import Input, Structure
from mmbm_desktop.training.publish import BundleParts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mmbm_desktop.inference.sound_windows import WindowRules
    from mmbm_desktop.networks.sound_tagger import SoundTagger

STRUCTURE = "sound_tagger.onnx"
LABELS_FILE = "labels.json"


def sounds_parts(network: SoundTagger, rules: WindowRules, calibration: Mapping[str, Any]) -> BundleParts:
    """Return what is to be published; the guess of the teacher's features is left out."""
    preprocessing = _preprocessing(network, rules)
    names = [sound_names(name) for name in network.config.classes]
    return BundleParts(
        family="mmbm-sounds",
        tasks=("sounds",),
        weights={name: one for name, one in weight_names(network).items() if "to_teacher" not in name},
        structures=(structure(network),),
        files={LABELS_FILE: (json.dumps(names, indent=1, ensure_ascii=False) + "\n").encode()},
        network=asdict(network.config),
        preprocessing=preprocessing,
        check=partial(_check, network=network, preprocessing=preprocessing),
        calibration=calibration,
    )


def _preprocessing(network: SoundTagger, rules: WindowRules) -> dict[str, Any]:
    return {
        "sound": {
            "sample_rate_hz": SAMPLE_RATE_HZ,
            "features": "log-mel",
            "window_samples": WINDOW_SAMPLES,
            "hop_samples": HOP_SAMPLES,
            "bands": network.config.bands,
            "log_offset": LOG_OFFSET,
            "patch_frames": rules.patch,
            "window_frames": rules.window,
            "hop_frames": rules.hop,
        }
    }


def structure(network: SoundTagger) -> Structure:
    """Return what to export of `network`; B is the batch, P the patches of a window."""
    config = network.config

    def tag(patches: Any) -> tuple[Any, Any]:
        outputs = network(patches, training=False)
        return outputs["scores"], outputs["embedding"]

    axes = {
        "patches": ("B", "P", config.patch_frames, config.bands),
        "scores": ("B", len(config.classes)),
        "embedding": ("B", config.embed_dim),
    }
    patches = Input("patches", (None, None, config.patch_frames, config.bands))
    return Structure(STRUCTURE, tag, (patches,), ("scores", "embedding"), axes)


def _check(folder: Path, network: SoundTagger, preprocessing: Mapping[str, Any]) -> dict[str, Any]:
    """Compare the structure with the network on the probe that its bundle will always be checked with; see `compare`.

    Raises:
        BugFault: they differ by more than the tolerance.
    """
    feeds = sounds_probe(preprocessing)
    answers = network(feeds[STRUCTURE]["patches"], training=False)
    right = {STRUCTURE: {name: to_numpy(answers[name]) for name in ("scores", "embedding")}}
    return compare(right, {STRUCTURE: run_structure(folder, STRUCTURE, feeds[STRUCTURE])}, {STRUCTURE: "scores"})
