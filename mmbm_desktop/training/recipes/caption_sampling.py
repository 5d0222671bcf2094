"""Captions drawn from a decoder as it is while it learns. Holds no losses and no rewards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.networks.image_text import ImageTextNetwork
    from mmbm_desktop.networks.image_text_config import TextRules

    Floats = npt.NDArray[Any]
    Ints = npt.NDArray[np.int32]

IMPOSSIBLE = -1e9


def never_written(rules: TextRules, vocab: int) -> npt.NDArray[np.float32]:
    """Return what to add to logits, (vocab,), so that no caption holds an id that `inference.caption` bans."""
    scores = np.zeros(vocab, np.float32)
    scores[[rules.pad, rules.bos_en, rules.bos_zh, rules.unk]] = IMPOSSIBLE
    return scores


class Writer(keras.Model):
    """Writes captions of a fixed number of pictures at once, so that Keras compiles all steps into one function, once.

    Nothing is dropped, whatever the decoder is being trained for.
    """

    def __init__(self, network: ImageTextNetwork, rows: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.network, self.rows = network, rows
        self._never = never_written(network.config.rules, network.config.vocab)
        self.built = True

    def write(self, features: Floats, starts: Ints, chances: Floats | None = None) -> Ints:
        """Write one caption for each row.

        Args:
            features: the map of each row's picture, (R, N, width).
            starts: the mark of the language that each row is to be written in, (R,).
            chances: random numbers in [0, 1) that choose each row's tokens, (R, T - 1); a negative one takes the
                likeliest token, and so does every row without them.

        Returns:
            Ids (R, T): the mark, the tokens, the end if there was room for it, padding.
        """
        if chances is None:
            chances = np.full((len(starts), self.network.config.max_tokens - 1), -1.0, np.float32)
        every = {"features": features, "starts": starts, "chances": chances.astype(np.float32)}
        parts = [
            {name: one[i : i + self.rows] for name, one in every.items()} for i in range(0, len(starts), self.rows)
        ]
        return np.concatenate([self._written(part) for part in parts])

    def _written(self, part: dict[str, Any]) -> Ints:
        count = len(part["starts"])
        filling = [(0, self.rows - count)]
        padded = {name: np.pad(one, filling + [(0, 0)] * (one.ndim - 1)) for name, one in part.items()}
        return np.asarray(self.predict_on_batch(padded))[:count]

    def call(self, inputs: dict[str, Tensor], training: bool | None = None) -> Tensor:
        """Return the ids of `write`; `training` changes nothing."""
        del training
        rules, decoder = self.network.config.rules, self.network.caption_decoder
        tokens, chances = ops.cast(inputs["starts"], "int32"), inputs["chances"]
        memory, cache = decoder.memory(inputs["features"]), decoder.empty_cache(self.rows)
        ids, ended = [tokens], ops.zeros_like(tokens)
        for place in range(self.network.config.max_tokens - 1):
            logits, *cache = decoder.step(tokens, ops.convert_to_tensor([place], "int32"), tuple(cache), memory)
            tokens = ops.where(ended > 0, rules.pad, _chosen(logits + self._never, chances[:, place]))
            ended = ops.where(ops.equal(tokens, rules.eos), 1, ended)
            ids.append(tokens)
        return ops.stack(ids, axis=1)


def _chosen(scores: Tensor, chances: Tensor) -> Tensor:
    """Return the token at which the sum of probabilities passes each row's chance; a negative one takes the likeliest.

    `scores` are logits (R, vocab), `chances` (R,).
    """
    likeliest = ops.cast(ops.argmax(scores, axis=-1), "int32")
    sums = ops.cumsum(ops.softmax(scores), axis=-1)
    passed = ops.sum(ops.cast(sums <= (chances * sums[:, -1])[:, None], "int32"), axis=-1)
    return ops.where(chances < 0, likeliest, ops.minimum(passed, scores.shape[-1] - 1))
