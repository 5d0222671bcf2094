"""The folders of runs as the engine reads and writes them. What a folder says is never taken for a living process.

`training/run_folder.py` describes the files. A folder that is damaged or half made is still listed.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import new_folder, os_errors_sorted, write_atomically
from mmbm_desktop.base.processes import process_lives
from mmbm_desktop.base.toml import to_toml
from mmbm_desktop.engine.runs.run_log import RunLog, read_log
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.plain import failure_told, plain, record_of
from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.protocol.training import EarlyStop, RunInfo, RunReport, RunSettings, RunState, Sample

if TYPE_CHECKING:
    from mmbm_desktop.protocol.training import CurvePoint

Record = TypeVar("Record")

SETTINGS, SPEC, STATE, REPORT, SAMPLES = "settings.json", "spec.toml", "state.json", "report.json", "samples.json"
_ID = re.compile(r"[^/\\\0]+")
_USUAL_EPOCHS = 20


class RunStore:
    """Reads, makes and removes runs.

    Attributes:
        folder: holds a folder for each run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._logs: dict[tuple[str, bool], tuple[tuple[int, int], RunLog]] = {}

    def ids(self) -> tuple[str, ...]:
        """Return the names of all runs' folders."""
        try:
            inside = sorted(self.folder.iterdir())
        except OSError:
            return ()
        return tuple(one.name for one in inside if _is_run(one))

    def path(self, run_id: str) -> Path:
        """Return a run's folder.

        Raises:
            InputFault: ARGUMENT_INVALID, there is no such run.
        """
        folder = self.folder / run_id
        if not _ID.fullmatch(run_id) or run_id in (".", "..") or not _is_run(folder):
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "no such run", name="run", value=run_id)
        return folder

    def there(self, run_id: str) -> bool:
        """Whether there is a run of that name."""
        return _is_run(self.folder / run_id)

    def make(self, settings: RunSettings, run_id: str | None = None) -> str:
        """Make a new run's folder and return its name; one that is there already under `run_id` is left as it is.

        Raises:
            MmbmError: the folder cannot be written.
        """
        if run_id is None:
            folder = new_folder(self.folder, f"{settings.name}-{time.strftime('%Y%m%d-%H%M%S')}")
        else:
            folder = self.folder / run_id
            with os_errors_sorted(folder):
                folder.mkdir(parents=True, exist_ok=True)
        if _is_run(folder):
            return folder.name
        self._write(folder / SETTINGS, plain(settings))
        self._write(folder / STATE, {"state": str(RunState.PAUSED), "created_s": time.time()})
        return folder.name

    def remove(self, run_id: str) -> None:
        """Delete a run's folder.

        Raises:
            InputFault: there is no such run.
            MmbmError: the folder cannot be deleted.
        """
        folder = self.path(run_id)
        with os_errors_sorted(folder):
            shutil.rmtree(folder)
        for key in [key for key in self._logs if key[0] == run_id]:
            del self._logs[key]

    # --- reading ---------------------------------------------------------------------------------------------------

    def info(self, run_id: str) -> RunInfo:
        """Return a run as its folder tells it; one that seems active, but has no living process, is INTERRUPTED.

        Raises:
            InputFault: there is no such run.
        """
        folder = self.path(run_id)
        settings, state, log = self.settings(run_id), _table(folder / STATE), self._log(run_id, checked_only=True)
        failure = state.get("failure")
        return RunInfo(
            id=run_id,
            path=str(folder),
            name=settings.name,
            recipe=settings.recipe,
            data=settings.data,
            state=self._state(folder, state),
            created_s=_number(state.get("created_s")) or _made_s(folder),
            epochs_done=log.epochs_done,
            epochs=sum(self._epochs(run_id)),
            metrics=log.metrics,
            best=log.best,
            bundle=str(state.get("bundle", "")),
            failure=_failure(failure) if failure else None,
            device=str(state.get("device", "")),
            batch_halved_to=int(_number(state.get("batch_halved_to")) or 0) or None,
            stopped_early=_early_stop(state.get("stopped_early")),
        )

    def _state(self, folder: Path, state: dict[str, Any]) -> RunState:
        name = str(state.get("state", ""))
        known = RunState(name) if name in set(RunState) else None
        if known is None:
            return RunState.FINISHED if (folder / REPORT).is_file() else RunState.INTERRUPTED
        if not known.active:
            return known
        return known if process_lives(state.get("pid"), state.get("pid_created_s")) else RunState.INTERRUPTED

    def process(self, run_id: str) -> tuple[int, tuple[int, ...]] | None:
        """Return the id of the process that works on a run and the numbers of its GPUs; None where none does.

        Raises:
            InputFault: there is no such run.
        """
        state = _table(self.path(run_id) / STATE)
        pid = state.get("pid")
        if not isinstance(pid, int) or not process_lives(pid, state.get("pid_created_s")):
            return None
        gpus = state.get("gpus")
        return pid, tuple(one for one in gpus if isinstance(one, int)) if isinstance(gpus, list) else ()

    def settings(self, run_id: str) -> RunSettings:
        """Return what a run was told; of one that was begun with a spec, what its spec says.

        Raises:
            InputFault: there is no such run.
        """
        folder = self.path(run_id)
        try:
            return record_of(RunSettings, _json(folder / SETTINGS))
        except ValueError:
            return _settings_of(_spec(folder / SPEC))

    def _epochs(self, run_id: str) -> list[int]:
        """Return the planned epochs of each phase."""
        spec = _spec(self.path(run_id) / SPEC)
        phases = [phase for phase in spec.get("phases", ()) if isinstance(phase, dict)]
        if phases:
            return [int(_number(phase.get("epochs")) or 0) for phase in phases]
        return [self._planned(self.settings(run_id))]

    def _planned(self, settings: RunSettings) -> int:
        presets = next((one.presets for one in RECIPES if one.name == settings.recipe), ())
        usual = next((one.epochs for one in presets if settings.preset in (None, one.name)), _USUAL_EPOCHS)
        return settings.epochs or usual

    def _log(self, run_id: str, *, checked_only: bool) -> RunLog:
        """Return what the run's log says; read anew only when it has changed."""
        folder = self.path(run_id)
        file = folder / "log.jsonl"
        try:
            about = file.stat()
        except OSError:
            return RunLog()
        stamp = (about.st_mtime_ns, about.st_size)
        known = self._logs.get((run_id, checked_only))
        if known is None or known[0] != stamp:
            phases = [phase for phase in _spec(folder / SPEC).get("phases", ()) if isinstance(phase, dict)]
            read = read_log(file, phases, checked_only=checked_only)
            known = self._logs[run_id, checked_only] = (stamp, read)
        return known[1]

    def curve(self, run_id: str) -> tuple[CurvePoint, ...]:
        """Return the whole curve."""
        return self._log(run_id, checked_only=False).points

    def samples(self, run_id: str) -> tuple[Sample, ...]:
        """Return the latest samples; none where there are none or they cannot be read."""
        try:
            found = _json(self.path(run_id) / SAMPLES)
            return tuple(record_of(Sample, one) for one in found)
        except (ValueError, TypeError):
            return ()

    def report(self, run_id: str) -> RunReport | None:
        """Return the report of a finished run; None where there is none or it cannot be read."""
        try:
            return record_of(RunReport, _json(self.path(run_id) / REPORT))
        except ValueError:
            return None

    # --- writing ---------------------------------------------------------------------------------------------------

    def note(self, run_id: str, state: RunState, failure: Failure | None = None) -> None:
        """Write what became of a run.

        Raises:
            MmbmError: it cannot be written.
        """
        file = self.path(run_id) / STATE
        known = {key: value for key, value in _table(file).items() if key not in ("failure", "pid", "pid_created_s")}
        more = {} if failure is None else {"failure": plain(failure)}
        self._write(file, {**known, "state": str(state), **more})

    def rename(self, run_id: str, name: str) -> None:
        """Give another name to the bundle that a run will publish.

        Raises:
            MmbmError: the folder cannot be written.
        """
        folder = self.path(run_id)
        spec = _spec(folder / SPEC)
        if spec:
            write_atomically(folder / SPEC, to_toml({**spec, "name": name}).encode())
        self._write(folder / SETTINGS, plain(replace(self.settings(run_id), name=name)))

    def extend(self, run_id: str, epochs: int) -> None:
        """Add epochs to the last phase of a run.

        Raises:
            MmbmError: the folder cannot be written.
        """
        folder = self.path(run_id)
        spec = _spec(folder / SPEC)
        if spec.get("phases"):
            spec["phases"][-1]["epochs"] += epochs
            write_atomically(folder / SPEC, to_toml(spec).encode())
            return
        settings = self.settings(run_id)
        self._write(folder / SETTINGS, plain(replace(settings, epochs=self._planned(settings) + epochs)))

    def _write(self, file: Path, content: Any) -> None:
        write_atomically(file, (json.dumps(content, indent=1) + "\n").encode())


