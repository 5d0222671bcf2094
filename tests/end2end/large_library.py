"""A library of very many items in a home of its own, for pictures of the window and for measuring it.

Its files are links to a few hundred drawn pictures and made recordings, each captioned and embedded once by the real
program: what is shown, found and scrolled is what a real library of that size would be. Sizes, times and inodes are the
files' own, so that a window that looks through the folder finds everything as it was.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
from PIL import ImageEnhance, ImageOps

from mmbm_desktop.base import paths
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.engine.model_store import ModelStore, label
from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption, NewSounds, NewTranscript
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.filters import EVERYTHING
from mmbm_desktop.protocol.requests import IndexRequest
from mmbm_desktop.protocol.results import IndexResult, Segment, Word
from mmbm_desktop.protocol.tasks import MediaKind, Task
from tests.end2end.scenes import SCENES

CUTS = 12
STORED_AT_ONCE = 2000
RECORDINGS_EVERY = 40
_TAGS = ("holiday", "family", "to print", "garden", "2024", "旅行", "家人")
_SAID = "we walked along the shore until the light was gone"


def fill(count: int) -> None:
    """Make the library of the home that `MMBM_HOME` names, with its files below ~/Pictures."""
    originals, archive = Path.home() / "Pictures" / "Originals", Path.home() / "Pictures" / "Archive"
    known = _indexed(draw_cuts(originals))
    archive.mkdir(parents=True)
    sound = _hum(archive / "voice.wav")
    library = SqliteLibrary(paths.default_library_file())
    library.remove_folder(str(originals))
    library.add_folder(str(archive))
    library.set_folder_done(str(archive), done=True)
    models = ModelStore(Settings(paths.config_dir() / "settings.json"))
    hears = {task: label(models.choose(task)) for task in (Task.TRANSCRIBE, Task.SOUNDS)}
    chance = random.Random(1)
    ids: list[int] = []
    for start in range(0, count, STORED_AT_ONCE):
        items = [
            _item(n, archive, known, sound, hears, chance) for n in range(start, min(start + STORED_AT_ONCE, count))
        ]
        ids += library.store(items)
    for tag in _TAGS:
        library.change_tags(sorted(chance.sample(ids, min(200, len(ids)))), add=[tag])
    library.close()


def new_pictures(folder: Path, count: int) -> Path:
    """Draw so many pictures that are not in the library, of which each is a file of its own."""
    folder.mkdir(parents=True)
    scenes, chance = [draw() for draw in SCENES.values()], random.Random(time.time_ns())
    for number in range(count):
        picture = scenes[number % len(scenes)]
        left, top = (chance.randrange(edge // 4) for edge in picture.size)
        cut = picture.crop((left, top, left + picture.width * 3 // 4, top + picture.height * 3 // 4))
        cut.save(folder / f"{number:04}.jpg", quality=88)
    return folder


def class_folders(folder: Path, classes: int, pictures: int) -> Path:
    """Draw a data folder: so many classes, each a scene, with so many small pictures."""
    for name, draw in list(SCENES.items())[:classes]:
        (folder / name).mkdir(parents=True)
        scene, chance = draw(), random.Random(name)
        for number in range(pictures):
            left, top = (chance.randrange(edge // 3) for edge in scene.size)
            cut = scene.crop((left, top, left + scene.width * 2 // 3, top + scene.height * 2 // 3))
            cut.resize((96, 72)).save(folder / name / f"{number:03}.jpg")
    return folder


def draw_cuts(folder: Path) -> Path:
    """Draw each scene in twelve cuts, so that no two pictures are quite the same."""
    folder.mkdir(parents=True)
    for name, draw in SCENES.items():
        picture = draw()
        for number in range(CUTS):
            left, top = picture.width * (number % 4) // 16, picture.height * (number % 3) // 12
            cut = picture.crop((left, top, left + picture.width * 3 // 4, top + picture.height * 3 // 4))
            side = ImageOps.mirror(cut) if number % 2 else cut
            light = ImageEnhance.Brightness(side).enhance(0.8 + 0.03 * number)
            light.resize((480, 360)).save(folder / f"{name} {number:02}.jpg", quality=88)
    return folder


def _indexed(folder: Path) -> list[IndexedItem]:
    """Let the program caption and embed a folder; return what it learned."""
    engine = LocalEngine(Settings(paths.config_dir() / "settings.json"))
    job = engine.wait(engine.submit(IndexRequest((str(folder),))))
    assert isinstance(job.result, IndexResult), job.failure
    model = next(one.model for one in engine.items([1])[0].answers if one.task == Task.EMBED_IMAGE)
    engine.close()
    library = SqliteLibrary(paths.default_library_file())
    items = library.items(library.ids(EVERYTHING))
    with library._connections.reading() as connection:
        vectors = dict(connection.execute("SELECT item_id, vector FROM embeddings WHERE model = ?", (model,)))
    library.close()
    return [
        IndexedItem(
            FileFacts(one.path, one.kind, one.content_hash, one.size_bytes, one.modified_s, 0, one.width, one.height),
            np.frombuffer(vectors[one.id], np.float16).astype(np.float32),
            model,
            tuple(
                NewCaption(text, language, 0.6, model)
                for text, language in ((one.caption_en, "en"), (one.caption_zh, "zh"))
                if text
            ),
        )
        for one in items
    ]


def _hum(file: Path) -> Path:
    """Write four seconds of a rising tone with a beat."""
    t = np.arange(4 * 16_000) / 16_000
    tone = np.sin(2 * np.pi * (220 * t + 120 * t**2)) * (0.3 + 0.25 * np.sin(2 * np.pi * 3 * t))
    soundfile.write(file, tone.astype(np.float32), 16_000)
    return file


def _item(
    number: int,
    archive: Path,
    known: list[IndexedItem],
    sound: Path,
    hears: dict[Task, str],
    chance: random.Random,
) -> IndexedItem:
    """Link a file into the archive, a few thousand a folder, and say what is known of it."""
    folder = archive / f"{number // 5000:02}"
    folder.mkdir(exist_ok=True)
    if number % RECORDINGS_EVERY == RECORDINGS_EVERY - 1:
        path = folder / f"VOICE_{number:06}.wav"
        path.hardlink_to(sound)
        facts = _facts(path, MediaKind.RECORDING, number, duration_s=4.0)
        words = _SAID.split()
        spoken = tuple(Word(word, 0.4 * n, 0.4 * n + 0.38, 0.3 + 0.06 * (n % 10)) for n, word in enumerate(words))
        segments = (Segment(_SAID, 0.0, 0.4 * len(words), 0.8, spoken),)
        said = NewTranscript(_SAID, "en", segments, 0.8, hears[Task.TRANSCRIBE])
        return IndexedItem(facts, transcript=said, sounds=NewSounds((), hears[Task.SOUNDS]))
    one = chance.choice(known)
    path = folder / f"IMG_{number:06}.jpg"
    path.hardlink_to(one.facts.path)
    facts = _facts(path, MediaKind.PHOTO, number, width=one.facts.width, height=one.facts.height)
    vector = one.embedding + np.random.default_rng(number).normal(0, 0.01, one.embedding.shape).astype(np.float32)
    return replace(one, facts=facts, embedding=vector / np.linalg.norm(vector))


def _facts(path: Path, kind: MediaKind, number: int, **more: float | None) -> FileFacts:
    known = path.stat()
    return FileFacts(str(path), kind, f"{number:064x}", known.st_size, known.st_mtime, known.st_ino, **more)
