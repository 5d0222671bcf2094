"""Hits in another order than the best first: the probable ones stay before the others. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.gui.state.library_item_model import first_unlikely_row
from mmbm_desktop.protocol.order import SortKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mmbm_desktop.protocol.order import Order
    from mmbm_desktop.protocol.results import Hit

_KEYS: dict[SortKey, Callable[[Hit], str | float]] = {
    SortKey.DATE: lambda hit: hit.item.modified_s,
    SortKey.NAME: lambda hit: hit.item.path,
    SortKey.SIZE: lambda hit: hit.item.size_bytes,
}


def sorted_hits(hits: Sequence[Hit], order: Order | None, nothing_below: float | None) -> tuple[Hit, ...]:
    """Return hits, which come best first, in `order`; None leaves them as they are."""
    if order is None:
        return tuple(hits)
    key, boundary = _KEYS[order.key], first_unlikely_row(hits, nothing_below)
    parts = (sorted(part, key=key, reverse=order.descending) for part in (hits[:boundary], hits[boundary:]))
    return tuple(hit for part in parts for hit in part)
