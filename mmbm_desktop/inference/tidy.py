"""How a caption is written: capital letter, spaces and full stop as each language has them. Text only."""

from __future__ import annotations

import re

_SPACE_BEFORE = re.compile(r"\s+(?=[,.;:!?%)\]}'’])")
_SPACE_AFTER = re.compile(r"(?<=[(\[{])\s+")
_SPACED_HYPHEN = re.compile(r"(?<=\w)\s*-\s*(?=\w)")
_LONE_I = re.compile(r"\bi\b(?!\.)")
_ENDS = ".!?。！？…"
_FULL_WIDTH = str.maketrans({",": "，", ";": "；", ":": "：", "!": "！", "?": "？"})
_CHINESE_SPACE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")


def tidy_caption(text: str, language: str) -> str:
    """Return a decoder's words as a sentence: "a dog , running" as "A dog, running.", Chinese without spaces.

    Nothing is left of a text without a word.
    """
    words = " ".join(text.split())
    if not any(character.isalnum() for character in words):
        return ""
    return _chinese(words) if language == "zh" else _english(words)


def _english(words: str) -> str:
    text = _SPACE_AFTER.sub("", _SPACE_BEFORE.sub("", words))
    text = _LONE_I.sub("I", _SPACED_HYPHEN.sub("-", text)).rstrip(" ,;:-").lstrip(" ,;:.-!?")
    if text[-1] not in _ENDS:
        text += "."
    return text[0].upper() + text[1:]


def _chinese(words: str) -> str:
    text = _CHINESE_SPACE.sub("", words).translate(_FULL_WIDTH)
    text = text.rstrip(" ，；：、.").lstrip(" ，；：、。.！？")
    return text if text[-1] in _ENDS else text + "。"
