"""Folders of spoken clips: which layouts are read, what is refused, and what is done to the sound."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.training.data.spoken import LONGEST_S, hear, of_split, read_spoken
from mmbm_desktop.training.data.spoken_augment import Changes, at_speed, changed_utterance, lengthened
from tests.training.tones import make_tones

SECOND = np.zeros(16_000, np.int16)


def table(folder: Path, rows: list[dict], name: str = "metadata.jsonl") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return folder


def test_transcripts_are_read_with_speakers_and_splits(tmp_path):
    clips = read_spoken(make_tones(tmp_path / "tones", 6))
    assert len(clips) == 12
    assert {clip.text for clip in clips} == {"down", "up"}
    assert [len(of_split(clips, split)) for split in ("train", "val", "test")] == [4, 4, 4]
    assert {clip.speaker for clip in of_split(clips, "speaker-ann")} == {"ann"}


@pytest.mark.parametrize("column", ["transcription", "text", "sentence"])
def test_an_audiofolder_without_splits_gets_all_three_and_always_the_same(tmp_path, column):
    rows = [{"file_name": f"{n}.wav", column: "Turn  LEFT, please"} for n in range(40)]
    clips = read_spoken(table(tmp_path / "a", rows))
    assert {clip.split for clip in clips} == {"train", "val", "test"}
    assert clips[0].text == "turn left please"
    assert read_spoken(tmp_path / "a") == clips


def test_a_csv_table_is_read(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    lines = "\n".join(f"{n}.wav,go,{'test' if n == 3 else 'train'}" for n in range(4))
    (folder / "metadata.csv").write_text(f"file_name,transcription,split\n{lines}\n", "utf-8")
    clips = read_spoken(folder)
    assert sorted(clip.split for clip in clips) == ["test", "train", "train", "val"]


def test_without_a_val_split_some_clips_to_learn_from_check_the_training(tmp_path):
    rows = [{"file_name": f"{n}.wav", "text": "go", "split": "train"} for n in range(80)]
    splits = [clip.split for clip in read_spoken(table(tmp_path / "a", rows))]
    assert (splits.count("train"), splits.count("val")) == (76, 4)


def test_a_held_out_speaker_is_only_in_the_test_split(tmp_path):
    clips = read_spoken(make_tones(tmp_path / "tones"), ["ann"])
    assert {clip.split for clip in of_split(clips, "speaker-ann")} == {"test"}
    assert {clip.split for clip in of_split(clips, "speaker-bob")} == {"train", "val", "test"}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (None, "no-table"),
        ([{"file_name": "a.wav"}], "no-transcripts"),
        ([{"file_name": "a.wav", "text": "go"}], "too-few-clips"),
        ([{"file_name": f"{n}.wav", "text": "..."} for n in range(9)], "too-few-clips"),
        ([{"file_name": "../a.wav", "text": "go"}], "outside-folder"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_with_the_reason(tmp_path, rows, reason):
    folder = tmp_path / "a"
    folder.mkdir()
    if rows is not None:
        table(folder, rows)
    with pytest.raises(InputFault) as caught:
        read_spoken(folder)
    assert caught.value.params["reason"] == reason


def test_a_broken_table_and_an_unknown_speaker_are_refused(tmp_path):
    folder = make_tones(tmp_path / "tones", 6)
    with pytest.raises(InputFault) as caught:
        read_spoken(folder, ["carl"])
    assert caught.value.params["reason"] == "no-such-speaker"
    (folder / "transcripts.jsonl").write_text("{", "utf-8")
    with pytest.raises(InputFault) as caught:
        read_spoken(folder)
    assert caught.value.params["reason"] == "table-unreadable"


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputFault) as caught:
        read_spoken(tmp_path / "none")
    assert caught.value.code is ErrorCode.FOLDER_NOT_FOUND


def test_clips_that_cannot_be_heard_are_named_and_the_others_kept(tmp_path):
    folder = make_tones(tmp_path / "tones", 6)
    (folder / "audio" / "up-0.wav").write_bytes(b"no sound at all, only words" * 9)
    (folder / "audio" / "up-1.wav").unlink()
    soundfile.write(folder / "audio" / "up-2.wav", np.zeros(int((LONGEST_S + 1) * 16_000), np.int16), 16_000)
    heard = hear(read_spoken(folder), no_progress)
    assert len(heard.clips) == len(heard.pcm) == 9
    assert {Path(name).name: code for name, code in heard.unreadable.items()} == {
        "up-0.wav": ErrorCode.AUDIO_BROKEN,
        "up-1.wav": ErrorCode.FILE_NOT_FOUND,
        "up-2.wav": ErrorCode.DATASET_INVALID,
    }


def test_changed_utterances_depend_on_nothing_but_the_random_numbers():
    clip = (3000 * np.sin(np.arange(6000) / 5)).astype(np.int16)
    first, again, other = (changed_utterance([clip], np.random.default_rng(n), Changes()) for n in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or not np.allclose(first, other)
    assert np.isfinite(first).all()
    assert first.dtype == np.float32


def test_silence_can_be_changed_too():
    assert np.isfinite(changed_utterance([SECOND], np.random.default_rng(0), Changes())).all()


def test_a_faster_clip_is_shorter_and_two_clips_are_longer_than_one():
    still = Changes(speed=0.0, pace=0.0, trimmed_s=0.0, echo_share=0.0, pause_s=0.0)
    one, two = (changed_utterance([SECOND] * n, np.random.default_rng(0), still) for n in (1, 2))
    assert len(one) == 1 + (16_000 + 2 * 1600 - 400) // 160
    assert len(two) == len(one) + 100


@pytest.mark.parametrize("change", ["speed", "pace"])
def test_other_voices_are_faster_and_slower(change):
    still = Changes(speed=0.0, pace=0.0, trimmed_s=0.0, echo_share=0.0, pause_s=0.0)
    one = len(changed_utterance([SECOND], np.random.default_rng(0), still))
    moved = dataclasses.replace(still, **{change: 0.2})
    lengths = [len(changed_utterance([SECOND], np.random.default_rng(n), moved)) for n in range(9)]
    assert min(lengths) < one < max(lengths) < 1.25 * one


def test_a_voice_of_another_size_has_another_pitch():
    tone = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000).astype(np.float32)
    higher = at_speed(tone, 1.25)
    assert len(higher) == 12_800
    assert np.abs(np.fft.rfft(higher)).argmax() == pytest.approx(440 * 1.25 * len(higher) / 16_000, abs=1)


def test_the_loudness_of_the_recording_does_not_matter_and_an_echo_lasts_longer():
    clip = (20_000 * np.sin(np.arange(6000) / 5)).astype(np.int16)
    loud, quiet = (changed_utterance([clip // n], np.random.default_rng(4), Changes()) for n in (1, 8))
    assert np.abs(loud - quiet).mean() < 0.1
    dry, wet = (
        changed_utterance([clip], np.random.default_rng(5), Changes(speed=0, pace=0, pause_s=0, echo_share=share))
        for share in (0.0, 1.0)
    )
    assert len(wet) > len(dry)


def test_a_short_utterance_is_lengthened_by_silence():
    frames = np.ones((3, 64), np.float32)
    longer = lengthened(frames, 7)
    np.testing.assert_array_equal(longer[:3], frames)
    np.testing.assert_allclose(longer[3:], np.log(0.001), rtol=1e-5)
    assert len(longer) == 7
    assert len(lengthened(frames, 2)) == 3
