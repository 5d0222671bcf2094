"""`mmbm train --search`: what is asked, its lines and its table."""

from __future__ import annotations

import json

import pytest

from mmbm_desktop.base.errors import ErrorCode, Fault, InputFault
from mmbm_desktop.cli import tuning as searching
from mmbm_desktop.cli.arguments import build_parser
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.tuning import is_search, table_lines
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.training import RunSettings

SETTINGS = RunSettings("picture-classes", "/data", "birds", "frozen", epochs=8)


@pytest.fixture
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def parsed(*words: str):
    return build_parser().parse_args(["train", *words])


def test_options_become_settings_and_nonsense_is_refused(tmp_path):
    words = ("--task", "sounds", "--data", str(tmp_path), "--name", "birds", "--batch", "4", "--option", "mixed=0.1")
    arguments = parsed(*words, "--search")
    assert arguments.search == 8
    wanted = RunSettings("sounds", str(tmp_path), "birds", batch=4, options={"mixed": 0.1})
    assert searching._settings(arguments) == wanted
    assert parsed("--search", "16").search == 16
    for wrong in ("3", "17", "many"):
        with pytest.raises(SystemExit):
            parsed("--search", wrong)
    with pytest.raises(InputFault):
        searching._settings(parsed("spec.toml", "--search"))


def test_lines_tell_what_is_new_and_the_table_ends_it(english, capsys):
    engine = FakeEngine()
    tuning, lines = engine.runs.tuning, searching._Lines(Output(as_json=True))
    engine.subscribe(lines.on_event)
    info = tuning.start(SETTINGS, 4)
    lines.started(info)
    tuning.fail_next(info.id, Failure(ErrorCode.TRAINING_FAILED, Fault.ENVIRONMENT, {"reason": "loss-not-finite"}))
    tuning.advance(info.id, 9)
    (done,) = tuning.all()
    searching._tell_end(done, Output(as_json=True))
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[0] == {
        "event": "search-started", "search": info.id, "trials": 4, "rungs": [2, 4, 8], "epochs": 16
    }  # fmt: skip
    assert (told[1]["event"], told[1]["trial"], told[1]["reason"]) == ("trial-failed", 1, "loss-not-finite")
    scored = [(one["trial"], one["epoch"]) for one in told if one["event"] == "trial-scored"]
    assert scored == [(2, 2), (3, 2), (4, 2), (4, 4), (2, 4), (4, 8)]
    assert told[-1]["best"] == done.best == f"{info.id}-t4"
    assert [len(one["scores"]) for one in told[-1]["trials"]] == [0, 2, 1, 3]

    head, *rows = table_lines(done)
    assert head.split() == [*info.tried, "epoch", "2", "epoch", "4", "epoch", "8"]
    assert [row.split()[-1] for row in rows] == ["failed", "out", "out", "best"]


def test_a_search_is_known_by_its_file(mmbm_home):
    folder = mmbm_home / "data" / "runs" / "birds-search-1"
    folder.mkdir(parents=True)
    assert not is_search("birds-search-1")
    (folder / "search.json").write_text("{}", "utf-8")
    assert is_search("birds-search-1")
    assert is_search(str(folder))
    assert not is_search(None)
