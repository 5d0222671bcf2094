"""`mmbm index --watch`: goes on until Ctrl+C and says what it notices and does, a line each."""

from __future__ import annotations

import queue
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.cli.messages import words
from mmbm_desktop.protocol.events import JobChanged, WatchFellBack
from mmbm_desktop.protocol.requests import IndexRequest, RedoRequest
from mmbm_desktop.protocol.results import IndexResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.cli.output import Output
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.jobs import JobSnapshot

_LOOK_FOR_CTRL_C_S = 1.0
_NAMED = 3
"""How many files a line names."""


def watch(engine: Engine, output: Output, idle: Callable[[], None] = lambda: None) -> None:
    """Watch the library's folders until Ctrl+C; `idle` is called about every second."""
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    unsubscribe = engine.subscribe(events.put)
    output.note(words("watching"))
    with suppress(KeyboardInterrupt):
        engine.watch_folders()
        while True:
            idle()
            with suppress(queue.Empty):
                _say(events.get(timeout=_LOOK_FOR_CTRL_C_S), output)
    unsubscribe()
    output.note(words("watched"))


def _say(event: Event, output: Output) -> None:
    if isinstance(event, WatchFellBack):
        record: dict[str, object] = {"path": event.folder, "task": "watch", "reason": event.reason}
        output.answer(record, f"{event.folder}: {words(f'watch-{event.reason}')}")
    elif isinstance(event, JobChanged) and event.job.state.final:
        _say_end(event.job, output)


def _say_end(job: JobSnapshot, output: Output) -> None:
    request = job.request
    if not isinstance(request, IndexRequest | RedoRequest):
        return
    folder = ", ".join(request.folders) if isinstance(request, IndexRequest) else ""
    if job.failure is not None:
        output.failure(job.failure, path=folder or None)
    elif isinstance(job.result, IndexResult):
        _say_result(request, folder, job.result, output)


def _say_result(request: IndexRequest | RedoRequest, folder: str, result: IndexResult, output: Output) -> None:
    """Print one line; nothing for a look through a folder in which nothing had changed."""
    for item in result.failed:
        output.failure(item.failure, path=item.path)
    if isinstance(request, RedoRequest):
        output.answer({"task": "redo", "indexed": result.indexed}, words("redone-items", count=result.indexed))
        return
    changed = [path for path in request.only if Path(path).exists()]
    gone = [path for path in request.only if not Path(path).exists()]
    if not (request.only or result.indexed):
        return
    counts = {"indexed": result.indexed, "skipped": result.skipped, "gone": len(gone)}
    names = ", ".join(str(Path(path).name) for path in (*changed, *gone)[:_NAMED])
    text = f"{folder}: {words('updated', **counts)}"
    output.answer({"path": folder, "task": "update", **counts}, f"{text}  {names}" if names else text)
