"""One engine for the length of one command, with a progress bar for each job on a terminal."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from mmbm_desktop.base import paths
from mmbm_desktop.base.logs import start_logging
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.library.address import is_server
from mmbm_desktop.protocol.events import JobChanged

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from mmbm_desktop.base.settings import SettingValue
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.requests import Request


@contextmanager
def open_engine(
    library: str | None = None, overridden: Mapping[str, SettingValue] | None = None, *, window: bool = False
) -> Generator[Engine]:
    """Give an engine over the person's settings and library; close it whatever happens.

    `overridden` are settings of this command alone. With `window` it holds the library as a window does, and one that
    cannot be opened is no error yet.

    Raises:
        MmbmError: the library cannot be opened.
    """
    from mmbm_desktop.engine.local import LocalEngine

    start_logging(paths.log_dir() / "cli.log", to_stderr_level=logging.CRITICAL)
    settings = Settings(paths.config_dir() / "settings.json")
    for name, value in (overridden or {}).items():
        settings.override(name, value)
    place = str(Path(library).absolute()) if library and not is_server(library) else library
    engine = LocalEngine(settings, library_file=place, window=window)
    try:
        yield engine
    finally:
        engine.close()


class _Bar:
    """A progress bar that follows one job; silent where standard error is no terminal."""

    def __init__(self, label: str, job_id: JobId) -> None:
        self.job_id = job_id
        self._bar = tqdm(desc=label, disable=not sys.stderr.isatty(), leave=False, file=sys.stderr)

    def on_event(self, event: Event) -> None:
        if isinstance(event, JobChanged) and event.job.id == self.job_id:
            self._bar.total = event.job.total
            self._bar.update(event.job.done - self._bar.n)

    def close(self) -> None:
        self._bar.close()


def run(engine: Engine, request: Request, label: str = "") -> JobSnapshot:
    """Run one request to its end and return the job."""
    return follow(engine, engine.submit(request), label)


def follow(engine: Engine, job_id: JobId, label: str = "") -> JobSnapshot:
    """Follow a job that was queued to its end and return it."""
    bar = _Bar(label, job_id)
    unsubscribe = engine.subscribe(bar.on_event)
    try:
        return engine.wait(job_id)
    finally:
        unsubscribe()
        bar.close()
