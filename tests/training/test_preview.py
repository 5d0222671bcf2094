"""What training will see of a person's items: each recipe's and preset's own changes, only of what is trained on."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from PIL import Image

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.engine.previewing import run_preview
from mmbm_desktop.protocol.plain import plain
from mmbm_desktop.protocol.preview import Change, PreviewRequest, PreviewResult
from mmbm_desktop.protocol.training import RunSettings
from mmbm_desktop.training import shown_pairs
from mmbm_desktop.training.preview import main, preview
from tests.training.tones import make_tones, tone

EDGE = 96


def write_pictures(folder: Path, each: int = 3) -> Path:
    """Write pictures of two classes, dark at the left and bright at the right, red and green, none like another."""
    slope = np.linspace(40, 200, EDGE)
    for label, colour in (("red", (1.0, 0.2, 0.2)), ("green", (0.2, 1.0, 0.2))):
        (folder / label).mkdir(parents=True)
        for number in range(each):
            pixels = np.tile(slope[None, :, None] * np.array(colour), (EDGE, 1, 1)) + number
            Image.fromarray(pixels.astype(np.uint8)).save(folder / label / f"{number}.png")
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return write_pictures(tmp_path / "data")


def shown(data: Path, preset: str, draw: int = 0, recipe: str = "picture-classes", **options: object) -> PreviewResult:
    settings = RunSettings(recipe, str(data), "", preset, options=options)  # pyright: ignore[reportArgumentType]
    return preview(json.dumps(plain(settings)), draw)


def pixels(png: str) -> npt.NDArray[np.int64]:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))), np.int64)


def is_mirrored(picture: npt.NDArray[np.int64]) -> bool:
    return picture[:, 0].sum() > picture[:, -1].sum()


def test_a_network_from_scratch_sees_crops_mirrored_and_coloured(pictures: Path) -> None:
    result = shown(pictures, "residual")

    assert (result.change, result.size) == (Change.CROPPED, 64)
    assert len({Path(item.path).parent.name for item in result.items}) == 2
    assert len({item.path for item in result.items}) == 3
    for item in result.items:
        variants = [pixels(one) for one in item.variants]
        assert {one.shape for one in [pixels(item.whole), *variants]} == {(64, 64, 3)}
        assert len({one.tobytes() for one in variants}) == 8
    assert len({is_mirrored(pixels(one)) for item in result.items for one in item.variants}) == 2


def test_the_whole_picture_is_shown_in_its_own_colours(pictures: Path) -> None:
    item = shown(pictures, "residual").items[0]

    with Image.open(item.path) as picture:
        expected = np.asarray(picture.resize((64, 64), Image.Resampling.BILINEAR), np.int64)

    assert np.abs(pixels(item.whole) - expected).max() <= 4


def test_a_frozen_encoder_sees_pictures_only_whole_and_mirrored(pictures: Path) -> None:
    result = shown(pictures, "frozen")

    assert result.change is Change.MIRRORED
    for item in result.items:
        whole = pixels(item.whole)
        for variant in map(pixels, item.variants):
            expected = whole[:, ::-1] if is_mirrored(variant) else whole
            assert np.array_equal(variant, expected)
    assert len({is_mirrored(pixels(one)) for item in result.items for one in item.variants}) == 2


@pytest.mark.parametrize(
    ("preset", "options", "change"),
    [
        ("tiny-cnn", {}, Change.NOTHING),
        ("tiny-cnn", {"augmentation": 1.0}, Change.CROPPED),
        ("frozen", {"mirror": False}, Change.NOTHING),
        ("residual", {"augmentation": 0.0}, Change.MIRRORED),
        ("fine-tune", {}, Change.CROPPED),
    ],
)
def test_preset_and_options_decide(pictures: Path, preset: str, options: dict[str, Any], change: Change) -> None:
    result = shown(pictures, preset, **options)

    assert result.change is change
    assert {len(item.variants) for item in result.items} == {0 if change is Change.NOTHING else 8}


def test_another_draw_shows_others_and_the_same_one_the_same(tmp_path: Path) -> None:
    data = write_pictures(tmp_path / "data", each=20)

    assert shown(data, "residual", 1) == shown(data, "residual", 1)
    assert shown(data, "residual", 1) != shown(data, "residual", 2)


def test_pictures_to_test_on_are_never_shown(tmp_path: Path) -> None:
    for split in ("train", "test"):
        write_pictures(tmp_path / "data" / split, each=4)

    paths = {item.path for draw in range(4) for item in shown(tmp_path / "data", "tiny-cnn", draw).items}

    assert {Path(path).parent.parent.name for path in paths} == {"train"}


def test_a_broken_picture_is_left_out(pictures: Path) -> None:
    for file in (pictures / "red").iterdir():
        file.write_bytes(b"no picture")

    assert {Path(item.path).parent.name for item in shown(pictures, "residual").items} == {"green"}


@pytest.mark.parametrize(("recipe", "preset"), [("image-text", "quick"), ("caption-reward", "cider")])
def test_recipes_of_captions_crop(shapes: Path, recipe: str, preset: str) -> None:
    result = shown(shapes, preset, recipe=recipe)

    assert result.change is Change.CROPPED
    assert result.size == (64 if preset == "quick" else 112)
    assert len(result.items) == 3


def test_sounds_are_shown_as_spectrograms_of_a_window(tmp_path: Path) -> None:
    for word in ("up", "down"):
        (tmp_path / word).mkdir()
        for number in range(8):
            soundfile.write(tmp_path / word / f"{number}.wav", tone(word, number), 16_000)

    result = shown(tmp_path, "quick", recipe="sounds")

    assert result.change is Change.HEARD
    assert len(result.items) == 3
    for item in result.items:
        variants = [pixels(one) for one in item.variants]
        assert {one.shape for one in [pixels(item.whole), *variants]} == {(64, 480, 3)}
    assert len({one for item in result.items for one in item.variants}) >= 8, "only made silence is alike"


def test_speech_is_shown_with_what_is_to_be_written_and_only_of_what_is_learned(tmp_path: Path) -> None:
    data = make_tones(tmp_path, each=8)
    rows = map(json.loads, (data / "transcripts.jsonl").read_text("utf-8").splitlines())
    train = {row["file"] for row in rows if row["split"] == "train"}

    result = shown(data, "quick", recipe="speech-commands", joined=1.0)

    assert (result.change, len(result.items)) == (Change.SPOKEN, 3)
    assert {str(Path(item.path).relative_to(data)) for item in result.items} <= train
    for item in result.items:
        said, *written = item.words
        assert said in ("up", "down")
        assert len(written) == len(item.variants) == 4
        assert {one for one in written if one} <= {f"{said} {other}" for other in ("up", "down")}
        assert len({pixels(one).shape for one in (item.whole, *item.variants)}) == 1, "equal lengths look alike"
        assert len(set(item.variants)) == 4
    assert shown(data, "quick", 1, recipe="speech-commands").items != result.items


def test_pairs_are_shown_in_pieces_and_what_is_too_long_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [("A dog runs .", "一只狗跑。"), ("Two dogs run!", "两只狗跑！"), ("A dog sleeps", "一只狗睡觉")]
    rows += [(f"The dog sees {name}", "狗看见它") for name in ("cats", "birds", "dogs", "boats", "cars", "trees")]
    rows.append(("and " * 60 + "so on", "等等"))
    lines = [f"{en}\t{zh}\ttrain" for en, zh in rows] + ["a cat\t猫\tval", "a bird\t鸟\ttest"]
    (tmp_path / "pairs.tsv").write_text("\n".join(["en\tzh\tsplit", *lines]), "utf-8")

    result = shown(tmp_path, "quick", recipe="translation")

    assert result.change is Change.CUT
    assert (result.counts["counted"], result.counts["left_out"]) == (10, 1)
    assert [item.fits for item in result.items] == [True, True, True, False]
    assert max(len(text.pieces) for text in result.items[-1].texts) > result.counts["longest"]
    for item in result.items[:-1]:
        en, zh = item.texts
        spoken = "".join(en.pieces).replace("▁", " ").strip()
        assert spoken == en.text.lower().replace(" .", ".")
        assert "狗" in zh.pieces
    monkeypatch.setattr(shown_pairs, "learned_tokenizer", None)
    assert shown(tmp_path, "quick", recipe="translation") == result, "the vocabulary is not learned again"


def test_the_command_tells_one_line_and_errors_with_their_codes(
    pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = plain(RunSettings("picture-classes", str(pictures), "", "tiny-cnn"))

    assert main([json.dumps(settings), "--draw", "3"]) == 0
    assert main([json.dumps({**settings, "data": str(pictures / "nowhere")})]) == 1
    assert main([json.dumps({**settings, "recipe": "q-table", "preset": "table"})]) == 1
    assert main(["nonsense"]) == 1

    told, *errors = map(json.loads, capsys.readouterr().out.splitlines())
    assert told["event"] == "preview"
    assert [one["error"] for one in errors] == ["folder-not-found", "argument-invalid", "spec-invalid"]


class Job:
    """A job of the queue, as far as a preview knows it."""

    def __init__(self, request: PreviewRequest) -> None:
        self.request, self.token = request, CancelToken()


def test_the_engine_asks_a_child(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    settings = RunSettings("picture-classes", str(pictures), "my-birds", "tiny-cnn")

    result = run_preview(Job(PreviewRequest(settings)))  # pyright: ignore[reportArgumentType]
    assert result == shown(pictures, "tiny-cnn")

    missing = RunSettings("picture-classes", str(pictures / "nowhere"), "my-birds", "tiny-cnn")
    with pytest.raises(InputFault) as caught:
        run_preview(Job(PreviewRequest(missing)))  # pyright: ignore[reportArgumentType]
    assert caught.value.code is ErrorCode.FOLDER_NOT_FOUND
