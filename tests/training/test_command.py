"""The training command, start to bundle: published, killed and resumed, refused."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.protocol.plain import record_of
from mmbm_desktop.protocol.training import CurvePoint, RunReport
from mmbm_desktop.training import evaluate as evaluation
from mmbm_desktop.training.__main__ import main
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.settings import start_run
from mmbm_desktop.training.spec import default_spec, read_spec


def _events(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "mmbm_desktop.training", *arguments]


def _curve(run: Path) -> list[tuple[int, float, float]]:
    return [(e["epoch"], e["val"]["score"], e["val"]["caption"]) for e in RunFolder(run).log() if "val" in e]


def _kill_after(steps: int, *arguments: str) -> None:
    """Train so many steps, then kill the process where it is."""
    process = subprocess.Popen(_command(*arguments, "--threads", "1"), stdout=subprocess.PIPE)
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        steps -= sum(not point["validation"] for point in event.get("points", ()))
        if steps <= 0:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL


def _check_what_a_run_tells(events: list[dict], run: Path) -> None:
    """Check the points, samples and assessment of the whole run of four epochs."""
    points = [record_of(CurvePoint, one) for e in events if e["event"] == "points" for one in e["points"]]
    assert [point.epoch for point in points if point.validation] == [1, 2, 3, 4]
    assert [point.epoch for point in points] == sorted(point.epoch for point in points)
    samples = [e["samples"] for e in events if e["event"] == "samples"]
    assert len(samples) == 4
    assert {Path(one["source"]).name for one in samples[-1]} == {"red-square-2.png", "red-disc-2.png"} | {
        "blue-square-2.png",
        "blue-disc-2.png",
    }
    assert json.loads((run / "samples.json").read_text("utf-8")) == samples[-1]
    report = record_of(RunReport, json.loads((run / "report.json").read_text("utf-8")))
    assert report.assessment is not None
    assert (report.assessment.split, report.assessment.items) == ("test", 4)
    assert "CIDEr-D, English" in report.assessment.numbers
    assert len(report.assessment.samples) == 8
    state = RunFolder(run).state()
    assert (state["state"], state["bundle"]) == ("finished", report.bundle)
    assert "pid" not in state


@pytest.mark.slow
def test_a_killed_run_is_resumed_along_the_same_curve_and_its_bundle_is_measured(
    spec_file, tmp_path, capsys, monkeypatch
):
    """Picture folder to bundle to numbers, once without a break and once with a kill -9 at some step of sixteen."""
    calibrated = []
    monkeypatch.setattr("mmbm_desktop.training.recipes.image_text.calibrate", calibrated.append)
    assert main([str(spec_file), "--run-folder", str(tmp_path / "whole"), "--threads", "1"]) == 0
    events = _events(capsys.readouterr().out)
    assert events[0] == {"event": "started", "run": str(tmp_path / "whole")}
    assert events[1]["event"] == "device"
    assert [e["epoch"] for e in events if e["event"] == "progress" and "metrics" in e] == [1, 2, 3, 4]
    published = paths.installed_models_dir() / "shapes"
    assert [event["event"] for event in events[-2:]] == ["published", "assessed"]
    assert events[-2]["bundle"] == str(published)
    _check_what_a_run_tells(events, tmp_path / "whole")
    assert calibrated == [Measuring(published, spec_file.parent / "shapes", "val")]

    _kill_after(random.Random(7).randrange(2, 12), str(spec_file), "--run-folder", str(tmp_path / "parts"))
    assert len(_curve(tmp_path / "parts")) < 4
    assert main(["--resume", str(tmp_path / "parts"), "--out", str(tmp_path / "parts-bundle")]) == 0
    np.testing.assert_allclose(_curve(tmp_path / "parts"), _curve(tmp_path / "whole"), rtol=1e-3)
    capsys.readouterr()

    data = str(spec_file.parent / "shapes")
    assert evaluation.main([str(published), "--data", data, "--split", "test", "--json"]) == 0
    (line,) = _events(capsys.readouterr().out)
    assert line["items"] == 4
    assert {"text-to-image R@10, English", "CIDEr-D, Chinese, by character"} <= set(line["metrics"])
    assert line["metrics"]["text-to-image R@5, Chinese"] == 1
    card = (published / "card.md").read_text("utf-8")
    assert "made by a test" in card


@pytest.mark.slow
def test_the_run_ends_when_its_parents_pipe_closes_and_can_be_resumed(spec_file, tmp_path):
    spec_file.write_text(spec_file.read_text("utf-8").replace("epochs = 4", "epochs = 4000"), "utf-8")
    run = tmp_path / "run"
    command = _command(str(spec_file), "--run-folder", str(run), "--parent-pipe", "--threads", "1")
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    events = []
    for line in process.stdout:
        events.append(json.loads(line))
        if events[-1]["event"] == "progress":
            process.stdin.close()
    assert process.wait() == 130
    assert events[-1] == {"event": "stopped"}
    assert RunFolder(run).load("last") is not None
    process.stdout.close()


def _failure(capsys, *arguments: str) -> dict:
    assert main(list(arguments)) == 1
    return _events(capsys.readouterr().out)[-1]


def test_a_missing_spec_is_told_as_an_error(tmp_path, capsys):
    event = _failure(capsys, str(tmp_path / "spec.toml"))
    assert (event["event"], event["error"]) == ("error", "file-not-found")


def test_an_empty_data_folder_is_told_as_an_error(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    event = _failure(capsys, "--task", "image-text", "--data", str(tmp_path / "empty"), "--name", "mine")
    assert (event["error"], event["reason"]) == ("dataset-invalid", "no-table")


@pytest.mark.slow
def test_pictures_that_cannot_be_read_are_named_and_the_rest_is_trained_on(spec_file, tmp_path, capsys):
    (spec_file.parent / "shapes" / "red-square-0.png").write_bytes(b"no picture")
    spec_file.write_text(spec_file.read_text("utf-8").replace("epochs = 4", "epochs = 1"), "utf-8")
    assert main([str(spec_file), "--run-folder", str(tmp_path / "run"), "--threads", "1"]) == 0
    events = _events(capsys.readouterr().out)
    skipped = [event for event in events if event["event"] == "skipped"]
    assert [Path(event["path"]).name for event in skipped] == ["red-square-0.png"]
    assert "published" in [event["event"] for event in events]
    report = json.loads((tmp_path / "run" / "report.json").read_text("utf-8"))
    assert [Path(name).name for name in report["skipped"]] == ["red-square-0.png"]


def test_a_run_without_any_checkpoint_or_spec_cannot_be_resumed(tmp_path, capsys):
    assert _failure(capsys, "--resume", str(tmp_path / "nothing"))["error"] == "file-not-found"


def _begun(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    spec = default_spec("sounds", tmp_path / "data", "mine", 3)
    return start_run(spec, tmp_path / "run").path


def test_a_resumed_run_takes_another_learning_rate(tmp_path, capsys):
    run = _begun(tmp_path)
    _failure(capsys, "--resume", str(run), "--learning-rate", "0.0001")  # there is nothing to learn from
    assert [phase.learning_rate for phase in read_spec(run / "spec.toml").phases] == [0.0001]


@pytest.mark.parametrize(
    "told", [("--learning-rate", "1.5"), ("--epochs", "9"), ("--batch", "4"), ("--option", "mixed=0.1")]
)
def test_what_a_resumed_run_cannot_be_told_is_refused_and_changes_nothing(tmp_path, capsys, told):
    run = _begun(tmp_path)
    before = (run / "spec.toml").read_bytes()
    event = _failure(capsys, "--resume", str(run), *told)
    assert event["error"] == "argument-invalid"
    assert told[0] in (event["name"], event["value"])
    assert (run / "spec.toml").read_bytes() == before


def test_a_data_folder_that_vanished_is_told_and_the_run_waits_for_it(spec_file, tmp_path, capsys):
    run = tmp_path / "run"
    shapes = spec_file.parent / "shapes"
    shapes.rename(tmp_path / "elsewhere")
    event = _failure(capsys, str(spec_file), "--run-folder", str(run))
    assert (event["error"], event["path"]) == ("folder-not-found", str(shapes))
    state = RunFolder(run).state()
    assert (state["state"], state["failure"]["code"]) == ("failed", "folder-not-found")
    assert "pid" not in state


def test_evaluating_without_a_bundle_is_told_as_an_error(shapes, tmp_path, capsys):
    assert evaluation.main([str(tmp_path / "none"), "--data", str(shapes)]) == 1
    assert _events(capsys.readouterr().out)[0]["error"] == "model-missing"
