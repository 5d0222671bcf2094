"""Sounds without words: of every kind, within their lengths, and pieces of talk where there is some."""

from __future__ import annotations

import numpy as np

from mmbm_desktop.training.data.wordless import wordless_sound


def test_sounds_have_their_lengths_and_loudness_and_depend_on_the_random_numbers_alone():
    sounds = [wordless_sound((), np.random.default_rng(n)) for n in range(40)]
    assert all(sound.dtype == np.int16 and 3200 <= len(sound) <= 19_200 for sound in sounds)
    assert all(16_000 < np.abs(sound.astype(np.int32)).max() < 16_800 for sound in sounds)
    np.testing.assert_array_equal(sounds[0], wordless_sound((), np.random.default_rng(0)))
    assert len({len(sound) for sound in sounds}) > 30


def test_where_there_is_talk_some_sounds_are_pieces_of_it():
    talk = np.full(40_000, 77, np.int16)
    sounds = [wordless_sound((talk, talk[:1000]), np.random.default_rng(n)) for n in range(60)]
    pieces = [sound for sound in sounds if (sound == 77).all()]
    assert 10 < len(pieces) < 45
    assert {len(piece) for piece in pieces} > {1000}
