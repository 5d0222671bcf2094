"""The inference worker: a child process of the engine, spoken to over its stdin and stdout. Never starts Qt or Keras.

`python -m mmbm_desktop.worker [--threads N] [--quiet]`
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import logging
import os
import signal
import sys
import threading

from mmbm_desktop.protocol.messages import Ready
from mmbm_desktop.protocol.wire import PipeClosedError
from mmbm_desktop.worker.heartbeat import start_heartbeat
from mmbm_desktop.worker.inbox import Inbox, leave
from mmbm_desktop.worker.loaded import Loaded
from mmbm_desktop.worker.pipes import take_pipes
from mmbm_desktop.worker.service import serve

log = logging.getLogger("mmbm_desktop.worker")

_NICENESS = 5
_QUIET_NICENESS = 19
_WANTED_SOON = ("mmbm_desktop.inference.caption", "mmbm_desktop.inference.embed")


def main() -> None:
    """Serve until the engine closes the pipe or says `Quit`."""
    arguments = _arguments()
    receiver, sender = take_pipes()
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is the engine's to handle
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _step_back(quiet=arguments.quiet)
    inbox = Inbox(receiver)
    try:
        sender.send(Ready(os.getpid()))
        inbox.start()
        start_heartbeat(sender)
        threading.Thread(target=_import_soon, name="imports", daemon=True).start()
        serve(inbox, sender, Loaded(arguments.threads))
    except PipeClosedError:
        leave(0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mmbm_desktop.worker")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads for models; 0 for all but one")
    parser.add_argument("--quiet", action="store_true", help="give way to everything else on the computer")
    return parser.parse_args()


def _step_back(*, quiet: bool) -> None:
    """Give the window precedence; `quiet`: everything on the computer."""
    import psutil

    own = psutil.Process()
    if sys.platform == "win32":
        own.nice(psutil.IDLE_PRIORITY_CLASS if quiet else psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return
    own.nice(max(int(own.nice() or 0), _QUIET_NICENESS if quiet else _NICENESS))
    if quiet and sys.platform == "linux":
        own.ionice(psutil.IOPRIO_CLASS_IDLE)


def _import_soon() -> None:
    """Import what the first job most likely needs while there is none yet."""
    for name in _WANTED_SOON:
        try:
            importlib.import_module(name)
        except Exception:
            log.exception("%s cannot be imported", name)


if __name__ == "__main__":
    main()
