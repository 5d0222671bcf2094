"""`mmbm examine`: look a data folder over before training, in a process of its own, and say what was found."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, Fault
from mmbm_desktop.cli.finding_texts import FINDING_TEXTS, KIND_TEXTS, PROBLEM_TEXTS
from mmbm_desktop.cli.messages import REASONS, error_words, prefers_chinese, words
from mmbm_desktop.cli.output import Output
from mmbm_desktop.protocol.dataset import DataKind, Severity
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.finding_codes import FindingCode

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

_SIGNS = {Severity.BLOCKER: "!!", Severity.WARNING: "! ", Severity.NOTE: "- "}
_GROUPS_SHOWN = 3
_CODES = ("problem", "reason", "used")
"""Parameters that are codes."""


def examine(arguments: argparse.Namespace) -> int:
    """Print what a folder is and what was found in it; return 1 where something keeps a run from starting.

    Raises:
        EnvironmentFault: the examining process ended without a word (WORKER_CRASHED).
    """
    output = Output(as_json=arguments.json)
    command = [sys.executable, "-m", "mmbm_desktop.training.examine", "--parent-pipe", "--", arguments.folder]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,  # noqa: S603
        tqdm(desc=arguments.folder, disable=not sys.stderr.isatty(), leave=False, file=sys.stderr) as bar,
    ):
        last: dict[str, Any] = {}
        for line in process.stdout or ():
            last = json.loads(line)
            if last.get("event") == "progress":
                bar.total = last["total"]
                bar.update(last["done"] - bar.n)
    if last.get("event") == "error":
        params = {key: value for key, value in last.items() if key not in ("event", "error", "detail")}
        failure = Failure(ErrorCode(last["error"]), Fault.INPUT, params, str(last.get("detail", "")))
        output.failure(failure, path=str(params.get("path", arguments.folder)))
        return output.exit_status
    if last.pop("event", None) != "report":
        raise EnvironmentFault(ErrorCode.WORKER_CRASHED, path=arguments.folder)
    output.answer(last, _as_text(last))
    return 1 if any(one["severity"] == Severity.BLOCKER for one in last["findings"]) else 0


def _as_text(report: Mapping[str, Any]) -> str:
    lines = [f"{report['path']}: {_in_language(KIND_TEXTS[DataKind(report['kind'])])}"]
    splits = ", ".join(f"{one['label']} {one['items']}" for one in report["splits"])
    amounts = {"items": report["items"], "classes": len(report["classes"])}
    lines.append(words("amounts", **amounts) + (f" ({splits})" if splits else ""))
    if report["recipes"]:
        lines.append(words("fitting-recipes", recipes=", ".join(report["recipes"])))
    for finding in report["findings"]:
        lines.append(f"{_SIGNS[Severity(finding['severity'])]} {finding_words(finding['code'], finding['params'])}")
        groups = finding["groups"]
        lines += [f"     {'  =  '.join(group)}" for group in groups[:_GROUPS_SHOWN]]
        lines += ["     …"] if len(groups) > _GROUPS_SHOWN else []
    if not report["findings"]:
        lines.append(words("nothing-noticed"))
    return "\n".join(lines)


def finding_words(code: str, params: Mapping[str, Any]) -> str:
    """Return the sentence for a finding in the person's language; parameters that are codes get words, too."""
    known = {name: _of_code(value) if name in _CODES else value for name, value in params.items()}
    inside = params.get("inside")
    known["hint"] = words("choose-inside", inside=inside) if inside else ""
    return _in_language(FINDING_TEXTS[FindingCode(code)]).format_map(known).strip()


def _of_code(value: object) -> object:
    if value in PROBLEM_TEXTS:
        return _in_language(PROBLEM_TEXTS[str(value)])
    if value in REASONS:
        return _in_language(REASONS[str(value)])
    if value in set(ErrorCode):
        return error_words(Failure(ErrorCode(str(value)), Fault.INPUT))
    return value


def _in_language(texts: tuple[str, str]) -> str:
    return texts[1 if prefers_chinese() else 0]
