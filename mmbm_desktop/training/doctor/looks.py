"""How a picture looks, in a few bytes, and which of many look nearly the same. Arithmetic only.

The look is dHash: whether each of 8 x 8 places is darker than its right neighbour (Krawetz, "Kind of Like That",
hackerfactor.com, 2013). Looks that differ in few bits are found by multi-index hashing (Norouzi, Punjani and Fleet,
"Fast Search in Hamming Space with Multi-Index Hashing", 2012): two of 64 bits that differ in at most r bits agree
in at least one of r + 1 pieces. As few bits of brightness say little, a small coloured copy has the last word.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from mmbm_desktop.base.progress import CancelToken

    Looks = npt.NDArray[np.uint64]
    Smalls = npt.NDArray[np.uint8]
    Ints = npt.NDArray[np.int64]

LOOK_EDGE = 64
"""Pictures are looked at squashed to squares of at least this edge."""
FARTHEST = 8
"""Bits in which the looks of two nearly equal pictures may differ."""
SMALL_DIFFERENCE = 12.0
"""Mean difference of the small copies, of 255, from which on two pictures are not nearly equal."""
_PIECES = FARTHEST + 1
_ROWS_AT_ONCE = 512


def look_of(pixels: npt.NDArray[np.uint8]) -> int:
    """Return the dHash of an RGB picture (edge, edge, 3) as 64 bits, the place at the upper left in the highest."""
    grey = Image.fromarray(pixels).convert("L").resize((9, 8), Image.Resampling.BOX)
    values = np.asarray(grey, np.int16)
    return int.from_bytes(np.packbits(values[:, :-1] < values[:, 1:]).tobytes(), "big")


def small_of(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return an RGB picture (edge, edge, 3) as 8 x 8 places, flat: (192,)."""
    return np.asarray(Image.fromarray(pixels).resize((8, 8), Image.Resampling.BOX)).reshape(-1)


def alike(looks: Looks, smalls: Smalls, token: CancelToken) -> list[list[int]]:
    """Return groups of pictures that look nearly the same; each of a group is like at least one other of it.

    Args:
        looks: (pictures,).
        smalls: (pictures, 192).
        token: checked every few milliseconds.

    Raises:
        Cancelled: `token` was cancelled.
    """
    parent = np.arange(len(looks))
    for left, right in _near(looks, token):
        different = np.abs(smalls[left].astype(np.int16) - smalls[right]).mean(1, dtype=np.float32)
        same = different < SMALL_DIFFERENCE
        _join(parent, left[same], right[same])
    return _groups(parent)


def _near(looks: Looks, token: CancelToken) -> Iterator[tuple[Ints, Ints]]:
    """Yield pairs of places whose looks differ in at most `FARTHEST` bits; a pair may come more than once."""
    for shift, width in _pieces():
        piece = (looks >> np.uint64(shift)) & np.uint64((1 << width) - 1)
        order = np.argsort(piece, kind="stable")
        ends = np.flatnonzero(np.diff(piece[order])) + 1
        for bucket in np.split(order, ends):
            if len(bucket) > 1:
                yield from _near_within(looks, bucket, token)


def _pieces() -> Iterator[tuple[int, int]]:
    """Yield where each piece of the 64 bits begins and how wide it is."""
    edges = np.linspace(0, 64, _PIECES + 1).round().astype(int).tolist()
    yield from ((low, high - low) for low, high in itertools.pairwise(edges))


def _near_within(looks: Looks, bucket: Ints, token: CancelToken) -> Iterator[tuple[Ints, Ints]]:
    own = looks[bucket]
    for start in range(0, len(bucket), _ROWS_AT_ONCE):
        token.check()
        rows = own[start : start + _ROWS_AT_ONCE]
        bits = np.bitwise_count(rows[:, None] ^ own[None, start:])
        left, right = np.nonzero(bits <= FARTHEST)
        later = left < right
        if later.any():
            yield bucket[start + left[later]], bucket[start + right[later]]


def _join(parent: Ints, left: Ints, right: Ints) -> None:
    """Put the groups of each pair together; `parent` leads from each place to the first of its group."""
    while len(left):
        first, second = _root(parent, left), _root(parent, right)
        apart = first != second
        left, right = left[apart], right[apart]
        low, high = np.minimum(first, second)[apart], np.maximum(first, second)[apart]
        np.minimum.at(parent, high, low)


def _root(parent: Ints, places: Ints) -> Ints:
    roots = parent[places]
    while not np.array_equal(above := parent[roots], roots):
        roots = above
    parent[places] = roots
    return roots


def _groups(parent: Ints) -> list[list[int]]:
    roots = _root(parent, np.arange(len(parent)))
    order = np.argsort(roots, kind="stable")
    ends = np.flatnonzero(np.diff(roots[order])) + 1
    return [group.tolist() for group in np.split(order, ends) if len(group) > 1]
