"""A caption decoder of gated recurrent units (Cho et al. 2014) that looks at a picture's spatial map at every token.

As in Anderson et al. 2018 the state of the first layer decides where to look, and what is seen there enters that layer
beside the newest token. All it keeps of a sentence is one vector a layer. Whole sentences and single steps are computed
by the same function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras import layers

from mmbm_desktop.networks.attention import Attention
from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.caption_decoder import DecoderSizes
    from mmbm_desktop.networks.text_encoder import TokenEmbedding


class RecurrentDecoder(layers.Layer):
    """Next-token scores from the tokens so far and the features of a picture. The first token chooses the language."""

    states = ("state",)
    """What a step keeps for the next one."""

    def __init__(self, config: DecoderSizes, tokens: TokenEmbedding, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tokens = tokens
        self.width = config.width
        self.look_norm = layers.LayerNormalization(epsilon=1e-5, name="look_norm")
        self.look = Attention(config.width, config.heads, name="look")
        self.units = [layers.GRUCell(config.width, name=f"unit_{i}") for i in range(config.decoder_layers)]
        self.join = layers.Dense(config.width, name="join")
        self.norm = layers.LayerNormalization(epsilon=1e-5, name="norm")
        self.drop = layers.Dropout(config.dropout, name="drop")

    def build(self, ids_shape: object, features_shape: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Make all weights by one step; Keras cannot find out their shapes from a loop over tokens by itself."""
        memory = self.memory(ops.zeros((1, 1, self.width)))
        self.step(ops.zeros((1,), "int32"), None, self.empty_cache(1), memory)

    def call(self, ids: Tensor, features: Tensor, training: bool | None = None) -> Tensor:
        """Score every next token of whole sentences.

        Args:
            ids: int32 (B, T), T known, each row starting with its language's mark.
            features: the picture's map, (B, N, width).
            training: whether to drop activations.

        Returns:
            Logits (B, T, vocab); those at t are for the token at t + 1.
        """
        words = self.drop(self.tokens(ids), training=training)
        (state,), memory = self.empty_cache(ops.shape(ids)[0]), self.memory(features)
        told = []
        for place in range(ids.shape[1]):
            said, state = self._advance(words[:, place], state, memory)
            told.append(said)
        return self.tokens.logits(self.norm(self.drop(ops.stack(told, axis=1), training=training)))

    def memory(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return the features' keys and values, each (1, B, heads, N, head_dim)."""
        keys, values = self.look.keys_values(features)
        return keys[None], values[None]

    def empty_cache(self, rows: int) -> tuple[Tensor]:
        """Return the `cache` of the first step of so many rows, zeros."""
        return (ops.zeros((len(self.units), rows, self.width)),)

    def step(
        self, tokens: Tensor, position: Tensor | None, cache: tuple[Tensor, ...], memory: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Score the token after one more.

        Args:
            tokens: int32 (B,), the newest token of each row.
            position: not needed: the state knows.
            cache: the state after the tokens before, (layers, B, width), alone in a tuple.
            memory: see `memory`.

        Returns:
            Logits (B, vocab), and the new state.
        """
        del position
        said, state = self._advance(self.tokens(tokens), cache[0], memory)
        return self.tokens.logits(self.norm(said)), state

    def _advance(self, words: Tensor, state: Tensor, memory: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """Return what is to be said after one more token, (B, width), and the new state, (layers, B, width)."""
        seen = self.look.attend(self.look_norm(state[0])[:, None], memory[0][0], memory[1][0])[:, 0]
        x = ops.concatenate([words, seen], axis=-1)
        states = []
        for layer, unit in enumerate(self.units):
            x, _ = unit(x, [state[layer]])
            states.append(x)
        return self.join(ops.concatenate([x, seen, words], axis=-1)), ops.stack(states)
