"""`mmbm examine`: words for every finding in both languages, JSON, and the exit status."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest

from mmbm_desktop.cli.examining import finding_words
from mmbm_desktop.cli.finding_texts import FINDING_TEXTS, KIND_TEXTS
from mmbm_desktop.cli.main import main
from mmbm_desktop.protocol.dataset import DataKind
from mmbm_desktop.protocol.finding_codes import FindingCode
from tests.training.doctor.drawings import write_class


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", list(FindingCode))
def test_every_finding_has_words_with_the_same_blanks(code: FindingCode) -> None:
    english, chinese = FINDING_TEXTS[code]

    assert blanks(english) == blanks(chinese)
    assert english.rstrip("}").endswith((".", "{reason", "{hint"))


def test_every_kind_has_words() -> None:
    assert set(KIND_TEXTS) == set(DataKind)


def test_codes_in_parameters_get_words_and_names_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")

    assert finding_words("unreadable", {"count": 2, "reason": "file-empty"}) == (
        "2 files cannot be used. The file is empty."
    )
    assert "“few”" in finding_words("one-class", {"label": "few"})
    assert "“photos”" in finding_words("kind-unknown", {"pictures": 1, "recordings": 0, "inside": "photos"})


def test_a_folder_with_a_blocker(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    write_class(tmp_path, "ash", 3)

    status = main(["examine", str(tmp_path)])

    text = capsys.readouterr().out
    assert status == 1
    assert "!! There is only one class, “ash”" in text
    assert "3 usable items, 1 classes" in text


def test_a_usable_folder_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_class(tmp_path, "ash", 3)
    write_class(tmp_path, "beech", 3)

    status = main(["examine", str(tmp_path), "--json"])

    (line,) = capsys.readouterr().out.splitlines()
    assert status == 0
    assert json.loads(line)["kind"] == "picture-classes"


def test_a_missing_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["examine", str(tmp_path / "nowhere"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "folder-not-found"
