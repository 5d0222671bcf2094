"""What a person does in the window, step by step: `python -m tests.end2end.steps STEP FOLDER`, on a screen.

Each step asserts what the person must see and ends the window in order.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageOps

from mmbm_desktop.base import paths
from mmbm_desktop.gui.pages.explore.cards.caption_card import CaptionCard
from mmbm_desktop.gui.pages.explore.cards.search_card import SearchCard
from mmbm_desktop.gui.pages.explore.cards.sounds_card import SoundsCard
from mmbm_desktop.gui.pages.explore.cards.transcript_card import TranscriptCard
from mmbm_desktop.gui.pages.explore.cards.translation_card import TranslationCard
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.dataset import DataKind
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import CaptionRequest, IndexRequest
from mmbm_desktop.protocol.training import RunState
from tests.end2end.driver import Driver, home
from tests.end2end.scenes import draw_scenes
from tests.virtual_microphone import speak_to_file

MANY = 1500
EPOCHS = 60
SLOW_S = 200.0
"""How long a step of training may keep a person waiting on a slow computer."""
SENTENCE = "seven hundred thousand people in the information technology department"


def card_of(page: object, kind: type) -> object:
    """Return the newest card of a kind, or None."""
    return next((card for card in page.feed.cards if isinstance(card, kind)), None)


def photo(folder: Path) -> None:
    """Drop a photo on the Image panel; the caption says score, model, device and milliseconds."""
    (picture, *_) = draw_scenes(folder / "photos")
    driver = Driver()
    page = driver.explore
    driver.drop(page.image.area, picture)
    driver.until(lambda: card_of(page, CaptionCard), "the caption is there")
    card = card_of(page, CaptionCard)
    facts = card.made_by.facts.text()
    assert card.texts["en"].text.endswith(".")
    assert card.texts["zh"].text.endswith("。")
    assert all(word in facts for word in ("score", "CPU", "ms")), facts
    driver.quit()


def search(folder: Path) -> None:
    """Drop a folder on the Library page, see it done, find pictures in English and Chinese, look at one."""
    pictures = draw_scenes(folder / "photos")
    (folder / "photos" / "broken.jpg").write_bytes(b"no picture")
    driver = Driver()
    page = driver.library
    driver.drop(page.query_bar, folder / "photos")
    shown = []
    page.folders.row_advanced.connect(lambda row: shown.append(row.job.done if row.job else None))
    driver.until(lambda: page.folders.rows and page.folders.rows[0].done, "the folder is done")
    assert any(shown), "no progress was shown"
    # Watching may look through the folder once more right away; what could not be used is told when a run has ended.
    driver.until(lambda: page.folders.rows[0].failed, "what could not be used is told")
    row = page.folders.rows[0]
    assert row.items == len(pictures)
    assert [Path(item.path).name for item in row.failed] == ["broken.jpg"]
    for words in ("two dogs", "两只狗"):
        page.query_bar.edit.clear()
        driver.type_into(page.query_bar.edit, words)
        driver.until(lambda w=words: page.search.answer.scored and page.search.query.text == w, f"{words} is answered")
        driver.until(lambda: not page.search.answer.busy, "the answer is there")
        assert page.model.rowCount() == len(pictures)
        assert page.search.answer.searched == len(pictures)
    page.grid.setCurrentIndex(page.model.index(0, 0))
    driver.until(lambda: page.details.item is not None, "the details are shown")
    assert page.details.texts["en"].text
    explore = driver.explore
    explore.search_text("two dogs")
    driver.until(lambda: card_of(explore, SearchCard), "the strip of pictures is there")
    assert card_of(explore, SearchCard).tiles
    driver.quit()


def speak(folder: Path) -> None:
    """Press record, hear speech from a virtual microphone, watch the level, read the transcript."""
    wav = speak_to_file(SENTENCE, folder / "speech.wav")
    driver = Driver()
    page = driver.explore
    highest = [0.0]
    page.microphone.record.click()
    driver.until(lambda: page.microphone.waveform.peaks, "the microphone is heard")
    player = subprocess.Popen(["paplay", "--device=speaker", wav])

    def spoken() -> bool:
        highest[0] = max(highest[0], page.microphone.meter.fraction)
        return player.poll() is not None

    driver.until(spoken, "the speech is over")
    assert highest[0] > 0.5, "the level meter did not move"
    driver.until(lambda: page.microphone.partial.text() not in ("", "Listening …"), "text is shown while speaking")
    page.microphone.record.click()
    driver.until(lambda: card_of(page, TranscriptCard), "the transcript is there")
    card = card_of(page, TranscriptCard)
    heard = set(card.answer.lower().split())
    assert len(heard & set(SENTENCE.split())) >= 3, card.answer
    assert Path(card.result.path).is_file(), "the recording was not kept"
    driver.until(lambda: card_of(page, SoundsCard), "the sounds of the recording are named")
    assert "speech" in {sound.label for sound in card_of(page, SoundsCard).result.sounds}
    driver.quit()


def translate(folder: Path) -> None:
    """Type a sentence in each language and translate it: the other language, and what came back."""
    driver = Driver()
    page = driver.explore
    for sentence, language in (("Where is the train station?", "zh"), ("我想喝一杯咖啡。", "en")):
        page.text.set_text(sentence)
        page.text.translate.click()
        driver.until(lambda s=sentence: _translation_of(page, s), f"{sentence} is translated")
        result = _translation_of(page, sentence).result
        assert result.to == language
        assert result.translation.isascii() is (language == "en"), result.translation
        assert result.back, "nothing came back"
    driver.quit()


def _translation_of(page: object, text: str) -> object:
    card = card_of(page, TranslationCard)
    return card if card is not None and card.result.text == text else None


def kill(folder: Path) -> None:
    """Kill the worker in the middle of captions and of an index: the window stays, the jobs end, nothing is broken."""
    pictures = draw_scenes(folder / "photos")
    for number in range(150):
        Image.new("RGB", (640, 480), (number, 255 - number, 90)).save(folder / "photos" / f"plain {number}.jpg")
    driver = Driver()
    page = driver.explore
    driver.until(driver.workers, "a worker runs")
    driver.drop(page.image.area, *pictures)
    _kill_workers(driver)
    captions = lambda: [job for job in driver.engine.jobs() if isinstance(job.request, CaptionRequest)]  # noqa: E731
    driver.until(lambda: all(job.state.final for job in captions()), "every caption has ended")
    assert len(captions()) == len(pictures)
    states = {job.state for job in captions()}
    assert states <= {JobState.DONE, JobState.FAILED}
    assert sum(job.state is JobState.DONE for job in captions()) >= len(pictures) - 1

    library = driver.library
    library.folders.add([str(folder / "photos")])
    index = lambda: next(job for job in driver.engine.jobs() if isinstance(job.request, IndexRequest))  # noqa: E731
    driver.until(lambda: index().done >= 8, "indexing is under way")
    _kill_workers(driver)
    driver.until(lambda: index().state.final, "indexing has ended")
    assert driver.window.isVisible()
    assert index().state is JobState.DONE
    driver.quit()
    stored = SqliteLibrary(paths.default_library_file())
    assert stored.check() == ()
    assert stored.browse(0, 1)[1] == len(pictures) + 150
    stored.close()


def leave(folder: Path) -> None:
    """Close the window in the middle of an index: it ends in order and keeps what was done."""
    (folder / "many").mkdir(parents=True)
    for number in range(MANY):
        Image.effect_noise((320, 240), 40 + number % 60).save(folder / "many" / f"{number}.jpg")
    driver = Driver()
    page = driver.library
    page.folders.add([str(folder / "many")])
    driver.until(lambda: any(one.items for one in driver.engine.folders()), "the first pictures are stored")
    driver.quit()
    stored = SqliteLibrary(paths.default_library_file())
    assert stored.check() == ()
    assert 0 < stored.browse(0, 1)[1] < MANY
    assert [one.done for one in stored.folders()] == [False]
    stored.close()


def train(folder: Path) -> None:
    """Drop a folder, read the doctor's findings, start a tiny run, pause it, and quit in the middle of it."""
    data = _captioned(folder / "Beach Days")
    driver = Driver()
    page = driver.train
    driver.drop(page.data_panel.area, data)
    driver.until(lambda: page.data.report is not None, "the folder is looked over", SLOW_S)
    assert page.data.report.kind is DataKind.CAPTIONED_PICTURES
    assert page.data_panel.rows, "the doctor noticed nothing in a dozen pictures"
    form = page.form
    form.preset.control.setCurrentIndex(form.preset.control.findData("quick"))
    form.epochs.control.setValue(EPOCHS)
    assert form.name.value == "beach-days"
    assert form.start.isEnabled(), form.why.text()
    form.start.click()
    panel = page.run_panel
    driver.until(lambda: panel.run is not None and panel.run.best is not None, "the run was checked once", SLOW_S)
    driver.until(lambda: panel.chart is not None and bool(panel.chart.lines), "the curve is shown", SLOW_S)
    driver.until(lambda: bool(page.samples.view.tiles), "samples are shown", SLOW_S)
    panel.pause.click()
    driver.until(lambda: panel.run.state is RunState.PAUSED, "the run is paused", SLOW_S)
    panel.resume.click()
    driver.until(lambda: panel.run.state is RunState.RUNNING, "the run goes on", SLOW_S)
    driver.quit()


