"""The supervisor over real child processes that answer, refuse, crash, hang and are killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.engine.conversation import Call, Timings
from mmbm_desktop.engine.supervisor import Supervisor
from mmbm_desktop.protocol.events import Event, WorkerChanged, WorkerState
from mmbm_desktop.protocol.requests import EmbedTextRequest, LiveTranscribeRequest
from mmbm_desktop.protocol.results import EmbedResult, TranscriptResult

WORKER = Path(__file__).with_name("scripted_worker.py")
QUICK = Timings(start_s=30, cancel_s=0.2, terminate_s=0.2, quit_s=5, poll_s=0.005, tick_s=0.02)


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.states: list[WorkerState] = []
        self.pids: list[int] = []
        self.supervisors: list[Supervisor] = []
        self._changed = threading.Condition()

    def supervisor(self, timings: Timings = QUICK, mood: str = "", idle_s: float = 0.0) -> Supervisor:
        command = (sys.executable, str(WORKER), mood)
        made = Supervisor(lambda: command, self.folder / "worker.log", self.announce, lambda: idle_s, timings)
        self.supervisors.append(made)
        return made

    def announce(self, event: Event) -> None:
        assert isinstance(event, WorkerChanged)
        with self._changed:
            self.states.append(event.state)
            if event.state is WorkerState.STARTING and event.pid:
                self.pids.append(event.pid)
            self._changed.notify_all()

    def wait_for(self, state: WorkerState, times: int = 1) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.states.count(state) >= times, 30), self.states


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    for supervisor in bench.supervisors:
        supervisor.close(3.0)
    assert psutil.Process().children() == []


def ask(*texts: str, priority: int = 0, **fields: object) -> Call:
    return replace(Call(EmbedTextRequest(texts), None, 1, priority), **fields)  # pyright: ignore[reportArgumentType]


def in_thread(supervisor: Supervisor, call: Call, outcomes: list[object]) -> threading.Thread:
    def run() -> None:
        try:
            outcomes.append(supervisor.call(call))
        except (Cancelled, EnvironmentFault) as error:
            outcomes.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(6000):
        if condition():
            return
        pause.wait(0.005)
    raise AssertionError("it never came true")


def test_the_worker_starts_on_demand_and_answers_many_times(bench: Bench) -> None:
    supervisor = bench.supervisor()
    assert bench.states == []

    answers = [supervisor.call(ask("echo", word)) for word in ("a", "b", "c")]

    assert [answer.inputs for answer in answers if isinstance(answer, EmbedResult)] == [("a",), ("b",), ("c",)]
    assert bench.states[:4] == [WorkerState.STARTING, WorkerState.READY, WorkerState.BUSY, WorkerState.READY]
    assert len(bench.pids) == 1


def test_it_can_be_started_before_it_is_needed(bench: Bench) -> None:
    supervisor = bench.supervisor()

    supervisor.start()

    bench.wait_for(WorkerState.READY)
    assert len(bench.pids) == 1


def test_progress_is_told(bench: Bench) -> None:
    seen: list[tuple[int, int | None]] = []

    bench.supervisor().call(ask("advance", progress=lambda done, total: seen.append((done, total))))

    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_what_the_worker_cannot_do_is_raised_and_the_worker_lives_on(bench: Bench) -> None:
    supervisor = bench.supervisor()

    with pytest.raises(InputFault) as caught:
        supervisor.call(ask("refuse"))
    supervisor.call(ask("echo"))

    assert caught.value.code is ErrorCode.IMAGE_BROKEN
    assert caught.value.params == {"path": "x"}
    assert len(bench.pids) == 1


def test_a_work_whose_worker_died_is_tried_once_more(bench: Bench, tmp_path: Path) -> None:
    tried: list[int] = []

    answer = bench.supervisor().call(ask("crash_once", str(tmp_path / "mark"), tried_again=lambda: tried.append(1)))

    assert isinstance(answer, EmbedResult)
    assert tried == [1]
    assert len(bench.pids) == 2
    assert bench.states.count(WorkerState.CRASHED) == 1


def test_a_work_that_kills_two_workers_is_reported_with_their_last_words(bench: Bench) -> None:
    supervisor = bench.supervisor()

    with pytest.raises(EnvironmentFault) as caught:
        supervisor.call(ask("crash"))

    assert caught.value.code is ErrorCode.WORKER_CRASHED
    assert "exit status 3" in caught.value.detail
    assert "out of luck" in caught.value.detail
    assert isinstance(supervisor.call(ask("echo")), EmbedResult)


def test_a_worker_that_was_killed_while_idle_is_replaced_unnoticed(bench: Bench) -> None:
    supervisor = bench.supervisor()
    supervisor.call(ask("echo"))

    os.kill(bench.pids[0], signal.SIGKILL)
    bench.wait_for(WorkerState.CRASHED)

    assert isinstance(supervisor.call(ask("echo")), EmbedResult)
    assert len(bench.pids) == 2


def test_a_worker_killed_in_the_middle_of_a_work_is_replaced(bench: Bench, tmp_path: Path) -> None:
    supervisor, mark, outcomes, token = bench.supervisor(), tmp_path / "mark", [], CancelToken()
    thread = in_thread(supervisor, ask("wait", str(mark), token=token), outcomes)
    wait_until(mark.exists)
    mark.unlink()

    os.kill(bench.pids[0], signal.SIGKILL)
    wait_until(mark.exists)  # the second attempt

    token.cancel()
    thread.join(30)
    assert [type(outcome) for outcome in outcomes] == [Cancelled]
    assert len(bench.pids) == 2


def test_a_worker_that_writes_nonsense_is_ended(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        bench.supervisor().call(ask("babble"))

    assert caught.value.code is ErrorCode.WORKER_CRASHED
    assert "unreadable" in caplog.text


def test_a_running_work_stops_when_asked(bench: Bench, tmp_path: Path) -> None:
    supervisor, mark, outcomes, token = bench.supervisor(), tmp_path / "mark", [], CancelToken()
    thread = in_thread(supervisor, ask("wait", str(mark), token=token), outcomes)
    wait_until(mark.exists)

    token.cancel()
    thread.join(30)

    assert [type(outcome) for outcome in outcomes] == [Cancelled]
    assert isinstance(supervisor.call(ask("echo")), EmbedResult)
    assert len(bench.pids) == 1


def test_a_waiting_work_is_cancelled_without_reaching_the_worker(bench: Bench, tmp_path: Path) -> None:
    supervisor, mark, outcomes = bench.supervisor(), tmp_path / "mark", []
    first, second = CancelToken(), CancelToken()
    thread = in_thread(supervisor, ask("wait", str(mark), token=first), outcomes)
    wait_until(mark.exists)

    waiting = in_thread(supervisor, ask("crash", token=second), outcomes)
    second.cancel()
    waiting.join(30)
    first.cancel()
    thread.join(30)

    assert [type(outcome) for outcome in outcomes] == [Cancelled] * 2
    assert bench.states.count(WorkerState.CRASHED) == 0


def test_a_work_that_will_not_stop_costs_its_worker_and_a_new_one_starts(bench: Bench, tmp_path: Path) -> None:
    supervisor, mark, outcomes, token = bench.supervisor(), tmp_path / "mark", [], CancelToken()
    thread = in_thread(supervisor, ask("ignore", str(mark), token=token), outcomes)
    wait_until(mark.exists)

    token.cancel()
    thread.join(30)

    assert [type(outcome) for outcome in outcomes] == [Cancelled]
    assert not psutil.pid_exists(bench.pids[0])
    assert len(bench.pids) == 2
    assert WorkerState.CRASHED not in bench.states


def test_a_worker_left_busy_by_a_bug_of_ours_is_replaced(bench: Bench) -> None:
    supervisor = bench.supervisor()

    def failing(done: int, total: int | None) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        supervisor.call(ask("advance", progress=failing))

    assert isinstance(supervisor.call(ask("echo")), EmbedResult)
    assert len(bench.pids) == 2


def test_a_silent_worker_is_killed_and_its_work_reported(bench: Bench) -> None:
    supervisor = bench.supervisor(replace(QUICK, silent_s=0.4))

    with pytest.raises(EnvironmentFault) as caught:
        supervisor.call(ask("fall_silent"))

    assert caught.value.code is ErrorCode.WORKER_UNRESPONSIVE
    assert len(bench.pids) == 2


def test_a_worker_that_cannot_start_is_reported_with_its_last_words(bench: Bench) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        bench.supervisor(mood="broken").call(ask("echo"))

    assert caught.value.code is ErrorCode.WORKER_START_FAILED
    assert "no such library" in caught.value.detail
    assert len(bench.pids) == 1


def test_a_worker_that_is_never_ready_is_reported(bench: Bench) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        bench.supervisor(replace(QUICK, start_s=0.2), mood="hung").call(ask("echo"))

    assert caught.value.code is ErrorCode.WORKER_START_FAILED
    assert "not ready in time" in caught.value.detail


def test_a_program_that_does_not_exist_is_reported(bench: Bench, tmp_path: Path) -> None:
    supervisor = Supervisor(lambda: (str(tmp_path / "none"),), tmp_path / "log", bench.announce, lambda: 0.0)

    with pytest.raises(EnvironmentFault) as caught:
        supervisor.call(ask("echo"))

    assert caught.value.code is ErrorCode.WORKER_START_FAILED


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "worker.log").mkdir()

    assert isinstance(bench.supervisor().call(ask("echo")), EmbedResult)


def test_an_idle_worker_is_unloaded_and_comes_back(bench: Bench) -> None:
    supervisor = bench.supervisor(idle_s=0.05)
    supervisor.call(ask("echo"))

    bench.wait_for(WorkerState.STOPPED)
    assert not psutil.pid_exists(bench.pids[0])

    assert isinstance(supervisor.call(ask("echo")), EmbedResult)


def test_an_urgent_work_overtakes_those_that_wait(bench: Bench, tmp_path: Path) -> None:
    supervisor, mark, token = bench.supervisor(), tmp_path / "mark", CancelToken()
    outcomes: list[object] = []
    order: list[str] = []
    threads = [in_thread(supervisor, ask("wait", str(mark), token=token), outcomes)]
    wait_until(mark.exists)
    for name, priority in (("slow", 20), ("urgent", 0)):
        call = ask("advance", priority=priority, progress=lambda done, total, name=name: order.append(name))
        threads.append(in_thread(supervisor, call, outcomes))
        wait_until(lambda: len(supervisor._turns._line) == len(threads) - 1)

    token.cancel()
    for thread in threads:
        thread.join(30)

    assert order == ["urgent"] * 3 + ["slow"] * 3


def test_closing_in_the_middle_of_a_work_leaves_no_process(bench: Bench, tmp_path: Path) -> None:
    supervisor, mark, outcomes = bench.supervisor(), tmp_path / "mark", []
    thread = in_thread(supervisor, ask("ignore", str(mark)), outcomes)
    wait_until(mark.exists)

    supervisor.close(0.6)
    thread.join(30)

    assert [type(outcome) for outcome in outcomes] == [Cancelled]
    assert not psutil.pid_exists(bench.pids[0])
    assert len(bench.pids) == 1
    with pytest.raises(Cancelled):
        supervisor.call(ask("echo"))


class GrowingSound:
    """Sound that grows by a piece each time nothing more is left to read, and then ends."""

    def __init__(self, pieces: int) -> None:
        self.kept = b""
        self.left = pieces

    @property
    def ended(self) -> bool:
        return self.left == 0

    def read(self, offset: int, size: int) -> bytes:
        if offset == len(self.kept) and self.left:
            self.left -= 1
            self.kept += bytes(3200)
            return b""
        return self.kept[offset : offset + size]


def live(sound: GrowingSound, **fields: object) -> Call:
    call = Call(LiveTranscribeRequest(), None, 1, 0, sound=sound)
    return replace(call, **fields)  # pyright: ignore[reportArgumentType]


def test_sound_reaches_the_worker_while_it_grows(bench: Bench) -> None:
    heard: list[str] = []

    answer = bench.supervisor().call(live(GrowingSound(5), heard=heard.append))

    assert isinstance(answer, TranscriptResult)
    assert answer.duration_s == 0.5
    assert heard[-1] == "16000"


def test_a_new_worker_hears_the_sound_from_its_beginning(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRIPTED_CRASH_ONCE", str(tmp_path / "mark"))

    answer = bench.supervisor().call(live(GrowingSound(5)))

    assert isinstance(answer, TranscriptResult)
    assert answer.duration_s == 0.5
    assert len(bench.pids) == 2
