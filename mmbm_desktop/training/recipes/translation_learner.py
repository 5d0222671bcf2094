"""The translation network as it is trained: smoothed cross-entropy of every next token, both ways at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.translation import TranslationNetwork

_SMOOTHING = 0.1


class TranslationLearner(keras.Model):
    """Predicts each token of `target` from the tokens before it and the whole of `source`."""

    def __init__(self, network: TranslationNetwork, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.network = network
        self.parts = [keras.metrics.Mean(name="token")]
        self.supports_jit = False  # there is a shape for every length of sentence: compiling each takes too long
        self.built = True

    def call(self, inputs: dict[str, Tensor], training: bool | None = None) -> dict[str, Tensor]:
        """Score the tokens after the first of `target` (B, T), given `source` (B, S); see `TranslationNetwork`."""
        shown = {"source": inputs["source"], "target": inputs["target"][:, :-1]}
        return self.network(shown, training=training)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        """Return the smoothed loss; the plain cross-entropy per token is logged as `token`."""
        plain, smoothed = self.losses(y_pred, x["target"][:, 1:])
        self.parts[0].update_state(plain)
        return smoothed

    def losses(self, outputs: dict[str, Tensor], targets: Tensor) -> tuple[Tensor, Tensor]:
        """Return cross-entropy per real token, plain and with smoothed labels (Szegedy et al. 2016, section 7).

        Smoothing by e adds e times the right logit less the mean logit. Both come from the states and the table: going
        through the wide logits again would cost a seventh of a step.

        Args:
            outputs: of the network.
            targets: ids, (B, T), padded.
        """
        table = self.network.tokens.table
        losses = ops.sparse_categorical_crossentropy(targets, outputs["logits"], from_logits=True)
        beyond_mean = ops.take(table, targets, axis=0) - ops.mean(table, axis=0)
        extra = _SMOOTHING * ops.sum(outputs["states"] * beyond_mean, axis=-1)
        weight = ops.cast(ops.not_equal(targets, self.network.config.rules.pad), losses.dtype)
        count = ops.maximum(ops.sum(weight), 1.0)
        plain = ops.sum(losses * weight) / count
        return plain, plain + ops.sum(extra * weight) / count
