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
_PAIRS_AT_ONCE = 1 << 12
_NEIGHBOURS = 32
_LARGE = 2048


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

    Pictures with one and the same look, of which blank ones may be thousands, are compared with their neighbours in
    brightness; one picture of each look stands for it among the other looks.

    Args:
        looks: (pictures,).
        smalls: (pictures, 192).
        token: checked every few milliseconds.

    Raises:
        Cancelled: `token` was cancelled.
    """
    parent = np.arange(len(looks))
    for left, right in _with_one_look(looks, smalls):
        token.check()
        _join_alike(parent, smalls, left, right)
    different, first = np.unique(looks, return_index=True)
    for left, right in _near(different, token):
        _join_alike(parent, smalls, first[left], first[right])
    return _groups(parent)


def _with_one_look(looks: Looks, smalls: Smalls) -> Iterator[tuple[Ints, Ints]]:
    """Yield pairs of places with the same look that are near each other in brightness."""
    order = np.lexsort((smalls.mean(1, dtype=np.float32), looks))
    for step in range(1, _NEIGHBOURS + 1):
        left, right = order[:-step], order[step:]
        same = looks[left] == looks[right]
        if not same.any():
            return
        yield left[same], right[same]


def _join_alike(parent: Ints, smalls: Smalls, left: Ints, right: Ints) -> None:
    """Put pairs together whose small copies are nearly the same; those that are together already cost nothing."""
    for start in range(0, len(left), _PAIRS_AT_ONCE):
        some, others = left[start : start + _PAIRS_AT_ONCE], right[start : start + _PAIRS_AT_ONCE]
        apart = parent[some] != parent[others]
        some, others = some[apart], others[apart]
        different = np.abs(smalls[some].astype(np.int16) - smalls[others]).mean(1, dtype=np.float32)
        same = different < SMALL_DIFFERENCE
        _join(parent, some[same], others[same])


def _near(looks: Looks, token: CancelToken) -> Iterator[tuple[Ints, Ints]]:
    """Yield pairs of places whose looks differ in at most `FARTHEST` bits, each pair once."""
    earlier: list[np.uint64] = []
    for shift, width in _pieces():
        mask = np.uint64(((1 << width) - 1) << shift)
        turned = (looks >> np.uint64(shift)) | (looks << np.uint64((64 - shift) % 64))
        order = np.lexsort((turned, looks & mask))
        ends = np.flatnonzero(np.diff((looks & mask)[order])) + 1
        for bucket in np.split(order, ends):
            pairs = _all_pairs if len(bucket) <= _LARGE else _neighbouring_pairs
            for left, right in pairs(looks, bucket):
                token.check()
                flipped = looks[left] ^ looks[right]
                new = np.logical_and.reduce([flipped & one != 0 for one in earlier], axis=0, initial=True)
                yield left[new], right[new]
        earlier.append(mask)


def _pieces() -> Iterator[tuple[int, int]]:
    """Yield where each piece of the 64 bits begins and how wide it is."""
    edges = np.linspace(0, 64, _PIECES + 1).round().astype(int).tolist()
    yield from ((low, high - low) for low, high in itertools.pairwise(edges))


def _all_pairs(looks: Looks, bucket: Ints) -> Iterator[tuple[Ints, Ints]]:
    own = looks[bucket]
    for start in range(0, len(bucket) - 1, _ROWS_AT_ONCE):
        bits = np.bitwise_count(own[start : start + _ROWS_AT_ONCE, None] ^ own[None, start:])
        left, right = np.nonzero(bits <= FARTHEST)
        later = left < right
        yield bucket[start + left[later]], bucket[start + right[later]]


def _neighbouring_pairs(looks: Looks, bucket: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield the near ones among the pairs that are close to each other in a sorted bucket, not all of its pairs.

    Buckets are that large only where very many pictures look like each other, such as the frames of a film. Every
    piece sorts them by other bits, so that whom one order parts another one brings together (Hernandez and Stolfo,
    "The Merge/Purge Problem for Large Databases", 1995).
    """
    for step in range(1, _NEIGHBOURS + 1):
        left, right = bucket[:-step], bucket[step:]
        near = np.bitwise_count(looks[left] ^ looks[right]) <= FARTHEST
        yield left[near], right[near]


def _join(parent: Ints, left: Ints, right: Ints) -> None:
    """Put the groups of each pair together; `parent` says of each place the first of its group."""
    while len(left):
        first, second = parent[left], parent[right]
        apart = first != second
        left, right = left[apart], right[apart]
        np.minimum.at(parent, np.maximum(first, second)[apart], np.minimum(first, second)[apart])
        while len(left) and not np.array_equal(above := parent[parent], parent):
            parent[:] = above


def _groups(parent: Ints) -> list[list[int]]:
    order = np.argsort(parent, kind="stable")
    ends = np.flatnonzero(np.diff(parent[order])) + 1
    return [group.tolist() for group in np.split(order, ends) if len(group) > 1]
