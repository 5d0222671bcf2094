"""Sounds in recordings: windows, merging, calibration, streaming from disk, cancelling, and bundles that lie."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.calibrated import calibrated
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.inference.sound_windows import WindowRules, Windows, windows_of
from mmbm_desktop.inference.sounds import HeardWindow, SoundTagger, find_sounds, heard_windows, merged
from mmbm_desktop.media.audio import blocks_16k
from mmbm_desktop.media.mel import log_mel
from mmbm_desktop.protocol.requests import SoundsRequest
from mmbm_desktop.protocol.results import Sound

RATE = 16_000


@pytest.fixture(scope="module")
def tagger(tiny_sounds_bundle: Path) -> SoundTagger:
    return SoundTagger(tiny_sounds_bundle, threads=1)


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    file = tmp_path / "noise.wav"
    soundfile.write(file, np.random.default_rng(0).normal(0, 0.1, 12 * RATE), RATE)
    return file


def heard(start_s: float, *probabilities: float) -> HeardWindow:
    return HeardWindow(np.array(probabilities), start_s, start_s + 5.0)


def test_windows_that_touch_and_hear_the_same_are_one_sound_with_the_highest_score() -> None:
    windows = [heard(0.0, 0.7, 0.1), heard(2.5, 0.9, 0.6), heard(5.0, 0.2, 0.1), heard(12.0, 0.5, 0.0)]

    sounds = merged(windows, ("rain", "rooster"), np.array([0.5, 0.6]), duration_s=16.0)

    assert sounds == (Sound("rain", 0.0, 7.5, 0.9), Sound("rooster", 2.5, 7.5, 0.6), Sound("rain", 12.0, 16.0, 0.5))


def test_below_its_threshold_a_sound_is_not_said() -> None:
    assert merged([heard(0.0, 0.49)], ("rain",), np.array([0.5]), 4.8) == ()


@pytest.mark.parametrize(
    ("frames", "patches"), [(1, [1]), (144, [2]), (480, [5]), (498, [5]), (528, [5, 3]), (960, [5, 5, 5])]
)
def test_a_stream_is_cut_into_overlapping_windows_whose_end_is_not_lost(frames: int, patches: list[int]) -> None:
    windows = windows_of(np.zeros((frames, 64), np.float32), WindowRules())

    assert [len(window.patches) for window in windows] == patches
    assert [window.start_s for window in windows] == [2.4 * index for index in range(len(patches))]


def test_nothing_is_cut_into_no_window() -> None:
    assert windows_of(np.zeros((0, 64), np.float32), WindowRules()) == []


def test_a_stream_in_pieces_gives_the_windows_of_the_whole() -> None:
    frames = np.random.default_rng(1).normal(size=(1500, 64)).astype(np.float32)
    windows = Windows(WindowRules())

    pieces = [w for part in np.array_split(frames, 37) for w in windows.push(part)] + list(windows.finish())
    whole = windows_of(frames, WindowRules())

    assert [w.start_s for w in pieces] == [w.start_s for w in whole]
    assert all(np.array_equal(a.patches, b.patches) for a, b in zip(pieces, whole, strict=True))


def test_calibration_bends_scores_and_keeps_their_order() -> None:
    scores = np.array([0.1, 0.5, 0.9])

    assert calibrated(scores, 1.0, 0.0) == pytest.approx(scores)
    assert calibrated(np.array([0.5]), 1.0, np.log(3)) == pytest.approx(0.75)
    assert (np.diff(calibrated(scores, 0.3, -2.0)) > 0).all()


def test_a_file_is_streamed_to_its_end_and_progress_is_told(tagger: SoundTagger, noise: Path) -> None:
    told: list[tuple[int, int | None]] = []

    result = find_sounds(SoundsRequest(str(noise)), tagger, progress=lambda done, total: told.append((done, total)))

    assert result.duration_s == pytest.approx(12.0)
    assert told == [(2, 12), (4, 12), (6, 12), (8, 12), (10, 12), (12, 12)]
    assert {sound.label for sound in result.sounds} <= {"rain", "speech", "silence"}
    assert all(0 <= s.start_s < s.end_s <= 12.0 and 0.5 <= s.score <= 1 for s in result.sounds)
    assert result.name("rain", "zh") == "雨声"
    assert result.made.model == "tiny-sounds 0.0.1"


def test_windows_from_disk_are_those_of_the_whole_sound(tagger: SoundTagger, noise: Path) -> None:
    pcm = np.concatenate(list(blocks_16k(noise)))
    expected = [tagger.probabilities(w.patches[None])[0] for w in windows_of(log_mel(pcm), tagger.rules)]

    found = [window.probabilities for window in heard_windows(blocks_16k(noise, 0.3), tagger)]

    assert np.allclose(found, expected, atol=1e-4)


def test_cancelling_ends_between_blocks(tagger: SoundTagger, noise: Path) -> None:
    token = CancelToken()

    def cancel(done: int, total: int | None) -> None:
        del total
        if done >= 4:
            token.cancel()

    with pytest.raises(Cancelled):
        find_sounds(SoundsRequest(str(noise)), tagger, token, cancel)


def test_a_file_that_is_no_recording_is_told(tagger: SoundTagger, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF....WAVEnonsense")

    with pytest.raises(InputFault) as caught:
        find_sounds(SoundsRequest(str(tmp_path / "a.wav")), tagger)

    assert caught.value.code is ErrorCode.AUDIO_BROKEN


def test_a_made_bundle_passes_its_check(tiny_sounds_bundle: Path) -> None:
    assert check_bundle(tiny_sounds_bundle, threads=1).probe_difference < 1e-4


def with_manifest(bundle: Path, place: Path, **changes: object) -> Path:
    shutil.copytree(bundle, place)
    file = place / "bundle.json"
    manifest = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**manifest, **changes}), "utf-8")
    return place


@pytest.mark.parametrize(
    "changes",
    [
        {"calibration": {}},
        {"calibration": {"slope": [1.0], "offset": [0.0], "threshold": [0.5]}},
        {"calibration": {"slope": ["x"] * 3, "offset": [0.0] * 3, "threshold": [0.5] * 3}},
        {"preprocessing": {}},
        {"preprocessing": {"sound": {"patch_frames": 96, "window_frames": 100, "hop_frames": 50}}},
        {"family": "mmbm-image-text"},
    ],
)
def test_a_bundle_whose_manifest_makes_no_sense_is_refused(
    tiny_sounds_bundle: Path, tmp_path: Path, changes: dict[str, object]
) -> None:
    place = with_manifest(tiny_sounds_bundle, tmp_path / "tiny-sounds", **changes)

    with pytest.raises(EnvironmentFault) as caught:
        SoundTagger(place, threads=1)

    assert caught.value.code is ErrorCode.BUNDLE_INVALID


@pytest.mark.parametrize("content", [b"[]", b"{", b'[{"id": "rain"}]', b"[1]"])
def test_a_bundle_whose_names_make_no_sense_is_refused(
    tiny_sounds_bundle: Path, tmp_path: Path, content: bytes
) -> None:
    place = tmp_path / "tiny-sounds"
    shutil.copytree(tiny_sounds_bundle, place)
    (place / "labels.json").write_bytes(content)
    manifest = json.loads((place / "bundle.json").read_text("utf-8"))
    manifest["files"]["labels.json"] = {"bytes": len(content), "sha256": sha256_of(place / "labels.json")}
    (place / "bundle.json").write_text(json.dumps(manifest), "utf-8")

    with pytest.raises(EnvironmentFault) as caught:
        SoundTagger(place, threads=1)

    assert (caught.value.code, caught.value.params["field"]) == (ErrorCode.BUNDLE_INVALID, "labels.json")
