"""A measurement knows on which side of its limit it lies; the bench measures real things and refuses unknown names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.bench import library_measurements
from mmbm_desktop.cli.bench.measurement import Measurement

ROOT = Path(__file__).parents[2]


def test_a_ratio_above_one_is_within_the_limit() -> None:
    assert Measurement("t", 500.0, "ms", 1000).ratio == pytest.approx(2.0)
    assert Measurement("v", 90.0, "pictures/s", 60, more_is_better=True).ratio == pytest.approx(1.5)
    assert Measurement("m", 3.0, "MB").ratio is None
    assert "2.0x within" in Measurement("t", 500.0, "ms", 1000).line()


def test_a_real_library_is_made_measured_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_measurements, "QUERIES", 4)

    found = {one.name: one.value for one in library_measurements.library([600], tmp_path)}

    assert found["600 pictures: recall at 50"] == 100.0
    assert found["600 pictures: both, as the window asks, median"] > 0
    assert found["600 pictures: database"] > 0.1
    again = {one.name for one in library_measurements.library([600], tmp_path)}
    assert found.keys() - again == {"600 pictures: stored a second"}


def test_a_library_on_a_server_is_measured_if_the_database_is_empty(
    library_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_measurements, "QUERIES", 4)

    found = {one.name: one.value for one in library_measurements.library([100], server=library_address)}

    assert found["100 pictures: recall at 50"] == 100.0
    assert found["100 pictures: database"] > 0
    with pytest.raises(InputFault) as caught:
        next(library_measurements.library([200], server=library_address))
    assert caught.value.code is ErrorCode.LIBRARY_FOREIGN


def test_an_unknown_name_is_refused() -> None:
    command = [sys.executable, "-m", "mmbm_desktop", "bench", "moonwalk", "--json"]
    child = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )

    assert child.returncode == 1
    assert json.loads(child.stdout)["error"] == "argument-invalid"
