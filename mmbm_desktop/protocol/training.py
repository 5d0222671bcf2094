"""Records of training runs: what a run is told, how far it is, its curve, what it says of items, how good it became."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmbm_desktop.protocol.failure import Failure

SettingValue = bool | int | float | str
_WORKS = 0.05
"""Of a core or of a GPU, from which on something is at work."""


class RunState(StrEnum):
    """Where a run is. A paused, interrupted or failed one can be resumed, a finished one extended."""

    WAITING = "waiting"
    PREPARING = "preparing"
    RUNNING = "running"
    STOPPING = "stopping"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    FINISHED = "finished"

    @property
    def active(self) -> bool:
        """Whether a process works on the run, or soon will."""
        return self in (RunState.WAITING, RunState.PREPARING, RunState.RUNNING, RunState.STOPPING)


@dataclass(frozen=True)
class Improves:
    """What a run that learns from a person's corrections goes on from and is compared with.

    Attributes:
        model: name of the installed model.
        bundle: its folder.
        general: data folder of general items: its train split is learned again beside the corrections, its test split
            shows what was forgotten; "" where there are none.
        by_people: whether people said what the general items show; otherwise the model itself says it first.
    """

    model: str
    bundle: str
    general: str = ""
    by_people: bool = False


@dataclass(frozen=True)
class RunSettings:
    """What a person decides about a new run; None and missing options: the recipe's own.

    Attributes:
        recipe: which kind of model, a name of the recipe catalogue.
        data: absolute path of the data folder.
        name: of the bundle to publish.
        preset: network sizes and phases by name.
        epochs: passes over the data.
        learning_rate: highest rate.
        batch: items a step.
        seed: decides weights, order and augmentation.
        device: "auto", "cpu", "gpu:0", …, or "all" for every GPU at once.
        options: settings of the recipe by name.
        patience: validations without a better score after which the run ends early; 0: never.
        min_delta: by how much a score must be higher to be better.
        improves: the installed model that the run makes better; None for a new one.
        weight_decay: of the optimiser.
    """

    recipe: str
    data: str
    name: str
    preset: str | None = None
    epochs: int | None = None
    learning_rate: float | None = None
    batch: int | None = None
    seed: int = 1
    device: str = "auto"
    options: dict[str, SettingValue] = field(default_factory=dict)
    patience: int = 0
    min_delta: float = 0.0
    improves: Improves | None = None
    weight_decay: float | None = None


@dataclass(frozen=True)
class EarlyStop:
    """Why a run ended early: no better score for so many validations since `best_epoch`, counted from 1."""

    validations: int
    best_epoch: int


@dataclass(frozen=True)
class GpuUse:
    """A graphics card by its number: its memory in use and in all, and how busy it is, 0..1; None: it does not say."""

    number: int
    memory_bytes: int
    total_bytes: int
    busy: float | None = None


@dataclass(frozen=True)
class RunUse:
    """What a run's process and its children use of the computer.

    Attributes:
        memory_bytes: of the computer's memory.
        cores: processor cores that are kept busy, since the reading before.
        of_cores: that the computer has.
        gpus: those that the run computes on, whoever uses them.
    """

    memory_bytes: int
    cores: float
    of_cores: int
    gpus: tuple[GpuUse, ...] = ()

    @property
    def computes(self) -> bool:
        """Whether something is going on: a silent run that computes is at hard work, another one hangs."""
        return self.cores >= _WORKS or any((one.busy or 0.0) >= _WORKS for one in self.gpus)


@dataclass(frozen=True)
class RunInfo:
    """One run at one moment.

    Attributes:
        id: its folder's name.
        path: its folder.
        name: of the bundle it makes.
        recipe: which kind of model.
        data: its data folder.
        state: where it is.
        created_s: seconds since the epoch.
        epochs_done: whole epochs, over all phases.
        epochs: planned, over all phases.
        step: of the current epoch.
        steps: of an epoch; 0 while unknown.
        step_ms: time of a step, of late.
        seconds_left: to the planned end; None while unknown.
        metrics: latest numbers of the val split.
        best: highest score of the val split so far.
        bundle: folder of the published bundle; "" before.
        failure: why it failed.
        device: where it runs, in words for people ("CPU · 2 threads").
        silent_s: how long nothing was heard of a running one, once that is unusually long.
        batch_halved_to: the batch it goes on with since the memory ran out.
        stopped_early: why it ended before its planned end, if it did.
        use: what it uses of the computer; None where nobody looked, or nothing is at work.
    """

    id: str
    path: str
    name: str
    recipe: str
    data: str
    state: RunState
    created_s: float
    epochs_done: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    step_ms: float | None = None
    seconds_left: float | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    best: float | None = None
    bundle: str = ""
    failure: Failure | None = None
    device: str = ""
    silent_s: float | None = None
    batch_halved_to: int | None = None
    stopped_early: EarlyStop | None = None
    use: RunUse | None = None


@dataclass(frozen=True)
class CurvePoint:
    """A place on a run's curve.

    Attributes:
        epoch: epochs passed over all phases, with a fraction.
        values: number by name, such as "loss" or "recall@10 en".
        validation: measured on the val split, not on a training step.
        phase: goal of the phase.
        resumed: the first point after the run was resumed.
    """

    epoch: float
    values: dict[str, float]
    validation: bool = False
    phase: str = ""
    resumed: bool = False


@dataclass(frozen=True)
class Sample:
    """An item and what a network says of it.

    Attributes:
        kind: "picture", "recording" or "text": what `source` is.
        source: path of the file, or the text itself.
        truth: what people say of it; "" where nobody did.
        guess: what the network says.
        score: how sure it is, or how much the guess agrees with the truth, 0..1.
        right: whether the guess counts as right; None where there is no right and wrong.
        words: the truth's words beside the guess's, pairs of an alignment with the fewest changes; "" for no word.
        before: what the model said that the run began with; "" where it began with none.
    """

    kind: str
    source: str
    truth: str
    guess: str
    score: float
    right: bool | None = None
    words: tuple[tuple[str, ...], ...] = ()
    before: str = ""


@dataclass(frozen=True)
class Believed:
    """Answers whose probabilities lie together: how many, what was said on the average, what share was right."""

    items: int
    said: float
    right: float


@dataclass(frozen=True)
class ClassNumbers:
    """How well one class is told from the others on the assessed items; `auroc` is None where it is undefined."""

    label: str
    items: int
    precision: float
    recall: float
    f1: float
    auroc: float | None = None


@dataclass(frozen=True)
class WordChange:
    """A word that was said and what was written down for it, so many times; "" said: made up, "" written: left out."""

    said: str
    written: str
    count: int


EPISODES = "new episodes"
"""The split of an assessment that let an agent play."""


@dataclass(frozen=True)
class Assessment:
    """How good a published bundle is on a split it was never trained on.

    Attributes:
        split: which one.
        items: how many were used.
        numbers: value by name, such as "accuracy" or "CIDEr-D, English".
        classes: per class, where there are classes.
        labels: of the rows and columns of `confusion`.
        confusion: `confusion[truth][guess]` counts items.
        samples: items with their answers, the most surprising (wrong and sure) first.
        before: the same numbers of the model that the run began with, where there was one.
        believed: how far probabilities can be believed, by tenths of what was said.
        changes: words of transcripts that were not written down as they were said, the most frequent first.
    """

    split: str
    items: int
    numbers: dict[str, float] = field(default_factory=dict)
    classes: tuple[ClassNumbers, ...] = ()
    labels: tuple[str, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    samples: tuple[Sample, ...] = ()
    before: dict[str, float] = field(default_factory=dict)
    believed: tuple[Believed, ...] = ()
    changes: tuple[WordChange, ...] = ()


FORGOTTEN = 0.05
"""A general number that falls by more than this share is worth a warning."""


@dataclass(frozen=True)
class ComparedNumber:
    """A number of the old and of the new model, better when higher.

    Attributes:
        name: such as "accuracy" or "CIDEr-D, English".
        old: of the model that the run began with.
        new: of the one that it made.
        general: measured on general items, not on held-out corrections.
        decides: whether the verdict is about it; one of each kind is.
    """

    name: str
    old: float
    new: float
    general: bool = False
    decides: bool = False


@dataclass(frozen=True)
class ComparedItem:
    """What both models say of one item; `truth` is what people say, "" where nobody did."""

    source: str
    truth: str
    old: str
    new: str
    general: bool = False


@dataclass(frozen=True)
class Comparison:
    """An old model beside an improved one, on held-out corrections and on general items neither was taught.

    Attributes:
        old: name of the old model.
        new: name of the new one.
        held_out: corrections that were measured on.
        general: general items that were measured on.
        numbers: of both.
        examples: some items where they differ, or the first ones where they do not.
    """

    old: str
    new: str
    held_out: int
    general: int
    numbers: tuple[ComparedNumber, ...] = ()
    examples: tuple[ComparedItem, ...] = ()

    def decisive(self, *, general: bool) -> ComparedNumber | None:
        """Return the number that the verdict is about; None where nothing was measured."""
        return next((one for one in self.numbers if one.decides and one.general is general), None)

    @property
    def forgot(self) -> bool:
        """Whether the deciding general number fell by more than `FORGOTTEN` of what it was."""
        one = self.decisive(general=True)
        return one is not None and one.old - one.new > FORGOTTEN * abs(one.old)


@dataclass(frozen=True)
class RunReport:
    """What a finished run's `report.json` says. `skipped` maps files that were left out to error codes.

    `comparison` is there where the run improved a model.
    """

    name: str
    bundle: str
    metrics: dict[str, float]
    assessment: Assessment | None = None
    skipped: dict[str, str] = field(default_factory=dict)
    comparison: Comparison | None = None
