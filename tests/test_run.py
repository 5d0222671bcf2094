"""The set-up script: what it installs, when it does nothing, and what it says when it cannot."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(("version", "fits"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_only_supported_pythons_are_accepted(version: tuple[int, int], fits: bool) -> None:
    problem = run.python_problem(version)

    assert (problem == "") is fits
    if not fits:
        assert "3.11 to 3.13" in problem


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the script at an empty checkout with a lock file."""
    (tmp_path / "packaging").mkdir()
    lock = tmp_path / "packaging" / "requirements.lock"
    lock.write_text("# nothing\n", encoding="utf-8")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "LOCK", lock)
    monkeypatch.setattr(run, "STAMP", tmp_path / ".venv" / "installed.sha256")
    return tmp_path


def test_an_empty_lock_makes_a_real_environment_once(checkout: Path) -> None:
    assert not run.is_installed()

    assert run.install_packages()

    assert run.is_installed()
    assert subprocess.check_output([run.venv_python(), "-c", "print(6 * 7)"], text=True).strip() == "42"
    made = run.venv_python().lstat().st_ctime_ns
    assert run.install_packages()
    assert run.venv_python().lstat().st_ctime_ns == made


def test_a_changed_lock_or_an_interrupted_installation_is_done_again(checkout: Path) -> None:
    run.install_packages()
    run.LOCK.write_text("# changed\n", encoding="utf-8")
    assert not run.is_installed()

    run.install_packages()
    assert run.is_installed()
    run.STAMP.unlink()
    assert not run.is_installed()


def test_a_package_that_cannot_be_installed_leaves_no_stamp(checkout: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run.LOCK.write_text("no-such-package @ file:///nowhere/at/all.whl\n", encoding="utf-8")

    assert not run.install_packages()

    assert not run.is_installed()
    assert "could not be installed" in capfd.readouterr().err


def test_an_unknown_word_prints_what_is_possible() -> None:
    child = subprocess.run([sys.executable, ROOT / "run.py", "dance"], capture_output=True, text=True, check=False)

    assert child.returncode == 2
    assert "run.py test" in child.stdout


def test_a_missing_library_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SYSTEM_LIBRARIES", {"libc.so.6": "libc6", "libnosuch.so.9": "libnosuch9"})
    monkeypatch.setattr(run, "has_chinese_font", bool)
    monkeypatch.setattr(run, "TEST_PROGRAMS", {"no-such-program": ("nosuch",), "python3": ("python3",)})

    assert run.missing_packages(for_tests=False) == ["libnosuch9", *run.CHINESE_FONT]
    assert run.missing_packages(for_tests=True) == ["libnosuch9", *run.CHINESE_FONT, "nosuch"]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for fc-list is a shell script")
@pytest.mark.parametrize(("listed", "there"), [("/fonts/noto.ttc: Noto Sans CJK SC", True), ("", False)])
def test_a_chinese_font_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: str, there: bool
) -> None:
    fc_list = tmp_path / "fc-list"
    fc_list.write_text(f'#!/bin/sh\n[ -z "{listed}" ] || echo "{listed}"\n', encoding="utf-8")
    fc_list.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert run.has_chinese_font() is there
    fc_list.unlink()
    assert not run.has_chinese_font()


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="the command differs where apt is missing")
def test_one_command_installs_what_is_missing() -> None:
    assert run.install_command(["libegl1", "libportaudio2"]) == "sudo apt-get install libegl1 libportaudio2"


def test_ci_runs_the_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert "python3 run.py test" in script
    assert "python3 run.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
