"""The sentence side: a shallow transformer over the tokens of either language, averaged into one vector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from keras import layers

from mmbm_desktop.networks.attention import EncoderBlock, unit_length
from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.image_text_config import ImageTextConfig


class TableSizes(Protocol):
    """What a network's configuration says of its table of tokens."""

    @property
    def vocab(self) -> int:
        """Entries of the tokenizer."""
        ...

    @property
    def width(self) -> int:
        """Numbers an entry."""
        ...


class TokenEmbedding(layers.Layer):
    """One table of token vectors for both languages, both text networks and the decoder's output."""

    def __init__(self, config: TableSizes, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocab, self.width = config.vocab, config.width

    def build(self, input_shape: object) -> None:
        """Make the table, (vocab, width)."""
        self.table = self.add_weight(shape=(self.vocab, self.width), initializer="random_normal", name="table")

    def call(self, ids: Tensor) -> Tensor:
        """Look up ids of any shape: adds a last axis of `width`, scaled to unit variance per entry."""
        return ops.take(self.table, ids, axis=0) * self.width**0.5

    def logits(self, x: Tensor) -> Tensor:
        """Score (..., width) against every entry: (..., vocab)."""
        return ops.cast(ops.matmul(x, ops.transpose(self.table)), "float32")


class TextEncoder(layers.Layer):
    """Token ids to an embedding of length 1 in the space of the pictures."""

    def __init__(self, config: ImageTextConfig, tokens: TokenEmbedding, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tokens = tokens
        self.pad = config.rules.pad
        self.positions = layers.Embedding(config.max_tokens, config.width, name="positions")
        self.blocks = [
            EncoderBlock(config.width, config.heads, config.dropout, name=f"block_{i}")
            for i in range(config.text_layers)
        ]
        self.norm = layers.LayerNormalization(epsilon=1e-5, name="norm")
        self.drop = layers.Dropout(config.dropout, name="drop")
        self.to_embedding = layers.Dense(config.embed_dim, use_bias=False, dtype="float32", name="to_embedding")

    def call(self, ids: Tensor, training: bool | None = None) -> Tensor:
        """Encode int32 ids (B, T), padded: (B, embed_dim). T is at most `max_tokens`."""
        real = ops.not_equal(ids, self.pad)
        x = self.tokens(ids) + self.positions(ops.arange(ops.shape(ids)[1]))
        x = self.drop(x, training=training)
        for block in self.blocks:
            x = block(x, ops.expand_dims(real, (1, 2)), training=training)
        weight = ops.expand_dims(ops.cast(real, "float32"), -1)
        pooled = ops.sum(ops.cast(self.norm(x), "float32") * weight, axis=1) / ops.maximum(ops.sum(weight, axis=1), 1.0)
        return unit_length(self.to_embedding(pooled))
