"""The real command line with the real engine and worker: answers, JSON keys, exit status, bad input."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile
from PIL import Image

from mmbm_desktop.base.paths import shipped_models_dir
from tests.end2end.scenes import draw_scenes

ROOT = Path(__file__).parents[2]
SPEECH = next((ROOT / "tests" / "data" / "speech").glob("*.wav"))


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of drawn pictures."""
    folder = tmp_path_factory.mktemp("photos")
    draw_scenes(folder)
    return folder


@pytest.fixture
def environment(mmbm_home: Path, tiny_bundle: Path) -> dict[str, str]:
    """Return the environment of a command; the tiny model answers where the built-in one is missing."""
    if not any(shipped_models_dir().glob("*/bundle.json")):
        shutil.copytree(tiny_bundle, mmbm_home / "data" / "models" / "tiny")
    return {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), "MMBM_HOME": str(mmbm_home)}


def mmbm(environment: dict[str, str], *arguments: object) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "mmbm_desktop", *map(str, arguments)]
    child = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return child.returncode, child.stdout, child.stderr


def records(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_captions_as_json_have_the_documented_keys(environment: dict[str, str], photos: Path) -> None:
    picture = photos / "dog on grass.jpg"

    status, output, _ = mmbm(environment, "caption", picture, "--json", "--best", 2, "--lang", "zh")

    found = records(output)
    assert status == 0
    assert 1 <= len(found) <= 2
    for record in found:
        assert {"path", "task", "text", "score", "model", "device", "ms"} <= set(record)
        assert (record["path"], record["task"], record["language"]) == (str(picture), "caption", "zh")
        assert 0 < record["score"] <= 1
        assert "probability" in record


def test_bad_pictures_have_their_errors_and_the_others_are_done(
    environment: dict[str, str], photos: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "text.jpg").write_bytes(b"hello")
    whole = (photos / "campfire.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    Image.new("1", (50_000, 50_000)).save(tmp_path / "huge.png")
    names = ["empty.jpg", "text.jpg", "cut.jpg", "huge.png", "missing.jpg"]

    status, output, _ = mmbm(
        environment, "caption", "--json", *[tmp_path / name for name in names], photos / "campfire.jpg"
    )

    found = records(output)
    assert status == 1
    assert [record.get("error") for record in found] == [
        "file-empty", "image-broken", "image-broken", "image-too-large", "file-not-found", None,
    ]  # fmt: skip
    assert all(record["message"] for record in found[:-1])
    assert found[-1]["text"]


def test_classes_need_a_trained_model_and_come_best_first_with_one(
    environment: dict[str, str], photos: Path, mmbm_home: Path, tiny_classifier: Path
) -> None:
    picture = photos / "campfire.jpg"

    status, _, errors = mmbm(environment, "classify", picture)
    assert status == 1
    assert "mmbm train --task picture-classes" in errors

    shutil.copytree(tiny_classifier, mmbm_home / "data" / "models" / "tiny-classifier")
    status, output, _ = mmbm(environment, "classify", picture, "--best", 2, "--json")
    found = records(output)
    assert status == 0
    assert [set(record) for record in found] == [{"path", "task", "label", "score", "model", "device", "ms"}] * 2
    assert found[0]["score"] >= found[1]["score"]


def test_a_folder_is_indexed_and_searched_in_both_languages(environment: dict[str, str], photos: Path) -> None:
    status, output, _ = mmbm(environment, "index", photos, "--json")
    assert status == 0
    assert records(output)[-1]["indexed"] == 12

    for query in ("two dogs", "两只狗"):
        status, output, _ = mmbm(environment, "search", query, "--json", "--top", 5)
        found = records(output)
        assert status == 0
        assert len(found) == 5
        assert {"input", "path", "task", "text", "score", "probability", "model", "device", "ms"} <= set(found[0])
        scores = [record["score"] for record in found]
        assert scores == sorted(scores, reverse=True) or "words" in found[0]["why"]

    status, output, _ = mmbm(environment, "search", "--image", photos / "campfire.jpg", "--json", "--top", 1)
    assert Path(str(records(output)[0]["path"])).name == "campfire.jpg"
    assert records(mmbm(environment, "index", photos, "--json")[1])[-1]["skipped"] == 12
    listed = records(mmbm(environment, "search", "kind:photo after:2020", "--json", "--top", 3)[1])
    assert [set(one) for one in listed] == [{"input", "path", "task", "text"}] * 3
    status, output, _ = mmbm(environment, "search", "dogs before:soon", "--json")
    assert (status, records(output)[0]["error"]) == (1, "query-invalid")
    assert "dates look like 2024" in str(records(output)[0]["message"])
    assert mmbm(environment, "undo")[:2] == (1, "")


def test_an_empty_query_and_a_missing_folder_are_told(environment: dict[str, str], tmp_path: Path) -> None:
    status, output, _ = mmbm(environment, "search", "  ", "--json")
    assert (status, records(output)[0]["error"]) == (1, "query-empty")

    status, output, _ = mmbm(environment, "index", tmp_path / "none", "--json")
    assert (status, records(output)[0]["error"]) == (1, "folder-not-found")


def test_sounds_as_json_have_the_documented_keys(environment: dict[str, str], tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", [0.0] * 80_000, 16_000)
    (tmp_path / "text.wav").write_text("hello")

    status, output, _ = mmbm(environment, "sounds", "--json", SPEECH, tmp_path / "silence.wav", tmp_path / "text.wav")

    found = records(output)
    assert status == 1
    assert found[-1]["error"] == "audio-broken"
    for record in found[:-1]:
        assert {"path", "task", "label", "start", "end", "score", "model", "device", "ms"} == set(record)
        assert record["task"] == "sounds"
    assert "silence" in {record["label"] for record in found if record["path"] == str(tmp_path / "silence.wav")}


def test_speech_is_written_down_in_every_format(environment: dict[str, str]) -> None:
    status, output, _ = mmbm(environment, "transcribe", SPEECH, "--format", "srt")
    assert status == 0
    assert output.startswith("1\n00:00:0")
    assert " --> " in output

    found = records(mmbm(environment, "transcribe", SPEECH, "--format", "json")[1])
    assert {"path", "task", "text", "start", "end", "score", "model", "device", "ms"} <= set(found[0])
    assert mmbm(environment, "transcribe", SPEECH, "--format", "vtt")[1].startswith("WEBVTT")


def test_bad_recordings_and_languages_are_told(environment: dict[str, str], tmp_path: Path) -> None:
    soundfile.write(tmp_path / "zero.wav", [], 16_000)
    soundfile.write(tmp_path / "nan.wav", [0.0] * 8000 + [float("nan")] * 8000, 16_000, subtype="FLOAT")

    status, output, _ = mmbm(environment, "transcribe", tmp_path / "zero.wav", tmp_path / "nan.wav", "--format", "json")
    assert status == 1
    assert [record["error"] for record in records(output)] == ["audio-empty", "audio-not-finite"]

    status, output, _ = mmbm(environment, "transcribe", SPEECH, "--lang", "zh", "--format", "json")
    assert (status, records(output)[0]["error"]) == (1, "language-unsupported")


def test_models_are_listed_shown_and_checked_and_a_flipped_byte_is_found(
    environment: dict[str, str], mmbm_home: Path, tiny_bundle: Path
) -> None:
    damaged = mmbm_home / "data" / "models" / "damaged"
    shutil.copytree(tiny_bundle, damaged)
    manifest = json.loads((damaged / "bundle.json").read_text(encoding="utf-8"))
    (damaged / "bundle.json").write_text(json.dumps({**manifest, "name": "damaged"}), encoding="utf-8")
    weights = bytearray((damaged / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (damaged / "model.safetensors").write_bytes(weights)

    names = {str(record["name"]) for record in records(mmbm(environment, "models", "list", "--json")[1])}
    assert {"damaged", "pocketsphinx-en"} <= names
    status, output, _ = mmbm(environment, "models", "check", "--json")
    outcome = {str(record["input"]): record.get("error") for record in records(output)}
    assert status == 1
    assert outcome.pop("damaged") == "bundle-damaged"
    assert set(outcome.values()) == {None}
    assert mmbm(environment, "models", "show", "nobody", "--json")[0] == 1


def test_the_doctor_names_versions_models_and_folders(environment: dict[str, str], mmbm_home: Path) -> None:
    _, output, _ = mmbm(environment, "doctor", "--json")

    found = {str(record["what"]): record for record in records(output)}
    assert {"version", "python", "onnxruntime", "model pocketsphinx-en", "free disk", "data dir"} <= set(found)
    assert str(found["data dir"]["value"]).startswith(str(mmbm_home))


def test_the_words_are_chinese_on_a_chinese_system(environment: dict[str, str], tmp_path: Path) -> None:
    _, _, errors = mmbm({**environment, "LC_ALL": "zh_CN.UTF-8"}, "caption", tmp_path / "none.jpg")

    assert "找不到该文件" in errors


def _hear_ctrl_c() -> None:
    """A shell that starts the tests in the background lets them, and all they start, ignore Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupted_command_ends_with_130_and_no_child(environment: dict[str, str], tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / "p").mkdir(exist_ok=True)
        Image.effect_noise((640, 480), 60).save(tmp_path / "p" / f"{number}.jpg")
    import psutil

    command = [sys.executable, "-m", "mmbm_desktop", "index", str(tmp_path / "p")]
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - no thread of this process holds a lock that it needs
    )
    process = psutil.Process(child.pid)
    deadline = time.monotonic() + 60
    while not process.children() and time.monotonic() < deadline:
        time.sleep(0.05)
    workers = process.children()
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)

    assert child.returncode == 130, errors
    assert workers
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert alive == []


def test_training_errors_have_words(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    status, _, errors = mmbm(environment, "train", "--task", "image-text", "--data", tmp_path / "data", "--name", "x")

    assert status == 1
    assert "metadata.jsonl" in errors


def test_tags_are_put_on_what_a_query_finds_and_taken_back(
    environment: dict[str, str], photos: Path, tmp_path: Path
) -> None:
    picture = Path(shutil.copy(photos / "campfire.jpg", tmp_path))
    assert mmbm(environment, "index", tmp_path, "--no-captions")[0] == 0

    status, output, _ = mmbm(environment, "tag", "add", "kind:photo", "--tag", "drawn", "--tag", "to print", "--json")

    assert status == 0
    assert records(output) == [{"task": "tag", "path": str(picture), "tags": ["drawn", "to print"]}]
    assert mmbm(environment, "undo")[1].startswith("Undone: tags")
    status, output, note = mmbm(environment, "tag", "list")
    assert (status, output) == (0, "")
    assert "no tags" in note
