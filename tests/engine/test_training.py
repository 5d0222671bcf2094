"""The real engine with the real trainer: a folder of sentences becomes a bundle that translates, over a quit."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.protocol.events import ModelsChanged, RunAdvanced, RunChanged, RunSampled
from mmbm_desktop.protocol.requests import TrainRequest
from mmbm_desktop.protocol.training import RunSettings, RunState
from tests.engine.workshop import Workshop
from tests.training.test_translation import make_phrases

LONG_S = 600.0


@pytest.mark.slow
def test_a_run_survives_a_quit_and_its_bundle_is_used_at_once(make_engine, tmp_path, mmbm_home):
    data = make_phrases(tmp_path / "短 句'\"")
    shop = Workshop(make_engine(model_dirs=None))
    options = {"captions": 0, "words": 0}
    settings = RunSettings("translation", str(data), "phrases", "quick", epochs=400, batch=4, options=options)
    run = shop.engine.runs.start(settings)
    assert run.state is RunState.WAITING
    shop.wait_for(lambda event: isinstance(event, RunSampled), LONG_S)
    (job,) = [job for job in shop.engine.jobs() if job.request == TrainRequest(run.id)]
    assert job.done > 0
    shop.engine.close(20.0)

    later = Workshop(make_engine(model_dirs=None))
    assert _info(later.engine, run.id).state is RunState.PAUSED
    before = later.engine.runs.curve(run.id)
    later.engine.runs.resume(run.id)
    later.wait_for(lambda event: isinstance(event, RunAdvanced), LONG_S)
    later.engine.runs.finish(run.id)
    done = later.wait_for(lambda e: isinstance(e, RunChanged) and e.run.state is RunState.FINISHED, LONG_S)
    assert any(isinstance(event, ModelsChanged) for event in later.events)
    assert "phrases" in [model.name for model in later.engine.models()]
    assert Path(done.run.bundle) == mmbm_home / "data" / "models" / "phrases"
    curve = later.engine.runs.curve(run.id)
    assert len(curve) > len(before)
    assert [point.epoch for point in curve] == sorted(point.epoch for point in curve)
    assert any(point.resumed for point in curve)
    report = later.engine.runs.report(run.id)
    assert report is not None
    assert report.assessment is not None
    assert report.assessment.items == 4
    assert "短 句" in later.engine.runs.web_page(run.id, "zh")


def _info(engine: LocalEngine, run_id: str):
    return next(info for info in engine.runs.all() if info.id == run_id)
