"""What a model that is being improved says of general pictures: its own answers are learned again beside corrections.

This is "Learning without Forgetting" (Li & Hoiem 2016) with the answers as they are shown to people. They are written
into the table of the general pictures once, so that a resumed run learns, and is compared on, the same ones.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.protocol.languages import language_of
from mmbm_desktop.training.data.captioned import LANGUAGES
from mmbm_desktop.training.data.tables import file_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.protocol.requests import Language
    from mmbm_desktop.training.spec import TrainSpec

    Answer = Callable[[Path], dict[str, str]]

TABLE = "metadata.jsonl"
LEAST_STEPS = 8
"""Of an epoch: what is done after each, checking and showing samples, takes longer than a step on a few corrections."""
FEWEST = 3
"""General pictures to learn again; fewer are none."""
_ANSWERED = ("caption_en", "caption_zh", "label")


def contents_of(folder: Path, split: str | None = None) -> frozenset[str]:
    """Return the hashes of the files in a table that the engine wrote, those of one split or all.

    Raises:
        InputFault: the table is missing or cannot be read.
    """
    rows = read_rows(folder, (TABLE,))
    return frozenset(str(row.get("content", "")) for row in rows if split in (None, row.get("split")))


def answer_general(spec: TrainSpec, report: ReportProgress) -> TrainSpec:
    """Let the old model say what the general pictures show, where nobody has yet; unreadable ones are left out.

    Returns:
        The spec, without its general pictures where too few are left to learn from.

    Raises:
        InputFault: the table is missing or cannot be read.
        EnvironmentFault: the model is damaged, or the table cannot be written.
    """
    improves = spec.improves
    if improves is None or not improves.general or improves.by_people:
        return spec
    folder = Path(improves.general)
    rows = list(read_rows(folder, (TABLE,)))
    if not all(any(name in row for name in _ANSWERED) for row in rows):
        rows = _answered(spec, Path(improves.bundle), folder, rows, report)
    if sum(row.get("split") == "train" for row in rows) >= FEWEST and len(rows) >= FEWEST:
        return spec
    return replace(spec, further=(), improves=replace(improves, general=""))


def _answered(
    spec: TrainSpec, bundle: Path, folder: Path, rows: list[dict[str, Any]], report: ReportProgress
) -> list[dict[str, Any]]:
    writes = spec.recipe == "image-text"
    answer = _captions(bundle, _languages(Path(spec.data))) if writes else _label(bundle)
    answered: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        path = file_of(folder, row)
        try:
            said = answer(path) if path is not None else {}
        except MmbmError:
            said = {}
        if said:
            answered.append({**row, **said})
        report(number, len(rows))
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in answered)
    write_atomically(folder / TABLE, text.encode())
    return answered


def _languages(data: Path) -> tuple[Language, ...]:
    """Return the languages of the corrections; forgetting the others is not what they are about."""
    rows = list(read_rows(data, (TABLE,)))
    return tuple(one for one in LANGUAGES if any(f"caption_{one}" in row for row in rows))


def _captions(bundle: Path, wanted: tuple[Language, ...]) -> Answer:
    """Return what captions a picture; captions that do not look like their language are no answer."""
    from mmbm_desktop.inference.caption import caption
    from mmbm_desktop.inference.image_text import ImageTextBundle
    from mmbm_desktop.protocol.requests import CaptionRequest

    opened = ImageTextBundle(bundle)
    languages: tuple[Language, ...] = tuple(one for one in wanted if one in opened.manifest.languages)

    def answer(path: Path) -> dict[str, str]:
        found = caption(CaptionRequest(str(path), languages), opened, DEFAULT_PIXEL_LIMIT)
        said = {f"caption_{one.language}": one.text for one in found.captions if language_of(one.text) == one.language}
        return said if len(said) == len(languages) else {}

    return answer


def _label(bundle: Path) -> Answer:
    from mmbm_desktop.inference.classify import PictureClassifier, classify
    from mmbm_desktop.protocol.requests import ClassifyRequest

    opened = PictureClassifier(bundle)

    def answer(path: Path) -> dict[str, str]:
        return {"label": classify(ClassifyRequest(str(path), 1), opened, DEFAULT_PIXEL_LIMIT).guesses[0].label}

    return answer
