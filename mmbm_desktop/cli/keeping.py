"""`mmbm library`: what the library holds, copies of it, another place for it, a server too."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.session import open_engine, run
from mmbm_desktop.library.address import is_server, without_password
from mmbm_desktop.protocol.keeping import (
    BackUpRequest,
    CopyLibraryRequest,
    KeepingResult,
    MoveLibraryRequest,
    RestoreRequest,
)

if TYPE_CHECKING:
    import argparse

    from mmbm_desktop.protocol.keeping import KeepingRequest

_MEGABYTE = 1_000_000


def library(arguments: argparse.Namespace) -> int:
    """Do one of the actions and return the exit status."""
    output = Output(as_json=arguments.json)
    if arguments.action == "info":
        return _info(arguments, output)
    request = _request(arguments)
    # Moving and restoring take the library as a window does; a restore is also what helps a damaged one.
    copying = isinstance(request, BackUpRequest | CopyLibraryRequest)
    with open_engine(arguments.library, window=not copying) as engine:
        job = run(engine, request, arguments.action)
    if job.failure is not None:
        output.failure(job.failure, path=str(job.failure.params.get("path") or without_password(arguments.place)))
    elif isinstance(job.result, KeepingResult):
        _print(arguments.action, job.result, output)
    return output.exit_status


def _info(arguments: argparse.Namespace, output: Output) -> int:
    with open_engine(arguments.library) as engine:
        info = engine.keeping.info()
    record = {"task": "library-info", **asdict(info)}
    output.answer(record, words("library-info", megabytes=info.bytes / _MEGABYTE, **asdict(info)))
    return output.exit_status


def _request(arguments: argparse.Namespace) -> KeepingRequest:
    """Return what is asked for.

    Raises:
        InputFault: ARGUMENT_INVALID, no place is named.
    """
    if not arguments.place:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, name="FILE|FOLDER|ADDRESS", value="")
    place = str(Path(arguments.place).absolute())
    if arguments.action == "copy":
        return CopyLibraryRequest(arguments.place if is_server(arguments.place) else place)
    if arguments.action == "backup":
        return BackUpRequest(place, overwrite=arguments.overwrite)
    return MoveLibraryRequest(place) if arguments.action == "move" else RestoreRequest(place)


def _print(action: str, result: KeepingResult, output: Output) -> None:
    text = words(f"library-{action}", path=result.path, items=result.items)
    if result.aside:
        text = f"{text}\n{words('set-aside', aside=result.aside)}"
    output.answer({"task": f"library-{action}", **asdict(result)}, text)
