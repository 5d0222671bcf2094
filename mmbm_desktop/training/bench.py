"""`python -m mmbm_desktop.training.bench`: our loop beside Keras's own `fit`, with the same networks and batches.

One JSON object a line: `network`, `loop` and `fit` (steps a second, the median of the rounds), `batch_share`: the time
of making a batch over the time of a step; below 1 the thread that fetches batches ahead hides it whole.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.training.loop import Loop
from mmbm_desktop.training.recipes.catalogue import make_recipe
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.spec import TrainSpec, default_spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import keras

    from mmbm_desktop.training.recipes.interface import Recipe
    from mmbm_desktop.training.spec import PhaseSpec

_RECIPES = (("picture-classes", "residual", 32), ("image-text", "small", 32))
_STEPS, _ROUNDS, _BATCHES = 12, 3, 4
_PICTURES, _EDGE = 96, 160


class _Canned:
    """A recipe whose batches were made before, and that checks nothing: what is left is the loop."""

    def __init__(self, recipe: Recipe, batches: Sequence[tuple[Any, Any]]) -> None:
        self.learner: keras.Model = recipe.learner
        self.start_phase = recipe.start_phase
        self.unreadable = recipe.unreadable
        self._batches = batches

    def steps(self, phase: PhaseSpec) -> int:
        """Return the same number for every phase."""
        del phase
        return _STEPS

    def batch(self, phase: PhaseSpec, epoch: int, step: int) -> tuple[Any, Any]:
        """Return one of the batches."""
        del phase, epoch
        return self._batches[step % len(self._batches)]

    def validate(self, phase: PhaseSpec) -> Mapping[str, float]:
        """Return a score that says nothing."""
        del phase
        return {"score": 0.0}


def compare(spec: TrainSpec, folder: Path) -> dict[str, float]:
    """Train the same batches by our loop and by `fit`, in turn, and return steps a second and the share of a batch."""
    recipe = make_recipe(spec, folder / "cache", no_progress)
    phase = spec.phases[0]
    began = time.perf_counter()
    batches = [recipe.batch(phase, 0, step % recipe.steps(phase)) for step in range(_BATCHES)]
    batch_s = (time.perf_counter() - began) / _BATCHES
    canned: Any = _Canned(recipe, batches)
    loops, fits = [], []
    for number in range(_ROUNDS):
        loops.append(_loop(spec, canned, folder / f"run-{number}"))
        fits.append(_fit(canned, batches))
    loop, fit = statistics.median(loops), statistics.median(fits)
    return {"loop": _STEPS / loop, "fit": _STEPS / fit, "batch_share": batch_s * _STEPS / loop}


def _loop(spec: TrainSpec, recipe: Any, place: Path) -> float:
    """Return the seconds of an epoch after a first one, which traces the step."""
    place.mkdir()
    phases = (dataclasses.replace(spec.phases[0], epochs=2),)
    folder = RunFolder(place)
    Loop(dataclasses.replace(spec, phases=phases), recipe, folder, CancelToken(), lambda _: None).run()
    return [entry["seconds"] for entry in folder.log() if "train" in entry][-1]


def _fit(recipe: Any, batches: Sequence[tuple[Any, Any]]) -> float:
    """Return the seconds of an epoch of `fit`; the step was traced by the loop before, with the same optimiser."""
    recipe.learner.fit(_endless(batches), steps_per_epoch=2, verbose=0)
    began = time.perf_counter()
    recipe.learner.fit(_endless(batches), steps_per_epoch=_STEPS, verbose=0)
    return time.perf_counter() - began


def _endless(batches: Sequence[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield the batches again and again; `fit` takes a generator, not `itertools.cycle`."""
    while True:
        yield from batches


def draw(folder: Path) -> Path:
    """Write coloured noise in two classes, with a caption each, in train and val; return the folder."""
    random = np.random.default_rng(0)
    rows = []
    for number in range(_PICTURES):
        label = ("warm", "cold")[number % 2]
        file = folder / label / f"{number}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        coarse = Image.fromarray(random.integers(0, 255, (8, 8, 3), np.uint8))
        coarse.resize((_EDGE, _EDGE), Image.Resampling.BICUBIC).save(file)
        split = "val" if number % 8 > 5 else "train"
        caption = {"caption": f"Noise that is {label}, number {number}.", "caption_zh": f"第{number}号噪声。"}
        rows.append({"file_name": f"{label}/{file.name}", "label": label, "split": split, **caption})
    table = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "metadata.jsonl").write_text(table, "utf-8")
    return folder


def main() -> int:
    """Compare every recipe and print a line each."""
    with tempfile.TemporaryDirectory(prefix="mmbm-bench-") as name:
        data = draw(Path(name) / "noise")
        for recipe, preset, batch in _RECIPES:
            spec = dataclasses.replace(default_spec(recipe, data, "bench", 1, preset), batch=batch)
            place = Path(name) / recipe
            place.mkdir()
            line = json.dumps({"network": f"{recipe} {preset}", **compare(spec, place)})
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
