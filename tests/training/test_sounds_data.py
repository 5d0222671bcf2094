"""Folders of labelled recordings, good and bad; their frames; how windows are changed; numbers and calibration."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.inference.calibrated import calibrated
from mmbm_desktop.media.mel import log_mel
from mmbm_desktop.training.data.made_sounds import made_sound
from mmbm_desktop.training.data.silence import silent_window
from mmbm_desktop.training.data.sound_augment import SILENT, Strength, added, cut, cut_anywhere, masked, varied
from mmbm_desktop.training.data.sound_frames import load_frames
from mmbm_desktop.training.data.sounds import of_part, read_sounds
from mmbm_desktop.training.metrics.calibration import fit
from mmbm_desktop.training.metrics.reliability import reliability
from mmbm_desktop.training.metrics.tagging import accuracy, average_precision, f1, mean_average_precision


def table(folder: Path, rows: list[dict], name: str = "labels.jsonl") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return folder


def reason(folder: Path) -> str:
    with pytest.raises(InputFault) as caught:
        read_sounds(folder)
    assert caught.value.code == ErrorCode.DATASET_INVALID
    return str(caught.value.params["reason"])


def test_a_table_with_folds_stretches_and_sources_is_read(tmp_path):
    rows = [
        {"file": "a.wav", "label": "rain", "fold": 2, "freesound_id": 17, "licence": "CC0"},
        {"file_name": "b.wav", "label": "dog", "fold": 10, "start": 1, "end": "2.5"},
        {"file": "c.wav"},
    ]

    first, second = read_sounds(table(tmp_path / "set", rows))

    assert (first.path, first.label, first.fold) == (tmp_path / "set" / "a.wav", "rain", "fold2")
    assert (first.group, first.part, first.licence) == ("17", 2, "CC0")
    assert (second.fold, second.start_s, second.end_s, second.split) == ("fold10", 1.0, 2.5, "train")
    assert of_part((first, second), "fold10") == (second,)
    assert of_part((first, second), "all") == (first, second)


def test_a_csv_table_and_foreign_split_names_are_read(tmp_path):
    (tmp_path / "metadata.csv").write_text("file_name,label,split\na.wav,rain,training\nb.wav,dog,dev\n", "utf-8")

    assert [(s.label, s.split) for s in read_sounds(tmp_path)] == [("rain", "train"), ("dog", "val")]


def test_a_folder_for_each_sound_is_read_and_split_the_same_way_every_time(tmp_path):
    for index in range(60):
        file = tmp_path / ("rain", "dog")[index % 2] / f"{index}.wav"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"")
    (tmp_path / "rain" / "notes.txt").write_text("x")

    sounds = read_sounds(tmp_path)

    assert len(sounds) == 60
    assert {s.label for s in sounds} == {"rain", "dog"}
    assert {s.split for s in sounds} == {"train", "val", "test"}
    assert sounds == read_sounds(tmp_path)


def test_recordings_of_one_speaker_are_left_out_together(tmp_path):
    rows = [{"file": f"{i}.wav", "speaker": str(i % 3)} for i in range(9)]

    sounds = read_sounds(table(tmp_path / "set", rows, "transcripts.jsonl"), label="speech")

    assert {s.label for s in sounds} == {"speech"}
    assert all(len({s.part for s in sounds if s.group == group}) == 1 for group in "012")
    assert all(1 <= s.part <= 5 for s in sounds)


def test_folders_that_cannot_be_used_are_told(tmp_path):
    rows = [{"file": "a.wav", "label": "rain"}]
    (tmp_path / "none").mkdir()
    assert reason(tmp_path / "none") == "no-sounds"
    assert reason(table(tmp_path / "one", rows)) == "too-few-sounds"
    assert reason(table(tmp_path / "bare", [{"file": "a.wav"}])) == "no-labels"
    assert reason(table(tmp_path / "far", [*rows, {"file": "../a.wav", "label": "x"}])) == "outside-folder"
    assert reason(table(tmp_path / "odd", [{**rows[0], "start": "soon"}])) == "table-unreadable"
    (tmp_path / "one" / "labels.jsonl").write_text("[1]", "utf-8")
    assert reason(tmp_path / "one") == "table-unreadable"
    with pytest.raises(InputFault) as caught:
        read_sounds(tmp_path / "missing")
    assert caught.value.code is ErrorCode.FOLDER_NOT_FOUND


def test_frames_are_decoded_once_and_broken_recordings_are_named(tmp_path):
    sound = np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", sound, 16_000, subtype="FLOAT")
    soundfile.write(tmp_path / "c.wav", sound[:8000], 16_000, subtype="FLOAT")
    (tmp_path / "b.wav").write_bytes(b"RIFF....WAVEnonsense")
    paths = [tmp_path / name for name in ("a.wav", "b.wav", "c.wav", "a.wav")]

    found = load_frames(paths, tmp_path / "cache", no_progress)
    told: list[int] = []
    again = load_frames(paths, tmp_path / "cache", lambda done, total: told.append(done))

    assert found.unreadable == {str(tmp_path / "b.wav"): ErrorCode.AUDIO_BROKEN}
    assert found.stretches == {tmp_path / "a.wav": (0, 98), tmp_path / "c.wav": (98, 146)}
    assert np.allclose(found.frames[:98], log_mel(sound), atol=0.02)
    assert np.array_equal(found.frames, again.frames)
    assert not told


def test_nothing_readable_is_an_error(tmp_path):
    (tmp_path / "b.wav").write_bytes(b"RIFF....WAVEnonsense")

    with pytest.raises(InputFault) as caught:
        load_frames([tmp_path / "b.wav"], tmp_path / "cache", no_progress)

    assert caught.value.params["reason"] == "no-readable-sound"


def test_cuts_are_the_frames_and_silence_where_there_are_none():
    frames = np.arange(20, dtype=np.float32)[:, None] + np.zeros((20, 64), np.float32)

    assert np.array_equal(cut(frames, 5, 10)[:, 0], np.arange(5, 15))
    assert np.array_equal(cut(frames, -3, 6)[:, 0] == np.float32(SILENT), [1, 1, 1, 0, 0, 0])
    assert np.array_equal(cut(frames, 0, 5, pace=2.0)[:, 0], [0, 2, 4, 6, 8])
    whole = cut_anywhere(frames, 40, np.random.default_rng(0), 0.0)[:, 0]
    assert np.array_equal(whole[whole >= 0], np.arange(20))


def test_louder_is_louder_everywhere_and_two_sounds_are_louder_than_one():
    windows = np.full((3, 10, 64), 1.0, np.float32)
    louder = Strength(quieter_db=-6.0, louder_db=6.0, colour_db=0.0, bands=0, pace=0.0)

    assert varied(windows, louder, np.random.default_rng(0)) == pytest.approx(1.0 + np.log(10 ** (6 / 20)), abs=1e-3)
    assert added(windows, windows, np.zeros(3, np.float32)) == pytest.approx(1.0 + np.log(2), abs=1e-3)


def test_masks_blot_out_and_leave_the_rest():
    windows = masked(np.ones((50, 96, 64), np.float32), Strength(), np.random.default_rng(0))

    blotted = windows == np.float32(SILENT)
    assert set(np.unique(windows)) == {np.float32(SILENT), np.float32(1.0)}
    assert 0.05 < blotted.mean() < 0.4
    assert blotted.all(axis=2).sum(axis=1).max() <= 24


def test_made_silence_is_silent():
    random = np.random.default_rng(0)
    loud = np.full((480, 64), 2.0, np.float32)

    windows = [silent_window(480, loud, random) for _ in range(20)]

    assert all(window.shape == (480, 64) and window.max() < -2 for window in windows)
    assert min(window.max() for window in windows) == pytest.approx(SILENT)


def test_made_sounds_differ_and_are_loud_enough_to_be_heard():
    random = np.random.default_rng(0)

    sounds = np.stack([made_sound(96, random) for _ in range(40)])

    assert sounds.shape == (40, 96, 64)
    assert np.isfinite(sounds).all()
    assert (sounds.max(axis=(1, 2)) > SILENT + 1).all()
    assert sounds.mean(axis=1).std(axis=0).min() > 0.2


def test_numbers_are_those_worked_out_by_hand():
    right = np.array([True, False, True, False])

    assert average_precision(np.array([0.9, 0.8, 0.7, 0.1]), right) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.zeros(2), np.zeros(2, bool)) == 0.0
    assert f1(np.array([True, True, False, False]), right) == pytest.approx(0.5)
    scores = np.array([[0.9, 0.1], [0.2, 0.3], [0.6, 0.5]])
    assert accuracy(scores, np.array([0, 1, 1])) == pytest.approx(2 / 3)
    assert mean_average_precision(scores, np.array([[1, 0], [0, 1], [0, 1]], bool)) == pytest.approx(1.0)


def test_a_fitted_score_comes_true_as_often_as_it_says():
    random = np.random.default_rng(0)
    true = random.uniform(0.02, 0.98, 4000)
    right = random.random(4000) < true
    boastful = true**3 / (true**3 + (1 - true) ** 3)

    fitted = fit(boastful, right)

    assert fitted.slope == pytest.approx(1 / 3, abs=0.03)
    assert fitted.offset == pytest.approx(0.0, abs=0.15)
    assert 0.3 <= fitted.threshold <= 0.8
    assert (
        reliability(calibrated(boastful, fitted.slope, fitted.offset), right).error
        < 0.03
        < reliability(boastful, right).error
    )
