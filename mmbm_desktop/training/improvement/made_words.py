"""General words for a command recogniser whose own recordings are not here: voices of espeak-ng say what it knows.

They are written once, as a data folder with splits, so that a resumed run learns, and is compared on, the same ones.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import soundfile

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import os_errors_sorted, write_atomically
from mmbm_desktop.media.audio import SAMPLE_RATE_HZ
from mmbm_desktop.training.data.synthesised import PROGRAM, synthesised
from mmbm_desktop.training.recipes.speech_commands_start import read_commands_start
from mmbm_desktop.training.spec import REPLAY, FurtherData

if TYPE_CHECKING:
    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.spec import TrainSpec

_VOICES, _MOST = 24, 480
"""How many say every word, unless that makes more clips than the second number, which takes a minute."""
_FEWEST_VOICES = 4
_SPLITS = ("test", "train", "val", "train")
"""Of the voices in turn: one that is measured on is never learned from."""


def with_made_words(spec: TrainSpec, report: ReportProgress) -> TrainSpec:
    """Return the spec with made words as its general data, where it has none and there is a synthesiser.

    Raises:
        EnvironmentFault: the bundle that it goes on from is missing or damaged, or the folder cannot be written.
    """
    improves = spec.improves
    if improves is None or improves.general or shutil.which(PROGRAM) is None:
        return spec
    start = read_commands_start(str(spec.options["start"]))
    words = sorted(start.words)[: _MOST // _FEWEST_VOICES]
    voices = max(_FEWEST_VOICES, min(_VOICES, _MOST // max(1, len(words))))
    try:
        clips = synthesised(words, voices * len(words), start.language, spec.seed, report)
    except MmbmError:
        return spec
    folder = Path(spec.data).parent / "general"
    with os_errors_sorted(folder):
        folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, clip in enumerate(clips):
        name = f"{number:04d}.wav"
        with os_errors_sorted(folder / name):
            soundfile.write(folder / name, clip.pcm, SAMPLE_RATE_HZ)
        split = _SPLITS[number // len(words) % len(_SPLITS)]
        about = {"file_name": name, "transcription": clip.text, "speaker": clip.speaker, "split": split}
        rows.append(json.dumps({**about, "language": start.language}, ensure_ascii=False) + "\n")
    write_atomically(folder / "metadata.jsonl", "".join(rows).encode())
    general = str(folder)
    further = (*spec.further, FurtherData(general, REPLAY))
    return replace(spec, further=further, improves=replace(improves, general=general, by_people=True))
