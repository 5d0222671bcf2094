"""Settings of the translation recipe that a spec can change. Plain data: it needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TranslationOptions:
    """How much of an epoch is not sentences; sentences belong to every epoch.

    Attributes:
        captions: pairs from tables of captions, taken in turn.
        words: pairs from word lists, taken in turn.
    """

    captions: int = 1000
    words: int = 3000
