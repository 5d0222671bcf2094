"""Colours are readable, the style sheet has no blanks, icons take the theme's colours, the setting decides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from mmbm_desktop.base.paths import resources_dir
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.gui.theme.icons import pixmap
from mmbm_desktop.gui.theme.style_sheet import style_sheet
from mmbm_desktop.gui.theme.theme import Theme
from mmbm_desktop.gui.theme.tokens import DARK, LIGHT, Tokens, contrast

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [(t, g) for t in ("text", "dim", "good", "warning", "danger", "accent") for g in ("background", "panel")]
    + [("accent", "accent_soft"), ("on_accent", "accent"), ("text", "hover"), ("text", "accent_soft")],
)
def test_text_can_be_read_on_its_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


def test_black_on_white_has_the_known_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_is_one_qt_can_read(qapp: QApplication, tokens: Tokens) -> None:
    sheet = style_sheet(tokens)

    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    qapp.setStyleSheet(sheet)
    qapp.setStyleSheet("")


def test_no_colour_is_named_outside_the_tokens() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "mmbm_desktop" / "gui").rglob("*.py")
        if path.name not in ("tokens.py", "self_test.py")
        and re.search(r"[\"']#[0-9a-fA-F]{6}", path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_every_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication) -> None:
    for file in (resources_dir() / "icons").glob("*.svg"):
        image = pixmap(file.stem, "#ff0000", 24, 2).toImage()
        assert image.width() == 48
        assert any(image.pixelColor(x, y).alpha() > 0 for x in range(48) for y in range(48)), file.name


def test_the_setting_decides_and_a_switch_is_told(qapp: QApplication, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set("appearance.theme", "light")
    theme = Theme(settings)
    told = []
    theme.changed.connect(lambda: told.append(theme.dark))
    assert not theme.dark

    settings.set("appearance.theme", "dark")
    theme.refresh()
    theme.refresh()

    assert told == [True]
    assert theme.tokens is DARK
