"""The worker's birth, pulse and death, and what it may load."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil
import pytest

from mmbm_desktop.media.audio import blocks_16k
from mmbm_desktop.protocol.messages import Advanced, Heartbeat, Quit
from mmbm_desktop.protocol.requests import CaptionRequest, TranscribeRequest
from mmbm_desktop.protocol.results import CaptionResult

if TYPE_CHECKING:
    from tests.worker.conftest import RunningWorker

ROOT = Path(__file__).parents[2]
SPOKEN = Path(__file__).parents[1] / "data" / "speech" / "espeak_thousand_people.wav"


@pytest.fixture
def long_recording(tmp_path: Path) -> str:
    sound = np.tile(np.concatenate([*blocks_16k(SPOKEN), np.zeros(8000, np.int16)]), 200)
    with wave.open(str(tmp_path / "long.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(sound.astype("<i2").tobytes())
    return str(tmp_path / "long.wav")


def begin_long_work(worker: RunningWorker, path: str) -> None:
    worker.begin(TranscribeRequest(path))
    while not isinstance(worker.receive(), Advanced):
        pass


def test_it_ends_when_told_to(worker: RunningWorker) -> None:
    assert worker.quit() == 0


def test_it_ends_when_its_pipe_closes(worker: RunningWorker) -> None:
    assert worker.process.stdin
    worker.process.stdin.close()
    assert worker.ended() == 0


def test_it_ends_in_the_middle_of_work_when_its_pipe_closes(worker: RunningWorker, long_recording: str) -> None:
    begin_long_work(worker, long_recording)
    assert worker.process.stdin
    worker.process.stdin.close()
    assert worker.ended() == 0


def test_it_ends_in_the_middle_of_work_when_told_to(worker: RunningWorker, long_recording: str) -> None:
    begin_long_work(worker, long_recording)
    worker.send(Quit())
    assert worker.ended() == 0


def test_it_ends_when_nobody_listens_any_more(worker: RunningWorker) -> None:
    """The parent's end of stdout is closed, as when the parent was killed and its stdin is kept open elsewhere."""
    code = (
        "import subprocess, sys\n"
        "worker = subprocess.Popen([sys.executable, '-m', 'mmbm_desktop.worker'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "worker.stdout.read(4)\n"
        "print(worker.pid, flush=True)\n"
        "import os, time\n"
        "keep = os.dup(worker.stdin.fileno())\n"
        "worker.stdout.close()\n"
        "worker.wait()\n"
        "print('gone', flush=True)\n"
    )
    parent = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert parent.stdout.split()[1] == "gone"
    assert not psutil.pid_exists(int(parent.stdout.split()[0]))


def test_a_killed_parent_takes_it_along() -> None:
    code = (
        "import subprocess, sys, time\n"
        "worker = subprocess.Popen([sys.executable, '-m', 'mmbm_desktop.worker'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "worker.stdout.read(4)\n"
        "print(worker.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    gone, alive = psutil.wait_procs([worker], timeout=30)
    assert not alive
    assert gone


def test_rubbish_in_the_pipe_ends_it_with_an_error(worker: RunningWorker) -> None:
    assert worker.process.stdin
    worker.process.stdin.write(b"\x05\0\0\0hello")
    worker.process.stdin.flush()
    assert worker.process.wait(60) == 1
    worker.ended()


def test_its_heart_beats_with_its_memory(worker: RunningWorker, tiny_bundle: Path, pictures: tuple[str, ...]) -> None:
    while len(worker.heartbeats) < 3:
        assert isinstance(worker.ask(CaptionRequest(pictures[0]), tiny_bundle), CaptionResult)
    assert all(isinstance(beat, Heartbeat) and beat.rss_bytes > 10 << 20 for beat in worker.heartbeats)


@pytest.mark.skipif(sys.platform == "win32", reason="niceness is a number on POSIX only")
def test_it_steps_back_behind_the_window(worker: RunningWorker) -> None:
    assert psutil.Process(worker.process.pid).nice() == max(5, os.nice(0))


def test_what_is_printed_by_anyone_does_not_disturb_the_messages(tiny_bundle: Path, pictures: tuple[str, ...]) -> None:
    code = (
        "import os, sys\n"
        "from mmbm_desktop.protocol.messages import Ready\n"
        "from mmbm_desktop.worker.pipes import take_pipes\n"
        "receiver, sender = take_pipes()\n"
        "print('from Python')\n"
        "sys.stdout.flush()\n"
        "os.write(1, b'from native code')\n"
        "assert os.read(0, 10) == b''\n"
        "sender.send(receiver.receive())\n"
    )
    from io import BytesIO

    from mmbm_desktop.protocol.wire import Receiver, Sender

    said = BytesIO()
    Sender(said).send(Quit())
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, input=said.getvalue(), capture_output=True, timeout=60, check=True
    )
    assert Receiver(BytesIO(done.stdout)).receive() == Quit()
    assert b"from Python" in done.stderr
    assert b"from native code" in done.stderr


def test_answering_loads_no_training_and_no_window_library(tiny_bundle: Path, pictures: tuple[str, ...]) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from mmbm_desktop.inference import check, embed, transcribe\n"
        "from mmbm_desktop.inference.caption import caption\n"
        "from mmbm_desktop.inference.image_text import ImageTextBundle\n"
        "from mmbm_desktop.protocol.requests import CaptionRequest\n"
        "import mmbm_desktop.worker.__main__\n"
        f"caption(CaptionRequest({pictures[0]!r}), ImageTextBundle(Path({str(tiny_bundle)!r})), 10**9)\n"
        "heavy = {'tensorflow', 'keras', 'PySide6', 'shiboken6', 'onnx', 'tf2onnx', 'scipy', 'torch', 'jax', 'matplotlib'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_starting_loads_no_model_library_before_it_is_ready() -> None:
    code = (
        "import sys\n"
        "import mmbm_desktop.worker.__main__\n"
        "print(sorted({'onnxruntime', 'numpy', 'PIL', 'tokenizers', 'pocketsphinx'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
