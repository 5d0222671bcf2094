"""What a run is told to do: a frozen record read from `spec.toml`. A run is reproducible from it and its data."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmbm_desktop.base import toml as base_toml
from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.protocol.recipe_catalogue import RECIPES as CATALOGUE
from mmbm_desktop.protocol.training import Improves
from mmbm_desktop.training.recipe_rules import RECIPES, Plan, check_ranges, check_table, filled
from mmbm_desktop.training.stopping import StoppingSpec

REPLAY = "replay"
"""Role of a further folder whose train split is learned again beside the run's own data."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
ALL = "all"
"""The device that is every GPU at once."""
_DEVICE = re.compile(rf"auto|cpu|gpu:\d+|{ALL}")


@dataclass(frozen=True)
class PhaseSpec:
    """A stretch of training with one goal and one learning-rate curve.

    Attributes:
        goal: one of the recipe's, such as "distil" (predict a teacher's answers) or "joint" (everything at once).
        epochs: passes over the goal's items.
        learning_rate: highest rate; warmed up to, then lowered along a cosine to nearly nothing.
        warmup: share of the steps spent warming up.
        batch: items a step; the run's own where 0.
        size: edge of the crops that pictures are learned from, pixels; the network's own where 0. Things look larger in
            crops than in whole pictures, so a network trained on somewhat smaller ones answers better (Touvron et al.
            2019, "Fixing the train-test resolution discrepancy"), and learns faster.
    """

    goal: str
    epochs: int
    learning_rate: float = 1e-3
    warmup: float = 0.05
    batch: int = 0
    size: int = 0


@dataclass(frozen=True)
class TeacherSpec:
    """A finished classifier to learn from.

    Attributes:
        folder: holds its .tflite file.
        pictures: folder with `images.zip` and `labels.jsonl` of further pictures for "distil"; "" for none.
        weight: of its loss beside the others in "joint".
        views: parts of each picture that it looks at besides the whole; what is learned from a crop is then what it
            says of that part. With 0 it only knows whole pictures.
    """

    folder: str
    pictures: str = ""
    weight: float = 0.5
    views: int = 0


@dataclass(frozen=True)
class FurtherData:
    """A data folder beside the run's own, and what it is for; the recipe says which roles it knows."""

    folder: str
    role: str


@dataclass(frozen=True)
class TrainSpec:
    """A whole run.

    Attributes:
        recipe: which kind of model.
        name: of the bundle to publish.
        data: the data folder; relative paths start at the folder of the spec file. "" for agents, who need none.
        version: of that bundle.
        phases: what to do, in order.
        seed: decides weights, order, crops and dropped activations.
        batch: items a step.
        vocab: most entries of the tokenizer.
        weight_decay: of AdamW (Loshchilov & Hutter 2019), on everything but biases and scales.
        checkpoint_steps: steps between two checkpoints.
        device: "auto", "cpu", "gpu:0", … or "all".
        stopping: when to end early; None: never.
        network: sizes that differ from the recipe's own.
        options: settings of the recipe that differ from its own.
        further: more data folders, each with its role.
        teacher: whom to learn from, if anyone.
        title: language to the name people read; the bundle's name where missing.
        terms: what the weights may be used for, for the card; the data's own terms where empty.
        sources: everything the weights come from, each with `name` and `terms`, for the card.
        improves: the installed model that the result is compared with; None for a new one.
    """

    recipe: str
    name: str
    data: str = ""
    phases: tuple[PhaseSpec, ...] = ()
    version: str = "0.1.0"
    seed: int = 1
    batch: int = 128
    vocab: int = 5000
    weight_decay: float = 0.05
    checkpoint_steps: int = 200
    device: str = "auto"
    stopping: StoppingSpec | None = None
    network: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    further: tuple[FurtherData, ...] = ()
    teacher: TeacherSpec | None = None
    title: dict[str, str] = field(default_factory=dict)
    terms: str = ""
    sources: tuple[dict[str, str], ...] = ()
    improves: Improves | None = None

    def rooted(self, folder: Path) -> TrainSpec:
        """Return the same spec with absolute paths, relative ones taken from `folder`."""
        teacher = self.teacher
        if teacher is not None:
            pictures = _rooted(teacher.pictures, folder) if teacher.pictures else ""
            teacher = dataclasses.replace(teacher, folder=_rooted(teacher.folder, folder), pictures=pictures)
        further = tuple(FurtherData(_rooted(one.folder, folder), one.role) for one in self.further)
        options = dict(self.options)
        if "/" in options.get("start", ""):  # otherwise it is the name of a bundle
            options["start"] = _rooted(options["start"], folder)
        data = _rooted(self.data, folder) if self.data else ""
        return dataclasses.replace(self, data=data, teacher=teacher, further=further, options=options)


def _rooted(path: str, folder: Path) -> str:
    return str((folder / Path(path).expanduser()).resolve())


