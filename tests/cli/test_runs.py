"""Training runs on the command line: listed, shown, reported, removed; wrong orders are told in both languages."""

from __future__ import annotations

import json
import os
from pathlib import Path

import psutil
import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.cli.main import main
from mmbm_desktop.cli.messages import REASONS
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.training import _sentence, relay
from mmbm_desktop.engine.runs.run_store import RunStore
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.training import RunSettings, RunState

NAME = "<birds> & 鸟"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def store(mmbm_home: Path) -> RunStore:
    return RunStore(paths.data_dir() / "runs")


@pytest.fixture
def finished(store: RunStore) -> str:
    run_id = store.make(RunSettings("sounds", f"/data/{NAME}", "birds", epochs=1))
    folder = store.path(run_id)
    line = {"phase": 0, "epoch": 0, "step": 1, "at": 1.0, "val": {"score": 0.5, "accuracy": 0.75}}
    (folder / "log.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    report = {"name": "birds", "bundle": "/models/birds", "metrics": {"accuracy": 0.75}}
    (folder / "report.json").write_text(json.dumps(report), "utf-8")
    store.note(run_id, RunState.FINISHED)
    return run_id


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    told = capsys.readouterr()
    return status, told.out, told.err


def test_runs_are_listed_and_shown(finished, store, capsys):
    status, out, _ = asked(capsys, "runs", "list")
    assert (status, out) == (0, f"{finished}  sounds  finished  1 of 1 epochs\n")
    status, out, _ = asked(capsys, "runs", "show", finished, "--json")
    record = json.loads(out)
    assert (status, record["state"], record["best"], record["use"]) == (0, "finished", 0.5, None)
    assert record["settings"]["data"] == f"/data/{NAME}"
    assert record["curve"][0]["values"]["accuracy"] == 0.75
    store.note(finished, RunState.FAILED, Failure.of(EnvironmentFault(ErrorCode.DISK_FULL)))
    _, out, _ = asked(capsys, "runs", "show", str(store.path(finished)))
    assert "accuracy: 0.7500" in out
    assert "The disk is full." in out


def test_a_run_at_work_shows_what_it_uses(finished, store, capsys):
    me = psutil.Process()
    state = {"state": "running", "pid": me.pid, "pid_created_s": me.create_time(), "gpus": []}
    (store.path(finished) / "state.json").write_text(json.dumps(state), "utf-8")
    record = json.loads(asked(capsys, "runs", "show", finished, "--json")[1])
    assert record["use"]["memory_bytes"] > 1_000_000
    assert record["use"]["gpus"] == []
    assert " cores" in asked(capsys, "runs", "show", finished)[1].splitlines()[-1]


def test_a_curve_is_written_for_tensorboard(finished, tmp_path, capsys):
    status, out, _ = asked(capsys, "runs", "tensorboard", finished, "--to", str(tmp_path / "logs"))
    files = [file.relative_to(tmp_path / "logs").parts[0] for file in (tmp_path / "logs").rglob("events*")]
    assert (status, str(tmp_path / "logs") in out, files) == (0, True, ["val"])


def test_a_report_is_printed_and_written_as_a_page(finished, tmp_path, capsys):
    assert asked(capsys, "runs", "report", finished)[1] == "accuracy: 0.7500\n"
    file = tmp_path / "report.html"
    status, out, _ = asked(capsys, "runs", "report", finished, "--html", str(file), "--lang", "zh")
    assert status == 0
    assert str(file) in out
    page = file.read_text("utf-8")
    assert "训练报告" in page
    assert "&lt;birds&gt; &amp; 鸟" in page


def test_words_taken_for_others_are_printed(finished, store, capsys):
    changes = [{"said": "five", "written": "nine", "count": 3}, {"said": "", "written": "one", "count": 1}]
    assessment = {"split": "test", "items": 9, "numbers": {"word error rate": 0.1}, "changes": changes}
    report = {"name": "birds", "bundle": "/models/birds", "metrics": {}, "assessment": assessment}
    (store.path(finished) / "report.json").write_text(json.dumps(report), "utf-8")
    lines = asked(capsys, "runs", "report", finished)[1].splitlines()
    assert lines == [
        "word error rate: 0.1000",
        "said → written down, times:",
        "  five → nine  3",
        "  (nothing) → one  1",
    ]


def test_a_run_is_removed(finished, store, capsys):
    assert asked(capsys, "runs", "remove", finished, "--json")[0] == 0
    assert store.ids() == ()


def test_what_cannot_be_done_is_told(store, capsys, monkeypatch):
    run_id = store.make(RunSettings("sounds", "/data", "owls"))
    for order in (("show",), ("show", "none"), ("report", run_id)):
        status, out, _ = asked(capsys, "runs", *order, "--json")
        assert (status, json.loads(out)["error"]) == (1, "argument-invalid")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    status, _, err = asked(capsys, "runs", "show", "none")
    assert (status, "不允许" in err) == (1, True)
    assert asked(capsys, "runs", "list")[1] == f"{run_id}  sounds  已暂停  0/20 轮\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("order", "error"),
    [
        (("--resume", "none"), "file-not-found"),
        (("--task", "sounds", "--data", ".", "--name", "x", "--option", "magic=1"), "spec-invalid"),
        (("--task", "sounds", "--name", "x"), "spec-invalid"),
    ],
)
def test_training_that_cannot_begin_is_told(order, error, capsys):
    status, out, _ = asked(capsys, "train", *order, "--json")
    assert (status, json.loads(out.splitlines()[-1])["error"]) == (1, error)


@pytest.mark.skipif(os.name == "nt", reason="there are no signals")
def test_a_process_that_is_gone_without_a_word_is_told(capsys):
    killed = ["timeit", "-n", "1", "-r", "1", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
    assert relay(killed, Output(as_json=False), watched=True) == 1
    assert "ended without a word, often for want of memory; it can be resumed" in capsys.readouterr().err


def test_a_person_is_told_the_device_the_loss_and_the_numbers_but_not_every_point():
    assert "No GPU" in _sentence({"event": "device", "name": "CPU · 2 threads", "gpu": False, "asked": "auto"})
    assert "No GPU" not in _sentence({"event": "device", "name": "CPU · 2 threads", "gpu": False, "asked": "cpu"})
    assert "Tesla" in _sentence({"event": "device", "name": "Tesla · GPU 0", "gpu": True})
    assert _sentence({"event": "points", "points": []}) == ""
    checked = {"event": "progress", "epoch": 2, "metrics": {"chrF en-zh": 0.123456, "score": 1.0}}
    assert _sentence(checked) == "epoch 2 on the validation split: chrF en-zh 0.1235, score 1"
    assert _sentence({"event": "assessed", "assessment": {"numbers": {"accuracy": 0.5}}}) == "accuracy: 0.5000"
    assert "4" in _sentence({"event": "batch-halved", "batch": 4})


def test_every_reason_of_a_run_has_words_in_both_languages():
    for reason in ("process-ended", "run-busy", "bad-name", "one-device", "loss-not-finite"):
        english, chinese = REASONS[reason]
        assert english.isascii()
        assert not chinese.isascii()


def test_a_person_is_told_of_exports_and_proposed_rates():
    exported = {"event": "exported", "model": "birds 1", "path": "/x", "format": "onnx"}
    assert "2.0e-07" in _sentence({**exported, "max_abs_difference": {"a": 1e-7, "b": 2e-7}})
    assert "0.02" in _sentence({"event": "rate-found", "proposal": 0.02, "lowest_at": 0.2})
    assert "never fell" in _sentence({"event": "rate-found", "proposal": None, "lowest_at": None})
