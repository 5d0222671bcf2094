"""A run's curve as inline SVG: one small chart a quantity, training and validation in one where both have it."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from mmbm_desktop.engine.runs.web_words import said
from mmbm_desktop.protocol.metric_words import metric_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.training import CurvePoint

    Place = tuple[float, float]

_WIDTH, _HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 10, 24
_MOST = 400
"""Places of a line: more than a screen can show."""


def charts(points: Sequence[CurvePoint], language: str) -> str:
    """Return a figure for every quantity of a curve."""
    names = sorted({name for point in points for name in point.values}, key=lambda name: (name != "loss", name))
    return "\n".join(filter(None, (_figure(points, name, language) for name in names)))


def _figure(points: Sequence[CurvePoint], name: str, language: str) -> str:
    train = _places(points, name, validation=False)
    val = _places(points, name, validation=True)
    if len(train) + len(val) < 2:
        return ""
    scale = _Scale([*train, *val])
    parts = [scale.axes(said("epoch", language))]
    marks = [point.epoch for point in points if point.resumed]
    parts += [
        f'<line class="resumed" x1="{scale.x(at):.1f}" x2="{scale.x(at):.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}">'
        f"<title>{escape(said('resumed', language))}</title></line>"
        for at in marks
        if scale.first <= at <= scale.last
    ]
    parts += [_line(train, "train", scale), _line(val, "val", scale)]
    parts += [f'<circle class="dot" cx="{scale.x(x):.1f}" cy="{scale.y(y):.1f}" r="2.5"/>' for x, y in _fewer(val)]
    lines = [said(key, language) for key, some in (("training", train), ("validation", val)) if some]
    about = metric_words(name, language)
    caption = escape(f"{about}（{'、'.join(lines)}）" if language == "zh" else f"{about} ({', '.join(lines)})")
    svg = f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{caption}">{"".join(parts)}</svg>'
    return f"<figure>{svg}<figcaption>{caption}</figcaption></figure>"


def _places(points: Sequence[CurvePoint], name: str, *, validation: bool) -> list[Place]:
    found = [(p.epoch, p.values[name]) for p in points if p.validation is validation and name in p.values]
    return [place for place in found if math.isfinite(place[1])]


def _fewer(places: Sequence[Place]) -> list[Place]:
    """Return means of neighbours where there are too many places."""
    size = -(-len(places) // _MOST) or 1
    groups = [places[start : start + size] for start in range(0, len(places), size)]
    return [(sum(x for x, _ in group) / len(group), sum(y for _, y in group) / len(group)) for group in groups]


def _line(places: Sequence[Place], kind: str, scale: _Scale) -> str:
    if not places:
        return ""
    joined = " ".join(f"{scale.x(x):.1f},{scale.y(y):.1f}" for x, y in _fewer(places))
    return f'<polyline class="{kind}" points="{joined}"/>'


class _Scale:
    """Where values lie in a chart."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.first, self.last = min(x for x, _ in places), max(x for x, _ in places)
        self.low, self.high = min(y for _, y in places), max(y for _, y in places)

    def x(self, epoch: float) -> float:
        share = (epoch - self.first) / ((self.last - self.first) or 1.0)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    def axes(self, unit: str) -> str:
        bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
        return (
            f'<path class="axis" d="M{_LEFT} {_TOP}V{bottom}H{right}"/>'
            f'<text x="{_LEFT - 6}" y="{_TOP + 8}" text-anchor="end">{self.high:.4g}</text>'
            f'<text x="{_LEFT - 6}" y="{bottom}" text-anchor="end">{self.low:.4g}</text>'
            f'<text x="{_LEFT}" y="{_HEIGHT - 8}">{self.first:.3g}</text>'
            f'<text x="{right}" y="{_HEIGHT - 8}" text-anchor="end">{self.last:.3g} {escape(unit)}</text>'
        )
