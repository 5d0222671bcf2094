"""The examining process: its lines, its exit status, and that it ends when its parent does. No TensorFlow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mmbm_desktop.training.examine import STOPPED, main
from tests.training.doctor.drawings import write_class

ROOT = Path(__file__).parents[2]


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_progress_comes_first_and_the_report_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_class(tmp_path, "ash", 3)
    write_class(tmp_path, "beech", 3)

    status = main([str(tmp_path)])

    told = lines(capsys.readouterr().out)
    assert status == 0
    assert told[0] == {"event": "progress", "done": 0, "total": None}
    assert told[-2] == {"event": "progress", "done": 6, "total": 6}
    report = told[-1]
    assert (report["event"], report["kind"], report["items"]) == ("report", "picture-classes", 6)
    assert report["classes"] == [{"label": "ash", "items": 3}, {"label": "beech", "items": 3}]
    assert {"code", "severity", "params", "groups"} == set(report["findings"][0])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' names are text")
def test_names_that_are_no_text_come_back_as_they_were(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = os.fsdecode(os.fsencode(tmp_path) + b"/d\xfcr")
    Path(place).mkdir()

    main([place])

    assert lines(capsys.readouterr().out)[-1]["path"] == place


def test_a_missing_folder_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main([str(tmp_path / "nowhere")])

    told = lines(capsys.readouterr().out)[-1]
    assert status == 1
    assert (told["event"], told["error"], told["path"]) == ("error", "folder-not-found", str(tmp_path / "nowhere"))


def test_it_ends_when_its_parent_goes_even_while_a_file_holds_it(tmp_path: Path, mmbm_home: Path) -> None:
    code = (
        "import sys, time; from mmbm_desktop.training import examine;"
        "examine.examine = lambda path, token, report: (report(0, None), time.sleep(600));"
        "sys.exit(examine.main(sys.argv[1:]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MMBM_HOME": str(mmbm_home)}
    command = [sys.executable, "-c", code, str(tmp_path), "--parent-pipe"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        first = json.loads(child.stdout.readline())
        child.stdin.close()
        status = child.wait(timeout=60)
    assert first["event"] == "progress"
    assert status == STOPPED
