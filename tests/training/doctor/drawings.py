"""Pictures drawn by code: each number another picture, colours by class, so that fakes can see what is on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.protocol.finding_codes import FindingCode
from mmbm_desktop.training.doctor.examination import examine

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.protocol.dataset import DataReport, Finding

COLOURS = {"ash": (1.0, 0.3, 0.3), "beech": (0.3, 1.0, 0.3), "cedar": (0.3, 0.3, 1.0)}


def drawn(label: str, number: int, edge: int = 40) -> Image.Image:
    """Return a picture: large soft spots in the colour of its class."""
    random = np.random.default_rng((number, len(label)))
    spots = Image.fromarray(random.integers(40, 256, (6, 6), np.uint8)).resize((edge, edge), Image.Resampling.BICUBIC)
    colour = np.asarray(COLOURS.get(label, (0.8, 0.8, 0.8)))
    return Image.fromarray((np.asarray(spots)[..., None] * colour).astype(np.uint8))


def write_class(folder: Path, label: str, count: int, first: int = 0) -> list[Path]:
    """Write pictures of a class into `folder`/`label`."""
    place = folder / label
    place.mkdir(parents=True, exist_ok=True)
    files = [place / f"{label}-{first + number}.png" for number in range(count)]
    for number, file in enumerate(files):
        drawn(label, first + number).save(file)
    return files


class ColourSeer:
    """Sees nothing but a picture's colour."""

    size = 32

    def vectors(self, pictures: Sequence[npt.NDArray[np.uint8]]) -> npt.NDArray[np.float32]:
        colours = np.stack([picture.mean((0, 1)) for picture in pictures]).astype(np.float32)
        return colours / np.linalg.norm(colours, axis=1, keepdims=True)


def examined(folder: Path, *, seer: object = None) -> DataReport:
    """Return the report of a folder."""
    return examine(folder, CancelToken(), seer=lambda: seer)  # type: ignore[arg-type, return-value]


def of_code(report: DataReport, code: FindingCode) -> list[Finding]:
    """Return a report's findings of one code."""
    return [finding for finding in report.findings if finding.code == code]


def only(report: DataReport, code: FindingCode) -> Finding:
    """Return the one finding of a code."""
    (found,) = of_code(report, code)
    return found


def named(finding: Finding) -> list[set[str]]:
    """Return the last parts of the paths of each group."""
    return [{Path(path).name for path in group} for group in finding.groups]
