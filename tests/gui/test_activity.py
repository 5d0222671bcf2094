"""The Activity page follows jobs and lets them be cancelled, tried again and looked into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.activity import ActivityPage
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import BrowseRequest, CaptionRequest, IndexRequest


@pytest.fixture
def engine() -> FakeEngine:
    """Return an engine whose jobs wait for the test."""
    return FakeEngine(auto=False)


@pytest.fixture
def page(qtbot: object, context: AppContext) -> Iterator[ActivityPage]:
    """Return the page, shown."""
    made = ActivityPage(context)
    made.resize(900, 600)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_a_job_is_followed_from_waiting_to_done(page: ActivityPage, engine: FakeEngine) -> None:
    job = engine.submit(IndexRequest(("/pictures",)))
    (row,) = page.rows
    assert "waiting" in row.accessibleName()

    engine.start(job)
    engine.progress(job, 25, 100)
    assert "25 of 100" in row.accessibleName()
    assert row.cancel.isVisible()
    engine.finish(job)

    assert row.job.state is JobState.DONE
    assert not row.cancel.isVisible()
    assert "Index pictures" in row.accessibleName()


def test_a_running_job_is_cancelled_and_tried_again(page: ActivityPage, engine: FakeEngine) -> None:
    job = engine.submit(CaptionRequest("/p/a.jpg"))
    engine.start(job)
    page.rows[0].cancel.click()
    assert engine.job(job).state is JobState.CANCELLED

    page.rows[0].retry.click()

    assert len(page.rows) == 2
    assert page.rows[0].job.retry_of == job
    assert page.rows[0].job.request == CaptionRequest("/p/a.jpg")


def test_an_error_has_plain_words_and_details(page: ActivityPage, engine: FakeEngine) -> None:
    job = engine.submit(CaptionRequest("/p/a.jpg"))
    engine.fail(job, InputFault(ErrorCode.IMAGE_BROKEN, "SyntaxError: broken PNG", path="/p/a.jpg"))
    row = page.rows[0]

    assert row._error.text() == "a.jpg — The picture is damaged, or is not what its name says."
    row.details_button.click()
    assert row.details.isVisible()
    assert row.details.toPlainText() == "SyntaxError: broken PNG"
    row.copy.click()
    assert "image-broken" in QGuiApplication.clipboard().text()


def test_ended_jobs_are_cleared_and_running_ones_stay(page: ActivityPage, engine: FakeEngine) -> None:
    engine.finish(engine.submit(CaptionRequest("/p/a.jpg")))
    running = engine.submit(CaptionRequest("/p/b.jpg"))
    engine.start(running)

    page.clear.click()

    assert [row.job.id for row in page.rows] == [running]


def test_the_librarys_own_reading_is_not_shown_and_many_jobs_are_paged(page: ActivityPage, engine: FakeEngine) -> None:
    engine.submit(BrowseRequest())
    assert page.rows == []
    assert page.empty.isVisible()

    for number in range(130):
        engine.submit(CaptionRequest(f"/p/{number}.jpg"))

    assert len(page.rows) == 100
    assert page.rows[0].job.request == CaptionRequest("/p/129.jpg")
    page.more.click()
    assert len(page.rows) == 130
