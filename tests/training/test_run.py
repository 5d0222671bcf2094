"""A run from its folder to its report, with the smallest recipe that is one: memory, ending early, assessing."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from types import MappingProxyType

import psutil
import pytest

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.protocol.option_texts import option_value
from mmbm_desktop.protocol.training import Assessment, RunSettings, RunState, Sample
from mmbm_desktop.training import run as running
from mmbm_desktop.training.commands import Commands
from mmbm_desktop.training.memory import memory_ran_out
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.settings import SETTINGS_FILE, extend, opened_run, spec_of, start_run
from mmbm_desktop.training.spec import PhaseSpec, TrainSpec, read_spec
from tests.training.test_loop import LineRecipe

PICTURES = 40


class ResourceExhaustedError(Exception):
    """Called like TensorFlow's."""


class WholeRecipe(LineRecipe):
    """The line, with everything a run asks of a recipe; memory holds `room` items a step."""

    unreadable = MappingProxyType({"/odd/鸟.png": ErrorCode.IMAGE_BROKEN})

    def __init__(self, spec: TrainSpec, room: int) -> None:
        super().__init__()
        self.spec, self.room = spec, room

    def steps(self, phase: PhaseSpec) -> int:
        return PICTURES // self.spec.batch

    def batch(self, phase: PhaseSpec, epoch: int, step: int):
        if self.spec.batch > self.room and step == 1:
            raise ResourceExhaustedError("OOM when allocating tensor")
        return super().batch(phase, epoch, step)

    def samples(self):
        return [Sample("text", "a", "b", "c", 0.5)]

    def publish(self, place: Path, curve) -> Path:
        return place

    def assess(self, bundle: Path) -> Assessment | None:
        return Assessment("test", 3, {"accuracy": 0.5})


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    phase = PhaseSpec("joint", epochs=3, learning_rate=0.1)
    spec = TrainSpec("image-text", "line", str(tmp_path), (phase,), batch=8, checkpoint_steps=1)
    return start_run(spec, tmp_path / "run")


def train(
    folder: RunFolder, monkeypatch, room: int = 99, commands: Commands | None = None, until: int | None = None
) -> list[dict]:
    told: list[dict] = []
    monkeypatch.setattr(running, "make_recipe", lambda spec, cache, report: WholeRecipe(spec, room))
    running.train(folder, folder.path / "bundle", commands or Commands(), told.append, until)
    return told


def test_a_run_leaves_samples_a_report_and_its_state(folder, monkeypatch):
    told = train(folder, monkeypatch)
    names = [event["event"] for event in told if event["event"] not in ("points", "progress")]
    assert names == ["skipped", "samples", "samples", "samples", "published", "assessed"]
    report = json.loads((folder.path / "report.json").read_text("utf-8"))
    assert report["assessment"]["numbers"] == {"accuracy": 0.5}
    assert report["skipped"] == {"/odd/鸟.png": "image-broken"}
    assert folder.state()["state"] == RunState.FINISHED
    assert json.loads((folder.path / "samples.json").read_text("utf-8"))[0]["guess"] == "c"


def test_a_batch_too_large_for_the_memory_is_halved_once_and_the_run_goes_on(folder, monkeypatch):
    told = train(folder, monkeypatch, room=4)
    assert [event["batch"] for event in told if event["event"] == "batch-halved"] == [4]
    assert read_spec(folder.spec_file).batch == 4
    assert folder.state()["batch_halved_to"] == 4
    points = [point for event in told if event["event"] == "points" for point in event["points"]]
    assert [point["epoch"] for point in points if point["validation"]] == [1, 2, 3]
    assert [point["epoch"] for point in points] == sorted(point["epoch"] for point in points)
    with pytest.raises(ResourceExhaustedError):
        train(folder_again(folder), monkeypatch, room=1)


def folder_again(folder: RunFolder) -> RunFolder:
    return start_run(read_spec(folder.spec_file), folder.path.with_name("again"))


def test_a_batch_of_one_cannot_be_halved(folder, monkeypatch):
    spec = dataclasses.replace(read_spec(folder.spec_file), batch=1)
    with pytest.raises(EnvironmentFault) as caught:
        train(start_run(spec, folder.path), monkeypatch, room=0)
    assert caught.value.code is ErrorCode.OUT_OF_MEMORY


