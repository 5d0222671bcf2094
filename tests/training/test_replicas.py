"""Several devices at once: the same weights and numbers as one device, also for batches that do not divide evenly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.training.replicas import shared_out
from mmbm_desktop.training.run_folder import LAST, RunFolder
from mmbm_desktop.training.spec import spec_from

SCRIPT = Path(__file__).with_name("on_two_devices.py")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """Return the folders of what was trained in a process that has two devices, and what it said."""
    folder = tmp_path_factory.mktemp("devices")
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, str(SCRIPT), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder, json.loads(done.stdout.splitlines()[-1])


def weights(folder: Path) -> list[np.ndarray]:
    """Return the learner's and the optimiser's state in order; the names count the layers of a whole process."""
    saved = RunFolder(folder).load(LAST)
    assert saved is not None
    return [saved.arrays[name] for name in sorted(saved.arrays)]


def test_two_devices_learn_what_one_learns_from_the_whole_batch(trained):
    folder, said = trained
    assert said["replicas"] == 2
    alone, together = weights(folder / "alone"), weights(folder / "together")
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(other, one, atol=1e-5)
    assert len(said["alone"]) == 4
    for one, other in zip(said["alone"], said["together"], strict=True):
        assert set(one) == {"loss", "error"}
        assert other == pytest.approx(one, rel=1e-4)


def test_a_stopped_run_on_two_devices_goes_on_along_the_same_curve(trained):
    folder, _ = trained
    for one, other in zip(weights(folder / "together"), weights(folder / "stopped"), strict=True):
        np.testing.assert_allclose(other, one, atol=1e-7)


@pytest.mark.parametrize(
    ("items", "count", "expected"),
    [(4, 2, ([2, 2], [0.5, 0.5])), (5, 2, ([2, 3], [0.4, 0.6])), (1, 3, ([1, 1, 1], [0.0, 0.0, 1.0]))],
)
def test_a_batch_is_shared_out_by_items_with_all_that_belongs_to_each(items, count, expected):
    batch = ({"pixels": np.arange(items), "ids": np.arange(3 * items)}, np.arange(items))
    parts, shares = shared_out(batch, count)
    assert ([len(inputs["pixels"]) for inputs, _ in parts], shares) == expected
    for inputs, targets in parts:
        np.testing.assert_array_equal(inputs["pixels"], targets)
        np.testing.assert_array_equal(inputs["ids"].reshape(-1, 3)[:, 0], 3 * targets)


@pytest.mark.parametrize("recipe", ["caption-reward", "q-table", "deep-q"])
def test_what_cannot_be_shared_out_is_refused_in_words(recipe):
    table = {"recipe": recipe, "name": "x", "data": "/d", "device": "all"}
    table["phases"] = [{"goal": {"caption-reward": "reward"}.get(recipe, "play"), "epochs": 1}]
    with pytest.raises(InputFault) as caught:
        spec_from(table)
    assert (caught.value.code, caught.value.params["reason"]) == (ErrorCode.SPEC_INVALID, "one-device")
