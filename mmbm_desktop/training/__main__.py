"""`python -m mmbm_desktop.training`: one run in a process of its own, one JSON object a line on standard output."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import psutil

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import BugFault, Cancelled, ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.logs import start_logging
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.option_texts import typed_settings
from mmbm_desktop.protocol.plain import plain, record_of, told
from mmbm_desktop.protocol.training import RunSettings, RunState
from mmbm_desktop.training.commands import Commands, stop_at_signals
from mmbm_desktop.training.memory import memory_ran_out
from mmbm_desktop.training.recipe_rules import RECIPES
from mmbm_desktop.training.stopping import EpochReached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mmbm_desktop.training.run_folder import RunFolder

    Tell = Callable[[Mapping[str, Any]], None]

STOPPED = 130
_DECIDED = (
    "task", "data", "name", "epochs", "preset", "batch", "weight_decay", "seed", "device", "patience", "min_delta",
    "option", "spec",
)  # fmt: skip
"""Settings that a run keeps for good; its learning rate can be another one from where it goes on."""
_NICENESS = 5


def _tell(event: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _telling(commands: Commands) -> Tell:
    """Return what tells events; once nobody listens any more the run is to stop with everything kept."""

    def tell(event: Mapping[str, Any]) -> None:
        try:
            _tell(event)
        except OSError:
            commands.token.cancel()

    return tell


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mmbm_desktop.training", description=__doc__)
    parser.add_argument("spec", nargs="?", type=Path, help="spec.toml of a new run")
    parser.add_argument("--task", choices=tuple(RECIPES))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--name")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--preset", help="network sizes; the recipe's usual ones where not given")
    parser.add_argument("--learning-rate", type=float, help="highest rate; of a resumed run: from there on")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--weight-decay", type=float)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--device", help="auto, cpu, all (GPUs), gpu:0 …")
    parser.add_argument("--patience", type=int, help="end early after so many validations without a better")
    parser.add_argument("--min-delta", type=float, help="by which a better score is higher")
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="a setting of the recipe")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="go on with the run in this folder")
    parser.add_argument("--extend", type=int, default=0, metavar="N", help="of a resumed run: N epochs more")
    parser.add_argument("--finish", action="store_true", help="of a resumed run: publish the best weights so far")
    parser.add_argument("--find-rate", action="store_true", help="begin no run: find a learning rate for it")
    parser.add_argument("--settings", metavar="JSON", help="of that run, as the window has them, in place of options")
    parser.add_argument("--until-epoch", type=int, metavar="N", help="pause after so many epochs, publish nothing")
    parser.add_argument("--run-folder", type=Path)
    parser.add_argument("--out", type=Path, help="folder of the bundle")
    parser.add_argument("--threads", type=int)
    parser.add_argument(
        "--parent-pipe", action="store_true", help='end when standard input closes; a line "finish" publishes the best'
    )
    return parser.parse_args(argv)


def _run_folder(name: str, wanted: Path | None) -> Path:
    return wanted or paths.data_dir() / "runs" / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}"


def _settings(options: argparse.Namespace) -> RunSettings:
    if options.settings:
        return record_of(RunSettings, json.loads(options.settings))
    acts = options.task in RECIPES and RECIPES[options.task].acts
    if not options.task or (options.data is None and not acts) or not options.name:
        detail = "a task, a data folder and a name are needed"
        raise InputFault(ErrorCode.ARGUMENT_INVALID, detail, name="--task, --data, --name", value="", argument="--task")
    return typed_settings(vars(options))


def _refuse_new_settings(options: argparse.Namespace) -> None:
    """Refuse what a run that was begun before cannot be told any more, instead of passing over it in silence.

    Raises:
        InputFault: ARGUMENT_INVALID.
    """
    for name in _DECIDED:
        if getattr(options, name) not in (None, []):
            raise InputFault(
                ErrorCode.ARGUMENT_INVALID, "a resumed run has it", name="--resume", value=f"--{name.replace('_', '-')}"
            )


def _opened(options: argparse.Namespace) -> RunFolder:
    """Return the run that was asked for; nothing here needs Keras."""
    from mmbm_desktop.training import settings, spec

    if options.resume:
        _refuse_new_settings(options)
        run = settings.opened_run(options.resume)
        if options.learning_rate is not None:
            settings.change_rate(run, options.learning_rate)
        if options.extend:
            settings.extend(run, options.extend)
        return run
    wanted = spec.read_spec(options.spec) if options.spec else settings.spec_of(_settings(options))
    return settings.start_run(wanted, _run_folder(wanted.name, options.run_folder))


def _train(run: RunFolder, options: argparse.Namespace, commands: Commands, tell: Tell) -> None:
    from mmbm_desktop.training import device
    from mmbm_desktop.training.spec import read_spec

    spec = read_spec(run.spec_file)
    run.claim()
    tell({"event": "started", "run": str(run.path)})
    if spec.data and not Path(spec.data).is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=spec.data)
    place = device.set_up(options.threads, spec.device)
    run.note_process(RunState.PREPARING, device=place.name, gpus=place.gpus)
    tell(place.told(spec.device))
    from mmbm_desktop.training.run import train

    train(run, options.out, commands, tell, options.until_epoch)


def _find_rate(options: argparse.Namespace, commands: Commands, tell: Tell) -> None:
    from mmbm_desktop.training import device, settings, spec

    wanted = spec.read_spec(options.spec) if options.spec else settings.spec_of(_settings(options))
    if wanted.data and not Path(wanted.data).is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=wanted.data)
    place = device.set_up(options.threads, wanted.device)
    tell(place.told(wanted.device))
    from mmbm_desktop.training.range_test import find_rate

    find_rate(wanted, commands.token, tell)


def main(argv: Sequence[str] | None = None) -> int:
    """Train and publish; return the exit status (0 as far as was asked, 1 an error that was told, 130 stopped)."""
    options = _arguments(argv)
    start_logging(paths.log_dir() / "training.log")
    commands = Commands()
    tell = _telling(commands)
    if options.finish:
        commands.finish()
    run: RunFolder | None = None
    try:
        if options.parent_pipe:
            _step_back()
            stop_at_signals()
            commands.listen()
        if options.find_rate:
            _find_rate(options, commands, tell)
            return 0
        run = _opened(options)
        _train(run, options, commands, tell)
    except Cancelled:
        _end(run, RunState.PAUSED)
        tell({"event": "stopped"})
        return STOPPED
    except EpochReached:
        _end(run, RunState.PAUSED)
        tell({"event": "reached", "epoch": options.until_epoch})
    except Exception as error:
        failure = _sorted(error)
        _end(run, RunState.FAILED, failure)
        tell(told(failure))
        if failure.code is ErrorCode.BUG:
            raise
        return 1
    return 0


def _step_back() -> None:
    """Give the window precedence, where the system lets us."""
    with contextlib.suppress(psutil.Error, OSError):
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else _NICENESS)


def _sorted(error: Exception) -> MmbmError:
    if isinstance(error, MmbmError):
        return error
    if memory_ran_out(error):
        return MmbmError(ErrorCode.OUT_OF_MEMORY, str(error))
    return BugFault(ErrorCode.BUG, f"{type(error).__name__}: {error}")


def _end(run: RunFolder | None, state: RunState, error: MmbmError | None = None) -> None:
    """Leave in the run's folder how it ended, where that can be written and another process does not work on it."""
    if run is None or run.state().get("pid") != os.getpid():
        return
    failure = {} if error is None else {"failure": plain(Failure.of(error))}
    try:
        run.note_state(state, **failure)
    except MmbmError as fault:
        sys.stderr.write(f"{fault}\n")


def _leave(status: int) -> NoReturn:
    """End this process at once: tidying TensorFlow up takes seconds, and somebody waits for the end of a pause."""
    logging.shutdown()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _leave(main())
