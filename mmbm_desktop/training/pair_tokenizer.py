"""The translation tokenizer: one lower-cased vocabulary, English in subwords, Chinese by character, shared stops."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tokenizers import Regex, normalizers, pre_tokenizers

from mmbm_desktop.training.tokenizer import empty_tokenizer, learn_merges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

_MOST_CHARACTERS = 2400
_FEWEST_SEEN = 2
_ALWAYS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.,:;!?'\"-%$▁")
_SAME = {
    "。": ".",
    "，": ",",
    "？": "?",
    "！": "!",
    "：": ":",
    "；": ";",
    "（": "(",
    "）": ")",
    "’": "'",
    "‘": "'",
    "[“”「」『』]": '"',
    "…+|\\.{2,}": "...",
    "[–—―]+": "-",
}
"""Marks that both languages share, so that the network learns them once; whoever shows Chinese widens them again."""


def train_pair_tokenizer(sentences: Sequence[str], vocab: int) -> Tokenizer:
    """Learn byte-pair merges (Sennrich et al. 2016) over English words; a Chinese character or a digit is one token.

    Args:
        sentences: texts of both languages.
        vocab: most entries, the special ones included.
    """
    tokenizer = empty_tokenizer()
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Lowercase(),
            *(normalizers.Replace(Regex(mark), same) for mark, same in _SAME.items()),
            normalizers.Replace(Regex(r"\s+(?=[,.;:!?])"), ""),
            normalizers.Replace(Regex(r"(?<=\p{Han})\s+(?=\p{Han})"), ""),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Replace(Regex(r" $"), ""),
            normalizers.Replace(Regex(r"^ ?(?=[^ \p{Han}])"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\p{Han}|\p{N}|'(?:s|t|re|ve|m|ll|d)(?!\p{L})"), "isolated"),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never"),
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{M}\p{N}'▁]"), "isolated"),
        ]
    )
    alphabet = _alphabet(tokenizer, sentences)
    return learn_merges(tokenizer, sentences, vocab, alphabet, len(alphabet))


def _alphabet(tokenizer: Tokenizer, sentences: Sequence[str]) -> list[str]:
    """Return the characters worth an entry: chosen here, because the trainer breaks ties at random."""
    seen = Counter(c for text in sentences for c in tokenizer.normalizer.normalize_str(text))
    common = [c for c, count in seen.items() if count >= _FEWEST_SEEN and c != " " and c not in _ALWAYS]
    common.sort(key=lambda c: (-seen[c], c))
    return sorted(_ALWAYS) + common[:_MOST_CHARACTERS]
