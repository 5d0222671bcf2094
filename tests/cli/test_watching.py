"""`mmbm index --watch` says what it notices until Ctrl+C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.watching import watch
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.protocol.events import WatchFellBack
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.requests import IndexRequest, RedoRequest, SearchRequest
from mmbm_desktop.protocol.results import IndexResult
from tests.cli.test_commands import ROOT, environment  # noqa: F401 - a fixture
from tests.engine.workshop import write_picture


class Interrupted(FakeEngine):
    """An engine in which things happen while its folders are watched, until Ctrl+C."""

    def watch_folders(self) -> None:
        super().watch_folders()
        self.hold(IndexRequest, RedoRequest, SearchRequest)
        failed = ItemFailure("/p/b.jpg", Failure.of(InputFault(ErrorCode.IMAGE_BROKEN, path="/p/b.jpg")))
        ends: Iterator[tuple[IndexRequest | RedoRequest, IndexResult]] = iter(
            (
                (IndexRequest(("/p",)), IndexResult(("/p",), 9, 0, 9, (), 1.0)),
                (IndexRequest(("/p",), only=("/p/a.jpg", "/p/b.jpg")), IndexResult(("/p",), 1, 1, 0, (failed,), 1.0)),
                (RedoRequest(), IndexResult((), 9, 9, 0, (), 1.0)),
            )
        )
        for request, result in ends:
            self.finish(self.submit(request), result)
        self.fail(self.submit(IndexRequest(("/p",))), EnvironmentFault(ErrorCode.DISK_FULL))
        self.finish(self.submit(SearchRequest("dog")))
        self.emit(WatchFellBack("/p", "network-drive"))


def test_each_thing_is_said_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr("mmbm_desktop.cli.watching._LOOK_FOR_CTRL_C_S", 0.01)
    turns = iter(range(60))

    def interrupt() -> None:
        if next(turns, None) is None:
            raise KeyboardInterrupt

    engine, output = Interrupted(), Output(as_json=False)
    watch(engine, output, idle=interrupt)

    out, err = capsys.readouterr()
    assert engine.watching
    assert out.splitlines() == [
        "/p: 1 new or changed, 0 known, 2 gone  a.jpg, b.jpg",
        "9 items answered anew by the chosen models",
        "/p: changes on a network drive are not told; it is looked through every few minutes",
    ]
    assert "b.jpg: The picture is damaged" in err
    assert "/p: The disk is full" in err
    assert output.exit_status == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C as a signal")
def test_new_files_are_taken_in_until_ctrl_c(environment: dict[str, str], tmp_path: Path) -> None:  # noqa: F811
    folder = tmp_path / "pictures"
    folder.mkdir()
    write_picture(folder / "a.jpg", 1)
    command = [sys.executable, "-m", "mmbm_desktop", "index", str(folder), "--watch", "--low-priority", "--json"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - nothing else runs yet
    ) as child:
        assert child.stdout is not None
        first = json.loads(child.stdout.readline())
        write_picture(folder / "b.jpg", 2)
        second = json.loads(child.stdout.readline())
        child.send_signal(signal.SIGINT)
        rest = child.stdout.read()

    assert (first["task"], first["indexed"]) == ("index", 1)
    assert (second["task"], second["path"], second["indexed"]) == ("update", str(folder), 1)
    assert (rest, child.returncode) == ("", 0)