def train_on(folder: Path) -> None:
    """Start again: the run waits where it stopped; resume it, keep the best, read the report, use the model."""
    driver = Driver()
    page = driver.train
    driver.until(lambda: page.runs.loaded and bool(page.runs.all), "the run is still there", SLOW_S)
    (run,) = page.runs.all
    assert run.state in (RunState.PAUSED, RunState.INTERRUPTED)
    page.column.entries[run.id].chip.click()
    panel = page.run_panel
    driver.until(lambda: panel.chart is not None and bool(panel.chart.lines), "the old curve is shown", SLOW_S)
    panel.resume.click()
    driver.until(lambda: panel.chart.resumed_marks > 0, "the curve says where it was resumed", SLOW_S)
    driver.until(lambda: panel.run.epochs_done > run.epochs_done, "the run got further", SLOW_S)
    panel.finish.click()
    driver.until(lambda: page.report.isVisible() and page.report.use.isVisible(), "the report is there", SLOW_S)
    assert page.report.numbers.texts
    file = folder / "report.pdf"
    page.report.export_asked.emit("pdf")
    page.export.dialog.close()
    page.export.save_to(str(file))
    driver.until(file.exists, "the report is saved")
    page.report.use.click()
    assert page.report.in_use.isVisible()
    _use_trained(driver, folder, run.name)
    driver.quit()


