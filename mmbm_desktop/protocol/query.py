"""The query language of the library: typed text becomes words, weights, terms to leave out and filters. Reads no file.

    a dog on the beach        pictures that look like this; captions, transcripts and names that say it
    "red car"                 the same, and only items that hold exactly these words
    dog^2 beach^0.5           a word, or "some words", that counts more or less; the rest counts 1
    -people -"a leash"        pictures less like this
    kind:photo                photo, recording or text
    folder:holiday            some folder above the file has this in its name; quote names with spaces
    after:2024  before:2024-06-15   when the file was last changed: a year, a month or a day of local time
    label:dog                 a tag has this in it, or a sound is heard that is called like this
    model:image-text          a model whose name begins like this answered for the item
    tag:holiday tag:"our house"   has this tag; several: all of them

Everything can be combined; filters alone list what they let through. Chinese keyboards may use their own quotes, colon
and dash, and 类型 文件夹 晚于 早于 声音 模型 标签 name the filters as well.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.protocol.filters import EVERYTHING, Filters

if TYPE_CHECKING:
    from collections.abc import Callable

FILTER_NAMES = ("kind", "folder", "after", "before", "label", "model", "tag")
KINDS = ("photo", "recording", "text")
HEAVIEST = 10.0

_CHINESE_NAMES = {
    "类型": "kind",
    "文件夹": "folder",
    "晚于": "after",
    "早于": "before",
    "声音": "label",
    "模型": "model",
    "标签": "tag",
}
_CHINESE_KINDS = {"照片": "photo", "图片": "photo", "录音": "recording", "笔记": "text", "文本": "text"}
_QUOTES = '"“”「」'
_QUOTED = r'["“”「][^"“”「」]+["“”」]'
_DASH = r"−－–\-"
_TOKEN = re.compile(
    rf"""
    (?P<minus>[{_DASH}](?=(?:{_QUOTED}|[^\s"“”「{_DASH}])))?  # a dash right before what it leaves out
    (?:(?P<name>[^\W\d_]+)[:：](?=\S))?  # kind: folder: …
    (?:(?P<quoted>{_QUOTED})|(?P<word>\S+?))
    (?:\^(?P<weight>\d+(?:\.\d+)?))?
    (?=\s|$)""",
    re.VERBOSE,
)
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")


@dataclass(frozen=True)
class ParsedQuery:
    """What a typed query asks for.

    Attributes:
        text: the words that count 1, quoted ones among them, in order.
        weighted: words that count otherwise.
        minus: what to leave out.
        filters: conditions.
    """

    text: str = ""
    weighted: tuple[tuple[str, float], ...] = ()
    minus: tuple[str, ...] = ()
    filters: Filters = EVERYTHING

    @property
    def ranks(self) -> bool:
        """Whether there is anything to rank by; terms to leave out alone rank nothing."""
        return bool(self.text or self.weighted)


def parse_query(typed: str) -> ParsedQuery:
    """Read a typed query. A filter without a value yet is passed over: it is still being typed.

    Raises:
        InputFault: QUERY_INVALID with `reason` ("filter-unknown", "kind-unknown", "date-unreadable",
            "weight-too-large", "filter-negated"), `part` (what was typed) and `known` (what would do).
    """
    plain: list[str] = []
    found = ParsedQuery()
    for token in _tokens(typed):
        if token.name is not None and token.minus:
            raise _invalid("filter-negated", token.whole, " ".join(f"{one}:" for one in FILTER_NAMES))
        if token.name is not None:
            found = replace(found, filters=_filtered(found.filters, token))
        elif token.minus:
            found = replace(found, minus=(*found.minus, token.text))
        else:
            if token.quoted:
                words = (*found.filters.words, token.text)
                found = replace(found, filters=replace(found.filters, words=words))
            if token.weight is None:
                plain.append(token.text)
            else:
                found = replace(found, weighted=(*found.weighted, (token.text, _weight(token))))
    return replace(found, text=" ".join(plain))


def minus_terms(typed: str) -> list[tuple[slice, str]]:
    """Return where in a typed query the terms to leave out stand, their dash included, and what they name."""
    matches = [match for match in _TOKEN.finditer(typed) if match["minus"] is not None and match["name"] is None]
    return [(slice(*match.span()), _text(match)) for match in matches if _text(match)]


def _text(match: re.Match[str]) -> str:
    """Return what a token says, without its quotes."""
    return (match["quoted"] or match["word"]).strip(_QUOTES).strip()


@dataclass(frozen=True)
class _Token:
    whole: str
    text: str
    quoted: bool = False
    minus: bool = False
    name: str | None = None
    weight: str | None = None


def _tokens(typed: str) -> list[_Token]:
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(typed):
        word, text = match["word"], _text(match)
        token = _Token(match[0], text, word is None, match["minus"] is not None, weight=match["weight"])
        if match["name"] is not None:
            name = _filter_name(match["name"])
            token = replace(token, name=name) if name else replace(token, text=match[0], quoted=False)
        elif word is not None and _filter_name(word.rstrip(":：")) and word[-1] in ":：":
            continue
        if text:
            tokens.append(token)
    return tokens


def filter_called(typed: str) -> str | None:
    """Return the filter that a word in front of a colon names, in either language; None where it names none."""
    name = _CHINESE_NAMES.get(typed, typed.lower())
    return name if name in FILTER_NAMES else None


def as_value(text: str) -> str | None:
    """Return a text as it is typed behind a filter's colon, quoted where it must be; None where it cannot be typed."""
    if any(quote in text for quote in _QUOTES):
        return None
    return f'"{text}"' if re.search(r"[\s^]", text) else text


def _filter_name(typed: str) -> str | None:
    """Return the filter that is meant, None where a colon just stands in a word, as in "re:zero".

    Raises:
        InputFault: QUERY_INVALID, a filter was mistyped.
    """
    name = _CHINESE_NAMES.get(typed, typed.lower())
    if name in FILTER_NAMES:
        return name
    if difflib.get_close_matches(name, FILTER_NAMES, 1, cutoff=0.75):
        raise _invalid("filter-unknown", f"{typed}:", " ".join(f"{one}:" for one in FILTER_NAMES))
    return None


def _filtered(filters: Filters, token: _Token) -> Filters:
    changed: dict[str, Callable[[], Filters]] = {
        "kind": lambda: replace(filters, kind=_kind(token)),
        "folder": lambda: replace(filters, folder_name=token.text),
        "after": lambda: replace(filters, after_s=_moment(token)),
        "before": lambda: replace(filters, before_s=_moment(token)),
        "label": lambda: replace(filters, label=token.text),
        "model": lambda: replace(filters, model=token.text),
        "tag": lambda: replace(filters, tags=(*filters.tags, token.text)),
    }
    return changed[str(token.name)]()


def _kind(token: _Token) -> str:
    kind = _CHINESE_KINDS.get(token.text, token.text.lower())
    if kind not in KINDS:
        raise _invalid("kind-unknown", token.whole, " ".join(f"kind:{one}" for one in KINDS))
    return kind


def _moment(token: _Token) -> float:
    """Return the first moment of a year, month or day, local time, in seconds since the epoch."""
    match = _DATE.fullmatch(token.text)
    if match:
        try:
            return datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1)).timestamp()  # noqa: DTZ001 - local
        except (ValueError, OverflowError, OSError):
            pass
    raise _invalid("date-unreadable", token.whole, "2024  2024-06  2024-06-15")


def _weight(token: _Token) -> float:
    weight = float(str(token.weight))
    if weight > HEAVIEST:
        raise _invalid("weight-too-large", token.whole, f"^{HEAVIEST:g}")
    return weight


def _invalid(reason: str, part: str, known: str) -> InputFault:
    return InputFault(ErrorCode.QUERY_INVALID, f"{reason}: {part}", reason=reason, part=part, known=known)
