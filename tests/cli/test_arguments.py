"""Arguments are read as documented, and wrong ones are refused with status 2."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from mmbm_desktop.cli.arguments import build_parser
from mmbm_desktop.cli.main import COMMANDS


@pytest.mark.parametrize(
    "line",
    [
        "",
        "caption",
        "caption a.jpg --lang fr",
        "caption a.jpg --best 0",
        "caption a.jpg --best 11",
        "search x --top -1",
        "models burn",
        "dance",
    ],
)
def test_wrong_arguments_end_with_status_2(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        build_parser().parse_args(line.split())

    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_every_command_of_the_parser_can_be_run() -> None:
    actions = [a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction)]

    assert set(actions[0].choices) == set(COMMANDS)


def test_the_readme_names_every_command() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

    assert [name for name in COMMANDS if f"mmbm {name}" not in readme] == []
