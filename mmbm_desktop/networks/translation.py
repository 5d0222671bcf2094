"""The translation network: a sentence encoder and a token decoder around one shared table of tokens.

preprocess (rows of token ids that start with their language's mark) → features (`SentenceEncoder`, one vector a token)
→ fusion (`CaptionDecoder`'s cross-attention, here to a sentence instead of a picture) → next-token scores. The
decoder's first token says which language is wanted, so one network translates both ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import layers

from mmbm_desktop.networks.attention import EncoderBlock
from mmbm_desktop.networks.caption_decoder import CaptionDecoder
from mmbm_desktop.networks.tensors import Tensor, ops
from mmbm_desktop.networks.text_encoder import TokenEmbedding

if TYPE_CHECKING:
    from mmbm_desktop.networks.translation_config import TranslationConfig


class SentenceEncoder(layers.Layer):
    """A pre-norm transformer encoder (Vaswani et al. 2017; normalisation before each part as in Xiong et al. 2020)."""

    def __init__(self, config: TranslationConfig, tokens: TokenEmbedding, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tokens = tokens
        self.pad = config.rules.pad
        self.positions = layers.Embedding(config.max_tokens, config.width, name="positions")
        self.blocks = [
            EncoderBlock(config.width, config.heads, config.dropout, name=f"block_{i}")
            for i in range(config.encoder_layers)
        ]
        self.norm = layers.LayerNormalization(epsilon=1e-5, name="norm")
        self.drop = layers.Dropout(config.dropout, name="drop")

    def call(self, ids: Tensor, training: bool | None = None) -> Tensor:
        """Encode int32 ids (B, S), padded: (B, S, width). S is at most `max_tokens`."""
        seen = self.seen(ids)
        x = self.tokens(ids) + self.positions(ops.arange(ops.shape(ids)[1]))
        x = self.drop(x, training=training)
        for block in self.blocks:
            x = block(x, seen, training=training)
        return self.norm(x)

    def seen(self, ids: Tensor) -> Tensor:
        """Return which tokens may be looked at, those that are no padding: booleans (B, 1, 1, S)."""
        return ops.expand_dims(ops.not_equal(ids, self.pad), (1, 2))


class TranslationNetwork(keras.Model):
    """Encoder and decoder with their shared token table. Make one with `build_translation`."""

    def __init__(self, config: TranslationConfig, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config = config
        self.tokens = TokenEmbedding(config, name="tokens")
        self.encoder = SentenceEncoder(config, self.tokens, name="encoder")
        self.decoder = CaptionDecoder(config, self.tokens, name="decoder")

    def call(self, inputs: dict[str, Tensor], training: bool | None = None) -> dict[str, Tensor]:
        """Score every next token of the translations.

        Args:
            inputs: `source` (B, S) and `target` (B, T), int32 ids, padded; each row starts with its language's mark.
            training: whether to drop activations.

        Returns:
            `states` (B, T, width), and `logits` (B, T, vocab), which they give with the table of tokens; those at t are
            for the token at t + 1.
        """
        source = inputs["source"]
        features = self.encoder(source, training=training)
        seen = self.encoder.seen(source)
        states = self.decoder(inputs["target"], features, training=training, seen=seen, scored=False)
        return {"states": states, "logits": self.tokens.logits(states)}


def build_translation(config: TranslationConfig) -> TranslationNetwork:
    """Make the network with fresh weights; `keras.utils.set_random_seed` decides them."""
    network = TranslationNetwork(config, name="translation")
    ids = np.full((1, config.max_tokens), config.rules.eos, np.int32)
    network({"source": ids, "target": ids}, training=False)
    return network
