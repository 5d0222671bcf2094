"""The image-text network: image encoder, bilingual text encoder and caption decoder around one shared space.

preprocess (`media`, normalised pixels and token ids) → features (`ImageEncoder`, `TextEncoder`) → fusion
(`CaptionDecoder`'s cross-attention) → heads (unit embeddings, next-token scores, the teacher's guess).
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from mmbm_desktop.networks.caption_decoder import CaptionDecoder
from mmbm_desktop.networks.image_encoder import ImageEncoder
from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.networks.recurrent_decoder import RecurrentDecoder
from mmbm_desktop.networks.tensors import Tensor
from mmbm_desktop.networks.text_encoder import TextEncoder, TokenEmbedding


class ImageTextNetwork(keras.Model):
    """The three parts and their shared token table. Make one with `build_image_text`."""

    def __init__(self, config: ImageTextConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.tokens = TokenEmbedding(config, name="tokens")
        self.image_encoder = ImageEncoder(config, name="image_encoder")
        self.text_encoder = TextEncoder(config, self.tokens, name="text_encoder")
        self.caption_decoder = caption_decoder(config, self.tokens, "caption_decoder")

    def call(self, inputs: dict[str, Tensor], training: bool | None = None) -> dict[str, Tensor]:
        """Run whichever parts have their inputs.

        Args:
            inputs: `pixels` (B, S, S, 3); optionally `ids` (C, T), sentences to embed, and `caption` (B, T), sentences
                to predict for these pictures, starting with their language's mark.
            training: whether to drop activations and use the batch's own statistics.

        Returns:
            What `ImageEncoder` gives, `text_embedding` (C, embed_dim) and `logits` (B, T, vocab).
        """
        outputs = dict(self.image_encoder(inputs["pixels"], training=training))
        if "ids" in inputs:
            outputs["text_embedding"] = self.text_encoder(inputs["ids"], training=training)
        if "caption" in inputs:
            outputs["logits"] = self.caption_decoder(inputs["caption"], outputs["features"], training=training)
        return outputs


def caption_decoder(config: ImageTextConfig, tokens: TokenEmbedding, name: str) -> CaptionDecoder | RecurrentDecoder:
    """Return a decoder of the kind that the configuration asks for, with fresh weights."""
    return (RecurrentDecoder if config.recurrent else CaptionDecoder)(config, tokens, name=name)


def build_image_text(config: ImageTextConfig) -> ImageTextNetwork:
    """Make the network with fresh weights; `keras.utils.set_random_seed` decides them."""
    network = ImageTextNetwork(config, name="image_text")
    ids = np.full((1, config.max_tokens), config.rules.eos, np.int32)
    pixels = np.zeros((1, config.image_size, config.image_size, 3), np.float32)
    network({"pixels": pixels, "ids": ids, "caption": ids}, training=False)
    return network


def weight_names(network: keras.Model) -> dict[str, Any]:
    """Return each weight's published name and its Keras variable, seeds of dropout left out.

    The name is the path through the network's parts, as in `image_encoder.stem_0.convolution.kernel`.
    """
    return {variable.path.split("/", 1)[1].replace("/", "."): variable for variable in network.weights}
