"""Every text of the window is there in Chinese, with the same blanks, and the compiled files are up to date."""

from __future__ import annotations

import re
import string
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.gui.translation import Translation
from mmbm_desktop.protocol.failure import Failure

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "translations"
TOOLS = Path(sys.executable).parent


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} | set(re.findall(r"%n", text))


def messages(ts: Path) -> Iterator[tuple[str, list[str], str | None]]:
    for message in ET.parse(ts).iter("message"):
        translation = message.find("translation")
        assert translation is not None
        forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
        yield message.findtext("source", ""), forms, translation.get("type")


def test_every_text_is_translated_with_the_same_blanks() -> None:
    found = list(messages(FOLDER / "mmbm_zh_CN.ts"))

    assert len(found) > 150
    assert [source for source, _, kind in found if kind is not None] == []
    for source, forms, _ in found:
        for form in forms:
            assert form.strip(), source
            assert blanks(form) == blanks(source), source


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_files_hold_the_texts_of_the_code(tmp_path: Path, language: str) -> None:
    sources = sorted(str(path) for path in (ROOT / "mmbm_desktop" / "gui").rglob("*.py"))
    fresh = tmp_path / "fresh.ts"
    options = ["-locations", "none", "-source-language", "en", "-target-language", language]
    plural = ["-pluralonly"] if language == "en" else []

    subprocess.check_call(
        [TOOLS / "pyside6-lupdate", *sources, *options, *plural, "-ts", fresh], stdout=subprocess.DEVNULL
    )

    wanted = sorted(source for source, _, _ in messages(fresh))
    assert sorted(source for source, _, _ in messages(FOLDER / f"mmbm_{language}.ts")) == wanted


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_compiled_file_is_that_of_the_texts(tmp_path: Path, language: str) -> None:
    fresh = tmp_path / "fresh.qm"
    subprocess.check_call([TOOLS / "pyside6-lrelease", "-silent", FOLDER / f"mmbm_{language}.ts", "-qm", fresh])

    assert (FOLDER / f"mmbm_{language}.qm").read_bytes() == fresh.read_bytes()


def test_the_language_switches_and_plurals_are_right(qapp: QApplication, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    translation = Translation(settings)
    try:
        settings.set("appearance.language", "zh_CN")
        translation.apply()
        assert QCoreApplication.translate("Rail", "Library") == "资料库"
        settings.set("appearance.language", "en")
        translation.apply()
        assert QCoreApplication.translate("Rail", "Library") == "Library"
        assert QCoreApplication.translate("SearchCard", "%n picture(s)", "", 1) == "1 picture"
        assert QCoreApplication.translate("SearchCard", "%n picture(s)", "", 5) == "5 pictures"
    finally:
        translation.remove()


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_error_has_a_sentence_even_without_its_parameters(qapp: QApplication, code: ErrorCode) -> None:
    sentence = ErrorTexts().sentence(Failure(code, Fault.BUG))

    assert sentence.endswith(".")
    assert "{" not in sentence
