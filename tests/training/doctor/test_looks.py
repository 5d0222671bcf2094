"""Looks and the search among them, against plain comparison of all pairs."""

from __future__ import annotations

import numpy as np
import pytest

from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.training.doctor import looks as looks_module
from mmbm_desktop.training.doctor.looks import FARTHEST, alike, look_of, small_of
from tests.training.doctor.drawings import drawn


def test_a_look_says_where_a_picture_gets_lighter() -> None:
    ramp = np.repeat(np.linspace(0, 255, 72, dtype=np.uint8)[None, :, None], 72, 0).repeat(3, 2)

    assert look_of(ramp) == 2**64 - 1
    assert look_of(ramp[:, ::-1]) == 0


def test_a_small_copy_is_the_means_of_places() -> None:
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[:8, :8] = (10, 20, 30)

    small = small_of(picture)

    assert small[:3].tolist() == [10, 20, 30]
    assert small[3:].sum() == 0


def test_the_search_finds_what_comparing_all_pairs_finds() -> None:
    random = np.random.default_rng(3)
    looks = random.integers(0, 2**64, 300, np.uint64)
    for place in range(0, 200, 2):
        flips = random.choice(64, random.integers(0, 14), replace=False)
        looks[place + 1] = looks[place] ^ np.bitwise_or.reduce(np.uint64(1) << flips.astype(np.uint64), initial=0)
    smalls = np.zeros((300, 192), np.uint8)

    groups = alike(looks, smalls, CancelToken())

    distances = np.bitwise_count(looks[:, None] ^ looks[None])
    near = {tuple(pair) for pair in np.argwhere(distances <= FARTHEST).tolist() if pair[0] < pair[1]}
    assert {tuple(group) for group in groups} == near
    assert 30 < len(near) < 100


def test_chains_become_one_group() -> None:
    looks = np.array([0, 0b11111, 0b1111111111, 2**63], np.uint64)

    assert alike(looks, np.zeros((4, 192), np.uint8), CancelToken()) == [[0, 1, 2, 3]]


def test_the_same_look_in_other_colours_is_not_alike() -> None:
    smalls = np.zeros((2, 192), np.uint8)
    smalls[1] = 60

    assert alike(np.zeros(2, np.uint64), smalls, CancelToken()) == []


def test_thousands_of_equal_looks_stay_one_group() -> None:
    count = 3000

    groups = alike(np.zeros(count, np.uint64), np.zeros((count, 192), np.uint8), CancelToken())

    assert groups == [list(range(count))]


def test_no_pictures_have_no_groups() -> None:
    assert alike(np.zeros(0, np.uint64), np.zeros((0, 192), np.uint8), CancelToken()) == []


def test_the_search_can_be_cancelled() -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        alike(np.zeros(2, np.uint64), np.zeros((2, 192), np.uint8), token)


def test_different_drawings_look_different() -> None:
    looks = np.array([look_of(np.asarray(drawn("ash", number))) for number in range(40)], np.uint64)
    distances = np.bitwise_count(looks[:, None] ^ looks[None])[np.triu_indices(40, 1)]

    assert distances.min() > FARTHEST


def test_thousands_of_blank_pictures_in_other_colours_are_no_burden() -> None:
    smalls = np.repeat(np.arange(256, dtype=np.uint8), 8)[:, None].repeat(192, 1)
    smalls[::2] //= 2

    groups = alike(np.zeros(len(smalls), np.uint64), smalls, CancelToken())

    assert len(groups) == 1


def test_the_frames_of_a_film_stay_one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks_module, "_LARGE", 50)
    random = np.random.default_rng(8)
    walk = np.cumsum(random.integers(0, 3, 400)) % 4096
    looks = (walk ^ (walk >> 1)).astype(np.uint64) << np.uint64(20)

    groups = alike(looks, np.zeros((400, 192), np.uint8), CancelToken())

    assert groups == [list(range(400))]
