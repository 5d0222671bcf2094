"""`mmbm corrections list|export` and `mmbm improve`: learn from what was set right, compare, keep or revert."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.messages import words
from mmbm_desktop.cli.output import Output, rounded
from mmbm_desktop.cli.session import follow, open_engine
from mmbm_desktop.protocol.corrections import CorrectionKind
from mmbm_desktop.protocol.plain import plain
from mmbm_desktop.protocol.requests import TrainRequest
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    import argparse

    from mmbm_desktop.engine.improving.interface import Improving
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.protocol.corrections import Correction, Improvement
    from mmbm_desktop.protocol.training import ComparedNumber, Comparison

_SHOWN = 3
"""Examples that are printed for people; JSON has all."""


def corrections(arguments: argparse.Namespace) -> int:
    """List the corrections, or write them as data folders, and return the exit status.

    Raises:
        MmbmError: a folder cannot be written.
    """
    output = Output(as_json=arguments.json)
    with open_engine(arguments.library) as engine:
        if arguments.action == "export":
            _export(engine.improving, arguments, output)
            return output.exit_status
        for one in engine.improving.corrections():
            output.answer({**plain(one), "held_out": one.held_out}, _line(one))
        for status in engine.improving.status():
            counts = {"learned": status.learned, "held_out": status.held_out, "missing": status.missing}
            output.note(words("corrections-of", task=words(f"task-{status.task}"), **counts))
    return output.exit_status


def _line(one: Correction) -> str:
    after = one.text
    if one.kind is CorrectionKind.THUMB:
        after = words("thumb-up" if one.rating > 0 else "thumb-down")
    return f"{one.path}: {one.said or '–'} → {after}  [{words('held-out') if one.held_out else one.kind}]"


def _export(improving: Improving, arguments: argparse.Namespace, output: Output) -> None:
    written = improving.export(Path(arguments.to).absolute() if arguments.to else None)
    for name, folder in written.folders.items():
        record: dict[str, object] = {"data": name, "folder": folder, "items": written.items[name]}
        output.answer(record, words("corrections-written", folder=folder, items=written.items[name]))
    for path in written.missing:
        output.answer({"path": path, "missing": True}, words("correction-missing", path=path))


def improve(arguments: argparse.Namespace) -> int:
    """Train on corrections and print the comparison, or keep or revert what was made; return the exit status.

    Raises:
        InputFault: there are too few corrections, or there is no such improvement.
        EnvironmentFault: no model does the task.
    """
    output, task = Output(as_json=arguments.json), Task(arguments.task)
    with open_engine(arguments.library) as engine:
        for wanted, turn in ((arguments.keep, engine.improving.keep), (arguments.revert, engine.improving.revert)):
            if wanted is not None:
                done = turn(_named(engine.improving, wanted, task).run.id)
                name = done.new if done.kept else done.old
                output.answer({**_record(done), "answers": name}, words("answers-now", name=name))
                return output.exit_status
        _learn(engine, task, arguments, output)
    return output.exit_status


def _named(improving: Improving, wanted: str, task: Task) -> Improvement:
    """Return an improvement by its run or the name of its model; the newest of the task where none is named."""
    known = improving.improvements()
    found = [one for one in known if (wanted in (one.run.id, one.new) if wanted else one.task is task)]
    if not found:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, "no such improvement", name="RUN", value=wanted)
    return found[0]


def _learn(engine: Engine, task: Task, arguments: argparse.Namespace, output: Output) -> None:
    run = engine.improving.improve(task, arguments.model, arguments.epochs)
    output.note(words("run-started", run=run.id))
    job_id = next(job.id for job in engine.jobs() if job.request == TrainRequest(run.id))
    job = follow(engine, job_id, run.name)
    if job.failure is not None:
        output.failure(job.failure, path=run.id, key="run")
        return
    done = _named(engine.improving, run.id, task)
    output.answer(_record(done), "\n".join(_told(done)))


def _record(one: Improvement) -> dict[str, object]:
    record: dict[str, object] = {
        "run": one.run.id,
        "task": str(one.task),
        "old": one.old,
        "new": one.new,
        "kept": one.kept,
    }
    if one.comparison is not None:
        record["comparison"] = {**plain(one.comparison), "forgot": one.comparison.forgot}
    return record


def _told(one: Improvement) -> list[str]:
    if one.comparison is None:
        return [words("not-compared", name=one.new)]
    return [*comparison_lines(one.comparison), words("how-to-keep", run=one.run.id)]


def comparison_lines(found: Comparison) -> list[str]:
    """Return a comparison in words: its numbers, a few examples, the verdict and a warning where there is one."""
    lines = [words("compared", old=found.old, new=found.new, held_out=found.held_out, general=found.general)]
    lines += [_number(one) for one in found.numbers]
    for one in found.examples[:_SHOWN]:
        lines += [f"{Path(one.source).name}: {one.truth}".rstrip(": "), f"  {one.old}", f"  {one.new}"]
    lines.append(f"{_mine(found)}; {_general(found)}")
    if found.forgot:
        lines.append(words("forgot"))
    return lines


def _number(one: ComparedNumber) -> str:
    where = words("on-general" if one.general else "on-yours")
    return f"{where}, {one.name}: {rounded(one.old)} → {rounded(one.new)}"


def _mine(found: Comparison) -> str:
    one = found.decisive(general=False)
    if one is None:
        return words("yours-unmeasured")
    key = "yours-better" if one.new > one.old else "yours-worse" if one.new < one.old else "yours-same"
    return words(key, old=f"{one.old:.2f}", new=f"{one.new:.2f}")


def _general(found: Comparison) -> str:
    one = found.decisive(general=True)
    if one is None:
        return words("general-unmeasured")
    return words("general-number", old=f"{one.old:.2f}", new=f"{one.new:.2f}")
