"""A worker without models, for tests of the supervisor: it does what the text of an `EmbedTextRequest` says.

Run as a program; speaks the real protocol over its real pipes.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.messages import (
    Advanced,
    Audio,
    Broken,
    CancelWork,
    EndOfAudio,
    Finished,
    Heard,
    Heartbeat,
    Quit,
    Ready,
    Stopped,
    Work,
)
from mmbm_desktop.protocol.requests import EmbedTextRequest, LiveTranscribeRequest
from mmbm_desktop.protocol.results import EmbedResult, Made, TranscriptResult
from mmbm_desktop.protocol.wire import PipeClosedError, Receiver, Sender

MADE = Made("scripted 1", "CPU", 0.0)


class ScriptedWorker:
    def __init__(self) -> None:
        self.sender = Sender(sys.stdout.buffer)
        self.messages: SimpleQueue[object] = SimpleQueue()
        self.beating = True

    def run(self, mood: str) -> None:
        if mood == "broken":
            sys.exit("no such library\n")
        if mood == "hung":
            time.sleep(600)
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.beat, daemon=True).start()
        self.sender.send(Ready(os.getpid()))
        while not isinstance(message := self.messages.get(), Quit):
            if isinstance(message, Work):
                self.work(message)
        os._exit(0)  # the reader's thread holds stdin, which an orderly end would wait for

    def read(self) -> None:
        receiver = Receiver(sys.stdin.buffer)
        try:
            while True:
                self.messages.put(receiver.receive())
        except PipeClosedError:
            os._exit(0)

    def beat(self) -> None:
        while self.beating:
            self.sender.send(Heartbeat(1))
            time.sleep(0.05)

    def work(self, work: Work) -> None:
        if isinstance(work.request, LiveTranscribeRequest):
            self.listen(work)
            return
        assert isinstance(work.request, EmbedTextRequest)
        order, *rest = work.request.texts
        getattr(self, order)(work, *rest)

    def echo(self, work: Work, *words: str) -> None:
        self.sender.send(Finished(work.job_id, EmbedResult((), words, (), MADE)))  # pyright: ignore[reportArgumentType]

    def advance(self, work: Work) -> None:
        for done in range(1, 4):
            self.sender.send(Advanced(work.job_id, done, 3))
        self.echo(work)

    def refuse(self, work: Work) -> None:
        self.sender.send(Broken(work.job_id, Failure.of(InputFault(ErrorCode.IMAGE_BROKEN, path="x"))))

    def crash(self, work: Work) -> None:
        sys.stderr.write("out of luck\n")
        sys.stderr.flush()
        os._exit(3)

    def crash_once(self, work: Work, mark: str) -> None:
        if not Path(mark).exists():
            Path(mark).touch()
            self.crash(work)
        self.echo(work)

    def babble(self, work: Work) -> None:
        sys.stdout.buffer.write(b"\x08\0\0\0garbage!")
        sys.stdout.buffer.flush()
        time.sleep(600)

    def wait(self, work: Work, mark: str) -> None:
        Path(mark).touch()
        while not isinstance(message := self.messages.get(), CancelWork):
            assert not isinstance(message, Work)
        self.sender.send(Stopped(work.job_id))

    def ignore(self, work: Work, mark: str) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        Path(mark).touch()
        time.sleep(600)

    def fall_silent(self, work: Work) -> None:
        self.beating = False
        time.sleep(600)

    def listen(self, work: Work) -> None:
        heard = b""
        while not isinstance(message := self.messages.get(), EndOfAudio):
            if isinstance(message, CancelWork):
                self.sender.send(Stopped(work.job_id))
                return
            assert isinstance(message, Audio)
            heard += message.pcm
            self.sender.send(Heard(work.job_id, str(len(heard))))
            if (crash_file := os.environ.get("SCRIPTED_CRASH_ONCE")) and not Path(crash_file).exists():
                Path(crash_file).touch()
                os._exit(3)
        self.sender.send(
            Finished(work.job_id, TranscriptResult("", work.request.language, (), len(heard) / 32000, MADE))  # pyright: ignore[reportAttributeAccessIssue]
        )


if __name__ == "__main__":
    ScriptedWorker().run(sys.argv[1] if len(sys.argv) > 1 else "")
