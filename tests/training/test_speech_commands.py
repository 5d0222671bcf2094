"""The speech-command recipe: two tones as words, from a folder to a bundle that is measured."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.protocol.training import Improves, RunSettings
from mmbm_desktop.training.card import record
from mmbm_desktop.training.data.spoken import read_spoken
from mmbm_desktop.training.evaluate import evaluate
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.improvement.comparing import compare
from mmbm_desktop.training.improvement.made_words import with_made_words
from mmbm_desktop.training.loop import Loop
from mmbm_desktop.training.recipes.catalogue import make_recipe
from mmbm_desktop.training.recipes.speech_commands import SpeechCommandsRecipe
from mmbm_desktop.training.recipes.speech_commands_card import speech_commands_card
from mmbm_desktop.training.recipes.speech_commands_data import fewest_frames, load_speech_commands_data, padded
from mmbm_desktop.training.recipes.speech_commands_utterances import Utterances
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.settings import spec_of
from mmbm_desktop.training.spec import FurtherData, TrainSpec, spec_from
from tests.training.tones import RATE_HZ, make_tones

needs_speech = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
SIZES = {"stem_widths": [6, 8], "width": 24, "blocks": 2, "kernel": 5, "dropout": 0.0}


def spec_for(data: Path, epochs: int = 1, **options: object) -> TrainSpec:
    phases = [{"goal": "spell", "epochs": epochs, "learning_rate": 0.01}]
    about = {"recipe": "speech-commands", "name": "tones", "data": str(data), "batch": 8, "seed": 3}
    return spec_from({**about, "network": SIZES, "phases": phases, "options": options, "weight_decay": 0.0})


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tones(tmp_path_factory.mktemp("data") / "tones", 20)


@pytest.fixture(scope="module")
def bundle(tones: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a bundle that was trained on the tones."""
    folder = tmp_path_factory.mktemp("run")
    spec = spec_for(tones, 14, speed=0.05, joined=0.0, wordless=0.0)
    recipe = make_recipe(spec, folder, no_progress)
    (folder / "run").mkdir()
    Loop(spec, recipe, RunFolder(folder / "run"), CancelToken(), list).run()
    return recipe.publish(folder / "tones", recipe.validate(spec.phases[0]))


def test_two_words_are_learned_and_measured_on_clips_never_seen(bundle, tones):
    found = evaluate(Measuring(bundle, tones, "test"))
    assert found.items == 4
    assert found.numbers == {"clip accuracy": 1.0, "word error rate": 0.0}
    assert set(found.answers["text"].values()) == {"down", "up"}
    assert evaluate(Measuring(bundle, tones, "speaker-ann", limit=6)).items == 6


def test_the_bundle_is_whole_and_says_what_it_knows(bundle, tones):
    manifest = verify(bundle)
    assert (manifest.family, manifest.tasks, manifest.languages) == ("mmbm-speech-commands", ("transcribe",), ("en",))
    assert manifest.preprocessing["words"] == ["down", "up"]
    assert manifest.preprocessing["letters"] == manifest.network["letters"] == " dnopuw"
    assert check_bundle(bundle, threads=1).files == len(manifest.files)
    card = (bundle / "card.md").read_text("utf-8")
    assert "*down, up*" in card
    assert "ann, bob" in card
    record(bundle, {"clip accuracy, tones test": 1.0})
    assert verify(bundle).quality == {**manifest.quality, "clip accuracy, tones test": 1.0}


def test_a_batch_is_the_same_whenever_it_is_made_and_held_out_speakers_are_never_in_one(tones):
    recipe, again = (make_recipe(spec_for(tones, held_out_speakers=["ann"]), tones, no_progress) for _ in range(2))
    phase = spec_for(tones).phases[0]
    first, second = (one.batch(phase, 3, 0) for one in (recipe, again))
    for one, other in zip(first, second, strict=True):
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[name], other[name]) for name in one)
    assert set(recipe.data.splits["train"].speakers) == {"bob"}
    assert recipe.steps(phase) == 2


def test_what_becomes_of_a_clip_does_not_depend_on_the_others(tones):
    alone, all_of_them = (
        make_recipe(spec_for(tones, held_out_speakers=names, joined=0.5, wordless=0.3), tones, no_progress)
        for names in (["ann"], [])
    )
    keys = [recipe.data.splits["train"].keys for recipe in (alone, all_of_them)]
    options = alone.options
    for row, key in enumerate(keys[0][:6]):
        made = Utterances(alone.data, options, (3, 1)).made(row)
        again = Utterances(all_of_them.data, options, (3, 1)).made(keys[1].index(key))
        for one, other in zip(made, again, strict=True):
            np.testing.assert_array_equal(one, other)


