"""The colours and sizes of the window, declared once; the style sheet and every painter read them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """Colours as #rrggbb. Text on its ground has a contrast of at least 4.5:1."""

    background: str
    panel: str
    line: str
    text: str
    dim: str
    accent: str
    accent_soft: str
    on_accent: str
    hover: str
    good: str
    warning: str
    danger: str


LIGHT = Tokens(
    background="#f6f7f9",
    panel="#ffffff",
    line="#e4e7ec",
    text="#1b1f27",
    dim="#5f6878",
    accent="#3262e6",
    accent_soft="#eaf0ff",
    on_accent="#ffffff",
    hover="#eff1f5",
    good="#12805c",
    warning="#a65508",
    danger="#b42318",
)
DARK = Tokens(
    background="#15171c",
    panel="#1d2027",
    line="#2c313b",
    text="#e7e9ee",
    dim="#98a1b3",
    accent="#7aa2ff",
    accent_soft="#24304d",
    on_accent="#10131a",
    hover="#262b35",
    good="#4fc79b",
    warning="#f0b35c",
    danger="#f97066",
)

LINES = ("accent", "warning", "good", "danger", "#b07cff", "#2bb3c0", "#d66fb0", "#8a9a2f")
"""Of lines beside each other on a chart, in this order: tokens, then colours that are seen on both grounds."""
GRID = 8
"""Distances are multiples of this many pixels."""
RADIUS = 12
SMALL, NORMAL, LARGE, TITLE = 12, 14, 16, 20
"""Type sizes in pixels."""
FONTS = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Noto Sans",
    "Noto Sans CJK SC",
    "PingFang SC",
    "Microsoft YaHei",
    "DejaVu Sans",
)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1..21 (https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
