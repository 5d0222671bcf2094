"""A training process without Keras, for tests of the engine: it does what the name of its run says.

Run as a program; takes the real arguments and tells the real lines over its real pipes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import sys
import threading
import time
from pathlib import Path

import psutil

EPOCHS, STEPS = 3, 4


class Trainer:
    def __init__(self, run: Path, *, finish: bool, until: int | None = None) -> None:
        self.run, self.until = run, until
        self.eof, self.finishing = threading.Event(), threading.Event()
        if finish:
            self.finishing.set()
        self.settings = json.loads((run / "settings.json").read_text("utf-8"))
        self.pause, self.worth = 0.02, 1.0

    def tell(self, **line: object) -> None:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    def state(self, name: str, **more: object) -> None:
        known = json.loads((self.run / "state.json").read_text("utf-8"))
        (self.run / "state.json").write_text(json.dumps({**known, "state": name, **more}), "utf-8")

    def listen(self) -> None:
        for line in sys.stdin:
            if line.strip() == "finish":
                self.finishing.set()
        self.eof.set()

    def work(self) -> int:
        mood = self.settings["name"].split(".")[0]
        created = psutil.Process().create_time()
        self.state("running", pid=os.getpid(), pid_created_s=created, device="CPU · 1 threads")
        self.tell(event="started", run=str(self.run))
        self.tell(event="device", name="CPU · 1 threads", gpu=False)
        sys.stdout.write("not JSON at all\n")
        return getattr(self, mood)()

    def done(self) -> int:
        file = self.run / "log.jsonl"
        return sum("step_losses" in line for line in file.read_text("utf-8").splitlines()) if file.exists() else 0

    def train(self, last: int | None = None) -> int:
        epochs = self.settings["epochs"] or EPOCHS
        if self.until is not None:
            last = min(self.until, epochs) * STEPS
        with (self.run / "log.jsonl").open("a", encoding="utf-8") as log:
            for number in range(self.done(), min(epochs * STEPS, last or 10**9)):
                if self.eof.is_set():
                    self.state("paused")
                    self.tell(event="stopped")
                    return 130
                if self.finishing.is_set():
                    break
                self.step(number, log)
                time.sleep(self.pause)
        if self.until is not None and not self.finishing.is_set():
            self.state("paused")
            self.tell(event="reached", epoch=self.until)
            return 0
        return 0 if last else self.publish()

    def step(self, number: int, log) -> None:
        epoch, step = divmod(number, STEPS)
        at = epoch + (step + 1) / STEPS
        place = {"phase": 0, "epoch": epoch, "step": step + 1, "at": at}
        loss = {"loss": 1 / (1 + at)}
        log.write(json.dumps({**place, "step_losses": loss}) + "\n")
        points = [{"epoch": at, "values": loss}]
        samples = []
        if step + 1 == STEPS:
            values = {"score": at * self.worth, "accuracy": at / 10}
            log.write(json.dumps({**place, "val": values}) + "\n")
            points.append({"epoch": at, "values": values, "validation": True})
            samples = [{"kind": "text", "source": "a", "truth": "b", "guess": "c", "score": 0.5}]
        log.flush()
        self.tell(event="points", points=points, step=step + 1, steps=STEPS, step_ms=5.0)
        if samples:
            self.tell(event="samples", samples=samples)

    def publish(self) -> int:
        report = {"name": self.settings["name"], "bundle": "/models/x", "metrics": {"accuracy": 0.3}}
        (self.run / "report.json").write_text(json.dumps(report), "utf-8")
        self.state("finished", bundle="/models/x")
        self.tell(event="published", bundle="/models/x", metrics={"accuracy": 0.3})
        return 0

    def slow(self) -> int:
        """Take long for a step, so that only a test ends it."""
        self.pause = 0.2
        return self.train()

    def race(self) -> int:
        """Be the better the nearer the learning rate is to 0.002; from 0.004 on there is no loss any more."""
        rate = self.settings["learning_rate"] or 0.001
        self.pause, self.worth = 0.0, 1 / (1 + abs(math.log(rate / 0.002)))
        return self.lost() if rate >= 0.004 else self.train()

    def frail(self) -> int:
        """Be gone the first time."""
        self.pause = 0.0
        first = self.run / "first"
        if not first.exists():
            first.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.train()

    def lost(self) -> int:
        """Learn for a step, then have no loss any more."""
        self.pause = 0.0
        self.train(1)
        failure = {"code": "training-failed", "fault": "environment", "params": {"reason": "loss-not-finite"}}
        self.state("failed", failure=failure)
        self.tell(event="error", error="training-failed", fault="environment", reason="loss-not-finite", detail="nan")
        return 1

    def crash(self) -> int:
        self.train(STEPS + 1)
        sys.stderr.write("out of luck\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    def full(self) -> int:
        """Say that the disk is full, which also means that the state cannot be written."""
        self.train(STEPS)
        self.tell(event="error", error="disk-full", fault="environment", path="/x", detail="no room")
        return 1

    def deaf(self) -> int:
        """Hear nothing, not even a request to end."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self.train(1)
        time.sleep(600)
        return 0

    def busy(self) -> int:
        """Take a step, then compute and say nothing; after that hang."""
        self.train(1)
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            sum(range(1000))
        self.eof.wait()
        return 0

    def halved(self) -> int:
        self.tell(event="batch-halved", batch=4)
        return self.train()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--finish", action="store_true")
    parser.add_argument("--until-epoch", type=int)
    options = parser.parse_args()
    trainer = Trainer(options.resume, finish=options.finish, until=options.until_epoch)
    threading.Thread(target=trainer.listen, daemon=True).start()
    return trainer.work()


if __name__ == "__main__":
    os._exit(main())  # the listening thread holds stdin, which an orderly end would wait for
