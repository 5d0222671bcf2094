"""The window as a whole: pages by mouse and keyboard, what is remembered, both languages and themes, and its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from mmbm_desktop.app import Desktop
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.startup_error import show_startup_error
from mmbm_desktop.protocol.events import ModelsChanged
from mmbm_desktop.protocol.requests import CaptionRequest, CheckModelRequest, IndexRequest, SearchRequest
from mmbm_desktop.protocol.training import RunSettings, RunState

ROOT = Path(__file__).parents[2]


def open_desktop(app: QApplication, engine: FakeEngine, qtbot: QtBot) -> Desktop:
    desktop = Desktop(app, lambda settings: engine)
    desktop.show()
    qtbot.waitUntil(desktop.window.isVisible)
    return desktop


def close_desktop(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    for page in window.pages.values():
        if hasattr(page, "close_workers"):
            page.close_workers()
    if window.isVisible():
        with qtbot.waitSignal(desktop.shutdown.finished, timeout=10_000):
            window.close()
    desktop.translation.remove()
    window.deleteLater()
    QApplication.instance().setStyleSheet("")


@pytest.fixture
def desktop(qapp: QApplication, engine: FakeEngine, qtbot: QtBot) -> Iterator[Desktop]:
    """Return the whole window over a scripted engine."""
    made = open_desktop(qapp, engine, qtbot)
    yield made
    close_desktop(made, qtbot)


def press(desktop: Desktop, key: Qt.Key) -> None:
    desktop.window.activateWindow()
    QTest.keyClick(desktop.window, key, Qt.KeyboardModifier.ControlModifier)


def test_the_engine_is_warmed_up_only_after_the_window_is_there(
    desktop: Desktop, engine: FakeEngine, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: engine.warmed_up)

    assert desktop.window.isVisible()


def test_pages_are_chosen_by_mouse_and_made_once(desktop: Desktop) -> None:
    window = desktop.window
    for name, button in window.rail.buttons.items():
        button.click()
        assert window.page.name == name
        assert window.page.isVisible()
        assert window._heading.text() == window.page.title
    first = window.pages["library"]
    window.rail.buttons["library"].click()
    assert window.pages["library"] is first


@pytest.mark.parametrize(
    ("key", "name"),
    [(Qt.Key.Key_2, "library"), (Qt.Key.Key_3, "train"), (Qt.Key.Key_4, "models"), (Qt.Key.Key_5, "activity")],
)
def test_pages_are_chosen_by_keyboard(desktop: Desktop, key: Qt.Key, name: str, qtbot: QtBot) -> None:
    press(desktop, key)

    qtbot.waitUntil(lambda: desktop.window.page.name == name)


def test_the_page_the_size_and_the_look_are_there_at_the_next_start(qapp: QApplication, qtbot: QtBot) -> None:
    first = open_desktop(qapp, FakeEngine(), qtbot)
    first.window.resize(1111, 777)
    first.window.show_page("activity")
    first.settings.set("appearance.theme", "dark")
    close_desktop(first, qtbot)

    second = open_desktop(qapp, FakeEngine(), qtbot)

    assert second.window.page.name == "activity"
    assert second.theme.dark
    assert second.settings.text("window.geometry")
    assert second.window.height() != 800
    close_desktop(second, qtbot)


def test_the_language_switches_everywhere_at_once(desktop: Desktop) -> None:
    window = desktop.window
    for name in window.rail.buttons:
        window.show_page(name)
    desktop.settings.set("appearance.language", "zh_CN")
    QApplication.processEvents()

    assert window.rail.buttons["library"].text() == "资料库"
    assert window.pages["explore"].microphone.record.text() == "录音"
    assert window.pages["library"].query_bar.speak.text() == "语音"
    assert window.pages["activity"].title == "活动"
    desktop.settings.set("appearance.language", "en")
    QApplication.processEvents()
    assert window.rail.buttons["library"].text() == "Library"


def test_settings_are_changed_in_the_dialog_at_once(desktop: Desktop) -> None:
    window = desktop.window
    window.show_settings()
    dialog = window._dialog
    theme = dialog.controls["appearance.theme"]
    assert isinstance(theme, QComboBox)
    theme.setCurrentIndex(theme.findData("dark"))
    best = dialog.controls["captions.best"]
    assert isinstance(best, QSpinBox)
    best.setValue(7)

    assert desktop.theme.dark
    assert Settings(desktop.settings._file).integer("captions.best") == 7
    dialog.close_button.click()
    window.show_shortcuts()
    window._dialog.close()


def test_drops_anywhere_reach_the_page_in_view(desktop: Desktop, engine: FakeEngine, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    desktop.window.show_page("explore")
    assert desktop.window.page.take_mime(mime)
    assert isinstance(engine.requests[-1], CaptionRequest)

    folder = QMimeData()
    folder.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    desktop.window.show_page("library")
    assert desktop.window.page.take_mime(folder)
    assert IndexRequest((str(tmp_path),)) in engine.requests


def test_a_search_and_a_folder_from_explore_open_the_library(
    desktop: Desktop, engine: FakeEngine, tmp_path: Path
) -> None:
    navigator = desktop.context.navigator

    navigator.search_requested.emit(SearchRequest("two dogs"))
    assert desktop.window.page.name == "library"
    assert desktop.window.page.query_bar.edit.text() == "two dogs"
    assert any(isinstance(request, SearchRequest) and request.text == "two dogs" for request in engine.requests)

    desktop.window.show_page("explore")
    navigator.index_requested.emit((str(tmp_path),))
    assert desktop.window.page.name == "library"
    assert engine.requests.count(IndexRequest((str(tmp_path),))) == 1


def test_models_are_shown_with_numbers_and_checked(desktop: Desktop, engine: FakeEngine) -> None:
    window = desktop.window
    window.show_page("models")
    page = window.page
    assert set(page.cards) == {model.name for model in engine.known_models}

    name = next(name for name, card in page.cards.items() if card.check.isEnabled())
    page.cards[name].check.click()

    assert engine.requests[-1] == CheckModelRequest(name)
    assert "Whole" in page.cards[name].outcome.text()


def test_closing_in_the_middle_of_a_job_ends_in_order(qapp: QApplication, qtbot: QtBot) -> None:
    engine = FakeEngine(auto=False)
    desktop = open_desktop(qapp, engine, qtbot)
    job = engine.submit(IndexRequest(("/pictures",)))
    engine.start(job)

    close_desktop(desktop, qtbot)

    assert engine.closed
    assert not desktop.window.isVisible()


def test_closing_in_the_middle_of_training_pauses_it_and_says_so(qapp: QApplication, qtbot: QtBot) -> None:
    engine = FakeEngine()
    desktop = open_desktop(qapp, engine, qtbot)
    run = engine.runs.start(RunSettings("image-text", "/data", "birds"))
    engine.runs.advance(run.id, 3)
    said = []
    desktop.shutdown._engine_closed.connect(lambda: said.append(desktop.window._notice.text()))

    close_desktop(desktop, qtbot)

    assert said == ["Pausing the training; it can go on where it stops …"]
    assert engine.runs.all()[0].state is RunState.PAUSED


def test_a_published_model_appears_in_models_at_once(desktop: Desktop, engine: FakeEngine, qtbot: QtBot) -> None:
    desktop.window.show_page("models")
    model = replace(engine.known_models[0], name="new-one", tasks=("classify",))
    engine.known_models = (*engine.known_models, model)

    engine.emit(ModelsChanged())

    qtbot.waitUntil(lambda: "new-one" in desktop.window.page.cards)
    assert desktop.window.page.cards["new-one"].tasks["classify"].text() == "sorts pictures into classes"


def test_an_uncaught_error_is_shown_and_the_window_stays(desktop: Desktop) -> None:
    desktop.window.show_uncaught("Traceback …")

    boxes = [w for w in QApplication.topLevelWidgets() if w.metaObject().className() == "QMessageBox" and w.isVisible()]
    assert len(boxes) == 1
    assert desktop.window.isVisible()
    boxes[0].close()


def test_the_self_test_opens_answers_and_closes(mmbm_home: Path, tiny_bundle: Path) -> None:
    import shutil

    shutil.copytree(tiny_bundle, mmbm_home / "data" / "models" / "tiny")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "mmbm_desktop", "--self-test"]

    output = subprocess.check_output(command, env=environment, text=True, timeout=120, stderr=subprocess.DEVNULL)

    found = json.loads(output.splitlines()[-1])
    assert found["caption"]
    assert 0 < found["window_ms"] < found["first_caption_ms"]
    assert found["worker_rss_bytes"] > 0


def test_a_damaged_library_is_told_in_the_window(mmbm_home: Path) -> None:
    (mmbm_home / "data").mkdir(parents=True)
    (mmbm_home / "data" / "library.db").write_bytes(b"no database at all, but long enough to be read" * 50)
    code = (
        "from PySide6.QtCore import QTimer; import mmbm_desktop.app as app\n"
        "def show(self):\n"
        "    self.window.show(); print(self.window.banner.text.text(), self.window.banner.isVisible(), flush=True)\n"
        "    QTimer.singleShot(50, self.shutdown.begin)\n"
        "app.Desktop.show = show\n"
        "raise SystemExit(app.main([]))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}

    child = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert child.returncode == 0, child.stderr
    assert "library.db — The library file is damaged. True" in child.stdout


def test_what_keeps_the_window_from_opening_is_told_in_a_box(qapp: QApplication) -> None:
    box = show_startup_error(EnvironmentFault(ErrorCode.DISK_FULL, "settings", path="/config/settings.json"))

    assert "settings.json — The disk is full." in box.text()
    box.close()
