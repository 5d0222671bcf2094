"""A run's web page: whole, escaped, in both languages, and without an address in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from mmbm_desktop.engine.runs.web_page import web_page
from mmbm_desktop.engine.runs.web_words import WORDS
from mmbm_desktop.protocol.training import (
    Assessment,
    ClassNumbers,
    CurvePoint,
    RunInfo,
    RunReport,
    RunSettings,
    RunState,
    Sample,
    WordChange,
)

NASTY = "<script>alert('x')</script> & \"鸟/類\" " + "w" * 300
CURVE = tuple(CurvePoint(n / 10, {"loss": 1 / (n + 1), NASTY: 0.1 * n}, n % 10 == 0) for n in range(1, 3000))
VOID = {"meta", "br", "img", "line", "polyline", "circle", "path"}


class Balance(HTMLParser):
    """Checks that tags are closed in order, and collects them with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def page(tmp_path: Path, language: str) -> str:
    picture = tmp_path / "a b.png"
    Image.new("RGB", (600, 300), "red").save(picture)
    samples = (
        Sample("picture", str(picture), NASTY, "dog", 0.9, False),
        Sample("picture", str(tmp_path / "gone.png"), "cat", "cat", 0.8, True),
        Sample("text", NASTY, "truth", "guess", 0.5, before=NASTY),
        Sample("recording", "a.wav", "a b", "a c", 0.5, False, ((NASTY, ""), ("b", NASTY))),
    )
    changes = (WordChange(NASTY, "", 3), WordChange("", "b", 1))
    classes = (ClassNumbers(NASTY, 2, 0.5, 0.5, 0.5, None), ClassNumbers("dog", 2, 1.0, 1.0, 1.0, 1.0))
    assessment = Assessment(
        "test", 4, {NASTY: 0.5}, classes, (NASTY, "dog"), ((1, 1), (0, 2)), samples, changes=changes
    )
    info = RunInfo("r", "/r", NASTY, "sounds", "/d", RunState.FINISHED, 1.0, 3, 3, bundle=NASTY, batch_halved_to=4)
    report = RunReport(NASTY, "/b", {"accuracy": 0.75}, assessment, {NASTY: "audio-broken"})
    return web_page(info, RunSettings("sounds", NASTY, "x", options={"a": NASTY}), report, CURVE, language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_and_holds_all_it_needs(tmp_path, language):
    text = page(tmp_path, language)
    balance = Balance()
    balance.feed(text)
    assert balance.open == []
    tags = [tag for tag, _ in balance.seen]
    assert "script" not in tags
    assert tags.count("svg") == 2
    assert not re.search(r"https?://|src=\"(?!data:)|href=|@import|url\(", text)
    assert text.count("data:image/jpeg;base64,") == 1
    assert len(text) < 200_000
    assert WORDS["confusion"][language == "zh"] in text
    assert {"en": "<th>Accuracy</th>", "zh": "<th>准确率</th>"}[language] in text
    assert {"en": "held out, 4 items", "zh": "留出，共 4 项"}[language] in text
    assert {"en": "Loss (training, validation)", "zh": "损失（训练、验证）"}[language] in text
    assert f'<td>{WORDS["nothing"][language == "zh"]}</td><td>b</td><td class="number">1</td>' in text


def test_the_words_are_in_both_languages():
    for english, chinese in WORDS.values():
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", chinese))
    assert [key for key, (english, chinese) in WORDS.items() if english == chinese] == ["f1", "auroc"]


def test_a_report_without_an_assessment_or_a_curve_says_so():
    info = RunInfo("r", "/r", "n", "sounds", "/d", RunState.FINISHED, 1.0)
    text = web_page(info, RunSettings("sounds", "/d", "n"), RunReport("n", "/b", {}), (), "en")
    assert "nothing was measured" in text
    assert "<svg" not in text
