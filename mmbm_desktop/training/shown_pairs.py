"""A few pairs as the translation recipe's network reads them: in pieces of the vocabulary it learns. No Keras."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.networks.image_text_config import TextRules
from mmbm_desktop.networks.translation_config import TranslationConfig
from mmbm_desktop.protocol.preview import Change, PreviewItem, PreviewResult, PreviewText
from mmbm_desktop.training.data.pairs import read_pairs
from mmbm_desktop.training.recipe_rules import TranslationOptions, filled
from mmbm_desktop.training.recipes.translation_data import learned_tokenizer, pair_lengths, pairs_to_learn
from mmbm_desktop.training.tokenizer import SPECIAL_TOKENS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.training.data.pairs import Pair
    from mmbm_desktop.training.spec import TrainSpec

PAIRS = 4
_COUNTED = 4000
"""Pairs of a large table that are cut into pieces: all of them would take half a minute."""
_MARKS = 2
"""Of a row: its language before the pieces, its end behind them."""


def shown_pairs(spec: TrainSpec, random: np.random.Generator) -> PreviewResult:
    """Return a few train pairs in pieces, the last of them one that is left out where there is any, and the counts.

    Raises:
        InputFault: the folder cannot be trained on; the error says why.
    """
    options, sizes = filled(TranslationOptions, spec.options), filled(TranslationConfig, spec.network)
    train = pairs_to_learn(read_pairs(Path(spec.data)), {"caption": options.captions, "word": options.words})
    tokenizer = _tokenizer(spec, train)
    some = [train[place] for place in random.permutation(len(train))[:_COUNTED]]
    fits = pair_lengths(tokenizer, some, sizes.max_tokens) <= sizes.max_tokens
    left_out = np.flatnonzero(~fits)
    chosen = [*np.flatnonzero(fits)[: PAIRS - len(left_out[:1])], *left_out[:1]]
    items = []
    for place in chosen:
        texts = tuple(_read(tokenizer, text) for text in (some[place].en, some[place].zh))
        items.append(PreviewItem("", texts=texts, fits=bool(fits[place])))
    counts = {
        "counted": len(some),
        "left_out": len(left_out),
        "longest": sizes.max_tokens - _MARKS,
        "vocabulary": tokenizer.get_vocab_size(),
    }
    return PreviewResult(Change.CUT, 0, tuple(items), counts)


def _tokenizer(spec: TrainSpec, train: Sequence[Pair]) -> Tokenizer:
    """Return the run's tokenizer; the last one is kept, for who looks at other pairs need not wait for it again."""
    texts = hashlib.sha256("\n".join(f"{pair.en}\t{pair.zh}" for pair in train).encode("utf-8", "replace"))
    key = f"{texts.hexdigest()} {spec.vocab}"
    file = paths.cache_dir() / "preview-tokenizer.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(file.read_text("utf-8"))
        if kept["key"] == key:
            return Tokenizer.from_str(kept["tokenizer"])
    made = learned_tokenizer(train, spec.vocab)
    with contextlib.suppress(MmbmError):
        write_atomically(file, json.dumps({"key": key, "tokenizer": made.to_str()}).encode())
    return made


def _read(tokenizer: Tokenizer, text: str) -> PreviewText:
    pieces = tokenizer.encode(text, add_special_tokens=False).tokens
    unknown = SPECIAL_TOKENS[TextRules().unk]
    return PreviewText(text, tuple("" if piece == unknown else piece for piece in pieces))
