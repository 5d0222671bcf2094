"""What a manifest says about turning cosines into probabilities, read strictly. Pure arithmetic on single numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Line:
    """Slope and offset of a logistic curve (Platt 1999)."""

    slope: float
    offset: float

    def probability(self, cosine: float) -> float:
        """Return 1 / (1 + exp(-(slope cosine + offset)))."""
        logit = self.slope * cosine + self.offset
        if logit >= 0:
            return 1.0 / (1.0 + math.exp(-logit))
        return math.exp(logit) / (1.0 + math.exp(logit))


@dataclass(frozen=True)
class Calibration:
    """The curves by language; empty for a model that was never calibrated.

    Attributes:
        search: from the cosine of a query and a picture to the probability that the picture shows it.
        caption: from the cosine of a written caption and its picture to the probability that it is right.
        nothing_below: a search hit less probable than this is probably not what was meant.
        agreement: the CIDEr-D with what people wrote of a picture from which on a sentence counted as right.
    """

    search: Mapping[str, Line] = field(default_factory=dict)
    caption: Mapping[str, Line] = field(default_factory=dict)
    nothing_below: float | None = None
    agreement: Mapping[str, float] = field(default_factory=dict)


def read_calibration(content: Mapping[str, Any], name: str) -> Calibration:
    """Return what the manifest's `calibration` of the model called `name` says.

    Raises:
        EnvironmentFault: it says something unusable (BUNDLE_INVALID).
    """
    try:
        below = content.get("nothing_below")
        return Calibration(
            search=_lines(content.get("search", {})),
            caption=_lines(content.get("caption", {})),
            nothing_below=None if below is None else _number(below),
            agreement={str(language): _number(value) for language, value in content.get("agreement", {}).items()},
        )
    except (AttributeError, OverflowError, TypeError, ValueError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=name, field="calibration") from error


def _lines(entry: Mapping[str, Any]) -> dict[str, Line]:
    lines = {}
    for language, (slope, offset) in entry.items():
        lines[str(language)] = Line(_number(slope), _number(offset))
    return lines


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)
