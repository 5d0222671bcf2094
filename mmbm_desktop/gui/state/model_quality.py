"""Which numbers of a model's quality matter first: a few on data that training never saw, and no loss. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    Numbers = tuple[tuple[str, float], ...]

_MOST = 4
_FIRST = (
    *("text-to-image R@10", "recall@10 en", "recall@10 zh", "CIDEr-D", "reward"),
    *("clip accuracy", "word error rate"),
    *("accuracy", "mean average precision", "macro F1", "mean F1"),
    *("chrF", "chrF en-zh", "chrF zh-en", "BLEU-4"),
    *("mean return", "solved from"),
)
"""By task, what people look for first; two of a kind, such as two languages or two sets, stand together."""


@dataclass(frozen=True)
class ModelQuality:
    """Numbers by name: those that matter first, and all others in the order of the manifest."""

    first: Numbers
    others: Numbers


def quality_of(quality: Mapping[str, float]) -> ModelQuality:
    """Sort a manifest's numbers; those of a val split come first only where there are no others."""
    known = [name for name in quality if _stem(name) in _FIRST]
    told = [name for name in known if not name.endswith(" val")] or known
    first = sorted(told, key=lambda name: _FIRST.index(_stem(name)))[:_MOST]
    others = tuple((name, value) for name, value in quality.items() if name not in first)
    return ModelQuality(tuple((name, quality[name]) for name in first), others)


def _stem(name: str) -> str:
    return name.partition(", ")[0]
