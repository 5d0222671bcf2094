"""Attention and the transformer blocks made of it, over whole sequences and one token at a time."""

from __future__ import annotations

import warnings
from typing import Any

import keras
from keras import layers

from mmbm_desktop.networks.tensors import Tensor, ops

_MASKED = -1e9
_EPSILON = 1e-5


class Attention(layers.Layer):
    """Multi-head scaled dot-product attention (Vaswani et al. 2017, section 3.2).

    Keys and values are made apart from the queries, so that those of a picture are computed once and those of
    earlier tokens are kept.
    """

    def __init__(self, width: int, heads: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads = heads
        self.head_dim = width // heads
        self.query = layers.Dense(width, name="query")
        self.key = layers.Dense(width, use_bias=False, name="key")
        self.value = layers.Dense(width, name="value")
        self.output_projection = layers.Dense(width, name="output")

    def _project(self, dense: layers.Dense, x: Tensor) -> Tensor:
        """Turn (B, T, width) into (B, heads, T, head_dim)."""
        # The lengths are read before the projection: tf2onnx 1.17 moves its reshape past its bias, and a length read
        # after it comes out wrong in the exported graph.
        batch, length = ops.shape(x)[0], ops.shape(x)[1]
        return ops.transpose(ops.reshape(dense(x), (batch, length, self.heads, self.head_dim)), (0, 2, 1, 3))

    def keys_values(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values of (B, T, width), each (B, heads, T, head_dim)."""
        return self._project(self.key, source), self._project(self.value, source)

    def attend(self, x: Tensor, keys: Tensor, values: Tensor, allowed: Tensor | None = None) -> Tensor:
        """Look from (B, T, width) at keys and values (B, heads, S, head_dim).

        Args:
            x: where to look from.
            keys: see `keys_values`.
            values: see `keys_values`.
            allowed: booleans that broadcast to (B, heads, T, S); False is not seen.

        Returns:
            (B, T, width).
        """
        scores = ops.matmul(self._project(self.query, x), ops.transpose(keys, (0, 1, 3, 2))) * self.head_dim**-0.5
        if allowed is not None:
            scores = ops.where(allowed, scores, _MASKED)
        mixed = ops.transpose(ops.matmul(_softmax(scores), values), (0, 2, 1, 3))
        batch, length = ops.shape(mixed)[0], ops.shape(mixed)[1]
        return self.output_projection(ops.reshape(mixed, (batch, length, self.heads * self.head_dim)))

    def call(self, x: Tensor, source: Tensor, allowed: Tensor | None = None) -> Tensor:
        """Look from `x` (B, T, width) at `source` (B, S, width)."""
        return self.attend(x, *self.keys_values(source), allowed)


def _softmax(scores: Tensor) -> Tensor:
    with warnings.catch_warnings():
        # The first step of a caption looks at one token alone, and Keras warns of a softmax over a single entry.
        warnings.filterwarnings("ignore", "You are using a softmax over axis", UserWarning)
        return ops.softmax(scores)


def _norm(name: str) -> layers.LayerNormalization:
    return layers.LayerNormalization(epsilon=_EPSILON, name=name)


class FeedForward(layers.Layer):
    """Two dense layers with a GELU (tanh form, which ONNX can spell) between them, twice as wide inside."""

    def __init__(self, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.grow = layers.Dense(2 * width, name="grow")
        self.shrink = layers.Dense(width, name="shrink")

    def call(self, x: Tensor) -> Tensor:
        """Map (..., width) to (..., width)."""
        return self.shrink(ops.gelu(self.grow(x), approximate=True))


class EncoderBlock(layers.Layer):
    """Self-attention and feed-forward with normalisation before each (pre-norm)."""

    def __init__(self, width: int, heads: int, dropout: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.attention_norm = _norm("attention_norm")
        self.attention = Attention(width, heads, name="attention")
        self.feed_norm = _norm("feed_norm")
        self.feed = FeedForward(width, name="feed")
        self.drop = layers.Dropout(dropout, name="drop")

    def call(self, x: Tensor, allowed: Tensor, training: bool | None = None) -> Tensor:
        """Map (B, T, width) to (B, T, width); `allowed` as in `Attention.attend`."""
        normal = self.attention_norm(x)
        x = x + self.drop(self.attention(normal, normal, allowed), training=training)
        return x + self.drop(self.feed(self.feed_norm(x)), training=training)


class DecoderBlock(layers.Layer):
    """Causal self-attention, cross-attention to a picture or a sentence, feed-forward; pre-norm."""

    def __init__(self, width: int, heads: int, dropout: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.self_norm = _norm("self_norm")
        self.self_attention = Attention(width, heads, name="self_attention")
        self.cross_norm = _norm("cross_norm")
        self.cross_attention = Attention(width, heads, name="cross_attention")
        self.feed_norm = _norm("feed_norm")
        self.feed = FeedForward(width, name="feed")
        self.drop = layers.Dropout(dropout, name="drop")

    def call(
        self, x: Tensor, memory: Tensor, allowed: Tensor, training: bool | None = None, seen: Tensor | None = None
    ) -> Tensor:
        """Map tokens (B, T, width) to (B, T, width), looking at `memory` (B, N, width), where `seen` if that is given.

        `allowed` (over the tokens) and `seen` (over the memory) are as in `Attention.attend`.
        """
        normal = self.self_norm(x)
        x = x + self.drop(self.self_attention(normal, normal, allowed), training=training)
        x = x + self.drop(self.cross_attention(self.cross_norm(x), memory, seen), training=training)
        return x + self.drop(self.feed(self.feed_norm(x)), training=training)

    def step(
        self, x: Tensor, kept: tuple[Tensor, Tensor], memory: tuple[Tensor, Tensor], seen: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Do the same for one more token.

        Args:
            x: the new token, (B, 1, width).
            kept: keys and values of the P tokens before it, (B, heads, P, head_dim).
            memory: keys and values of the picture or sentence, (B, heads, N, head_dim).
            seen: which of them may be looked at, as in `Attention.attend`; all of them where None.

        Returns:
            The token's new state (B, 1, width), and keys and values of P + 1 tokens.
        """
        normal = self.self_norm(x)
        key, value = self.self_attention.keys_values(normal)
        keys, values = ops.concatenate([kept[0], key], axis=2), ops.concatenate([kept[1], value], axis=2)
        x = x + self.self_attention.attend(normal, keys, values)
        x = x + self.cross_attention.attend(self.cross_norm(x), *memory, seen)
        return x + self.feed(self.feed_norm(x)), keys, values


def unit_length(x: Tensor) -> Tensor:
    """Scale each row of (B, E) to Euclidean length 1."""
    return x * ops.rsqrt(ops.sum(ops.square(x), axis=-1, keepdims=True) + keras.config.epsilon() ** 2)
