"""Plans a run that learns from corrections: which model, which data beside the corrections, how long. Trains nothing.

What must not be forgotten comes, in this order, from the data folder that the model itself was trained on here, where
people said what the items show; or from pictures of the library, for which the old model's own answers are learned
again ("Learning without Forgetting", Li & Hoiem 2016). Bundles that ship bring no pictures: their licences forbid it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.engine.improving.data_set import write_captions, write_general, write_labels, write_transcripts
from mmbm_desktop.engine.improving.spoken import learnable, spellable
from mmbm_desktop.engine.model_store import bundle_of
from mmbm_desktop.protocol.corrections import FEWEST_LEARNED, improved_name, model_name, origin_of
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.tasks import MediaKind, Task
from mmbm_desktop.protocol.training import Improves, RunSettings, RunState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mmbm_desktop.engine.improving.data_set import Written
    from mmbm_desktop.engine.model_store import ModelStore
    from mmbm_desktop.engine.one_thread import OneThread
    from mmbm_desktop.engine.runs.interface import Runs
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.corrections import Correction
    from mmbm_desktop.protocol.results import Item

RECIPE_OF: Mapping[Task, str] = {
    Task.CAPTION: "image-text",
    Task.CLASSIFY: "picture-classes",
    Task.TRANSCRIBE: "speech-commands",
}
_PRESET_OF = {Task.CAPTION: "fine-tune", Task.CLASSIFY: "frozen", Task.TRANSCRIBE: "small"}
_RATE_OF = {Task.CAPTION: 2e-4, Task.CLASSIFY: 3e-3, Task.TRANSCRIBE: 3e-4}
"""Low rates: the model already knows how, and the head of a classifier goes on from where it was."""
_BATCH = 32
_REPLAY = 0.5
"""Share of each batch that is general."""
_EPOCHS = 10
_LOOKED_AT, _GENERAL, _FEWEST_GENERAL = 2000, 160, 12
"""Newest pictures of the library among which the general ones are, how many are taken, and how few are none."""


class Planning:
    """Plans for one engine."""

    def __init__(self, library: Library, reader: OneThread, models: ModelStore, runs: Runs) -> None:
        self._library, self._reader, self._models, self._runs = library, reader, models, runs

    def item_at(self, path: str) -> Item | None:
        """Return the library's item of a file."""
        return self._reader.run(lambda: self._library.item_at(path))

    def about(self, task: Task, corrections: Sequence[Correction]) -> list[Correction]:
        """Return the corrections that the model that answers a task would learn from; all where nobody does."""
        try:
            model = self._models.choose(task)
        except MmbmError:
            return [one for one in corrections if one.task is task]
        return _about(task, model, corrections)

    def reason(self, task: Task) -> str:
        """Return why the model that answers a task can learn nothing here, a code; "" where it can, or nobody answers.

        "only-dictates": PocketSphinx, whose vocabulary and sounds come with it.
        """
        try:
            return "" if bundle_of(self._models.choose(task)) else "only-dictates"
        except MmbmError:
            return ""

    def fitting(self, task: Task, mine: Sequence[Correction]) -> list[Correction]:
        """Return the corrections that the model that answers a task can spell; all where nobody answers."""
        try:
            bundle = bundle_of(self._models.choose(task))
            return list(mine) if bundle is None else spellable(task, bundle, mine)
        except MmbmError:
            return list(mine)

    def settings(
        self, task: Task, corrections: Sequence[Correction], model: str | None, epochs: int | None
    ) -> RunSettings:
        """Write a run's data and return what it is told.

        Raises:
            InputFault: CORRECTIONS_TOO_FEW; DATASET_INVALID (`reason`), the corrections cannot be learned by this
                model; ARGUMENT_INVALID, models of that task cannot be improved.
            EnvironmentFault: MODEL_MISSING, or a folder cannot be written.
        """
        if task not in RECIPE_OF:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "nobody can improve it", name="task", value=str(task))
        old = self._models.choose(task, model)
        bundle = bundle_of(old)
        if bundle is None and task is Task.TRANSCRIBE:
            raise InputFault(ErrorCode.DATASET_INVALID, old.name, path=old.name, reason="only-dictates")
        if bundle is None:
            raise EnvironmentFault(ErrorCode.MODEL_MISSING, name=old.name, task=str(task))
        mine = _about(task, old, corrections)
        _refuse_few(task, mine)
        mine = learnable(task, bundle, mine)
        name = improved_name(old.name, self._taken())
        place = paths.data_dir() / "corrections" / name
        data = place / "my-corrections"
        written = self._written(task, data, mine)
        _refuse_few(task, [one for one in mine if one.path not in written.missing])
        general, by_people = self._general(task, old, place, frozenset(one.content_hash for one in mine))
        return RunSettings(
            recipe=RECIPE_OF[task],
            data=str(data),
            name=name,
            preset=_PRESET_OF[task],
            epochs=epochs or _EPOCHS,
            learning_rate=_RATE_OF[task],
            batch=_BATCH,
            options={"start": bundle, "replay": _REPLAY},
            improves=Improves(old.name, bundle, general, by_people),
        )

    def _written(self, task: Task, data: Path, mine: Sequence[Correction]) -> Written:
        if task is Task.CAPTION:
            return write_captions(data, mine, self.item_at)
        return write_labels(data, mine) if task is Task.CLASSIFY else write_transcripts(data, mine)

    def _taken(self) -> frozenset[str]:
        """Return the names that no new model may have: of models, of runs, and of corrections written before."""
        names = {model.name for model in self._models.models()} | {run.name for run in self._runs.all()}
        place = paths.data_dir() / "corrections"
        return frozenset(names | ({one.name for one in place.iterdir()} if place.is_dir() else set()))

    def _general(self, task: Task, old: ModelInfo, place: Path, without: frozenset[str]) -> tuple[str, bool]:
        """Return the folder of general items, "" where there are none, and whether people said what they show."""
        learned_from = self._own_data(task, old)
        if learned_from:
            return learned_from, True
        if task is Task.TRANSCRIBE:  # the trainer lets a synthesiser say the words, where there is one
            return "", False
        photos = Filters(kind=str(MediaKind.PHOTO))
        items, _ = self._reader.run(lambda: self._library.browse(0, _LOOKED_AT, photos))
        folder = place / "general"
        enough = write_general(folder, items, without, _GENERAL) >= _FEWEST_GENERAL
        return (str(folder) if enough else "", False)

    def _own_data(self, task: Task, old: ModelInfo) -> str:
        """Return the data folder of the run here that made a model, or the one that its line began with; else ""."""
        for run in self._runs.all():
            made = run.state is RunState.FINISHED and run.name == origin_of(old.name)
            there = run.recipe == RECIPE_OF[task] and run.data and Path(run.data).is_dir()
            if made and there and not _leaves_people_out(Path(run.path)):
                return run.data
        return ""


def _about(task: Task, model: ModelInfo, corrections: Sequence[Correction]) -> list[Correction]:
    """Return the corrections that a model learns from: all captions; of others those of its own line of models."""
    of_task = [one for one in corrections if one.task is task]
    if task is Task.CAPTION or not bundle_of(model):
        return of_task
    return [one for one in of_task if origin_of(model_name(one.model)) == origin_of(model.name)]


def _leaves_people_out(run: Path) -> bool:
    """Whether a run's spec holds speakers out that its data folder says to train on: they must stay unheard."""
    try:
        spec = tomllib.loads((run / "spec.toml").read_text("utf-8"))
        return bool(dict(spec.get("options", {})).get("held_out_speakers"))
    except (OSError, ValueError):
        return False


def _refuse_few(task: Task, corrections: Sequence[Correction]) -> None:
    there = len({one.content_hash for one in corrections if one.lesson and not one.held_out})
    if there < FEWEST_LEARNED:
        needed = FEWEST_LEARNED - there
        raise InputFault(ErrorCode.CORRECTIONS_TOO_FEW, task=str(task), there=there, needed=needed)
