"""`mmbm train` and `mmbm evaluate`: start the training process by module name, relay its JSON lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.bundles.store import bundle_folder
from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    import argparse


def train(arguments: argparse.Namespace) -> int:
    """Run one fit in a process of its own and return the exit status."""
    command = ["mmbm_desktop.training"]
    if arguments.spec:
        command.append(arguments.spec)
    for option in ("task", "data", "name", "epochs", "resume", "preset"):
        value = getattr(arguments, option)
        if value is not None:
            command += [f"--{option}", str(value)]
    for option in arguments.option:
        command += ["--option", option]
    return relay(command, Output(as_json=arguments.json))


def evaluate(arguments: argparse.Namespace) -> int:
    """Measure a bundle (a name or a folder) on a data set's split, in a process of its own; return the exit status.

    Raises:
        EnvironmentFault: MODEL_MISSING.
    """
    bundle = arguments.bundle
    if not Path(bundle).is_dir():
        bundle = str(bundle_folder(bundle, (paths.installed_models_dir(), paths.shipped_models_dir())))
    command = ["mmbm_desktop.training.evaluate", bundle, "--data", arguments.data, "--split", arguments.split]
    command += ["--record"] if arguments.record else []
    return relay([*command, "--json"], Output(as_json=arguments.json))


def relay(module_and_arguments: list[str], output: Output) -> int:
    """Start `python -m …`, print what it reports and return its status; it ends when this process does."""
    process = subprocess.Popen(  # noqa: S603 - our own module, arguments passed as a list
        [sys.executable, "-m", *module_and_arguments], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        for line in process.stdout or ():
            _print(line.rstrip("\n"), output)
        status = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    return status or output.exit_status


def _print(line: str, output: Output) -> None:
    try:
        event = json.loads(line)
    except ValueError:
        output.note(line)
        return
    if "error" in event:
        params = {key: value for key, value in event.items() if key not in ("event", "error", "detail")}
        code = ErrorCode(event["error"]) if event["error"] in set(ErrorCode) else ErrorCode.TRAINING_FAILED
        path = str(params.get("path", "")) or None
        output.failure(Failure(code, Fault.INPUT, params, str(event.get("detail", ""))), path=path)
        return
    output.answer(event, _sentence(event))


def _sentence(event: dict[str, object]) -> str:
    if event.get("event") == "progress" and "loss" in event:
        return words("epoch", **event)
    if event.get("event") == "published":
        return words("published", **event)
    if event.get("event") == "episode":
        return words("episode", **event)
    numbers = event.get("metrics")
    if event.get("event") == "played" and isinstance(numbers, dict):
        metrics = {str(name).replace(" ", "_"): value for name, value in numbers.items()}
        return words("played", **event, **metrics)
    return "\n".join(f"{name}: {value}" for name, value in event.items() if name != "event")
