"""Measures indexing beside rclip: the same pictures, the same network, in turns, in one run."""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.bench import rclip_indexing
from mmbm_desktop.cli.bench.measurement import Measurement
from mmbm_desktop.cli.bench.measurements import indexing_seconds
from mmbm_desktop.cli.bench.pictures import draw
from mmbm_desktop.cli.bench.rclip_network import write_rclip_network

if TYPE_CHECKING:
    from collections.abc import Iterator

_BUNDLE = "image-text-small"


def rclip(python: Path | None, pictures: int = 600, rounds: int = 3) -> Iterator[Measurement]:
    """Index the same new folder with rclip and with this program, each from nothing loaded to everything stored.

    rclip stores a vector and a hash of each picture; this program a thumbnail and the words of its name as well.

    Args:
        python: an interpreter that has rclip (https://github.com/yurijmikhalevich/rclip), version 3.
        pictures: how many, of 1024 x 768.
        rounds: each program's turns; the middle one counts.

    Raises:
        InputFault: ARGUMENT_INVALID, there is no such interpreter, or it has no rclip.
    """
    if python is None:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, "no interpreter was named", name="--rclip-python", value="nothing")
    with tempfile.TemporaryDirectory(prefix="mmbm-bench-") as name:
        folder = Path(name)
        draw(folder / "pictures", pictures)
        write_rclip_network(paths.shipped_models_dir() / _BUNDLE, folder / "network.onnx")
        theirs, ours = [], []
        for number in range(rounds):
            theirs.append(_rclip_seconds(python, folder, folder / f"rclip-{number}"))
            ours.append(indexing_seconds(folder / "pictures", captions=False))
    speeds = [pictures / statistics.median(seconds) for seconds in (theirs, ours)]
    yield Measurement("index, rclip", speeds[0], "pictures/s")
    yield Measurement("index, searchable, beside it", speeds[1], "pictures/s")
    yield Measurement("index, searchable, over rclip", speeds[1] / speeds[0], "x", 1, more_is_better=True)


def _rclip_seconds(python: Path, folder: Path, home: Path) -> float:
    home.mkdir()
    command = [str(python), rclip_indexing.__file__, *map(str, (folder / "pictures", folder / "network.onnx", home))]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - the person names it
        return float(json.loads(done.stdout.splitlines()[-1])["seconds"])
    except (OSError, subprocess.CalledProcessError) as error:
        detail = str(getattr(error, "stderr", "") or error)
        raise InputFault(ErrorCode.ARGUMENT_INVALID, detail, name="--rclip-python", value=str(python)) from error
