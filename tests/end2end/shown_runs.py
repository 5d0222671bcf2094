"""Trains what the Train page promises, in a real window: `python -m tests.end2end.shown_runs DATA OUT [CASE…]`.

Needs a screen (Xvfb will do). Each case drops a data folder, waits for the data doctor, fills in the form, trains,
saves the report as a web page with pictures of the page beside it, puts the model to use and tries it. One JSON line
a case says the numbers of its report. `--short` trains a moment on less; `--line` also runs the command that does the
same, in a home of its own, and prints both. DATA is the folder of the public sets; OUT keeps a home for all cases.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.end2end import shown_data

PATIENCE_S = 5400.0
Value = bool | int | float | str


@dataclass(frozen=True)
class Case:
    """A run as a person wants it.

    Attributes:
        recipe: and preset, chosen in the form.
        preset: see there.
        data: makes the data folder; None for an agent.
        tries: what to give Explore afterwards: "picture", "recording", "text" or nothing.
        options: changed in the form; "{case}" in a text is the model of that case.
        epochs: other than the preset's.
        short: other settings of a short pass: "epochs" and options.
    """

    recipe: str
    preset: str
    data: Callable[..., None] | None = None
    tries: str = ""
    options: dict[str, Value] = field(default_factory=dict)
    epochs: int | None = None
    short: dict[str, Value] = field(default_factory=dict)


_PICTURES, _CAPTIONS = shown_data.picture_classes, shown_data.captions
CASES: dict[str, Case] = {
    "frozen": Case("picture-classes", "frozen", _PICTURES, "picture", short={"epochs": 3}),
    "tiny-cnn": Case("picture-classes", "tiny-cnn", _PICTURES, "picture", short={"epochs": 2}),
    "residual": Case("picture-classes", "residual", _PICTURES, "picture", short={"epochs": 1}),
    "fine-tune": Case("picture-classes", "fine-tune", _PICTURES, "picture", short={"epochs": 1}),
    "sounds": Case("sounds", "folds", shown_data.sounds, "recording", short={"epochs": 1}),
    "digits": Case("speech-commands", "quick", shown_data.digits, "recording", short={"epochs": 2}),
    "captions": Case("image-text", "fine-tune", _CAPTIONS, "picture", short={"epochs": 1}),
    "rewards": Case("caption-reward", "cider", _CAPTIONS, "picture", {"start": "shown-captions"}, short={"epochs": 1}),
    "translation": Case("translation", "quick", shown_data.pairs, "text", epochs=8, short={"epochs": 1}),
    "lake": Case("q-table", "table", short={"epochs": 6}),
    "pole": Case("deep-q", "state", short={"epochs": 2}),
}


@dataclass(frozen=True)
class Length:
    """How long runs take: a moment on less data, or so many epochs instead of the preset's."""

    short: bool = False
    epochs: int | None = None


def model_of(case: str) -> str:
    """Return the name of the model that a case makes."""
    return f"shown-{case}"


def changes(case: Case, length: Length) -> dict[str, Value]:
    """Return what is set in the form beside recipe, preset and name."""
    epochs = length.epochs or case.epochs
    wanted = {**({} if epochs is None else {"epochs": epochs}), **case.options}
    return {**wanted, **case.short} if length.short else wanted