def test_some_utterances_are_without_words_and_some_are_two_clips(tones):
    recipe = make_recipe(spec_for(tones, joined=0.5, wordless=0.3), tones, no_progress)
    counts = [int(y["counts"][n]) for _, y in all_batches(recipe, tones) for n in range(len(y["counts"]))]
    assert 0 in counts
    assert max(counts) > len("down")
    assert set(counts) & {2, 4}
    x, y = all_batches(recipe, tones)[0]
    y = {"letters": y["letters"] * 0, "counts": y["counts"] * 0}
    assert np.isfinite(float(recipe.learner.compute_loss(x, y, recipe.learner(x))))


def all_batches(recipe: SpeechCommandsRecipe, tones: Path) -> list[tuple[dict, dict]]:
    phase = spec_for(tones).phases[0]
    return [recipe.batch(phase, 0, step) for step in range(recipe.steps(phase))]


def test_talk_without_commands_is_heard_and_another_role_is_refused(tones, tmp_path):
    talk = make_tones(tmp_path / "talk", 6)
    rows = [json.loads(line) for line in (talk / "transcripts.jsonl").read_text("utf-8").splitlines()]
    texts = {"up": "lift me up", "down": "a dawn like this"}
    lines = [json.dumps({**row, "text": texts[row["text"].lower().strip("!")]}) for row in rows]
    (talk / "transcripts.jsonl").write_text("\n".join(lines), "utf-8")
    spec = spec_for(tones)
    with_talk = dataclasses.replace(spec, further=(FurtherData(str(talk), "talk"),))
    assert len(make_recipe(with_talk, tmp_path, no_progress).data.talk) == 2
    avoiding = dataclasses.replace(with_talk, options={"avoided": ["dawn"]})
    assert make_recipe(avoiding, tmp_path, no_progress).data.talk == ()
    with pytest.raises(InputFault) as caught:
        make_recipe(dataclasses.replace(spec, further=(FurtherData(str(talk), "music"),)), tmp_path, no_progress)
    assert caught.value.params["reason"] == "unknown-role"


@needs_speech
def test_synthesised_voices_are_learned_from_and_named_on_the_card(tones):
    recipe = make_recipe(spec_for(tones, synthesised=4), tones, no_progress)
    train = recipe.data.splits["train"]
    assert (len(train.pcm), recipe.data.recorded) == (36, 32)
    assert train.texts[-4:] == ("down", "up", "down", "up")
    card = speech_commands_card(recipe.spec, recipe.data, {})
    assert "32 short clips (`tones`) of 2 speakers (ann, bob). 4 more were said by 2 voices" in card.text


def test_unreadable_clips_are_named_and_the_rest_is_trained_on(tmp_path):
    data = make_tones(tmp_path / "tones", 8)
    (data / "audio" / "up-3.wav").write_bytes(b"no sound at all, only words" * 9)
    recipe = make_recipe(spec_for(data), tmp_path, no_progress)
    assert {Path(name).name: code for name, code in recipe.unreadable.items()} == {"up-3.wav": ErrorCode.AUDIO_BROKEN}


def test_a_folder_of_which_nothing_can_be_heard_is_refused(tmp_path):
    (tmp_path / "metadata.jsonl").write_text(
        "\n".join(json.dumps({"file_name": f"{n}.wav", "text": "go"}) for n in range(20)), "utf-8"
    )
    with pytest.raises(InputFault) as caught:
        make_recipe(spec_for(tmp_path), tmp_path, no_progress)
    assert caught.value.params["reason"] == "no-readable-clip"


def corrections(folder: Path, words: dict[str, str]) -> Path:
    """Write flat tones with transcripts as the engine writes corrected ones."""
    folder.mkdir()
    rows = []
    for number, (name, said) in enumerate(words.items()):
        random = np.random.default_rng(number)
        sound = 0.3 * np.sin(np.arange(int(0.4 * RATE_HZ)) * (0.4 + 0.01 * number)) + random.normal(0, 0.002, 6400)
        soundfile.write(folder / name, np.pad(sound, 1280), RATE_HZ)
        split = ("train", "train", "val", "train", "test")[number % 5]
        row = {"file_name": name, "transcription": said, "said": "up", "split": split, "language": "en"}
        rows.append(json.dumps({**row, "content": sha256_of(folder / name)}))
    (folder / "metadata.jsonl").write_text("\n".join(rows), "utf-8")
    return folder


