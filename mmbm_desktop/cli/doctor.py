"""`mmbm doctor`: what this computer offers the program: versions, devices, microphones, models, folders, free disk."""

from __future__ import annotations

import ctypes.util
import os
import platform
import shutil
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop import __version__
from mmbm_desktop.base import paths
from mmbm_desktop.cli.output import Output
from mmbm_desktop.cli.session import open_engine

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

PACKAGES = ("PySide6_Essentials", "numpy", "onnxruntime", "tensorflow", "keras", "pocketsphinx", "tokenizers", "pillow")
FOLDERS = (
    "data_dir",
    "config_dir",
    "cache_dir",
    "log_dir",
    "recordings_dir",
    "pasted_dir",
    "data_sets_dir",
    "thumbnails_dir",
)


def doctor(arguments: argparse.Namespace) -> int:
    """Print every finding, one a line, and return 0; 1 when a built-in model or a needed package is missing."""
    output = Output(as_json=arguments.json)
    healthy = True
    for record in _findings():
        healthy &= bool(record.get("ok", True))
        sign = "ok" if record.get("ok", True) else "!!"
        output.answer(record, f"{sign}  {record['what']}: {record['value']}")
    return 0 if healthy else 1


def _findings() -> Iterator[dict[str, object]]:
    yield {"what": "version", "value": __version__}
    yield {"what": "python", "value": platform.python_version()}
    yield {"what": "system", "value": platform.platform()}
    yield {"what": "cpu threads", "value": os.cpu_count()}
    for name in PACKAGES:
        yield _package(name)
    yield _accelerators()
    yield {
        "what": "PortAudio",
        "value": ctypes.util.find_library("portaudio") or "in the sounddevice wheel, or missing",
    }
    yield from _engine_findings()
    for name in FOLDERS:
        yield {"what": name.replace("_", " "), "value": str(getattr(paths, name)())}
    yield _free_disk()


def _package(name: str) -> dict[str, object]:
    try:
        return {"what": name, "value": metadata.version(name)}
    except metadata.PackageNotFoundError:
        return {"what": name, "value": "missing", "ok": False}


def _accelerators() -> dict[str, object]:
    nvidia = shutil.which("nvidia-smi")
    return {"what": "NVIDIA driver", "value": nvidia or "none: everything runs on the CPU"}


def _engine_findings() -> Iterator[dict[str, object]]:
    with open_engine() as engine:
        for microphone in engine.microphones():
            yield {"what": "microphone", "value": microphone.name, "default": microphone.is_default}
        if not engine.microphones():
            yield {"what": "microphone", "value": "none found"}
        for model in engine.models():
            state = model.problem or f"{model.version}, {model.size_bytes / 1e6:.1f} MB"
            yield {"what": f"model {model.name}", "value": state, "ok": not model.problem}


def _free_disk() -> dict[str, object]:
    folder: Path = paths.data_dir()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return {"what": "free disk", "value": f"{free / 1e9:.1f} GB", "bytes": free, "ok": free > 1e9}
