"""Tells the engine every second that this process lives and how much memory it uses."""

from __future__ import annotations

import threading
import time

import psutil

from mmbm_desktop.protocol.messages import Heartbeat
from mmbm_desktop.protocol.wire import PipeClosedError, Sender
from mmbm_desktop.worker.inbox import leave

_EVERY_S = 1.0


def start_heartbeat(sender: Sender) -> None:
    """Begin; the process ends when the engine can no longer be told."""
    threading.Thread(target=_beat, args=(sender,), name="heartbeat", daemon=True).start()


def _beat(sender: Sender) -> None:
    process = psutil.Process()
    try:
        while True:
            sender.send(Heartbeat(process.memory_info().rss))
            time.sleep(_EVERY_S)
    except PipeClosedError:
        leave(0)
