"""The sizes that rebuild a translation network. Plain numbers: reading it needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass, field

from mmbm_desktop.networks.image_text_config import TextRules


@dataclass(frozen=True)
class TranslationConfig:
    """Everything that decides a network's shapes.

    Attributes:
        width: width of encoder and decoder.
        heads: attention heads; each is `width // heads` wide.
        encoder_layers: transformer blocks of the encoder.
        decoder_layers: transformer blocks of the decoder.
        vocab: entries of the tokenizer.
        max_tokens: longest row of ids, with its first and last mark.
        dropout: share of activations dropped in training.
        rules: how rows of ids are laid out, see `TextRules`.
    """

    width: int = 192
    heads: int = 4
    encoder_layers: int = 3
    decoder_layers: int = 2
    vocab: int = 4000
    max_tokens: int = 32
    dropout: float = 0.15
    rules: TextRules = field(default_factory=TextRules)

    @property
    def head_dim(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads
