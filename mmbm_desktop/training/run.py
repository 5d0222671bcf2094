"""One run from spec to bundle: folder, recipe, loop, publishing, assessing. Prints nothing; tells its caller."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.protocol.plain import plain
from mmbm_desktop.protocol.training import RunState
from mmbm_desktop.training.improvement.general import answer_general
from mmbm_desktop.training.improvement.made_words import with_made_words
from mmbm_desktop.training.loop import Loop, step_alone
from mmbm_desktop.training.memory import memory_ran_out
from mmbm_desktop.training.recipe_rules import RECIPES
from mmbm_desktop.training.recipes.catalogue import make_agent, make_recipe
from mmbm_desktop.training.reinforcement.loop import AgentLoop
from mmbm_desktop.training.run_folder import LAST, Checkpoint, Position
from mmbm_desktop.training.spec import ALL, read_spec, to_toml
from mmbm_desktop.training.stopping import STOPPED_EARLY, EpochReached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mmbm_desktop.protocol.training import EarlyStop
    from mmbm_desktop.training.commands import Commands
    from mmbm_desktop.training.loop import TakeStep
    from mmbm_desktop.training.recipes.interface import Recipe
    from mmbm_desktop.training.reinforcement.interface import AgentRecipe
    from mmbm_desktop.training.run_folder import RunFolder
    from mmbm_desktop.training.spec import TrainSpec

    Tell = Callable[[Mapping[str, Any]], None]

_TELL_EVERY = 500


def train(run: RunFolder, out: Path | None, commands: Commands, tell: Tell, until: int | None = None) -> Path:
    """Train what the run's spec says, from its last checkpoint on, publish the result and assess it.

    Where the memory does not suffice the batch is halved, once, and the run goes on.

    Args:
        run: a folder made by `start_run`.
        out: the bundle's folder; among the installed models where None.
        commands: ask to stop.
        tell: is given progress as mappings that turn into lines of JSON.
        until: epochs after which the run is only paused, nothing published; before the planned end it does not stop
            early either, for others are compared with it there.

    Returns:
        The bundle's folder.

    Raises:
        EpochReached: so many epochs are done; the run can be resumed.
        Cancelled: the token was cancelled; the run can be resumed.
        MmbmError: the data, the disk or the training itself failed.
    """
    try:
        recipe = _trained(run, commands, tell, until)
    except Exception as error:
        if not memory_ran_out(error):
            raise
        _halve_batch(run, tell, error)
        recipe = None
    # outside the handler, which keeps the network that was too big
    recipe = recipe or _trained(run, commands, tell, until)
    spec = read_spec(run.spec_file)
    metrics = {name: float(value) for name, value in recipe.validate(spec.phases[-1]).items()}
    commands.token.check()
    place = recipe.publish((out or paths.installed_models_dir() / spec.name).absolute(), metrics)
    skipped = {name: str(code) for name, code in recipe.unreadable.items()}
    report: dict[str, Any] = {"name": spec.name, "bundle": str(place), "metrics": metrics, "skipped": skipped}
    run.write_report(report)
    run.note_state(RunState.FINISHED, bundle=str(place))
    tell({"event": "published", "bundle": str(place), "metrics": metrics})
    _assess(run, recipe, place, report, tell)
    _compare(run, spec, place, report, tell)
    return place


def _trained(run: RunFolder, commands: Commands, tell: Tell, until: int | None) -> Recipe | AgentRecipe:
    """Return the recipe with the best weights of a run that has come to its end, or was told to."""
    spec = read_spec(run.spec_file)
    with devices_of(spec) as take_step:
        return _trained_on(spec, run, commands, tell, until, take_step)


@contextlib.contextmanager
def devices_of(spec: TrainSpec) -> Iterator[TakeStep]:
    """Give what takes a step: on one device, or in a context on several of them."""
    if spec.device != ALL:
        yield step_alone
        return
    from mmbm_desktop.training.replicas import Replicas

    replicas = Replicas()
    with replicas.scope():
        yield replicas.step


def _trained_on(
    spec: TrainSpec, run: RunFolder, commands: Commands, tell: Tell, until: int | None, take_step: TakeStep
) -> Recipe | AgentRecipe:
    def preparing(done: int, total: int | None) -> None:
        commands.token.check()
        if done % _TELL_EVERY == 0 or done == total:
            tell({"event": "preparing", "done": done, "total": total})

    speaks = spec.recipe == "speech-commands"
    answered = with_made_words(spec, preparing) if speaks else answer_general(spec, preparing)
    if answered != spec:
        spec = answered
        write_atomically(run.spec_file, to_toml(spec).encode())
    acts = RECIPES[spec.recipe].acts
    recipe: Any = make_agent(spec) if acts else make_recipe(spec, paths.cache_dir() / "training", preparing)
    for name, code in recipe.unreadable.items():
        tell({"event": "skipped", "path": name, "error": str(code)})

    def sample() -> None:
        samples = recipe.samples()
        run.write_samples(samples)
        tell({"event": "samples", "samples": [plain(one) for one in samples]})

    _note_going_on(run, spec, tell)
    finishing = lambda: commands.finishing  # noqa: E731
    midway = until is not None and until < sum(phase.epochs for phase in spec.phases)
    followed = dataclasses.replace(spec, stopping=None) if midway else spec
    common = (followed, recipe, run, commands.token, tell, finishing, sample, until)
    loop = AgentLoop(*common) if acts else Loop(*common, take_step)
    loop.run()
    _end_here(run, spec, loop.finished_at)
    if loop.stopped_early is not None and loop.finished_at is not None:
        _note_early_stop(run, loop.finished_at, loop.stopped_early, tell)
    if until is not None and not commands.finishing:
        raise EpochReached
    return recipe


def _note_going_on(run: RunFolder, spec: TrainSpec, tell: Tell) -> None:
    """Say that the run is at work; one that stopped early before, and is only to be published now, still did."""
    stops = [entry for entry in run.log() if STOPPED_EARLY in entry]
    ended = bool(stops) and (stops[-1]["phase"], stops[-1]["epoch"]) >= (len(spec.phases) - 1, spec.phases[-1].epochs)
    why = stops[-1][STOPPED_EARLY] if ended else None
    run.note_process(RunState.RUNNING, stopped_early=why)
    if why:
        tell({"event": "stopped-early", **why})


def _note_early_stop(run: RunFolder, here: Position, why: EarlyStop, tell: Tell) -> None:
    """Say why the run ended, after its plan was shortened: an extended one begins to be patient anew."""
    run.append_log(here, {STOPPED_EARLY: plain(why)})
    run.note_process(RunState.RUNNING, stopped_early=plain(why))
    tell({"event": "stopped-early", **plain(why)})


def _end_here(run: RunFolder, spec: TrainSpec, here: Position | None) -> None:
    """Plan no more epochs than those that were begun when the run was told to finish."""
    if here is None or here.phase != len(spec.phases) - 1:
        return
    epochs = max(1, here.epoch + (1 if here.step else 0))
    last = dataclasses.replace(spec.phases[-1], epochs=epochs)
    write_atomically(run.spec_file, to_toml(dataclasses.replace(spec, phases=(*spec.phases[:-1], last))).encode())


def _halve_batch(run: RunFolder, tell: Tell, error: Exception) -> None:
    """Write half the batch into the spec, and the steps that the last checkpoint has behind it in halves.

    An agent's turns stay as long as they are.

    Raises:
        EnvironmentFault: OUT_OF_MEMORY, there is nothing to halve.
    """
    spec = read_spec(run.spec_file)
    largest = max(spec.batch, *(phase.batch for phase in spec.phases))
    if largest < 2:
        raise EnvironmentFault(ErrorCode.OUT_OF_MEMORY, str(error)) from error
    phases = tuple(dataclasses.replace(phase, batch=(phase.batch + 1) // 2) for phase in spec.phases)
    halved = dataclasses.replace(spec, batch=max(1, spec.batch // 2), phases=phases)
    last = run.load(LAST)
    write_atomically(run.spec_file, to_toml(halved).encode())
    if last is not None and not RECIPES[spec.recipe].acts:
        at = dataclasses.replace(last.position, step=2 * last.position.step)
        run.save(LAST, Checkpoint(at, last.arrays, last.best_score))
    batch = halved.phases[0].batch or halved.batch
    run.note_process(RunState.PREPARING, batch_halved_to=batch)
    tell({"event": "batch-halved", "batch": batch})


def _assess(run: RunFolder, recipe: Recipe | AgentRecipe, place: Path, report: dict[str, Any], tell: Tell) -> None:
    """Measure the bundle on data it was never trained on; that it cannot be measured spoils no bundle."""
    try:
        assessment = recipe.assess(place)
    except MmbmError as error:
        tell({"event": "skipped", "path": str(error.params.get("path", place)), "error": str(error.code)})
        return
    if assessment is None:
        return
    report["assessment"] = plain(assessment)
    run.write_report(report)
    tell({"event": "assessed", "assessment": plain(assessment)})


def _compare(run: RunFolder, spec: TrainSpec, place: Path, report: dict[str, Any], tell: Tell) -> None:
    """Compare an improved bundle with the one that it began with; that they cannot be compared spoils neither."""
    from mmbm_desktop.training.improvement.comparing import compare

    try:
        comparison = compare(spec, place)
    except MmbmError as error:
        tell({"event": "skipped", "path": str(error.params.get("path", place)), "error": str(error.code)})
        return
    if comparison is not None:
        report["comparison"] = plain(comparison)
        run.write_report(report)
        tell({"event": "compared", "comparison": plain(comparison)})
