"""The sizes that rebuild an image-text network. Plain numbers: reading it needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TextRules:
    """How token ids are laid out; the tokenizer's special tokens come first, in this order.

    Attributes:
        pad: fills a row up to the longest.
        bos_en: starts English; given to the decoder, it asks for an English caption.
        bos_zh: the same for Chinese.
        eos: ends a sentence.
        unk: stands for what the vocabulary cannot spell.
    """

    pad: int = 0
    bos_en: int = 1
    bos_zh: int = 2
    eos: int = 3
    unk: int = 4


@dataclass(frozen=True)
class ImageTextConfig:
    """Everything that decides a network's shapes.

    Attributes:
        image_size: edge of the square input, pixels.
        stem_widths: channels of the stride-2 convolutions at the start.
        widths: channels of each residual stage; every stage but the first halves the edge.
        blocks: residual blocks in each stage.
        pooled_width: channels of the last map, before it is averaged.
        width: width of the text encoder and the caption decoder.
        embed_dim: size of the space that pictures and sentences share.
        heads: attention heads; each is `width // heads` wide.
        text_layers: transformer blocks of the text encoder.
        decoder_layers: transformer blocks, or recurrent layers, of the caption decoder.
        recurrent: the caption decoder is made of gated recurrent units instead of transformer blocks.
        vocab: entries of the tokenizer.
        max_tokens: longest row of ids, with its first and last mark.
        teacher_dim: size of the teacher's feature vector to predict while training; 0 for none.
        dropout: share of activations dropped in training.
    """

    image_size: int = 96
    stem_widths: tuple[int, ...] = (32, 48)
    widths: tuple[int, ...] = (64, 128, 256)
    blocks: tuple[int, ...] = (2, 2, 2)
    pooled_width: int = 512
    width: int = 192
    embed_dim: int = 256
    heads: int = 4
    text_layers: int = 1
    decoder_layers: int = 2
    recurrent: bool = False
    vocab: int = 6000
    max_tokens: int = 24
    teacher_dim: int = 0
    dropout: float = 0.1
    rules: TextRules = field(default_factory=TextRules)

    @property
    def head_dim(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads

    @property
    def map_edge(self) -> int:
        """Edge of the spatial map that the decoder looks at."""
        edge = self.image_size
        for _ in range(len(self.stem_widths) + len(self.widths) - 1):
            edge = (edge + 1) // 2
        return edge
