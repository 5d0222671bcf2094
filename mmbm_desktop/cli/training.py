"""`mmbm train` and `mmbm evaluate`: start the training process by module name, relay its JSON lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.store import bundle_folder
from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.silence import Silence
from mmbm_desktop.cli.tuning import is_search, search
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.plain import failure_told

if TYPE_CHECKING:
    import argparse


_OPTIONS = (
    "task", "data", "name", "epochs", "preset", "learning_rate", "batch", "weight_decay", "seed", "device", "extend",
    "patience", "min_delta",
)  # fmt: skip
_CRASHED = 1 << 30
"""Windows has no signals: a process that was ended from outside, or by a fault, has a number of the system's."""


def train(arguments: argparse.Namespace) -> int:
    """Run one fit in a process of its own and return the exit status; Ctrl+C stops it with everything kept.

    A search over settings is many fits; it is an engine's work.
    """
    if arguments.search is not None or is_search(arguments.resume):
        return search(arguments)
    command = ["mmbm_desktop.training", "--parent-pipe"]
    for option in _OPTIONS:
        value = getattr(arguments, option)
        if value is not None:
            command += [f"--{option.replace('_', '-')}", str(value)]
    for option in arguments.option or ():
        command += ["--option", option]
    if arguments.resume:
        command += ["--resume", str(_run_folder(arguments.resume))]
    if arguments.find_rate:
        command.append("--find-rate")
    if arguments.finish:
        command.append("--finish")
    if arguments.spec:
        command.append(arguments.spec)
    return relay(command, Output(as_json=arguments.json), watched=True)


def _run_folder(named: str) -> Path:
    """Return a run's folder, which is named by its path or by its name among the person's runs."""
    among_runs = paths.data_dir() / "runs" / named
    return Path(named) if Path(named).is_dir() or not among_runs.is_dir() else among_runs


def evaluate(arguments: argparse.Namespace) -> int:
    """Measure a bundle (a name or a folder) on a data set's split, in a process of its own; return the exit status.

    Raises:
        EnvironmentFault: MODEL_MISSING.
    """
    command = [
        "mmbm_desktop.training.evaluate",
        _bundle(arguments.bundle),
        "--data",
        arguments.data,
        "--split",
        arguments.split,
    ]
    command += ["--record"] if arguments.record else []
    return relay([*command, "--json"], Output(as_json=arguments.json))


def export(arguments: argparse.Namespace) -> int:
    """Write a bundle (a name or a folder) in another format, in a process of its own; return the exit status.

    Raises:
        EnvironmentFault: MODEL_MISSING.
    """
    command = ["mmbm_desktop.training.export_formats", _bundle(arguments.name), "--parent-pipe"]
    return relay([*command, "--format", arguments.format, "--to", arguments.to], Output(as_json=arguments.json))


def _bundle(named: str) -> str:
    """Return a bundle's folder, which is named by its path or by its name among the models."""
    if Path(named).is_dir():
        return named
    return str(bundle_folder(named, (paths.installed_models_dir(), paths.shipped_models_dir())))


def relay(module_and_arguments: list[str], output: Output, *, watched: bool = False) -> int:
    """Start `python -m …`, print what it reports and return its status; it ends when this process does.

    `watched`: say, too, when nothing was heard of it for long.
    """
    process = subprocess.Popen(  # noqa: S603 - our own module, arguments passed as a list
        [sys.executable, "-m", *module_and_arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=sys.platform != "win32",
    )
    silence = Silence(process.pid, output)
    with process:
        try:
            if watched:
                silence.begin()
            _print_all(process, output, silence)
        except KeyboardInterrupt:
            _stop(process, output, silence)
            raise
        finally:
            silence.end()
    if watched and (process.returncode < 0 or process.returncode >= _CRASHED):
        detail = f"exit status {process.returncode}"
        gone = EnvironmentFault(ErrorCode.TRAINING_FAILED, detail, reason="process-ended")
        output.failure(Failure.of(gone))
        return output.exit_status
    return process.returncode or output.exit_status


def _print_all(process: subprocess.Popen[str], output: Output, silence: Silence) -> None:
    for line in process.stdout or ():
        _print(line.rstrip("\n"), output, silence)
    process.wait()


def _stop(process: subprocess.Popen[str], output: Output, silence: Silence) -> None:
    """Let the process save what it has, which a second Ctrl+C cuts short; what it says meanwhile is still printed."""
    try:
        if "--parent-pipe" in str(process.args) and process.stdin is not None:
            process.stdin.close()
        else:
            process.terminate()
        _print_all(process, output, silence)
    except KeyboardInterrupt:
        process.kill()


def _print(line: str, output: Output, silence: Silence) -> None:
    try:
        event = json.loads(line)
    except ValueError:
        output.note(line)
        return
    silence.heard(event)
    if "error" in event and event.get("event") == "skipped":
        output.answer(event, f"{event.get('path')}: {event['error']}")
    elif "error" in event:
        failure = failure_told(event)
        output.failure(failure, path=str(failure.params.get("path", "")) or None)
    else:
        output.answer(event, _sentence(event))


def _sentence(event: dict[str, object]) -> str:
    """Return what a person is told; "" for what only a window shows."""
    match event.get("event"):
        case "started":
            return words("run-started", **event)
        case "device":
            found = event.get("gpu") or event.get("asked") == "cpu"
            return words("on-device", **event) if found else words("no-gpu")
        case "progress" if "loss" in event:
            return words("epoch", **event)
        case "progress":
            return words("checked", epoch=event.get("epoch"), numbers=_numbers(event.get("metrics")))
        case "published" | "exported" | "rate-found" | "batch-halved" | "stopped-early" | "episode" as key:
            renamed = {"exported": "model-exported"}.get(str(key), str(key))
            renamed = "no-rate" if key == "rate-found" and not event.get("proposal") else renamed
            return words(renamed, **event, difference=_largest(event.get("max_abs_difference")))
        case "played":
            return words("played", **event, **_named_numbers(event))
        case "points" | "range-test" | "samples" | "assessed" | "compared" | "stopped" | "preparing":
            return _assessed(event)
        case _:
            return "\n".join(f"{name}: {value}" for name, value in event.items() if name != "event")


def _numbers(metrics: object) -> str:
    table = metrics if isinstance(metrics, dict) else {}
    return ", ".join(f"{name} {value:.4g}" for name, value in table.items())


def _largest(differences: object) -> float:
    return max(differences.values(), default=0.0) if isinstance(differences, dict) else 0.0


def _assessed(event: dict[str, object]) -> str:
    assessment = event.get("assessment")
    numbers = assessment.get("numbers", {}) if isinstance(assessment, dict) else {}
    return "\n".join(f"{name}: {value:.4f}" for name, value in numbers.items())


def _named_numbers(event: dict[str, object]) -> dict[str, object]:
    """Return an event's numbers by names that a text can ask for."""
    numbers = event.get("metrics")
    return {str(name).replace(" ", "_"): value for name, value in numbers.items()} if isinstance(numbers, dict) else {}
