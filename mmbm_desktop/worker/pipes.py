"""The worker's two ends of the pipe, taken away from everything else that might print or read."""

from __future__ import annotations

import os
import sys

from mmbm_desktop.protocol.wire import Receiver, Sender


def take_pipes() -> tuple[Receiver, Sender]:
    """Keep stdin and stdout for messages alone; whatever is printed from now on, by native code too, goes to stderr."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(incoming, os.O_BINARY)
        msvcrt.setmode(outgoing, os.O_BINARY)
    return Receiver(os.fdopen(incoming, "rb")), Sender(os.fdopen(outgoing, "wb"))
