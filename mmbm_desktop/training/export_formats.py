"""`python -m mmbm_desktop.training.export_formats BUNDLE --format F --to FOLDER`: a bundle for other programs.

Makes the folder beside its place, reads it back in a process of its own, and moves it there only when it answers like
the bundle: an export that fails is deleted. One JSON object a line on standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import BugFault, Cancelled, EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import os_errors_sorted, write_atomically
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.protocol.catalogue import EXPORT_FORMATS
from mmbm_desktop.protocol.plain import told
from mmbm_desktop.training.commands import Commands, stop_at_signals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ABOUT_FILE = "export.json"
_STOPPED = 130


def export(bundle: Path, kind: str, place: Path) -> dict[str, Any]:
    """Write a bundle in another format to the folder `place` and return what `export.json` says of it.

    Raises:
        InputFault: FILE_EXISTS, the place holds something.
        EnvironmentFault: EXPORT_FAILED (`format`, `reason`), or the bundle is damaged.
        MmbmError: the disk is full or the folder cannot be written.
    """
    manifest = verify(bundle)
    with os_errors_sorted(place):
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise InputFault(ErrorCode.FILE_EXISTS, path=str(place))
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}.") as temporary:
            made = Path(temporary) / "export"
            made.mkdir()
            _write(bundle, kind, made)
            about: dict[str, Any] = {
                "format": kind,
                "model": f"{manifest.name} {manifest.version}",
                "licence": manifest.licence,
            }
            about |= _checked(bundle, made, kind)
            for name in manifest.files:
                if not name.endswith((".onnx", ".safetensors")):
                    shutil.copyfile(bundle / name, made / name)
            about["preprocessing"] = manifest.preprocessing
            write_atomically(made / ABOUT_FILE, (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode())
            if place.exists():
                place.rmdir()
            made.rename(place)
    return about


def _write(bundle: Path, kind: str, made: Path) -> None:
    from mmbm_desktop.training.export.formats import WRITERS

    try:
        WRITERS[kind](bundle, made)
    except (MmbmError, OSError, MemoryError):
        raise
    except Exception as error:  # converters raise whatever they like
        raise EnvironmentFault(
            ErrorCode.EXPORT_FAILED, f"{type(error).__name__}: {error}", format=kind, reason="not-convertible"
        ) from error


def _checked(bundle: Path, made: Path, kind: str) -> dict[str, Any]:
    """Read the export back.

    Raises:
        EnvironmentFault: EXPORT_FAILED, it cannot be read or answers otherwise.
    """
    from mmbm_desktop.training.export.reading_back import tolerance

    command = [sys.executable, "-P", "-m", "mmbm_desktop.training.export_check", str(bundle), str(made), kind]
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]).rstrip(":")}
    child = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)  # noqa: S603 - ours
    if child.returncode:
        raise EnvironmentFault(ErrorCode.EXPORT_FAILED, child.stderr[-2000:], format=kind, reason="export-unreadable")
    found: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    allowed = tolerance(bundle)
    if not max(found.values()) <= allowed:
        raise EnvironmentFault(ErrorCode.EXPORT_FAILED, str(found), format=kind, reason="export-differs")
    return {"max_abs_difference": found, "tolerance": allowed}


def _tell(event: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main(argv: Sequence[str] | None = None) -> int:
    """Export and return the exit status (0 done, 1 an error that was told, 130 stopped)."""
    parser = argparse.ArgumentParser(prog="mmbm_desktop.training.export_formats", description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--format", choices=EXPORT_FORMATS, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--parent-pipe", action="store_true", help="end when standard input closes")
    options = parser.parse_args(argv)
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        if options.parent_pipe:
            stop_at_signals()
            Commands().listen()
        place = options.to.absolute()
        about = export(options.bundle, options.format, place)
        files = sorted(path.name for path in place.iterdir())
        _tell({"event": "exported", "path": str(place), "files": files, **about})
    except Cancelled:
        return _STOPPED
    except MmbmError as error:
        _tell(told(error))
        return 1
    except Exception as error:
        _tell(told(BugFault(ErrorCode.BUG, f"{type(error).__name__}: {error}")))
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