def read_spec(path: Path) -> TrainSpec:
    """Read a `spec.toml`, its paths made absolute.

    Raises:
        InputFault: it is missing, is not TOML, or says something that makes no sense.
    """
    with os_errors_sorted(path):
        data = path.read_bytes()
    try:
        return spec_from(tomllib.loads(data.decode())).rooted(path.parent.resolve())
    except (TypeError, ValueError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise InputFault(ErrorCode.SPEC_INVALID, str(error), path=str(path)) from error


def spec_from(table: dict[str, Any]) -> TrainSpec:
    """Make a spec from a parsed table.

    Raises:
        TypeError: a key is unknown or missing.
        ValueError: a value is out of its range.
    """
    fields = dict(table)
    fields["phases"] = tuple(PhaseSpec(**phase) for phase in fields.get("phases", ()))
    fields["sources"] = tuple(fields.get("sources", ()))
    fields["further"] = tuple(FurtherData(**one) for one in fields.get("further", ()))
    if isinstance(fields.get("improves"), dict):
        fields["improves"] = Improves(**fields["improves"])
    if isinstance(fields.get("teacher"), dict):
        fields["teacher"] = TeacherSpec(**fields["teacher"])
    if isinstance(fields.get("stopping"), dict):
        fields["stopping"] = StoppingSpec(**fields["stopping"])
    spec = TrainSpec(**fields)
    _check(spec)
    return spec


def default_spec(
    recipe: str | None, data: Path | None, name: str | None, epochs: int, preset: str | None = None
) -> TrainSpec:
    """Return a run with sane settings for a person's own data folder, or for an agent, which needs none.

    `preset` None is the recipe's usual one.

    Raises:
        InputFault: the recipe, the data folder or the name is missing or makes no sense.
    """
    rules = RECIPES.get(recipe or "")
    acts = rules is not None and rules.acts
    if not recipe or not name or (data is None and not acts):
        raise InputFault(ErrorCode.SPEC_INVALID, reason="task-data-name")
    if rules is None:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, name=f"--task ({', '.join(RECIPES)})", value=recipe)
    if preset is not None and preset not in rules.presets:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, name=f"--preset ({', '.join(rules.presets)})", value=preset)
    place = "" if data is None else str(data.absolute())
    table: dict[str, Any] = {"recipe": recipe, "name": name, "data": place, "batch": rules.batch}
    preset = preset or next(iter(rules.presets))
    plan = rules.plans.get(preset, Plan())
    rate = {} if plan.learning_rate is None else {"learning_rate": plan.learning_rate}
    phases = [{"goal": goal, "epochs": epochs, **rate} for goal in plan.goals or rules.goals[:1]]
    table |= {"network": rules.presets[preset], "options": dict(plan.options), "phases": phases}
    if plan.weight_decay is not None:
        table["weight_decay"] = plan.weight_decay
    try:
        return spec_from(table)
    except (TypeError, ValueError) as error:
        raise InputFault(ErrorCode.SPEC_INVALID, str(error), path=place, reason=str(error)) from error


def _check(spec: TrainSpec) -> None:
    sizes = (spec.batch, spec.vocab, spec.checkpoint_steps)
    rules = RECIPES.get(spec.recipe)
    if rules is None:
        raise ValueError(f"recipe is {spec.recipe!r}, not one of {', '.join(RECIPES)}")
    if not _NAME.fullmatch(spec.name):
        raise InputFault(ErrorCode.SPEC_INVALID, repr(spec.name), reason="bad-name")
    if any(not isinstance(size, int) or size < 1 for size in sizes):
        raise ValueError("batch, vocab and checkpoint_steps are whole numbers from 1 on")
    if not isinstance(spec.device, str) or not _DEVICE.fullmatch(spec.device):
        raise ValueError(f"device is {spec.device!r}, not auto, cpu, all, gpu:0 or another")
    if spec.device == ALL and any(one.name == spec.recipe and one.one_device for one in CATALOGUE):
        raise InputFault(ErrorCode.SPEC_INVALID, spec.recipe, reason="one-device")
    if not spec.phases:
        raise ValueError("there is no phase")
    if any(set(source) != {"name", "terms"} for source in spec.sources):
        raise ValueError("a source has a name and terms")
    check_table(rules.config, spec.network, "network", rules.decided, rules.choices)
    check_table(rules.options, spec.options, "options")
    check_ranges(spec.recipe, spec.options)
    filled(rules.options, spec.options)
    _check_data(spec, acts=rules.acts)
    for phase in spec.phases:
        _check_phase(phase, rules.goals)
        if phase.goal == "distil" and spec.teacher is None:
            raise ValueError("a phase distils but there is no teacher")


def _check_data(spec: TrainSpec, *, acts: bool) -> None:
    if spec.stopping is not None and acts:
        raise ValueError("an agent has no validation split to be stopped by")
    if not (spec.data or acts):
        raise ValueError("there is no data folder")


def _check_phase(phase: PhaseSpec, goals: tuple[str, ...]) -> None:
    if not 0 < phase.learning_rate < 1:
        raise ValueError(f"learning_rate = {phase.learning_rate:g} is not between 0 and 1")
    if phase.epochs < 1:
        raise ValueError(f"epochs = {phase.epochs} is not 1 or more")
    if phase.goal not in goals or phase.batch < 0 or phase.size < 0:
        raise ValueError(f"phase {phase} makes no sense")


def to_toml(spec: TrainSpec) -> str:
    """Return the spec as TOML that `read_spec` reads back to an equal record."""
    return base_toml.to_toml(dataclasses.asdict(spec))