def improving(data: Path, bundle: Path, general: str) -> RunSettings:
    improves = Improves(bundle.name, str(bundle), general, by_people=bool(general))
    options = {"start": str(bundle), "replay": 0.5, "speed": 0.05, "joined": 0.0, "wordless": 0.0}
    common = {"epochs": 6, "learning_rate": 1e-2, "batch": 16}
    return RunSettings("speech-commands", str(data), "better", "small", **common, options=options, improves=improves)


def test_a_bundle_learns_a_corrected_word_and_keeps_what_it_knew(bundle, tones, tmp_path):
    words = {f"{number}.wav": "Wow!" for number in range(10)} | {"odd.wav": "zzz"}
    data = corrections(tmp_path / "mine", words)
    spec = spec_of(improving(data, bundle, str(tones)))
    recipe = SpeechCommandsRecipe(spec, tmp_path, no_progress)
    assert recipe.data.letters == read_manifest(bundle).preprocessing["letters"]
    assert recipe.data.words == ("down", "up", "wow")
    assert list(recipe.unreadable) == [str(data / "odd.wav")]
    phase = spec.phases[0]
    assert recipe.steps(phase) == 8
    order = recipe._order(phase, 0)
    general = json.loads((tones / "transcripts.jsonl").read_text("utf-8").splitlines()[-3])["file"]
    table = data / "metadata.jsonl"
    row = {"file_name": "0.wav", "transcription": "wow", "split": "test", "content": sha256_of(tones / general)}
    rows = table.read_text("utf-8")
    table.write_text(rows + "\n" + json.dumps(row), "utf-8")
    assert len(load_speech_commands_data(spec, recipe.options, no_progress).splits["train"].pcm) == 6 + 32 - 1
    table.write_text(rows, "utf-8")
    count, again = len(recipe.data.splits["train"].pcm), recipe.data.replayed
    assert again == 32
    assert (order % count >= count - again).mean() == 0.5
    first, copy = int(order.ravel()[0]) % count, int(order.ravel()[0]) % count + count
    assert not np.array_equal(recipe._utterances(0).made(first)[0], recipe._utterances(0).made(copy)[0])

    (tmp_path / "run").mkdir()
    Loop(spec, recipe, RunFolder(tmp_path / "run"), CancelToken(), list).run()
    new = recipe.publish(tmp_path / "tones-improved-1", recipe.validate(phase))
    found = compare(spec, new)
    assert found is not None
    assert (found.held_out, found.general) == (2, 4)
    mine, general = found.decisive(general=False), found.decisive(general=True)
    assert mine is not None
    assert general is not None
    assert (mine.name, mine.old, mine.new) == ("words right", 0.0, 1.0)
    assert (general.old, general.new) == (1.0, 1.0)
    assert not found.forgot
    assert "It went on from tones" in (new / "card.md").read_text("utf-8")
    assert read_manifest(new).training_data[0]["name"] == "tones 0.1.0, which training started from"


@needs_speech
def test_where_no_recordings_are_left_voices_say_the_words(bundle, tmp_path):
    data = corrections(tmp_path / "mine", {f"{number}.wav": "up" for number in range(5)})
    spec = with_made_words(spec_of(improving(data, bundle, "")), no_progress)
    assert spec.improves is not None
    assert spec.improves.general == str(tmp_path / "general")
    assert spec.further == (FurtherData(str(tmp_path / "general"), "replay"),)
    said = read_spoken(tmp_path / "general")
    assert {clip.text for clip in said} == {"down", "up"}
    splits = {clip.speaker: clip.split for clip in said}
    assert {split: list(splits.values()).count(split) for split in set(splits.values())} == {
        "train": 12, "val": 6, "test": 6
    }  # fmt: skip
    assert with_made_words(spec, no_progress) == spec


def test_without_a_synthesiser_only_corrections_are_learned(bundle, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    spec = spec_of(improving(tmp_path, bundle, ""))
    assert with_made_words(spec, no_progress) == spec


def test_a_split_that_is_not_there_cannot_be_measured(bundle, tones):
    with pytest.raises(InputFault) as caught:
        evaluate(Measuring(bundle, tones, "speaker-carl"))
    assert caught.value.params["reason"] == "no-readable-clip"


def test_a_transcript_always_has_the_steps_it_needs():
    letters = np.array([1, 2, 2, 3], np.int32)
    assert fewest_frames(letters) == 2 * 5
    x, y = padded([np.ones((4, 64), np.float32), np.ones((40, 64), np.float32)], [letters, letters[:1]])
    assert x["frames"].shape == (2, 64, 64)
    assert x["lengths"].tolist() == [10, 40]
    assert y["letters"].tolist() == [[1, 2, 2, 3], [1, 0, 0, 0]]
    assert y["counts"].tolist() == [4, 1]