def test_a_run_that_is_told_to_finish_plans_no_more_epochs_and_can_be_extended(folder, monkeypatch):
    class Impatient(Commands):
        asked = 0

        @property
        def finishing(self) -> bool:
            self.asked += 1
            return self.asked > 7

    train(folder, monkeypatch, commands=Impatient())
    assert read_spec(folder.spec_file).phases[0].epochs == 2
    extend(folder, 2)
    told = train(folder, monkeypatch)
    points = [point for event in told if event["event"] == "points" for point in event["points"]]
    assert points[0]["resumed"]
    assert points[-1]["epoch"] == 4


def test_a_folder_that_vanished_before_assessing_spoils_no_bundle(folder, monkeypatch):
    def vanished(self, bundle):
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path="/gone")

    monkeypatch.setattr(WholeRecipe, "assess", vanished)
    told = train(folder, monkeypatch)
    assert told[-1] == {"event": "skipped", "path": "/gone", "error": "folder-not-found"}
    assert folder.state()["state"] == RunState.FINISHED


def test_a_stop_while_the_data_are_read_ends_the_run(folder, monkeypatch):
    commands = Commands()
    commands.token.cancel()
    monkeypatch.setattr(running, "make_recipe", lambda spec, cache, report: report(1, 2))
    with pytest.raises(Cancelled):
        running.train(folder, None, commands, list)


def test_two_processes_cannot_work_on_one_run(folder):
    parent = psutil.Process(os.getppid())
    folder.note_state(RunState.RUNNING, pid=parent.pid, pid_created_s=parent.create_time())
    with pytest.raises(EnvironmentFault) as caught:
        folder.claim()
    assert caught.value.params["reason"] == "run-busy"
    folder.note_state(RunState.RUNNING, pid=parent.pid, pid_created_s=1.0)
    folder.claim()
    assert folder.state()["pid"] == os.getpid()


def test_settings_become_a_spec_and_what_is_left_open_the_catalogue_decides(tmp_path):
    spec = spec_of(RunSettings("image-text", str(tmp_path), "mine", preset="quick"))
    assert (spec.batch, spec.phases[0].epochs, spec.phases[0].learning_rate) == (64, 20, 1e-3)
    wanted = RunSettings("sounds", str(tmp_path), "mine", "small", 3, 0.01, 7, 5, "cpu", {"mixed": 0.5})
    spec = spec_of(wanted)
    assert (spec.batch, spec.seed, spec.device, spec.options) == (7, 5, "cpu", {"mixed": 0.5})
    assert (spec.phases[0].epochs, spec.phases[0].learning_rate) == (3, 0.01)
    (tmp_path / SETTINGS_FILE).write_text(json.dumps(dataclasses.asdict(wanted)), "utf-8")
    assert read_spec(opened_run(tmp_path).spec_file) == spec


@pytest.mark.parametrize(
    "changes", [{"options": {"magic": 1}}, {"device": "moon"}, {"learning_rate": 3.0}, {"batch": 0}]
)
def test_settings_that_make_no_sense_are_refused(tmp_path, changes):
    with pytest.raises(InputFault):
        spec_of(dataclasses.replace(RunSettings("sounds", str(tmp_path), "mine"), **changes))


@pytest.mark.parametrize("text", ["[]", "{", '{"recipe": 1}'])
def test_damaged_settings_are_refused(tmp_path, text):
    (tmp_path / SETTINGS_FILE).write_text(text, "utf-8")
    with pytest.raises(InputFault):
        opened_run(tmp_path)


@pytest.mark.parametrize(
    ("text", "value"), [("a=1", 1), ("a=0.5", 0.5), ("a=true", True), ("a=False", False), ("a=b=c", "b=c"), ("a=", "")]
)
def test_options_are_read_as_typed(text, value):
    name, found = option_value(text)
    assert (name, found, type(found)) == ("a", value, type(value))


@pytest.mark.parametrize("text", ["a", "=1", ""])
def test_an_option_has_a_name_and_a_value(text):
    with pytest.raises(InputFault):
        option_value(text)


def test_memory_that_ran_out_is_known_whoever_says_it():
    assert memory_ran_out(MemoryError())
    assert memory_ran_out(ResourceExhaustedError())
    assert not memory_ran_out(ValueError("OOM"))
