"""One run from spec to bundle: folder, recipe, loop, publishing. Prints nothing; tells its caller."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base import paths
from mmbm_desktop.base.files import os_errors_sorted, write_atomically
from mmbm_desktop.training.loop import Loop
from mmbm_desktop.training.recipe_rules import RECIPES
from mmbm_desktop.training.recipes.catalogue import make_agent, make_recipe
from mmbm_desktop.training.reinforcement.loop import AgentLoop
from mmbm_desktop.training.run_folder import RunFolder
from mmbm_desktop.training.spec import read_spec, to_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.training.spec import TrainSpec

_TELL_EVERY = 500


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


def train(run: RunFolder, out: Path | None, token: CancelToken, tell: Callable[[Mapping[str, Any]], None]) -> Path:
    """Train what the run's spec says, from its last checkpoint on, and publish the result.

    Args:
        run: a folder made by `start_run`.
        out: the bundle's folder; among the installed models where None.
        token: asks to stop.
        tell: is given progress as mappings that turn into lines of JSON.

    Returns:
        The bundle's folder.

    Raises:
        Cancelled: the token was cancelled; the run can be resumed.
        MmbmError: the data, the disk or the training itself failed.
    """
    spec = read_spec(run.spec_file)

    def preparing(done: int, total: int | None) -> None:
        token.check()
        if done % _TELL_EVERY == 0 or done == total:
            tell({"event": "preparing", "done": done, "total": total})

    if RECIPES[spec.recipe].acts:
        recipe = make_agent(spec)
        AgentLoop(spec, recipe, run, token, tell).run()
    else:
        recipe = make_recipe(spec, paths.cache_dir() / "training", preparing)
        for name, code in recipe.unreadable.items():
            tell({"event": "skipped", "path": name, "error": str(code)})
        Loop(spec, recipe, run, token, tell).run()
    metrics = recipe.validate(spec.phases[-1])
    place = recipe.publish((out or paths.installed_models_dir() / spec.name).absolute(), metrics)
    run.write_report(
        {"name": spec.name, "bundle": place.name, "metrics": metrics, "unreadable": list(recipe.unreadable)}
    )
    tell({"event": "published", "bundle": str(place), "metrics": metrics})
    return place
