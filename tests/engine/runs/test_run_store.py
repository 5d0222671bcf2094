"""Folders of runs: whatever lies in them, they are listed, and nothing outside is touched."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.engine.runs.run_store import RunStore
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.training import RunSettings, RunState

SPEC = """
recipe = "sounds"
name = "birds"
data = "/data"
batch = 16

[options]
mixed = 0.5

[[phases]]
goal = "distil"
epochs = 2

[[phases]]
goal = "joint"
epochs = 3
learning_rate = 0.01
"""
LOG = [
    {"phase": 0, "epoch": 0, "step": 4, "at": 1.0, "val": {"score": -5.0}},
    {"phase": 1, "epoch": 0, "step": 2, "at": 2.5, "step_losses": {"loss": 2.0}},
    {"phase": 1, "epoch": 0, "step": 4, "at": 3.0, "train": {"loss": 2.0}, "seconds": 1},
    {"phase": 1, "epoch": 0, "step": 4, "at": 3.0, "val": {"score": 0.5, "accuracy": 0.6}},
    {"phase": 1, "epoch": 1, "step": 0, "resumed": True},
    {"phase": 1, "epoch": 1, "step": 2, "at": 3.5, "step_losses": {"loss": 1.0}},
    {"phase": 1, "epoch": 1, "step": 4, "at": 4.0, "val": {"score": 0.4, "accuracy": 0.5}},
]


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    folder = tmp_path / "runs" / "birds-1"
    folder.mkdir(parents=True)
    (folder / "spec.toml").write_text(SPEC, "utf-8")
    lines = [json.dumps(entry) for entry in LOG]
    (folder / "log.jsonl").write_text("\n".join([*lines[:3], "[1]", "{}", *lines[3:], '{"phase": 1, "ep']), "utf-8")
    return RunStore(tmp_path / "runs")


def test_a_folder_that_a_spec_began_is_read(store):
    info = store.info("birds-1")
    assert (info.name, info.recipe, info.state) == ("birds", "sounds", RunState.INTERRUPTED)
    assert (info.epochs_done, info.epochs, info.best) == (4, 5, 0.5)
    assert info.metrics == {"score": 0.4, "accuracy": 0.5}
    assert store.settings("birds-1").options == {"mixed": 0.5}
    curve = store.curve("birds-1")
    assert [(point.epoch, point.validation, point.phase) for point in curve] == [
        (1.0, True, "distil"),
        (2.5, False, "joint"),
        (3.0, True, "joint"),
        (3.5, False, "joint"),
        (4.0, True, "joint"),
    ]
    assert [point.resumed for point in curve] == [False, False, False, True, False]


def test_extending_changes_the_last_phase_alone(store, tmp_path):
    store.extend("birds-1", 4)
    text = (tmp_path / "runs" / "birds-1" / "spec.toml").read_text("utf-8")
    assert "epochs = 2" in text
    assert "epochs = 7" in text
    assert store.info("birds-1").epochs == 9


def test_a_run_that_has_not_begun_is_extended_too(store):
    run_id = store.make(RunSettings("sounds", "/data", "owls", epochs=3))
    store.extend(run_id, 2)
    assert store.info(run_id).epochs == 5
    assert store.info(run_id).state is RunState.PAUSED


def test_two_runs_of_one_second_have_folders_of_their_own(store):
    settings = RunSettings("sounds", "/data", "owls")
    assert len({store.make(settings) for _ in range(3)}) == 3


@pytest.mark.parametrize(
    "name", ["settings.json", "spec.toml", "state.json", "log.jsonl", "samples.json", "report.json"]
)
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{", b'{"name": 1, "state": "odd"}', b"x = [1"])
def test_damage_never_hides_a_run(store, tmp_path, name, content):
    (tmp_path / "runs" / "birds-1" / name).write_bytes(content)
    assert store.ids() == ("birds-1",)
    assert store.info("birds-1").id == "birds-1"
    store.settings("birds-1")
    store.curve("birds-1")
    assert store.samples("birds-1") == ()
    assert store.report("birds-1") is None


@pytest.mark.parametrize("run_id", ["", ".", "..", "../runs", "birds-1/../birds-1", "none", "a\0b"])
def test_no_name_leads_out_of_the_folder(store, run_id):
    with pytest.raises(InputFault):
        store.remove(run_id)
    assert store.ids() == ("birds-1",)


def test_a_failure_is_kept_with_its_words(store):
    failure = Failure.of(EnvironmentFault(ErrorCode.DISK_FULL, "no room", path="/x"))
    store.note("birds-1", RunState.FAILED, failure)
    info = store.info("birds-1")
    assert (info.state, info.failure) == (RunState.FAILED, failure)
    store.note("birds-1", RunState.PAUSED)
    assert store.info("birds-1").failure is None


def test_a_process_number_that_belongs_to_another_process_proves_nothing(store, tmp_path):
    state = {"state": "running", "pid": os.getpid(), "pid_created_s": 1.0}
    (tmp_path / "runs" / "birds-1" / "state.json").write_text(json.dumps(state), "utf-8")
    assert store.info("birds-1").state is RunState.INTERRUPTED
