"""A training process that says nothing for long: whether it computes, in words and as a record, in both languages."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest

from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.silence import Silence, use_words
from mmbm_desktop.protocol.training import GpuUse, RunUse

USE = RunUse(1_500_000_000, 0.92, 2, (GpuUse(0, 3_000_000_000, 80_000_000_000, 0.875), GpuUse(1, 0, 80_000_000_000)))


class Heard(Output):
    """Keeps the answers and says when there is one."""

    def __init__(self) -> None:
        super().__init__(as_json=False)
        self.answers: list[tuple[dict[str, object], str]] = []
        self.came = threading.Event()

    def answer(self, record: dict[str, object], text: str) -> None:
        self.answers.append((record, text))
        self.came.set()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en_GB", "memory 1.50 GB, 0.9 of 2 cores; GPU 0: 3.0 of 80.0 GB, 88 % busy; GPU 1: 0.0 of 80.0 GB"),
        ("zh_CN", "内存 1.50 GB，2 个核心中用了 0.9 个; GPU 0：3.0/80.0 GB, 占用 88%; GPU 1：0.0/80.0 GB"),
    ],
)
def test_use_is_said_in_the_persons_language(language, said, monkeypatch):
    monkeypatch.setenv("LC_ALL", language)
    assert use_words(USE) == said


@pytest.mark.parametrize(
    ("script", "computes", "said"),
    [("while True: pass", True, "It is still computing:"), ("input()", False, "It computes nothing either")],
)
def test_silence_tells_work_from_a_hang(script, computes, said, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB")
    output = Heard()
    line = f"print(flush=True)\n{script}"
    with subprocess.Popen([sys.executable, "-c", line], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        silence = Silence(process.pid, output, silent_s=0.1)
        silence.begin()
        silence.heard({"event": "device", "gpus": []})
        assert output.came.wait(30)
        silence.end()
        process.kill()
    record, text = output.answers[0]
    assert (record["event"], record["computes"]) == ("silent", computes)
    assert said in text
    assert json.dumps(record)
