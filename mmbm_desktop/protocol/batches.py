"""What is done to many items of the library at once, as one step that can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from mmbm_desktop.protocol.failure import ItemFailure


class BatchAction(StrEnum):
    """What a batch does to each of its items."""

    CAPTION = "caption"
    TRANSLATE = "translate"
    TAG = "tag"
    REMOVE = "remove"


@dataclass(frozen=True)
class BatchRequest:
    """Do one thing to `items` of the library, by id. What was done before a cancel stays, and is one step as well.

    Attributes:
        to: the language that captions are translated to; the caption of the other one is the source.
        add: tags to put on.
        remove: tags to take off.
        model: the bundle that answers; None for the usual one.
    """

    action: BatchAction
    items: tuple[int, ...]
    to: Literal["en", "zh"] = "zh"
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    model: str | None = None


@dataclass(frozen=True)
class BatchResult:
    """What a batch did.

    Attributes:
        done: how many items it changed.
        passed_over: how many had nothing to be done: a recording that is to be captioned, nothing to translate, a
            person's own words that stay.
        failed: the items that could not be done, with the reason.
    """

    done: int
    passed_over: int
    failed: tuple[ItemFailure, ...]
