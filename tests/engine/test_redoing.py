"""When another model is chosen its answers replace the old ones in the background, and the old ones work until then."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.events import JobChanged, WorkerChanged
from mmbm_desktop.protocol.jobs import JobSnapshot, JobState
from mmbm_desktop.protocol.requests import BrowseRequest, IndexRequest, RedoRequest, SearchRequest
from mmbm_desktop.protocol.results import BrowseResult, IndexResult, SearchResult
from mmbm_desktop.protocol.tasks import LOWEST
from tests.engine.workshop import Workshop

BETTER = "better 0.0.2"


@pytest.fixture
def bundles(tmp_path: Path, tiny_bundle: Path) -> list[Path]:
    """Return the folder of the tiny bundle and one with a newer one beside it."""
    newer = shutil.copytree(tiny_bundle, tmp_path / "bundles" / "better")
    manifest = json.loads((newer / "bundle.json").read_text())
    (newer / "bundle.json").write_text(json.dumps({**manifest, "name": "better", "version": "0.0.2"}))
    return [tiny_bundle.parent, newer.parent]


@pytest.fixture
def shop(make_engine: Callable[..., LocalEngine], bundles: list[Path], settings: Settings) -> Workshop:
    settings.set("models.image_text", "tiny")
    return Workshop(make_engine(model_dirs=bundles))


def redone(shop: Workshop) -> JobSnapshot:
    """Wait for the end of a redoing job."""
    event = shop.wait_for(
        lambda event: (
            isinstance(event, JobChanged)
            and isinstance(event.job.request, RedoRequest)
            and event.job.state is JobState.DONE
        )
    )
    assert isinstance(event, JobChanged)
    return event.job


def embedded(model: str) -> tuple[int, int]:
    library = SqliteLibrary(paths.default_library_file())
    try:
        return library.embedded(model)
    finally:
        library.close()


def models_of(shop: Workshop) -> set[tuple[str, str, str]]:
    """Return the newest answers of all items."""
    result = shop.run(BrowseRequest()).result
    assert isinstance(result, BrowseResult)
    return {
        (
            one.task,
            one.language,
            max(item.answers, key=lambda a: (a.task, a.language) == (one.task, one.language) and a.when_s).model,
        )
        for item in result.items
        for one in item.answers
    }


def test_choosing_another_model_redoes_what_the_old_one_answered(
    shop: Workshop, pictures: Path, settings: Settings
) -> None:
    shop.run(IndexRequest((str(pictures),)))
    settings.set("models.image_text", "better")
    shop.engine.watch_folders()

    job = redone(shop)

    assert (job.state, job.priority) == (JobState.DONE, LOWEST)
    assert isinstance(job.result, IndexResult)
    assert (job.result.found, job.result.indexed, job.result.failed) == (12, 12, ())
    assert models_of(shop) == {
        (task, lang, BETTER) for task, lang in (("embed-image", ""), ("caption", "en"), ("caption", "zh"))
    }
    assert embedded(BETTER) == embedded("tiny 0.0.1") == (12, 0)
    found = shop.run(SearchRequest("dog")).result
    assert isinstance(found, SearchResult)
    assert (found.made.model, found.searched) == (BETTER, 12)
    shop.engine.close()
    assert {event.lane for event in shop.of(WorkerChanged)} == {"pictures", "quiet"}


def test_a_classifier_that_is_chosen_sorts_what_is_there_already(
    make_engine: Callable[..., LocalEngine],
    tiny_bundle: Path,
    tiny_classifier: Path,
    settings: Settings,
    pictures: Path,
) -> None:
    shop = Workshop(make_engine(model_dirs=[tiny_bundle.parent, tiny_classifier.parent]))
    shop.run(IndexRequest((str(pictures),), captions=False))
    shop.engine.watch_folders()
    manifest = read_manifest(tiny_classifier)

    settings.set("models.picture_classes", manifest.name)

    job = redone(shop)
    assert isinstance(job.result, IndexResult)
    assert (job.result.indexed, job.result.failed) == (12, ())
    assert ("classify", "", f"{manifest.name} {manifest.version}") in models_of(shop)


def test_a_choice_while_folders_are_watched_is_heard(shop: Workshop, pictures: Path, settings: Settings) -> None:
    shop.run(IndexRequest((str(pictures),), captions=False))
    shop.engine.watch_folders()

    settings.set("models.image_text", "better")

    redone(shop)
    assert embedded(BETTER) == (12, 0)


def test_old_answers_work_while_the_new_ones_come_and_what_is_done_is_not_done_again(
    shop: Workshop, pictures: Path, settings: Settings
) -> None:
    shop.run(IndexRequest((str(pictures),)))
    settings.set("models.image_text", "better")
    frozen = shop.freeze_when_advanced(4)
    first = shop.engine.submit(RedoRequest())
    frozen()

    done = embedded(BETTER)
    found = shop.run(SearchRequest("dog")).result
    shop.engine.cancel(first)

    assert done[0] in (4, 8)
    assert isinstance(found, SearchResult)
    assert (found.made.model, found.searched) == ("tiny 0.0.1", 12)
    assert shop.end(first).state is JobState.CANCELLED
    rest = shop.run(RedoRequest()).result
    assert isinstance(rest, IndexResult)
    assert rest.found == 12 - embedded(BETTER)[0] + rest.indexed == rest.indexed
    assert embedded(BETTER) == (12, 0)


def test_what_the_new_model_cannot_open_is_not_asked_again(shop: Workshop, pictures: Path, settings: Settings) -> None:
    shop.run(IndexRequest((str(pictures),)))
    broken = pictures / "00.jpg"
    facts = broken.stat()
    broken.write_bytes(b"x" * facts.st_size)
    os.utime(broken, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    (pictures / "01.jpg").write_bytes(b"changed since: indexing sees to it")
    settings.set("models.image_text", "better")

    result = shop.run(RedoRequest()).result
    again = shop.run(RedoRequest()).result

    assert isinstance(result, IndexResult)
    assert [one.path for one in result.failed] == [str(broken)]
    assert isinstance(again, IndexResult)
    assert (again.found, again.failed) == (1, ())
    assert embedded(BETTER) == (10, 1)


def test_with_nothing_behind_nothing_is_begun(shop: Workshop, pictures: Path) -> None:
    shop.run(IndexRequest((str(pictures),)))
    shop.engine.watch_folders()
    shop.wait_for(lambda event: isinstance(event, JobChanged) and event.job.id > 1 and event.job.state.final)

    assert not [job for job in shop.engine.jobs() if isinstance(job.request, RedoRequest)]


def test_indexing_leaves_the_answers_of_another_model_to_redoing(
    shop: Workshop, pictures: Path, settings: Settings
) -> None:
    shop.run(IndexRequest((str(pictures),)))
    settings.set("models.image_text", "better")

    result = shop.run(IndexRequest((str(pictures),))).result
    named = shop.run(IndexRequest((str(pictures),), model="better")).result

    assert isinstance(result, IndexResult)
    assert (result.skipped, result.indexed) == (12, 0)
    assert isinstance(named, IndexResult)
    assert named.indexed == 12
