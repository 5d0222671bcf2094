"""Stops the jobs that index folders, for what cannot go on beside them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.requests import IndexRequest, RedoRequest

if TYPE_CHECKING:
    from mmbm_desktop.engine.job_queue import JobQueue
    from mmbm_desktop.protocol.jobs import JobId

log = logging.getLogger(__name__)

_WAITED_S = 10.0


def stop_indexing(queue: JobQueue, folder: str | None = None) -> None:
    """Stop the jobs that index a folder, or all of them and redoing, and wait a little until they have ended."""
    for job in queue.jobs():
        if not isinstance(job.request, IndexRequest | RedoRequest) or job.state.final:
            continue
        if folder is None or (isinstance(job.request, IndexRequest) and folder in job.request.folders):
            queue.cancel(job.id)
            _wait_a_little(queue, job.id)


def _wait_a_little(queue: JobQueue, job_id: JobId) -> None:
    try:
        queue.wait(job_id, _WAITED_S)
    except TimeoutError:
        log.warning("job %d goes on while its folder is removed", job_id)
