"""Exports by a child: its answer, its refusal, and a cancelled one that tidies up."""

from __future__ import annotations

import sys
import textwrap

import pytest

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.engine.exporting import Exporting
from mmbm_desktop.protocol.catalogue import ModelInfo
from mmbm_desktop.protocol.requests import ExportModelRequest
from mmbm_desktop.protocol.results import ExportModelResult


class Job:
    """A job of the queue, as far as an export knows it."""

    def __init__(self, request: ExportModelRequest) -> None:
        self.request, self.token = request, CancelToken()

    def progress(self, done: int, total: int | None) -> None:
        del done, total


def exporting(tmp_path, script: str) -> Exporting:
    model = ModelInfo("birds", "1", "Birds", (), (), "MIT", 1, str(tmp_path), built_in=False)
    child = textwrap.dedent(script)
    return Exporting(lambda: (model,), lambda bundle, kind, place: (sys.executable, "-c", child, bundle, kind, place))


def test_it_returns_what_the_child_wrote(tmp_path, mmbm_home):
    script = """
        import json, sys
        line = {"event": "exported", "path": sys.argv[3], "files": ["a"], "max_abs_difference": {"x": 1e-7, "y": 2e-7}}
        print(json.dumps(line))
    """
    request = ExportModelRequest("birds", "onnx", "/out")
    found = exporting(tmp_path, script).run(Job(request))
    assert found == ExportModelResult("birds", "onnx", "/out", ("a",), 2e-7)
    with pytest.raises(EnvironmentFault) as caught:
        exporting(tmp_path, script).run(Job(ExportModelRequest("owls", "onnx", "/out")))
    assert caught.value.code is ErrorCode.MODEL_MISSING


def test_it_says_why_the_child_refuses(tmp_path, mmbm_home):
    script = """print('{"event": "error", "error": "export-failed", "reason": "export-differs", "format": "onnx"}')"""
    with pytest.raises(Exception, match="export-failed") as caught:
        exporting(tmp_path, script).run(Job(ExportModelRequest("birds", "onnx", "/out")))
    assert caught.value.params["reason"] == "export-differs"


@pytest.mark.skipif(sys.platform == "win32", reason="a terminated process there has no time left")
def test_a_cancelled_child_tidies_up(tmp_path, mmbm_home):
    left = tmp_path / "half"
    script = f"""
        import pathlib, signal, sys, time
        def tidy(*_):
            pathlib.Path({str(left)!r}).unlink()
            sys.exit(130)
        signal.signal(signal.SIGTERM, tidy)
        pathlib.Path({str(left)!r}).write_text("half")
        print('{{"event": "progress", "done": 1}}', flush=True)
        time.sleep(60)
    """
    job = Job(ExportModelRequest("birds", "onnx", "/out"))
    job.progress = lambda done, total: job.token.cancel()
    with pytest.raises(Cancelled):
        exporting(tmp_path, script).run(job)
    assert not left.exists()
