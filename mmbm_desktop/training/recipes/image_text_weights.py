"""An image-text network's weights on their way in and out: a bundle to start from, the precision to compute in."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import keras
from safetensors import SafetensorError
from safetensors.numpy import load_file

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.networks.image_text import build_image_text, weight_names
from mmbm_desktop.training.publish import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mmbm_desktop.networks.image_text import ImageTextNetwork

_POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}
"""Keras's names; weights, norms and losses stay 32 bits wide in both."""


@contextlib.contextmanager
def precision(name: str) -> Iterator[None]:
    """Let layers that are made in the block compute in "float32" or "bfloat16"."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(_POLICIES[name])
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def plain_twin(network: ImageTextNetwork) -> ImageTextNetwork:
    """Return a network with the same weights that computes in 32 bits, as what is published does."""
    with precision("float32"):
        twin = build_image_text(network.config)
    theirs = weight_names(network)
    for name, variable in weight_names(twin).items():
        variable.assign(theirs[name])
    return twin


def take_weights(network: ImageTextNetwork, bundle: Path) -> None:
    """Put a bundle's weights into a network of the same sizes; the guess of the teacher's features starts fresh.

    Raises:
        EnvironmentFault: the bundle is missing or broken, or its network has other sizes.
    """
    file = bundle / WEIGHTS
    with os_errors_sorted(file):
        try:
            arrays = load_file(file)
        except SafetensorError as error:
            raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, str(error), name=bundle.name, field=WEIGHTS) from error
    wanted = {name: one for name, one in weight_names(network).items() if "to_teacher" not in name}
    if {name: array.shape for name, array in arrays.items()} != {
        name: tuple(one.shape) for name, one in wanted.items()
    }:
        detail = "its network has other sizes than the one to be trained"
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=bundle.name, field="network")
    for name, variable in wanted.items():
        variable.assign(arrays[name])
