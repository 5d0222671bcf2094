"""`python -m mmbm_desktop.training`: one run in a process of its own, one JSON object a line on standard output."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import BugFault, Cancelled, ErrorCode, MmbmError
from mmbm_desktop.base.logs import start_logging
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.training.recipe_rules import RECIPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def _tell(event: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mmbm_desktop.training", description=__doc__)
    parser.add_argument("spec", nargs="?", type=Path, help="spec.toml of a new run")
    parser.add_argument("--task", choices=tuple(RECIPES))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--name")
    parser.add_argument("--epochs", type=int, help="passes over the data; the preset's own where not given")
    parser.add_argument("--preset", help="network sizes; the recipe's usual ones where not given")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="go on with the run in this folder")
    parser.add_argument("--run-folder", type=Path)
    parser.add_argument("--out", type=Path, help="folder of the bundle")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--parent-pipe", action="store_true", help="end when standard input closes")
    return parser.parse_args(argv)


def _watch_parent(token: CancelToken) -> None:
    """Ask to stop at the end of standard input: whoever started this process has gone, or wants it to stop."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        token.cancel()

    threading.Thread(target=wait, name="parent-pipe", daemon=True).start()


def _run_folder(name: str, wanted: Path | None) -> Path:
    return wanted or paths.data_dir() / "runs" / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}"


def _train(options: argparse.Namespace, token: CancelToken) -> None:
    from mmbm_desktop.training import run, spec
    from mmbm_desktop.training.run_folder import RunFolder

    if options.resume:
        folder = RunFolder(options.resume)
    else:
        if options.spec:
            wanted = spec.read_spec(options.spec)
        else:
            wanted = spec.default_spec(options.task, options.data, options.name, options.epochs, options.preset)
        folder = run.start_run(wanted, _run_folder(wanted.name, options.run_folder))
    _tell({"event": "started", "run": str(folder.path)})
    run.train(folder, options.out, token, _tell)


def main(argv: Sequence[str] | None = None) -> int:
    """Train and publish; return the exit status (0 published, 1 an error that was told, 130 stopped)."""
    options = _arguments(argv)
    start_logging(paths.log_dir() / "training.log")
    token = CancelToken()
    if options.parent_pipe:
        _watch_parent(token)
    from mmbm_desktop.training import device

    device.set_up(options.threads)
    try:
        _train(options, token)
    except Cancelled:
        _tell({"event": "stopped"})
        return 130
    except MmbmError as error:
        _tell(_failure(error))
        return 1
    except MemoryError as error:
        _tell(_failure(MmbmError(ErrorCode.OUT_OF_MEMORY, str(error))))
        return 1
    except Exception as error:
        _tell(_failure(BugFault(ErrorCode.BUG, f"{type(error).__name__}: {error}")))
        raise
    return 0


def _failure(error: MmbmError) -> dict[str, Any]:
    return {"event": "error", "error": str(error.code), **error.params, "detail": error.detail}


if __name__ == "__main__":
    sys.exit(main())
