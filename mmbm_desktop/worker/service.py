"""The worker's main loop: one job after the other, each answered with exactly one of Finished, Broken or Stopped."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import Cancelled, ErrorCode
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.messages import Advanced, Broken, Finished, Heard, Stopped
from mmbm_desktop.worker.dispatch import Desk, answer

if TYPE_CHECKING:
    from mmbm_desktop.protocol.messages import FromWorker
    from mmbm_desktop.protocol.wire import Sender
    from mmbm_desktop.worker.inbox import Inbox, Job
    from mmbm_desktop.worker.loaded import Loaded

log = logging.getLogger(__name__)


def serve(inbox: Inbox, sender: Sender, loaded: Loaded) -> None:
    """Answer jobs until the pipe closes.

    Raises:
        PipeClosedError: the engine has gone.
    """
    while True:
        job = inbox.next()
        closing = _done(job, sender, loaded)
        inbox.forget(job)
        sender.send(closing)


def _done(job: Job, sender: Sender, loaded: Loaded) -> FromWorker:
    """Do a job and return its last message."""
    job_id = job.work.job_id
    desk = Desk(
        job,
        loaded,
        progress=lambda done, total: sender.send(Advanced(job_id, done, total)),
        heard=lambda text: sender.send(Heard(job_id, text)),
    )
    try:
        return Finished(job_id, answer(desk))
    except Cancelled:
        return Stopped(job_id)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in a job is the job's answer
        failure = Failure.of(error)
    if failure.code is ErrorCode.OUT_OF_MEMORY:
        loaded.forget()
    if failure.code is ErrorCode.BUG:
        log.error("job %d: %s", job_id, failure.detail)
    return Broken(job_id, failure)
