"""Sidecars of ours and of others are found, joined to their items and read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.library.sidecars.described import Described
from mmbm_desktop.library.sidecars.reading import Said, SidecarReader, sidecars_below
from mmbm_desktop.library.sidecars.transcripts import read_cues, read_json_transcript, transcript_text
from mmbm_desktop.protocol.results import Item, Segment, Word
from mmbm_desktop.protocol.sidecars import SidecarForm
from mmbm_desktop.protocol.tasks import MediaKind
from tests.library.sidecars.conftest import LIGHTROOM

SEGMENTS = (
    Segment("你好 & <world>", 0.0, 1.5, 0.75, (Word("你好", 0.0, 0.5, 0.7), Word("world", 0.5, 1.5, 0.8))),
    Segment("again", 3661.25, 3662.0, 1.0),
)


def item(path: Path, number: int = 1) -> Item:
    kind = MediaKind.RECORDING if path.suffix == ".wav" else MediaKind.PHOTO
    path.touch()
    return Item(number, str(path), kind, "h", 1, 1.0)


def reader(*items: Item) -> SidecarReader:
    by_path = {one.path: one for one in items}
    return SidecarReader(by_path.get)


def read(file: Path, text: str | bytes, *items: Item) -> tuple[Said, ...]:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return reader(*items).read(str(file))


@pytest.mark.parametrize("form", [SidecarForm.SRT, SidecarForm.VTT])
def test_subtitles_come_back(form: SidecarForm) -> None:
    wanted = tuple(replace(one, confidence=1.0, words=()) for one in SEGMENTS)
    text = transcript_text(Described("a.wav", MediaKind.RECORDING, segments=SEGMENTS), form)

    assert read_cues(text, form) == wanted
    assert read_cues(text.replace("\n", "\r\n"), form) == wanted


def test_every_word_comes_back_from_json() -> None:
    spoken = Described("a.wav", MediaKind.RECORDING, (), (), "你好 & <world> again", SEGMENTS, "zh")

    assert read_json_transcript(transcript_text(spoken, SidecarForm.JSON)) == (spoken.transcript, "zh", SEGMENTS)


def test_notes_styles_and_markup_of_vtt_are_no_words() -> None:
    text = "WEBVTT - x\n\nNOTE a\nb\n\nSTYLE\n::cue {}\n\nid\n01:02.000 --> 01:03.500 align:start\n<v Ann>Hi <i>you</i>&amp;me\n"

    assert [(one.text, one.start_s, one.end_s) for one in read_cues(text, SidecarForm.VTT)] == [
        ("Hi you&me", 62.0, 63.5)
    ]


@pytest.mark.parametrize("name", ["a.txt", "a.jpg.txt", "A.TXT"])
def test_text_is_split_by_language(tmp_path: Path, name: str) -> None:
    photo = item(tmp_path / f"{name[0]}.jpg")

    (said,) = read(tmp_path / name, "\ufeffA dog.\r\n一只狗。\r\nIt runs.\r\n", photo)

    assert said.captions == {"en": "A dog.\nIt runs.", "zh": "一只狗。"}


def test_xmp_gives_captions_and_tags(tmp_path: Path) -> None:
    french = LIGHTROOM.encode("utf-16")
    english = LIGHTROOM.replace(">Ma légende<", ">My caption<", 1).encode()
    for text, captions in ((french, {}), (english, {"en": "My caption"})):
        (said,) = read(tmp_path / "a.xmp", text, item(tmp_path / "a.jpg"))

        assert (said.captions, said.tags) == (captions, ("summer", "R&D"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("captions.jsonl", json.dumps({"file_name": "a.jpg", "language": "en", "text": "A dog.", "score": 1})),
        ("x.jsonl", json.dumps({"path": "a.jpg", "caption_en": "A dog.", "tags": ["x", "y"], "transcript": "no"})),
        ("x.csv", '\ufefffile_name,caption_en,tags\r\na.jpg,A dog.,"x, y"\r\nb.jpg,unknown,\r\n'),
    ],
)
def test_tables_of_either_kind_are_read(tmp_path: Path, name: str, text: str) -> None:
    (said,) = read(tmp_path / name, text, item(tmp_path / "a.jpg"))

    assert said.captions == {"en": "A dog."}
    assert said.tags in ((), ("x", "y"))
    assert said.transcript is None


def test_texts_that_are_no_sidecars_are_passed_over_and_unclear_ones_are_said(tmp_path: Path) -> None:
    jpg, png = item(tmp_path / "a.jpg"), item(tmp_path / "a.png", 2)
    (tmp_path / "new.jpg").touch()

    assert read(tmp_path / "readme.txt", "words", jpg) == ()
    assert read(tmp_path / "a.json", "{}", jpg) == ()
    assert read(tmp_path / "a.png.txt", "words", jpg, png)[0].item == png
    for name, text, reason in (
        ("a.txt", "words", "same-name"),
        ("new.txt", "words", "not-in-library"),
        ("a.jpg.xmp", "words", "not-xml"),
        ("a.jpg.txt", b"\xff\x80", "not-utf8"),
        ("c.csv", 'a,b\n"x', "not-a-table"),
        ("c.jsonl", "[1]", "not-a-table"),
    ):
        with pytest.raises(InputFault) as caught:
            read(tmp_path / name, text, jpg, png)
        assert caught.value.params["reason"] == reason, name


def test_the_most_believed_come_last_and_hidden_ones_never(tmp_path: Path) -> None:
    inner = tmp_path / "b"
    inner.mkdir()
    for name in ("a.xmp", "a.txt", "b/captions.csv", "b/other.csv", "b/.hidden.txt", "a.txt.bak"):
        (tmp_path / name).touch()

    files, failed = sidecars_below([str(tmp_path), str(tmp_path / "none")])

    assert [Path(file).name for file in files] == ["captions.csv", "a.txt", "a.xmp"]
    assert [one.path for one in failed] == [str(tmp_path / "none")]
