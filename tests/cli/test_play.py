"""`mmbm play`: what is said of episodes, in both languages, and of a bundle that is not there."""

from __future__ import annotations

import json

import pytest

from mmbm_desktop.cli.main import main
from mmbm_desktop.cli.training import _sentence

PLAYED = {
    "event": "played",
    "environment": "CartPole-v1",
    "episodes": 20,
    "metrics": {"mean return": 499.5, "deviation": 2.0, "solved from": 475.0},
}


@pytest.mark.parametrize(
    ("language", "one", "all_of_them"),
    [
        ("en_GB", "episode 3: return 500, 500 steps", "20 episodes: mean return 499.50 ± 2.00 (solved from 475)"),
        ("zh_CN", "第 3 局：回报 500，500 步", "20 局：平均回报 499.50 ± 2.00（达到 475 算解决）"),
    ],
)
def test_what_was_played_is_said_in_the_persons_language(
    language: str, one: str, all_of_them: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    assert _sentence({"event": "episode", "number": 3, "return": 500.0, "steps": 500}) == one
    assert _sentence(PLAYED).endswith(all_of_them)


def test_an_agent_that_is_not_installed_is_said_to_be_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "nobody", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "model-missing"


@pytest.mark.parametrize("line", ["play", "play a --episodes 0", "play a --seed -1"])
def test_wrong_arguments_end_with_status_2(line: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(line.split())
    assert caught.value.code == 2
