"""Pictures with their class and what a network takes them for, as records that the window shows."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.protocol.training import Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.training.data.labelled_pictures import LabelledPicture
    from mmbm_desktop.training.data.pictures import PictureSource

_SAMPLES = 16


def chosen_rows(labels: npt.NDArray[np.integer], seed: int) -> list[int]:
    """Return the numbers of up to 16 items, of as many classes as there are; always the same ones.

    Args:
        labels: numbers of the items' classes, (items,).
        seed: of the run.
    """
    order = np.random.default_rng((seed, 16)).permutation(len(labels))
    turn: dict[int, int] = {}
    turns = []
    for row in order:
        turns.append((turn.get(int(labels[row]), 0), int(row)))
        turn[int(labels[row])] = turns[-1][0] + 1
    first = sorted(range(len(turns)), key=lambda place: turns[place][0])[:_SAMPLES]
    return [turns[place][1] for place in first]


def sample_of(
    picture: LabelledPicture, probable: npt.NDArray[np.floating], classes: Sequence[str], cache: Path
) -> Sample:
    """Return the record of a picture.

    Args:
        picture: with its class.
        probable: of every class, (classes,).
        classes: their names.
        cache: where a picture inside a zip file is written, so that it can be shown.

    Raises:
        MmbmError: the cache cannot be written.
    """
    guess = int(probable.argmax())
    return Sample(
        kind="picture",
        source=str(_shown(picture.source, cache)),
        truth=picture.label,
        guess=classes[guess],
        score=round(float(probable[guess]), 4),
        right=classes[guess] == picture.label,
    )


def _shown(source: PictureSource, cache: Path) -> Path:
    """Return the file that shows a picture."""
    if not source.member:
        return source.path
    import zipfile

    name = hashlib.sha256(source.name.encode()).hexdigest()[:16]
    file = cache / "shown" / f"{name}{Path(source.member).suffix.lower()}"
    if not file.is_file():
        with zipfile.ZipFile(source.path) as archive:
            write_atomically(file, archive.read(source.member))
    return file
