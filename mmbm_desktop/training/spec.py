"""What a run is told to do: a frozen record read from `spec.toml`. A run is reproducible from it and its data."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.networks.image_text_config import ImageTextConfig

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")

RECIPES = ("image-text",)
GOALS = ("distil", "joint")
PRESETS: dict[str, dict[str, Any]] = {
    "small": {"stem_widths": [24, 40], "widths": [48, 112, 256], "blocks": [1, 2, 2], "max_tokens": 20},
    "quick": {
        "image_size": 64,
        "stem_widths": [16, 24],
        "widths": [32, 64, 128],
        "blocks": [1, 1, 1],
        "pooled_width": 256,
        "width": 96,
        "embed_dim": 128,
        "decoder_layers": 1,
        "max_tokens": 20,
    },
}
"""Network sizes by name: "small" is what ships, "quick" learns a few hundred pictures in minutes on a laptop."""


@dataclass(frozen=True)
class PhaseSpec:
    """A stretch of training with one goal and one learning-rate curve.

    Attributes:
        goal: "distil" (predict the teacher's features) or "joint" (contrast, captions and the teacher, if any).
        epochs: passes over the goal's pictures.
        learning_rate: highest rate; warmed up to, then lowered along a cosine to nearly nothing.
        warmup: share of the steps spent warming up.
        batch: pictures a step; the run's own where 0.
    """

    goal: str
    epochs: int
    learning_rate: float = 1e-3
    warmup: float = 0.05
    batch: int = 0


@dataclass(frozen=True)
class TeacherSpec:
    """A finished classifier to learn from.

    Attributes:
        folder: holds its .tflite file.
        pictures: folder with `images.zip` and `labels.jsonl` of further pictures for "distil"; "" for none.
        weight: of its loss beside the others in "joint".
    """

    folder: str
    pictures: str = ""
    weight: float = 0.5


@dataclass(frozen=True)
class TrainSpec:
    """A whole run.

    Attributes:
        recipe: which kind of model.
        name: of the bundle to publish.
        data: the data folder; relative paths start at the folder of the spec file.
        phases: what to do, in order.
        seed: decides weights, order, crops and dropped activations.
        batch: pictures a step.
        vocab: most entries of the tokenizer.
        weight_decay: of AdamW (Loshchilov & Hutter 2019), on everything but biases and scales.
        checkpoint_steps: steps between two checkpoints.
        network: sizes that differ from `ImageTextConfig`'s own.
        teacher: whom to learn from, if anyone.
        title: language to the name people read; the bundle's name where missing.
        terms: what the weights may be used for, for the card; the data's own terms where empty.
        sources: everything the weights come from, each with `name` and `terms`, for the card.
    """

    recipe: str
    name: str
    data: str
    phases: tuple[PhaseSpec, ...]
    seed: int = 1
    batch: int = 128
    vocab: int = 5000
    weight_decay: float = 0.05
    checkpoint_steps: int = 200
    network: dict[str, Any] = field(default_factory=dict)
    teacher: TeacherSpec | None = None
    title: dict[str, str] = field(default_factory=dict)
    terms: str = ""
    sources: tuple[dict[str, str], ...] = ()

    def rooted(self, folder: Path) -> TrainSpec:
        """Return the same spec with absolute paths, relative ones taken from `folder`."""
        teacher = self.teacher
        if teacher is not None:
            pictures = _rooted(teacher.pictures, folder) if teacher.pictures else ""
            teacher = dataclasses.replace(teacher, folder=_rooted(teacher.folder, folder), pictures=pictures)
        return dataclasses.replace(self, data=_rooted(self.data, folder), teacher=teacher)


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
    if isinstance(fields.get("teacher"), dict):
        fields["teacher"] = TeacherSpec(**fields["teacher"])
    spec = TrainSpec(**fields)
    _check(spec)
    return spec


def default_spec(
    recipe: str | None, data: Path | None, name: str | None, epochs: int, preset: str = "small"
) -> TrainSpec:
    """Return a run with sane settings for a person's own data folder.

    Raises:
        InputFault: the recipe, the data folder or the name is missing or makes no sense.
    """
    if not recipe or data is None or not name:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, "a task, a data folder and a name are needed", argument="--task")
    table = {"recipe": recipe, "name": name, "data": str(data.absolute()), "batch": 32, "network": PRESETS[preset]}
    try:
        return spec_from({**table, "phases": [{"goal": "joint", "epochs": epochs}]})
    except (TypeError, ValueError) as error:
        raise InputFault(ErrorCode.SPEC_INVALID, str(error), path=str(data)) from error


def _check(spec: TrainSpec) -> None:
    sizes = (spec.batch, spec.vocab, spec.checkpoint_steps)
    if spec.recipe not in RECIPES:
        raise ValueError(f"recipe is {spec.recipe!r}, not one of {', '.join(RECIPES)}")
    if not _NAME.fullmatch(spec.name):
        raise ValueError(f"{spec.name!r} is no name for a bundle: small letters, digits, dots and hyphens")
    if any(not isinstance(size, int) or size < 1 for size in sizes):
        raise ValueError("batch, vocab and checkpoint_steps are whole numbers from 1 on")
    if not spec.phases:
        raise ValueError("there is no phase")
    if any(set(source) != {"name", "terms"} for source in spec.sources):
        raise ValueError("a source has a name and terms")
    _check_network(spec.network)
    for phase in spec.phases:
        if phase.goal not in GOALS or phase.epochs < 1 or phase.batch < 0 or not 0 < phase.learning_rate < 1:
            raise ValueError(f"phase {phase} makes no sense")
        if phase.goal == "distil" and spec.teacher is None:
            raise ValueError("a phase distils but there is no teacher")


def _check_network(sizes: dict[str, Any]) -> None:
    kinds = {f.name: f.default for f in dataclasses.fields(ImageTextConfig) if f.name != "rules"}
    for name, value in sizes.items():
        numbers = value if isinstance(value, list) else [value]
        listed = isinstance(kinds.get(name), tuple)
        whole = float if isinstance(kinds.get(name), float) else int
        if name not in kinds or listed != isinstance(value, list) or not all(type(n) in (whole, int) for n in numbers):
            raise ValueError(f"network.{name} = {value!r} makes no sense")


def to_toml(spec: TrainSpec) -> str:
    """Return the spec as TOML that `read_spec` reads back to an equal record."""
    table = {name: value for name, value in dataclasses.asdict(spec).items() if value not in (None, {}, "", ())}
    lists = {name: table.pop(name) for name in ("sources", "phases") if name in table}
    tables = {name: table.pop(name) for name in list(table) if isinstance(table[name], dict)}
    lines = [f"{key} = {_toml(value)}" for key, value in table.items()]
    for name, inner in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in inner.items())]
    for name, inner in ((name, inner) for name, entries in lists.items() for inner in entries):
        lines += ["", f"[[{name}]]", *(f"{key} = {_toml(value)}" for key, value in inner.items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """Return one value; JSON spells strings, numbers, booleans and lists of them as TOML does."""
    return json.dumps(value, ensure_ascii=False)
