"""Which of the two languages a text is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.requests import Language

_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
"""The blocks of CJK ideographs that are in use (https://www.unicode.org/charts/)."""


def language_of(text: str) -> Language:
    """Return "zh" for a text with a Chinese character, else "en"."""
    return "zh" if _CHINESE.search(text) else "en"


def other_language(language: Language) -> Language:
    """Return the language that a text is translated to."""
    return "en" if language == "zh" else "zh"
