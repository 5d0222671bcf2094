"""Finding a learning rate in the form: progress, cancel, the curve, taking the proposal, and why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import ErrorCode, Fault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.train import TrainPage
from mmbm_desktop.gui.pages.train.rate_curve import RateCurve
from mmbm_desktop.gui.pages.train.rate_finder_panel import RateFinderPanel
from mmbm_desktop.gui.translation import Translation
from mmbm_desktop.protocol.events import RateTried
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.jobs import JobId, JobState
from mmbm_desktop.protocol.requests import FindRateRequest
from mmbm_desktop.protocol.results import FindRateResult
from tests.gui.train.test_train_page import examined


@pytest.fixture
def panel(page: TrainPage, engine: FakeEngine, birds: Path, qtbot: QtBot) -> RateFinderPanel:
    """Return the panel in the open drawer, with a folder to learn from."""
    examined(page, engine, birds, qtbot=qtbot)
    page.form.expert.click()
    return page.tuning.finder_panel


def test_a_rate_is_found_with_progress_and_taken_into_the_form(
    page: TrainPage, engine: FakeEngine, panel: RateFinderPanel, qtbot: QtBot
) -> None:
    engine.hold(FindRateRequest)
    page.form.batch.control.setValue(32)
    panel.begin.click()
    (job,) = [job for job in engine.jobs() if isinstance(job.request, FindRateRequest)]
    assert job.request.settings == page.form.settings
    assert job.request.settings.batch == 32
    engine.progress(job.id, 40, 100)
    qtbot.waitUntil(lambda: panel.bar.value() == 400)
    assert not panel.begin.isVisible()
    assert not panel.curve.isVisible()
    engine.emit(RateTried(job.id, 1e-6, 2.0, 1.0))
    engine.emit(RateTried(job.id, 1e-3, 1.0, 1.0))
    engine.emit(RateTried(JobId(99), 1e-2, 9.0, 1.0))
    qtbot.waitUntil(lambda: panel.curve.isVisible() and panel.curve.found.losses == (2.0, 1.0))
    assert panel.curve.place(1e-3, 1.0).x() == pytest.approx(panel.curve.area.center().x()), (
        "the end stays in its place"
    )
    assert not panel.take.isVisible()

    engine.finish(job.id)

    qtbot.waitUntil(panel.take.isVisible)
    assert panel.said.text() == "Proposed: 0.0027, a tenth of 0.027, where the loss was lowest."
    panel.take.click()
    assert page.form.rate.value == page.form.draft.learning_rate == 0.0027
    assert panel.curve.isVisible(), "another rate in the form makes what was found no other"
    page.form.batch.control.setValue(64)
    assert not panel.curve.isVisible(), "for another batch it says nothing"


def test_it_is_cancelled_and_a_failure_is_said(engine: FakeEngine, panel: RateFinderPanel, qtbot: QtBot) -> None:
    engine.hold(FindRateRequest)
    panel.begin.click()
    engine.emit(RateTried(engine.jobs()[0].id, 1e-6, 2.0, 1.0))
    qtbot.waitUntil(panel.curve.isVisible)
    panel.cancel.click()
    assert not panel.curve.isVisible()
    assert engine.jobs()[0].state is JobState.CANCELLED
    assert panel.begin.isEnabled()

    panel.begin.click()
    engine.fail(engine.jobs()[0].id, Failure(ErrorCode.OUT_OF_MEMORY, Fault.ENVIRONMENT))

    qtbot.waitUntil(lambda: "memory" in panel.why.text())
    assert panel.begin.isVisible()


def test_that_there_is_no_proposal_is_said_plainly(
    engine: FakeEngine, panel: RateFinderPanel, qtbot: QtBot, translation: Translation, context: AppContext
) -> None:
    rising = FindRateResult((1e-6, 1e-5), (1.0, 1.1), diverged=False, proposal=None, lowest_at=None)
    engine.script(FindRateRequest, rising)
    panel.begin.click()
    qtbot.waitUntil(panel.curve.isVisible)
    assert panel.said.text() == "The loss never fell, so no rate can be proposed. Keep the usual one."
    assert not panel.take.isVisible()
    context.settings.set("appearance.language", "zh_CN")
    translation.apply()
    qtbot.waitUntil(lambda: panel.begin.text() == "寻找学习率")
    assert panel.said.text() == "损失始终没有下降，无法建议学习率。请保留常用的值。"


@pytest.mark.parametrize(("recipe", "why"), [("q-table", "by playing"), ("caption-reward", "need not fall")])
def test_goals_without_a_finder_say_why(page: TrainPage, panel: RateFinderPanel, recipe: str, why: str) -> None:
    page.form.choose(recipe)
    assert not panel.begin.isEnabled()
    assert why in panel.why.text()


def test_the_marked_proposal_lies_on_the_curve_and_a_divergence_leaves_the_dip_visible(
    qtbot: QtBot, context: AppContext
) -> None:
    curve = RateCurve(context.theme)
    qtbot.addWidget(curve)
    curve.resize(400, 150)
    rates = tuple(10 ** (-6 + number / 10) for number in range(50))
    losses = tuple([2.0 - number / 40 for number in range(40)] + [1.0 + 3.0**number for number in range(10)])
    curve.show_found(FindRateResult(rates, losses, diverged=True, proposal=rates[29], lowest_at=rates[39]))
    dip, start = curve.place(rates[39], min(losses)), curve.place(rates[0], losses[0])
    assert curve.area.bottom() == pytest.approx(dip.y())
    assert dip.y() - start.y() > curve.area.height() / 2
    assert curve.area.left() <= curve.place(rates[29], 1.0).x() < dip.x() <= curve.area.right()
    assert "lowest at 0.0079" in curve.accessibleName()
    assert not curve.grab().isNull()
