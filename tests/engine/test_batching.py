"""Batches with the real engine and worker: captions again, tags, removal, each one step; failures listed."""

from __future__ import annotations

from pathlib import Path

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.protocol.batches import BatchAction, BatchRequest, BatchResult
from mmbm_desktop.protocol.events import JobChanged, LibraryChanged
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.journal import Action
from mmbm_desktop.protocol.requests import IndexRequest
from tests.engine.workshop import Workshop


def test_captions_again_are_one_step_and_say_what_failed(shop: Workshop, pictures: Path) -> None:
    for file in sorted(pictures.iterdir())[3:]:
        file.unlink()
    shop.run(IndexRequest((str(pictures),), captions=False))
    ids = tuple(sorted(shop.engine.item_ids(Filters())))
    shop.engine.save_caption(str(pictures / "01.jpg"), "Mine.", "en")
    (pictures / "02.jpg").unlink()

    job = shop.run(BatchRequest(BatchAction.CAPTION, ids))

    assert isinstance(job.result, BatchResult)
    assert (job.result.done, job.result.passed_over) == (2, 0)
    assert [(Path(one.path).name, one.failure.code) for one in job.result.failed] == [
        ("02.jpg", ErrorCode.FILE_NOT_FOUND)
    ]
    assert (job.done, job.total) == (3, 3)
    first, second, third = shop.engine.items(ids)
    assert first.caption_en
    assert first.caption_zh
    assert second.caption_en == "Mine."
    assert len(shop.engine.history(second.id).captions) == 3
    assert not third.caption_en
    step = shop.engine.undo()
    assert step is not None
    assert step.action is Action.CAPTION_AGAIN
    assert set(step.items) == {first.id, second.id}
    assert not shop.engine.items(ids)[0].caption_en


def test_nothing_can_be_translated_without_a_model_for_it(shop: Workshop, pictures: Path) -> None:
    job = shop.run(BatchRequest(BatchAction.TRANSLATE, (1,), to="zh"))

    assert job.state is JobState.FAILED
    assert job.failure is not None
    assert job.failure.code is ErrorCode.MODEL_MISSING


def test_tags_and_removals_are_jobs_and_steps(shop: Workshop, pictures: Path) -> None:
    shop.run(IndexRequest((str(pictures),), captions=False))
    ids = tuple(sorted(shop.engine.item_ids(Filters())))
    job = shop.run(BatchRequest(BatchAction.TAG, ids, add=("summer",)))
    assert job.result == BatchResult(12, 0, ())
    assert shop.engine.tags()[0].items == 12
    shop.engine.change_tags(ids[:1], remove=["summer"])
    assert shop.run(BatchRequest(BatchAction.REMOVE, ids[:2])).result == BatchResult(2, 0, ())
    assert shop.engine.tags()[0].items == 10
    shop.run(IndexRequest((str(pictures),), captions=True))
    assert len(shop.engine.item_ids(Filters())) == 10
    before = len(shop.of(LibraryChanged))

    for wanted in (10 + 1, 10 + 2, 0):
        assert shop.engine.undo() is not None
        assert sum(one.items for one in shop.engine.tags()) == wanted

    assert len(shop.engine.item_ids(Filters())) == 12
    shop.wait_for(lambda event: isinstance(event, LibraryChanged) and event in shop.of(LibraryChanged)[before:])


def test_a_cancelled_batch_keeps_what_it_stored_as_a_step(shop: Workshop, pictures: Path) -> None:
    shop.run(IndexRequest((str(pictures),), captions=False))
    ids = tuple(sorted(shop.engine.item_ids(Filters())))

    def cancel_in_the_middle(event: object) -> None:
        if isinstance(event, JobChanged) and isinstance(event.job.request, BatchRequest) and event.job.done >= 9:
            shop.engine.cancel(event.job.id)

    shop.hooks.append(cancel_in_the_middle)
    job = shop.run(BatchRequest(BatchAction.CAPTION, ids * 20))

    assert job.state is JobState.CANCELLED
    written = [item for item in shop.engine.items(ids) if item.caption_en]
    assert written
    step = shop.engine.undo()
    assert step is not None
    assert set(step.items) == {item.id for item in written}
    assert shop.engine.undo() is None
