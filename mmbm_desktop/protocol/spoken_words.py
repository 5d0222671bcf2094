"""The words of a text as they are spoken: what a recogniser can write and what transcripts are compared by."""

from __future__ import annotations

import re
import unicodedata

_BETWEEN_WORDS = re.compile(r"[-\u2010-\u2015/]")
_NOT_SPOKEN = re.compile(r"[^\w' ]|_")


def spoken_words(text: str) -> list[str]:
    """Return the words of a text as they are spoken: lower case, no punctuation, hyphenated words apart."""
    plain = _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", text).replace("’", "'").lower())
    return [word for part in _NOT_SPOKEN.sub("", plain).split() if (word := part.strip("'"))]
