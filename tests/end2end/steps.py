"""What a person does in the window, step by step: `python -m tests.end2end.steps STEP FOLDER`, on a screen.

Each step asserts what the person must see and ends the window in order.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from PIL import Image

from mmbm_desktop.base import paths
from mmbm_desktop.gui.pages.explore.cards.caption_card import CaptionCard
from mmbm_desktop.gui.pages.explore.cards.search_card import SearchCard
from mmbm_desktop.gui.pages.explore.cards.sounds_card import SoundsCard
from mmbm_desktop.gui.pages.explore.cards.transcript_card import TranscriptCard
from mmbm_desktop.gui.pages.explore.cards.translation_card import TranslationCard
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import CaptionRequest, IndexRequest
from tests.end2end.driver import Driver, home
from tests.end2end.scenes import draw_scenes
from tests.virtual_microphone import speak_to_file

MANY = 1500
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


def _kill_workers(driver: Driver) -> None:
    for worker in driver.workers():
        os.kill(worker.pid, signal.SIGKILL)


def main() -> None:
    """Run one step in the folder given."""
    step, folder = sys.argv[1], Path(sys.argv[2])
    home().mkdir(parents=True, exist_ok=True)
    {"photo": photo, "search": search, "speak": speak, "translate": translate, "kill": kill, "leave": leave}[step](
        folder
    )
    print("ok", flush=True)


if __name__ == "__main__":
    main()
