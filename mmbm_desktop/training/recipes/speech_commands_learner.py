"""The command recogniser as it is trained: connectionist temporal classification (Graves et al. 2006)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from mmbm_desktop.networks.command_recogniser import BLANK, steps_of
from mmbm_desktop.networks.tensors import Tensor, ops

if TYPE_CHECKING:
    from mmbm_desktop.networks.command_recogniser import CommandRecogniser


class SpeechCommandsLearner(keras.Model):
    """Letter scores of padded utterances, and how improbable they make the transcripts."""

    def __init__(self, network: CommandRecogniser, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.network = network
        self.built = True

    def call(self, inputs: dict[str, Tensor], training: bool | None = None) -> Tensor:
        """Score `frames` (B, T, bands) of `lengths` (B,): logits (B, steps, 1 + letters)."""
        return self.network(inputs["frames"], inputs["lengths"], training=training)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        """Return the loss a letter; `y` holds `letters` (B, U), from 1 on, and `counts` (B,), which may be 0."""
        losses = ctc_losses(y_pred, steps_of(x["lengths"]), y["letters"], y["counts"])
        return ops.sum(losses) / ops.cast(ops.maximum(ops.sum(y["counts"]), 1), losses.dtype)


def ctc_losses(logits: Tensor, steps: Tensor, letters: Tensor, counts: Tensor) -> Tensor:
    """Return the negative log-probability of each transcript, (B,).

    Args:
        logits: of the blank and the letters, (B, T, 1 + letters).
        steps: how many of them belong to each utterance, (B,); enough for its letters and a blank between equal ones.
        letters: transcripts, from 1 on, (B, U).
        counts: how many letters each has, (B,).
    """
    return ops.ctc_loss(letters, logits, counts, steps, mask_index=BLANK)
