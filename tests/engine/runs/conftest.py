"""Shops of runs that are closed at the end and leave no process behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mmbm_desktop.engine.runs.working import Patience
from tests.engine.runs.run_shop import RunShop


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[Callable[..., RunShop]]:
    made: list[RunShop] = []

    def make(**options: Patience) -> RunShop:
        made.append(RunShop(tmp_path, **options))
        return made[-1]

    yield make
    for shop in made:
        assert shop.close()
    assert psutil.Process().children() == []


@pytest.fixture
def shop(open_shop: Callable[..., RunShop]) -> RunShop:
    return open_shop()
