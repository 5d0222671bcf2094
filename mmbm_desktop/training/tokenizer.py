"""One lower-cased subword vocabulary for English and Chinese, and how a sentence becomes a row of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer

from mmbm_desktop.networks.image_text_config import TextRules
from mmbm_desktop.protocol.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

SPECIAL_TOKENS = ("<pad>", "<en>", "<zh>", "<eos>", "<unk>")
"""In the order of `TextRules`."""

_MOST_CHARACTERS = 2000
_LETTERS = [*"abcdefghijklmnopqrstuvwxyz0123456789,'-", *"▁"]


def train_tokenizer(sentences: Iterable[str], vocab: int) -> Tokenizer:
    """Learn byte-pair merges (Sennrich et al. 2016) over English words; a Chinese character is one token.

    The final full stop is dropped: every caption has one, and whoever shows a caption adds it again.

    Args:
        sentences: texts of both languages.
        vocab: most entries, the special ones included.
    """
    tokenizer = empty_tokenizer()
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"[\s.。]+$"), ""),
            normalizers.Replace(Regex(r"\s+(?=[,;:!?'’])"), ""),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Replace(Regex(r"^ ?(?=[^ \p{Han}])"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\p{Han}"), "isolated"),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never"),
            pre_tokenizers.Punctuation("isolated"),
        ]
    )
    return learn_merges(tokenizer, sentences, vocab, _LETTERS, _MOST_CHARACTERS)


def empty_tokenizer() -> Tokenizer:
    """Return a byte-pair tokenizer without entries; what it cannot spell is one unknown token."""
    return Tokenizer(BPE(unk_token=SPECIAL_TOKENS[TextRules().unk], fuse_unk=True))


def learn_merges(
    tokenizer: Tokenizer, sentences: Iterable[str], vocab: int, alphabet: Sequence[str], characters: int
) -> Tokenizer:
    """Fill a tokenizer that cuts texts at "▁" with its entries, and return it.

    Args:
        tokenizer: knows how texts are normalised and cut.
        sentences: to learn from.
        vocab: most entries, the special ones included.
        alphabet: characters that get an entry in any case.
        characters: how many get one at most.
    """
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="never")
    trainer = BpeTrainer(
        vocab_size=vocab,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=list(alphabet),
        limit_alphabet=characters,
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(sentences, trainer)
    return tokenizer


def encode(
    tokenizer: Tokenizer, texts: Sequence[str], max_tokens: int, rules: TextRules | None = None
) -> npt.NDArray[np.int32]:
    """Return rows of ids, (texts, max_tokens): the language's mark, the tokens (cut), the end, padding."""
    rules = rules or TextRules()
    rows = np.full((len(texts), max_tokens), rules.pad, np.int32)
    for row, text in zip(rows, texts, strict=True):
        start = rules.bos_zh if language_of(text) == "zh" else rules.bos_en
        tokens = tokenizer.encode(text, add_special_tokens=False).ids[: max_tokens - 2]
        row[: len(tokens) + 2] = [start, *tokens, rules.eos]
    return rows
