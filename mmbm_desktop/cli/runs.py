"""`mmbm runs list|show|report|tensorboard|remove`: training runs, their numbers, curves and reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.cli.improving import comparison_lines
from mmbm_desktop.cli.messages import error_words, words
from mmbm_desktop.cli.output import Output, rounded
from mmbm_desktop.cli.session import open_engine
from mmbm_desktop.cli.silence import use_words
from mmbm_desktop.protocol.plain import plain
from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from mmbm_desktop.engine.runs.interface import Runs
    from mmbm_desktop.protocol.training import RunInfo, WordChange

_MOST_CHANGES = 20


def runs(arguments: argparse.Namespace) -> int:
    """List, show, report, write for TensorBoard or remove training runs and return the exit status.

    Raises:
        InputFault: no run of that name, none was named, or it has no report yet.
    """
    output = Output(as_json=arguments.json)
    with open_engine() as engine:
        known = engine.runs.all()
        if arguments.action == "list":
            for info in known:
                output.answer(_record(info), _line(info))
            return output.exit_status
        info = next((one for one in known if one.id == _id(arguments.run)), None)
        if info is None:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, "no such run", name="RUN", value=arguments.run or "")
        act = {"show": _show, "report": _report, "tensorboard": _tensorboard, "remove": _remove}[arguments.action]
        act(engine.runs, info, arguments, output)
    return output.exit_status


def _id(named: str | None) -> str:
    """Return a run's name, also where its folder was named."""
    return Path(named).name if named else ""


def _record(info: RunInfo) -> dict[str, object]:
    return {
        "run": info.id,
        "path": info.path,
        "name": info.name,
        "recipe": info.recipe,
        "data": info.data,
        "state": str(info.state),
        "epochs_done": info.epochs_done,
        "epochs": info.epochs,
        "best": rounded(info.best),
        "metrics": {name: rounded(value) for name, value in info.metrics.items()},
        "bundle": info.bundle or None,
        "error": info.failure.code.value if info.failure else None,
    }


def _line(info: RunInfo) -> str:
    name = "run-interrupted" if info.state is RunState.INTERRUPTED else str(info.state)
    about = {"id": info.id, "recipe": info.recipe, "epochs_done": info.epochs_done, "epochs": info.epochs}
    return words("run-line", **about, state=words(name))


def _show(runs: Runs, info: RunInfo, arguments: argparse.Namespace, output: Output) -> None:
    del arguments
    settings = plain(runs.settings(info.id))
    lines = [_line(info), *(f"{name}: {value}" for name, value in settings.items() if value not in (None, {}, ""))]
    lines += [f"{name}: {value:.4f}" for name, value in info.metrics.items()]
    if info.failure:
        lines.append(error_words(info.failure))
    use = runs.use(info.id)
    if use is not None:
        lines.append(use_words(use))
    curve = [plain(point) for point in runs.curve(info.id)]
    used = None if use is None else plain(use)
    output.answer({**_record(info), "use": used, "settings": settings, "curve": curve}, "\n".join(lines))


def _report(runs: Runs, info: RunInfo, arguments: argparse.Namespace, output: Output) -> None:
    report = runs.report(info.id)
    if report is None:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, words("no-report", run=info.id), name="RUN", value=info.id)
    text = ""
    if arguments.html:
        file = Path(arguments.html).absolute()
        write_atomically(file, runs.web_page(info.id, arguments.lang).encode("utf-8", "replace"))
        text = words("page-written", path=file)
    else:
        numbers = {**report.metrics, **(report.assessment.numbers if report.assessment else {})}
        compared = comparison_lines(report.comparison) if report.comparison else []
        changes = _change_lines(report.assessment.changes) if report.assessment else []
        text = "\n".join([*(f"{name}: {value:.4f}" for name, value in numbers.items()), *changes, *compared])
    output.answer({"run": info.id, **plain(report)}, text)


def _change_lines(changes: Sequence[WordChange]) -> list[str]:
    """Return what was said, what was written down for it, and how often, the most frequent first."""
    nothing = words("no-word")
    lines = [f"  {one.said or nothing} → {one.written or nothing}  {one.count}" for one in changes[:_MOST_CHANGES]]
    return [words("word-changes"), *lines] if lines else []


def _tensorboard(runs: Runs, info: RunInfo, arguments: argparse.Namespace, output: Output) -> None:
    from mmbm_desktop.engine.runs.event_files import write_event_files

    folder = Path(arguments.to).absolute() if arguments.to else Path(info.path) / "tensorboard"
    files = write_event_files(runs.curve(info.id), folder)
    if not files:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, words("no-curve", run=info.id), name="RUN", value=info.id)
    output.answer({"run": info.id, "files": [str(file) for file in files]}, words("events-written", path=folder))


def _remove(runs: Runs, info: RunInfo, arguments: argparse.Namespace, output: Output) -> None:
    del arguments
    runs.remove(info.id)
    output.answer({"run": info.id, "removed": True}, words("run-removed", run=info.id))
