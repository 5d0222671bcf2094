"""Texts to rows of ids and back, with a bundle's own vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.protocol.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.inference.rules import TextRules


class Vocabulary:
    """A bundle's `tokenizer.json` with the manifest's rules for its marks."""

    def __init__(self, file: Path, rules: TextRules) -> None:
        """Read the tokenizer.

        Raises:
            EnvironmentFault: the file is no tokenizer, or lacks a mark the manifest names (BUNDLE_INVALID).
        """
        self._rules = rules
        with os_errors_sorted(file):
            content = file.read_bytes()
        try:
            self._tokenizer = Tokenizer.from_buffer(content)
        except ValueError as error:
            raise EnvironmentFault(
                ErrorCode.BUNDLE_INVALID, str(error), name=file.parent.name, field=file.name
            ) from error
        self._marks = frozenset((rules.pad, rules.eos, *rules.bos.values()))
        if max(*self._marks, rules.unk) >= self._tokenizer.get_vocab_size():
            raise EnvironmentFault(
                ErrorCode.BUNDLE_INVALID, "marks beyond the vocabulary", name=file.parent.name, field=file.name
            )

    def rows(self, texts: Sequence[str]) -> npt.NDArray[np.int32]:
        """Return ids, shape (texts, longest): the language's mark, tokens, the end, padding; long texts are cut.

        Marks spelled out in a text ("<eos>") are left out of it.
        """
        rows = [self._row(text) for text in texts]
        ids = np.full((len(rows), max(len(row) for row in rows)), self._rules.pad, np.int32)
        for target, row in zip(ids, rows, strict=True):
            target[: len(row)] = row
        return ids

    def length(self, text: str) -> int:
        """Return how long the row of a text would be if none were cut."""
        return len(self._tokens(text)) + 2

    def _tokens(self, text: str) -> list[int]:
        encoded = self._tokenizer.encode(text, add_special_tokens=False).ids
        return [token for token in encoded if token not in self._marks]

    def _row(self, text: str) -> list[int]:
        tokens = self._tokens(text)
        start = self._rules.bos.get(language_of(text), min(self._rules.bos.values()))
        return [start, *tokens[: self._rules.max_tokens - 2], self._rules.eos]

    def words(self, tokens: Sequence[int]) -> str:
        """Return the text of a decoder's tokens, untidied."""
        return self._tokenizer.decode(list(tokens), skip_special_tokens=True)
