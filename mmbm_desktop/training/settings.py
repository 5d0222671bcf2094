"""Makes a run's spec of what a person decided. What they left open, the catalogue of recipes decides."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted, write_atomically
from mmbm_desktop.protocol.plain import record_of
from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.protocol.recipes import PresetInfo
from mmbm_desktop.protocol.training import RunSettings
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.spec import REPLAY, FurtherData, default_spec, read_spec, spec_from, to_toml
from mmbm_desktop.training.stopping import StoppingSpec

if TYPE_CHECKING:
    from mmbm_desktop.protocol.training import Improves
    from mmbm_desktop.training.spec import TrainSpec

SETTINGS_FILE = "settings.json"
_USUAL = PresetInfo("", 20, 1e-3, 32)


def spec_of(settings: RunSettings) -> TrainSpec:
    """Return the spec of a new run.

    Raises:
        InputFault: ARGUMENT_INVALID or SPEC_INVALID, a setting makes no sense.
    """
    preset = _preset(settings)
    data = Path(settings.data) if settings.data else None
    epochs = settings.epochs or preset.epochs
    spec = default_spec(settings.recipe, data, settings.name, epochs, settings.preset)
    rate = preset.learning_rate if settings.learning_rate is None else settings.learning_rate
    phases = tuple(dataclasses.replace(phase, learning_rate=rate) for phase in spec.phases)
    try:
        wanted = dataclasses.replace(
            spec,
            phases=phases,
            batch=preset.batch if settings.batch is None else settings.batch,
            weight_decay=spec.weight_decay if settings.weight_decay is None else settings.weight_decay,
            seed=settings.seed,
            device=settings.device,
            stopping=StoppingSpec(settings.patience, settings.min_delta) if settings.patience else None,
            options={**spec.options, **settings.options},
        )
        if settings.improves is not None:
            wanted = _improving(wanted, settings.improves)
        return spec_from(tomllib.loads(to_toml(wanted)))
    except (TypeError, ValueError) as error:
        raise InputFault(ErrorCode.SPEC_INVALID, str(error), path=settings.data, reason=str(error)) from error


def _improving(spec: TrainSpec, improves: Improves) -> TrainSpec:
    """Return the spec of a run that goes on from a model: captions are taught alone, so that search stays as it is."""
    goal = "caption" if spec.recipe == "image-text" else spec.phases[0].goal
    phases = tuple(dataclasses.replace(phase, goal=goal) for phase in spec.phases)
    further = (FurtherData(improves.general, REPLAY),) if improves.general else ()
    return dataclasses.replace(spec, phases=phases, further=further, improves=improves)


def _preset(settings: RunSettings) -> PresetInfo:
    """Return the preset with the settings that suit it; the first one is the usual one."""
    presets = next((recipe.presets for recipe in RECIPES if recipe.name == settings.recipe), ())
    named = (one for one in presets if settings.preset in (None, one.name))
    return next(named, _USUAL)


def start_run(spec: TrainSpec, folder: Path) -> RunFolder:
    """Make a new run's folder with its spec.

    Raises:
        MmbmError: the folder cannot be written.
    """
    run = RunFolder(folder)
    with os_errors_sorted(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_atomically(run.spec_file, to_toml(spec).encode())
    return run


def opened_run(folder: Path) -> RunFolder:
    """Return a run that was begun before, or one that so far has only settings; its spec is then made.

    Raises:
        InputFault: the folder has neither, or they make no sense.
    """
    run = RunFolder(folder)
    settings = folder / SETTINGS_FILE
    if run.spec_file.exists() or not settings.exists():
        return run
    with os_errors_sorted(settings):
        text = settings.read_text("utf-8")
    try:
        wanted = record_of(RunSettings, json.loads(text))
    except ValueError as error:
        raise InputFault(ErrorCode.SPEC_INVALID, str(error), path=str(settings), reason=str(error)) from error
    return start_run(spec_of(wanted), folder)


def extend(run: RunFolder, epochs: int) -> None:
    """Add epochs to the last phase; `run.train` then goes on from the last checkpoint.

    Raises:
        MmbmError: the spec cannot be read or written.
    """
    spec = read_spec(run.spec_file)
    last = dataclasses.replace(spec.phases[-1], epochs=spec.phases[-1].epochs + epochs)
    write_atomically(run.spec_file, to_toml(dataclasses.replace(spec, phases=(*spec.phases[:-1], last))).encode())


def change_rate(run: RunFolder, rate: float) -> None:
    """Let a run go on with another learning rate; its plan of warm-up and decay stays.

    Raises:
        InputFault: ARGUMENT_INVALID, it is no rate.
        MmbmError: the spec cannot be read or written.
    """
    spec = read_spec(run.spec_file)
    text = to_toml(
        dataclasses.replace(spec, phases=tuple(dataclasses.replace(phase, learning_rate=rate) for phase in spec.phases))
    )
    try:
        spec_from(tomllib.loads(text))
    except ValueError as error:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, str(error), name="--learning-rate", value=rate) from error
    write_atomically(run.spec_file, text.encode())
