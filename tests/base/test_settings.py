"""Settings hold their declared types and ranges and outlive a broken file."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.base.settings import SETTINGS, Settings


def test_every_default_is_acceptable_and_every_name_is_used_once() -> None:
    assert all(setting.accepts(setting.default) for setting in SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_a_value_is_there_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    Settings(file).set("appearance.theme", "dark")

    assert Settings(file).text("appearance.theme") == "dark"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("appearance.theme", "pink"),
        ("captions.best", 11),
        ("captions.best", "3"),
        ("captions.best", True),
        ("no.such", 1),
    ],
)
def test_values_out_of_range_are_refused(tmp_path: Path, name: str, value: object) -> None:
    settings = Settings(tmp_path / "settings.json")

    with pytest.raises(InputFault):
        settings.set(name, value)

    assert not (tmp_path / "settings.json").exists()


@pytest.mark.parametrize("content", [b"", b"{not json", b"[1, 2]", b'{"captions.best": "many", "unknown": 3}'])
def test_a_broken_file_means_defaults(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content)

    assert Settings(file).integer("captions.best") == 3


def test_listeners_hear_changes_only_until_they_leave(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    heard: list[tuple[str, object]] = []
    leave = settings.subscribe(lambda name, value: heard.append((name, value)))

    settings.set("captions.best", 5)
    settings.set("captions.best", 5)
    leave()
    settings.set("captions.best", 6)

    assert heard == [("captions.best", 5)]