class Person:
    """Does in the window what a person would, with keys and clicks."""

    def __init__(self, out: Path, name: str) -> None:
        from tests.end2end.driver import Driver

        self.driver, self.name, self._out, self._number = Driver(), name, out, 0
        self.page: Any = self.driver.train

    def click(self, button: Any) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        assert button.isVisible(), button.text()
        assert button.isEnabled(), button.text()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def set(self, field: Any, value: Value) -> None:
        """Give a field of the form a value by keys."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QCheckBox, QComboBox

        control = field.control
        control.setFocus()
        if isinstance(control, QCheckBox):
            if control.isChecked() is not value:
                QTest.keyClick(control, Qt.Key.Key_Space)
        elif isinstance(control, QComboBox):
            place = control.findData(value)
            assert place >= 0, f"{field.name} offers no {value}"
            QTest.keyClick(control, Qt.Key.Key_Home)
            for _ in range(place):
                QTest.keyClick(control, Qt.Key.Key_Down)
        else:
            control.selectAll()
            QTest.keyClicks(control, str(value))
        assert field.value == value, (field.name, field.value, value)

    def shoot(self, what: str) -> None:
        """Write what the window shows."""
        self._number += 1
        self.driver.rest(600)
        self.driver.shoot(self._out / f"{self.name}-{self._number}-{what}.png")

    def shoot_whole(self, what: str, column: Any) -> None:
        """Write all of a scrolled column."""
        self.driver.rest(600)
        assert column.widget().grab().save(str(self._out / f"{self.name}-whole-{what}.png"))


def show(name: str, data: Path | None, out: Path, length: Length) -> dict[str, Any]:
    """Do one case in the window and return what its report says."""
    case, person = CASES[name], Person(out, name)
    driver, page = person.driver, person.page
    if data is not None:
        driver.drop(page.data_panel.area, data)
        driver.until(lambda: page.data.report is not None, "the folder is looked over", PATIENCE_S)
    _fill_in(person, name, case, length)
    person.shoot("form")
    began = time.monotonic()
    person.click(page.form.start)
    panel = page.run_panel
    driver.until(lambda: panel.run is not None and panel.run.name == model_of(name), "the run is shown", PATIENCE_S)
    driver.until(lambda: bool(page.samples.view.tiles) or _over(panel.run), "samples are there", PATIENCE_S)
    person.shoot("running")
    driver.until(lambda: _over(panel.run), "the run is over", PATIENCE_S)
    seconds = time.monotonic() - began
    assert str(panel.run.state) == "finished", panel.notice.text()
    driver.until(lambda: page.report.isVisible() and page.report.report.assessment is not None, "the report is there")
    told = _report(person, name, out)
    if page.report.use.isVisible():
        person.click(page.report.use)
        driver.until(page.report.in_use.isVisible, "the model is in use")
        told["tried"] = _try(person, case, data)
    driver.quit()
    return {**told, "seconds": round(seconds, 1), "device": panel.run.device}


def _over(run: Any) -> bool:
    return not run.state.active


def _fill_in(person: Person, name: str, case: Case, length: Length) -> None:
    form = person.page.form
    person.set(form.recipe, case.recipe)
    person.set(form.preset, case.preset)
    person.set(form.name, model_of(name))
    wanted = changes(case, length)
    if any(form.options[one].parentWidget() is form.drawer for one in wanted if one in form.options):
        person.click(form.expert)
    for one, value in wanted.items():
        person.set(form.epochs if one == "epochs" else form.options[one], value)
    assert form.start.isEnabled(), form.why.text()


def _report(person: Person, name: str, out: Path) -> dict[str, Any]:
    """Look at the report, save it as a web page through the dialog, and return its numbers."""
    driver, page = person.driver, person.page
    person.shoot_whole("run", page._run_view)
    page._run_view.ensureWidgetVisible(page.report)
    person.shoot("report")
    file = out / f"{name}.html"
    file.unlink(missing_ok=True)  # the dialog would ask whether it is to be replaced
    page.report.menu.actions()[0].trigger()
    page.export.dialog.selectFile(str(file))
    page.export.dialog.accept()
    driver.until(file.exists, "the report is saved")
    report = page.report.report
    return {
        "case": name,
        "validation": report.metrics,
        "split": report.assessment.split,
        "items": report.assessment.items,
        "numbers": report.assessment.numbers,
    }


def _try(person: Person, case: Case, data: Path | None) -> str:
    """Give Explore something of the test data and return what the newest card says."""
    explore, driver = person.driver.explore, person.driver
    before = len(explore.feed.cards)
    if case.tries == "text":
        explore.text.set_text("Where is my book?")
        person.click(explore.text.translate)
    elif case.tries and data is not None:
        ends = {"picture": (".jpg", ".JPEG"), "recording": (".opus", ".wav")}[case.tries]
        files = sorted(file for file in data.rglob("*") if file.suffix in ends)
        file = next((one for one in files if "/test/" in str(one)), files[0])
        driver.drop(explore.image.area if case.tries == "picture" else explore.microphone, file)
    driver.until(lambda: len(explore.feed.cards) > before and driver.engine.jobs(), "a card is there")
    driver.until(lambda: all(job.state.final for job in driver.engine.jobs()), "all is answered")
    person.shoot("explore")
    return next((card.answer for card in explore.feed.cards if getattr(card, "answer", "")), "")


# --- the command line's twin -------------------------------------------------------------------------------------


def command_of(name: str, data: Path | None, length: Length) -> list[str]:
    """Return the command that does what a case does in the window."""
    case = CASES[name]
    command = ["train", "--task", case.recipe, "--preset", case.preset, "--name", model_of(name)]
    command += [] if data is None else ["--data", str(data)]
    for one, value in changes(case, length).items():
        command += ["--epochs", str(value)] if one == "epochs" else ["--option", f"{one}={value}"]
    return command


def type_line(name: str, data: Path | None, home: Path, length: Length) -> dict[str, Any]:
    """Run that command in a home of its own and return the numbers of its assessment."""
    command = [sys.executable, "-m", "mmbm_desktop", *command_of(name, data, length), "--json"]
    done = subprocess.run(
        command, env={**os.environ, "MMBM_HOME": str(home)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    found = [event["assessment"]["numbers"] for event in events if event.get("event") == "assessed"]
    return found[-1]


def main() -> None:
    """Do every case in a process of its own, all in one home."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; all where none is named")
    parser.add_argument("--short", action="store_true", help="few epochs, less data")
    parser.add_argument("--epochs", type=int, metavar="N", help="epochs, instead of the preset's")
    parser.add_argument("--line", action="store_true", help="run the command that does the same, too")
    arguments = parser.parse_args()
    out, length = arguments.out.absolute(), Length(arguments.short, arguments.epochs)
    if os.environ.get("MMBM_SHOWN"):
        (name,) = arguments.cases
        print(json.dumps(show(name, _data(name, out), out, length), ensure_ascii=False), flush=True)
        return
    out.mkdir(parents=True, exist_ok=True)
    for name in arguments.cases or CASES:
        _one(name, arguments.data.absolute(), out, length, line=arguments.line)


def _data(name: str, out: Path) -> Path | None:
    make = CASES[name].data
    return None if make is None else out / "data" / make.__name__.replace("_", " ")


def _one(name: str, source: Path, out: Path, length: Length, *, line: bool) -> None:
    folder, make = _data(name, out), CASES[name].data
    if folder is not None and make is not None and not folder.exists():
        make(source, folder, short=length.short)
    environment = {**os.environ, "MMBM_HOME": str(out / "home"), "HOME": str(out / "home"), "MMBM_SHOWN": "1"}
    command = [sys.executable, "-m", "tests.end2end.shown_runs", str(source), str(out), name]
    command += ["--short"] if length.short else []
    command += ["--epochs", str(length.epochs)] if length.epochs else []
    subprocess.run(command, env=environment, check=True)
    if line:
        numbers = type_line(name, folder, out / "line", length)
        print(json.dumps({"case": name, "line": numbers}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