def _is_run(folder: Path) -> bool:
    return (folder / SETTINGS).is_file() or (folder / SPEC).is_file()


def _json(file: Path) -> Any:
    """Return what a JSON file holds.

    Raises:
        ValueError: it is not there or is no JSON.
    """
    try:
        return json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ValueError(str(error)) from error


def _table(file: Path) -> dict[str, Any]:
    try:
        found = _json(file)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _spec(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _settings_of(spec: dict[str, Any]) -> RunSettings:
    phase = next(iter(spec.get("phases", ())), {})
    return RunSettings(
        recipe=str(spec.get("recipe", "")),
        data=str(spec.get("data", "")),
        name=str(spec.get("name", "")),
        epochs=int(_number(phase.get("epochs")) or 0) or None,
        learning_rate=_number(phase.get("learning_rate")),
        batch=int(_number(spec.get("batch")) or 0) or None,
        weight_decay=_number(spec.get("weight_decay")),
        seed=int(_number(spec.get("seed")) or 1),
        device=str(spec.get("device", "auto")),
        patience=int(_number(dict(spec.get("stopping", {})).get("patience")) or 0),
        min_delta=_number(dict(spec.get("stopping", {})).get("min_delta")) or 0.0,
        options={k: v for k, v in dict(spec.get("options", {})).items() if isinstance(v, bool | int | float | str)},
    )


def _early_stop(data: Any) -> EarlyStop | None:
    try:
        return record_of(EarlyStop, data)
    except (ValueError, TypeError):
        return None


def _failure(data: Any) -> Failure:
    """Return a stored failure; of one that cannot be read at least that there was one."""
    try:
        return record_of(Failure, data)
    except (ValueError, NameError):
        return failure_told(data if isinstance(data, dict) else {})


def _number(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if usable else None


def _made_s(folder: Path) -> float:
    try:
        return folder.stat().st_ctime
    except OSError:
        return 0.0
