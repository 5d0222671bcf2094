"""A causal transformer whose cross-attention looks at a picture's spatial map, or at a sentence to translate.

Its training form sees whole sentences at once, its step form one token with kept keys and values. Both give the same
numbers; a test holds them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from keras import layers

from mmbm_desktop.networks.attention import DecoderBlock
from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.text_encoder import TokenEmbedding


class DecoderSizes(Protocol):
    """What a network's configuration says of its decoder."""

    @property
    def width(self) -> int:
        """Width of the decoder."""
        ...

    @property
    def heads(self) -> int:
        """Attention heads."""
        ...

    @property
    def decoder_layers(self) -> int:
        """Transformer blocks."""
        ...

    @property
    def max_tokens(self) -> int:
        """Longest row of ids."""
        ...

    @property
    def dropout(self) -> float:
        """Share of activations dropped in training."""
        ...


class CaptionDecoder(layers.Layer):
    """Next-token scores from the tokens so far and the features of a picture or a sentence.

    The first token chooses the language.
    """

    states = ("cache_k", "cache_v")
    """What a step keeps for the next one."""

    def __init__(self, config: DecoderSizes, tokens: TokenEmbedding, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tokens = tokens
        self.positions = layers.Embedding(config.max_tokens, config.width, name="positions")
        self.blocks = [
            DecoderBlock(config.width, config.heads, config.dropout, name=f"block_{i}")
            for i in range(config.decoder_layers)
        ]
        self.norm = layers.LayerNormalization(epsilon=1e-5, name="norm")
        self.drop = layers.Dropout(config.dropout, name="drop")

    def call(
        self,
        ids: Tensor,
        features: Tensor,
        training: bool | None = None,
        seen: Tensor | None = None,
        scored: bool = True,
    ) -> Tensor:
        """Score every next token of whole sentences.

        Args:
            ids: int32 (B, T), each row starting with its language's mark.
            features: the picture's map or the sentence's tokens, (B, N, width).
            training: whether to drop activations.
            seen: which features may be looked at, booleans (B, 1, 1, N); all of them where None.
            scored: False returns what would be scored against the table of tokens, (B, T, width).

        Returns:
            Logits (B, T, vocab); those at t are for the token at t + 1.
        """
        steps = ops.arange(ops.shape(ids)[1])
        allowed = (steps[:, None] >= steps[None, :])[None, None]
        x = self.drop(self.tokens(ids) + self.positions(steps), training=training)
        for block in self.blocks:
            x = block(x, features, allowed, training=training, seen=seen)
        states = self.norm(x)
        return self.tokens.logits(states) if scored else states

    def memory(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return the features' keys and values for every layer, each (layers, B, heads, N, head_dim)."""
        pairs = [block.cross_attention.keys_values(features) for block in self.blocks]
        return ops.stack([k for k, _ in pairs]), ops.stack([v for _, v in pairs])

    def empty_cache(self, rows: int) -> tuple[Tensor, Tensor]:
        """Return the `cache` of the first step of so many rows: no tokens before."""
        attention = self.blocks[0].self_attention
        empty = ops.zeros((len(self.blocks), rows, attention.heads, 0, attention.head_dim))
        return empty, empty

    def step(
        self,
        tokens: Tensor,
        position: Tensor,
        cache: tuple[Tensor, Tensor],
        memory: tuple[Tensor, Tensor],
        seen: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Score the token after one more.

        Args:
            tokens: int32 (B,), the newest token of each row.
            position: int32 (1,), its place in the sentence, counted from 0.
            cache: keys and values of the P tokens before, each (layers, B, heads, P, head_dim).
            memory: see `memory`.
            seen: see `call`.

        Returns:
            Logits (B, vocab), and the cache with P + 1 tokens.
        """
        x = self.tokens(tokens)[:, None, :] + self.positions(position)
        keys, values = [], []
        for i, block in enumerate(self.blocks):
            x, key, value = block.step(x, (cache[0][i], cache[1][i]), (memory[0][i], memory[1][i]), seen)
            keys.append(key)
            values.append(value)
        return self.tokens.logits(self.norm(x))[:, 0], ops.stack(keys), ops.stack(values)
