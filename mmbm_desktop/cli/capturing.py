"""`mmbm capture`: pictures from a camera or sounds from a microphone, saved into a class of a data folder."""

from __future__ import annotations

import contextlib
import queue
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.session import open_engine
from mmbm_desktop.engine.capturing.class_folders import meant_class
from mmbm_desktop.protocol.capture import CaptureKind, CapturePhase, Taking
from mmbm_desktop.protocol.events import CaptureChanged

if TYPE_CHECKING:
    import argparse
    from collections.abc import Generator, Sequence

    from mmbm_desktop.engine.capturing.interface import Capturing
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.protocol.capture import Shot
    from mmbm_desktop.protocol.events import Event

_LEAD_S = 0.5


def capture(arguments: argparse.Namespace) -> int:
    """Take what is asked for, or list devices; print every file that was saved.

    Raises:
        MmbmError: there is no such device, it cannot be opened, or it stopped; what was taken before is kept.
    """
    output = Output(as_json=arguments.json)
    with open_engine() as engine:
        if arguments.list:
            _print_devices(engine.capturing, output)
            return output.exit_status
        if not arguments.folder or not arguments.label:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, name="FOLDER CLASS", value="")
        kind = CaptureKind.PICTURES if arguments.microphone is None else CaptureKind.SOUNDS
        device = _device(engine.capturing, kind, arguments.camera or arguments.microphone or "")
        folder = str(Path(arguments.folder).absolute())
        label = meant_class(folder, arguments.label, kind)
        lead_s = 0.0 if kind is CaptureKind.PICTURES else _LEAD_S
        taking = Taking(folder, label, arguments.count, arguments.seconds, arguments.seconds, lead_s)
        output.note(words("capture-starts", count=arguments.count, label=label))
        with _folder(Path(folder)):
            _take(engine, kind, device, taking, output)
    return output.exit_status


@contextlib.contextmanager
def _folder(folder: Path) -> Generator[None]:
    """Make the data folder; one that is new and stays empty goes again."""
    new = not folder.exists()
    with os_errors_sorted(folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        if new:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _take(engine: Engine, kind: CaptureKind, device: str | None, taking: Taking, output: Output) -> None:
    told: queue.SimpleQueue[CaptureChanged] = queue.SimpleQueue()

    def hear(event: Event) -> None:
        if isinstance(event, CaptureChanged):
            told.put(event)

    unsubscribe = engine.subscribe(hear)
    session = engine.capturing.open(kind, device)
    shots: list[Shot] = []
    try:
        session.take(taking)
        with tqdm(total=taking.count, disable=not sys.stderr.isatty(), leave=False, file=sys.stderr) as bar:
            while len(shots) < (taking.count or 0):
                event = told.get()
                if event.state.failure is not None:
                    raise event.state.failure.as_error()
                if event.state.phase is CapturePhase.ENDED:
                    return
                if event.shot is not None:
                    shots.append(event.shot)
                    bar.update()
                    _print_shot(event.shot, output)
    finally:
        session.close()
        unsubscribe()
        output.note(words("captured", count=len(shots), folder=str(Path(taking.folder) / taking.label)))
        if silent := sum(shot.silent for shot in shots):
            output.note(words("captured-silent", count=silent))


def _print_shot(shot: Shot, output: Output) -> None:
    record: dict[str, object] = {"path": shot.path, "label": shot.label, "silent": shot.silent}
    output.answer(record, f"{shot.path}  ({words('shot-silent')})" if shot.silent else shot.path)


def _print_devices(capturing: Capturing, output: Output) -> None:
    devices = capturing.devices()
    for number, camera in enumerate(devices.cameras):
        record: dict[str, object] = {"device": "camera", "number": number, "name": camera.name, "id": camera.id}
        output.answer(record, f"{words('camera')} {number}: {camera.name}  ({camera.id})")
    for number, one in enumerate(devices.microphones):
        record = {"device": "microphone", "number": number, "name": one.name, "default": one.is_default}
        output.answer(record, f"{words('microphone')} {number}: {one.name}{' *' if one.is_default else ''}")
    for failure in devices.failures:
        output.failure(failure)


def _device(capturing: Capturing, kind: CaptureKind, wish: str) -> str | None:
    """Return the id of a camera or the name of a microphone that a person means by a number, a name or an id.

    Raises:
        EnvironmentFault: CAMERA_MISSING or MICROPHONE_MISSING.
    """
    if not wish or ":" in wish:
        return wish or None
    devices = capturing.devices()
    if kind is CaptureKind.PICTURES:
        return _chosen([(one.name, one.id) for one in devices.cameras], wish, ErrorCode.CAMERA_MISSING)
    return _chosen([(one.name, one.name) for one in devices.microphones], wish, ErrorCode.MICROPHONE_MISSING)


def _chosen(named: Sequence[tuple[str, str]], wish: str, missing: ErrorCode) -> str:
    if wish.isdigit() and int(wish) < len(named):
        return named[int(wish)][1]
    for name, device in named:
        if name == wish:
            return device
    raise EnvironmentFault(missing, f"no {wish!r} among {[name for name, _ in named]}", name=wish, device=wish)
