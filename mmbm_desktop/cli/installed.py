"""`mmbm models list|show|check|export`: what is installed, its card, and whether its files are whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.session import open_engine, run
from mmbm_desktop.cli.training import export
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.requests import CheckModelRequest
from mmbm_desktop.protocol.results import CheckResult

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.protocol.catalogue import ModelInfo


def models(arguments: argparse.Namespace) -> int:
    """List, show, check or export the installed models and return the exit status.

    Raises:
        InputFault: an export lacks its name, format or folder.
        EnvironmentFault: MODEL_MISSING, of an export.
    """
    if arguments.action == "export":
        for name in ("name", "format", "to"):
            if getattr(arguments, name) is None:
                raise InputFault(ErrorCode.ARGUMENT_INVALID, name=name, value="")
        return export(arguments)
    output = Output(as_json=arguments.json)
    with open_engine() as engine:
        known = engine.models()
        chosen = [model for model in known if arguments.name in (None, model.name)]
        if not chosen and arguments.name is not None:
            missing = InputFault(ErrorCode.MODEL_MISSING, name=arguments.name)
            output.failure(Failure.of(missing), path=arguments.name, key="input")
        elif arguments.action == "check":
            _check(engine, chosen, output)
        else:
            _show(chosen, output, whole=arguments.action == "show")
    return output.exit_status


def _show(chosen: Iterable[ModelInfo], output: Output, *, whole: bool) -> None:
    for model in chosen:
        record: dict[str, object] = {
            "name": model.name,
            "version": model.version,
            "tasks": list(model.tasks),
            "languages": list(model.languages),
            "licence": model.licence,
            "bytes": model.size_bytes,
            "path": model.path,
            "built_in": model.built_in,
            "quality": model.quality,
            "problem": model.problem or None,
        }
        origin = words("built-in" if model.built_in else "installed")
        line = f"{model.name} {model.version}  {', '.join(model.tasks)}  {model.size_bytes / 1e6:.1f} MB  {origin}"
        if model.problem:
            line += f"  [{model.problem}]"
        if whole:
            record["card"] = model.card
            line = f"{line}\n\n{model.card}"
        output.answer(record, line)


def _check(engine: Engine, chosen: Iterable[ModelInfo], output: Output) -> None:
    for model in chosen:
        job = run(engine, CheckModelRequest(model.name), model.name)
        if job.failure is not None:
            output.failure(job.failure, path=model.name, key="input")
        elif isinstance(job.result, CheckResult):
            record: dict[str, object] = {
                "input": model.name,
                "task": "check",
                "files": job.result.files,
                "bytes": job.result.size_bytes,
                "probe_difference": job.result.probe_difference,
                "model": job.result.made.model,
                "device": job.result.made.device,
                "ms": round(job.result.made.ms, 1),
            }
            output.answer(record, words("model-ok", name=model.name))