def _use_trained(driver: Driver, folder: Path, name: str) -> None:
    """See the new model in Models, and let it answer in Explore."""
    driver.window.show_page("models")
    assert name in driver.window.page.cards
    explore = driver.explore
    driver.drop(explore.image.area, next((folder / "Beach Days").glob("*.jpg")))
    driver.until(lambda: card_of(explore, CaptionCard), "the caption is there")
    assert name in card_of(explore, CaptionCard).made_by.facts.text()


def _captioned(folder: Path) -> Path:
    """Draw pictures and write down what is on them, each in two variants, so that something can be held out."""
    rows = []
    for picture in draw_scenes(folder):
        for flipped in (False, True):
            name = f"{picture.stem}{' mirrored' if flipped else ''}.jpg"
            if flipped:
                ImageOps.mirror(Image.open(picture)).save(folder / name)
            split = "val" if len(rows) % 5 == 4 else "train"
            rows.append({"file_name": name, "text": picture.stem.lower(), "split": split})
    table = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "metadata.jsonl").write_text(table, encoding="utf-8")
    return folder


def _kill_workers(driver: Driver) -> None:
    for worker in driver.workers():
        os.kill(worker.pid, signal.SIGKILL)


def main() -> None:
    """Run one step in the folder given."""
    step, folder = sys.argv[1], Path(sys.argv[2])
    home().mkdir(parents=True, exist_ok=True)
    steps = (photo, search, speak, translate, kill, leave, train, train_on)
    {one.__name__: one for one in steps}[step](folder)
    print("ok", flush=True)


if __name__ == "__main__":
    main()
