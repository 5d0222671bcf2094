"""A real engine over a temporary library, the tiny bundle and pictures made on the spot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.local import LocalEngine
from tests.engine.workshop import TIMINGS, Workshop, write_picture


@pytest.fixture
def settings(mmbm_home: Path) -> Settings:
    return Settings(paths.config_dir() / "settings.json")


@pytest.fixture
def make_engine(settings: Settings, tiny_bundle: Path) -> Iterator[Callable[..., LocalEngine]]:
    """Return a function that opens engines; all are closed, and leave no process behind."""
    made: list[LocalEngine] = []

    def make(**changes: object) -> LocalEngine:
        options: dict[str, object] = {"model_dirs": [tiny_bundle.parent], "timings": TIMINGS, **changes}
        made.append(LocalEngine(settings, **options))  # pyright: ignore[reportArgumentType]
        return made[-1]

    yield make
    for engine in made:
        engine.close()
    assert psutil.Process().children() == []


@pytest.fixture
def shop(make_engine: Callable[..., LocalEngine]) -> Workshop:
    return Workshop(make_engine())


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return a folder of twelve different pictures."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(12):
        write_picture(folder / f"{number:02}.jpg", number)
    return folder
