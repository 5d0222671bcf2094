"""Makes the README's pictures: `python -m tests.end2end.screenshots FOLDER`, on a screen (Xvfb will do).

`… screenshots FOLDER large [COUNT]` makes those of a library of 100,000 items, as a grid and as a list. The pictures
in the window are drawn in code and belong to nobody else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

LOOKS = (("light", "en"), ("dark", "en"), ("light", "zh_CN"), ("dark", "zh_CN"))
WORDS = {"en": "people in the desert", "zh_CN": "沙漠里的人"}
TO_TRANSLATE = {"en": "Where is the train station?", "zh_CN": "火车站在哪里？"}
SPOKEN = "Seven hundred thousand people."


def take(theme: str, language: str, folder: Path) -> None:
    """Show each page in one look and write what it shows."""
    from mmbm_desktop.base import paths
    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.gui.pages.explore.cards.caption_card import CaptionCard
    from mmbm_desktop.gui.pages.explore.cards.search_card import SearchCard
    from mmbm_desktop.gui.pages.explore.cards.sounds_card import SoundsCard
    from mmbm_desktop.gui.pages.explore.cards.transcript_card import TranscriptCard
    from mmbm_desktop.gui.pages.explore.cards.translation_card import TranslationCard
    from tests.end2end.driver import Driver
    from tests.end2end.scenes import draw_scenes
    from tests.end2end.steps import card_of
    from tests.virtual_microphone import speak_to_file

    settings = Settings(paths.config_dir() / "settings.json")
    settings.set("appearance.theme", theme)
    settings.set("appearance.language", language)
    photos = Path.home() / "Pictures" / "Holiday"
    files = draw_scenes(photos)
    driver = Driver()
    library = driver.library
    library.folders.add([str(photos)])
    driver.until(lambda: library.folders.rows and library.folders.rows[0].done, "the folder is done")
    library.query_bar.edit.setText(WORDS[language])
    library.query_bar._entered()
    driver.until(lambda: library.search.answer.scored and not library.search.answer.busy, "the answer is there")
    library.grid.setCurrentIndex(library.model.index(0, 0))
    _shoot(driver, folder / f"library-{theme}-{language}.png")
    explore = driver.explore
    explore.search_text(WORDS[language])
    driver.until(lambda: card_of(explore, SearchCard), "the strip is there")
    wav = speak_to_file(SPOKEN, folder / "spoken.wav")
    explore.state.transcribe([str(wav)])
    driver.until(lambda: card_of(explore, TranscriptCard), "the transcript is there")
    driver.drop(explore.image.area, files[1])
    driver.until(lambda: card_of(explore, CaptionCard), "the caption is there")
    _shoot(driver, folder / f"explore-{theme}-{language}.png")
    driver.drop(explore.microphone, wav)
    driver.until(lambda: card_of(explore, SoundsCard), "the sounds are there")
    explore.text.set_text(TO_TRANSLATE[language])
    explore.text.translate.click()
    driver.until(lambda: card_of(explore, TranslationCard), "the translation is there")
    driver.until(lambda: all(job.state.final for job in driver.engine.jobs()), "all is answered")
    _shoot(driver, folder / f"answers-{theme}-{language}.png")
    _train(driver, folder / f"train-{theme}-{language}.png")
    for page in ("activity", "models"):
        driver.window.show_page(page)
        _shoot(driver, folder / f"{page}-{theme}-{language}.png")
    wav.unlink()
    driver.quit()


def take_large(theme: str, language: str, folder: Path, count: int) -> None:
    """Show the library of the home, which `large_library.fill` made, in one look: chosen items, a list, a recording."""
    from mmbm_desktop.base import paths
    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.gui.state.library_query import LibraryQuery
    from tests.end2end.driver import Driver

    settings = Settings(paths.config_dir() / "settings.json")
    for name, value in (("theme", theme), ("language", language)):
        settings.set(f"appearance.{name}", value)
    settings.set("library.view", "grid")
    driver = Driver()
    page = driver.library
    driver.until(lambda: page.model.rowCount() and not page.search.answer.busy, "items are shown")
    page.query_bar.show_query(LibraryQuery("a dog"))
    driver.until(lambda: page.search.answer.scored and not page.search.answer.busy, "the model is warm")
    page.query_bar.show_query(LibraryQuery())
    driver.until(lambda: not page.search.answer.scored and not page.search.answer.busy, "everything is shown again")
    bar = page.grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 3)
    for row in (page.grid.visible_rows.start + 5, page.grid.visible_rows.start + 9):
        rows = page.batch.selection.rows
        rows.setCurrentIndex(page.model.index(row, 0), rows.SelectionFlag.Select | rows.SelectionFlag.Rows)
    driver.rest(5000)
    _shoot(driver, folder / f"library-{count}-{theme}-{language}.png")
    page.query_bar.show_query(LibraryQuery(WORDS[language]))
    driver.until(lambda: page.search.answer.scored and not page.search.answer.busy, "the answer is there")
    page.views.toggle()
    page.views.show_row(0)
    driver.rest(2500)
    _shoot(driver, folder / f"library-list-{count}-{theme}-{language}.png")
    page.query_bar.show_query(LibraryQuery("kind:recording"))
    driver.until(lambda: not page.search.answer.scored and not page.search.answer.busy, "recordings are listed")
    page.views.show_row(2)
    driver.rest(2500)
    page.details.recording.transcript.set_position(1.5)
    page.details.recording.spectrogram.set_position(1.5)
    _shoot(driver, folder / f"recording-{theme}-{language}.png")
    driver.quit()


def _train(driver: object, file: Path) -> None:
    """Train a small classifier of pictures and show its report."""
    from tests.end2end.scenes import draw_classes

    page = driver.train
    driver.drop(page.data_panel.area, draw_classes(Path.home() / "Pictures" / "Landscapes"))
    driver.until(lambda: page.data.report is not None, "the folder is looked over", 120)
    page.form.start.click()
    panel = page.run_panel
    driver.until(lambda: panel.chart is not None and bool(panel.chart.lines), "the curve is shown", 300)
    driver.until(lambda: page.report.isVisible() and page.report.use.isVisible(), "the report is there", 300)
    _shoot(driver, file)


def _shoot(driver: object, file: Path) -> None:
    """Wait until the pictures are loaded, then write the window."""
    from PySide6.QtTest import QTest

    QTest.qWait(800)
    driver.shoot(file)


def main() -> None:
    """Take every look in a process of its own, with a home of its own."""
    if os.environ.get("MMBM_LOOK"):
        _one_look(*os.environ["MMBM_LOOK"].split(","), Path(sys.argv[1]))
        return
    folder = Path(sys.argv[1]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if "large" in sys.argv:
        count = sys.argv[3] if len(sys.argv) > 3 else "100000"
        with tempfile.TemporaryDirectory(prefix="mmbm-") as home:
            for look in ("fill,", *(f"{theme},{language}" for theme, language in LOOKS)):
                _in_home(home, f"{look},{count}", folder)
        return
    for theme, language in LOOKS:
        with tempfile.TemporaryDirectory(prefix="mmbm-") as home:
            _in_home(home, f"{theme},{language},0", folder)


def _one_look(theme: str, language: str, count: str, folder: Path) -> None:
    if theme == "fill":
        from tests.end2end.large_library import fill

        fill(int(count))
    elif count != "0":
        take_large(theme, language, folder, int(count))
    else:
        take(theme, language, folder)


def _in_home(home: str, look: str, folder: Path) -> None:
    environment = {**os.environ, "MMBM_HOME": f"{home}/mmbm", "HOME": home, "MMBM_LOOK": look}
    subprocess.run([sys.executable, "-m", "tests.end2end.screenshots", folder], env=environment, check=True)


if __name__ == "__main__":
    main()
