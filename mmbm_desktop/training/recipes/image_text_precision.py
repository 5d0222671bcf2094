"""The precision an image-text network computes in while it learns; what is published has 32 bits."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import keras

from mmbm_desktop.networks.image_text import build_image_text, weight_names

if TYPE_CHECKING:
    from collections.abc import Iterator

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
