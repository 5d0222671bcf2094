"""Which items of a comparison are shown: those where the models differ, a person's own first. Measures nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.training import ComparedItem

MOST_GENERAL = 120
"""General items that are measured on: enough to see a loss of a few per cent, and done in seconds."""
_SHOWN_MINE, _SHOWN_GENERAL = 12, 6


def examples(items: Sequence[ComparedItem]) -> tuple[ComparedItem, ...]:
    """Return some of the items, those first where the models differ."""
    ordered = sorted(items, key=lambda one: one.old == one.new)
    mine = [one for one in ordered if not one.general]
    general = [one for one in ordered if one.general]
    return (*mine[:_SHOWN_MINE], *general[:_SHOWN_GENERAL])
