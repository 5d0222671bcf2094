"""A whole bundle's network as one Keras model, for `.keras` files. Its sizes are its configuration, nothing is pickled.

Such a file needs this package to be read, for Keras stores the names of classes, not their code:
`keras.saving.load_model(file, custom_objects={"BundleNetwork": BundleNetwork}).network`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from mmbm_desktop.training.export.rebuild import rebuild

if TYPE_CHECKING:
    from collections.abc import Mapping


@keras.saving.register_keras_serializable("mmbm_desktop")
class BundleNetwork(keras.Model):
    """Holds the network of a bundle.

    Attributes:
        network: what the family calls its network.
        structures: the bundle's graphs as functions of it.
    """

    def __init__(self, family: str, sizes: Mapping[str, Any], preprocessing: Mapping[str, Any], **kwargs: Any) -> None:
        """Make the network with fresh weights.

        Raises:
            ValueError: the family's bundle holds no Keras network.
        """
        super().__init__(**kwargs)
        rebuilt = rebuild(family, sizes, preprocessing)
        if rebuilt.network is None:
            raise ValueError(f"{family}: no Keras network")
        self.about = {"family": family, "sizes": dict(sizes), "preprocessing": dict(preprocessing)}
        self.network, self.structures = rebuilt.network, rebuilt.structures
        self.built = True

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Answer as the network does."""
        return self.network(inputs, training=training)

    def get_config(self) -> dict[str, Any]:
        """Return what makes it again, weights apart."""
        return {**self.about, "name": self.name}
