"""Correct, learn, compare, keep, revert: with the real library, runs and settings; once with the real trainer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.engine.model_store import ModelStore
from mmbm_desktop.engine.runs.run_store import RunStore
from mmbm_desktop.protocol.corrections import CorrectionKind, improved_name
from mmbm_desktop.protocol.events import CorrectionsChanged
from mmbm_desktop.protocol.requests import CaptionRequest, ClassifyRequest, IndexRequest, TrainRequest
from mmbm_desktop.protocol.results import CaptionResult, ClassifyResult
from mmbm_desktop.protocol.tasks import Task
from mmbm_desktop.protocol.training import Improves, RunSettings, RunState
from tests.engine.workshop import Workshop, write_picture

LONG_S = 300.0


def renamed(bundle: Path, name: str) -> Path:
    """Copy a bundle into the person's models under another name."""
    target = paths.installed_models_dir() / name
    shutil.copytree(bundle, target)
    manifest = json.loads((target / "bundle.json").read_bytes())
    (target / "bundle.json").write_text(json.dumps({**manifest, "name": name}))
    return target


@pytest.fixture
def engine(make_engine: Callable[..., LocalEngine]) -> LocalEngine:
    return make_engine(model_dirs=[paths.installed_models_dir()])


def test_labels_and_ratings_are_told_stored_and_undone(shop: Workshop, pictures: Path) -> None:
    improving, path = shop.engine.improving, str(pictures / "00.jpg")
    improving.set_label(path, "cat", "dog", "pets 1")
    improving.rate_caption(path, "A dog.", "en", "m 1", -1)

    assert [one.kind for one in improving.corrections()] == [CorrectionKind.THUMB, CorrectionKind.LABEL]
    shop.engine.undo()
    assert [one.text for one in improving.corrections()] == ["dog"]
    shop.engine.close()
    assert len(shop.of(CorrectionsChanged)) == 3
    with pytest.raises(InputFault):
        improving.rate_caption(path, "A dog.", "en", "m 1", 5)
    with pytest.raises(InputFault):
        improving.set_label(str(pictures / "gone.jpg"), "cat", "dog", "pets 1")


def test_an_edited_caption_says_what_explore_showed(shop: Workshop, pictures: Path) -> None:
    path = str(pictures / "00.jpg")
    said = shop.run(CaptionRequest(path, ("en",))).result
    assert isinstance(said, CaptionResult)
    shop.engine.save_caption(path, "A dog.", "en")

    (one,) = shop.engine.improving.corrections()
    assert (one.said, one.text, one.model) == (said.captions[0].text, "A dog.", said.made.model)
    (captions, *_) = shop.engine.improving.status()
    assert captions.learned + captions.held_out == 1
    Path(path).unlink()
    assert shop.engine.improving.status()[0].missing == 1
    written = shop.engine.improving.export()
    assert written.missing == (path,)


def test_too_few_corrections_are_refused_with_the_number_that_is_missing(shop: Workshop) -> None:
    with pytest.raises(InputFault) as caught:
        shop.engine.improving.improve(Task.CAPTION)
    assert caught.value.code is ErrorCode.CORRECTIONS_TOO_FEW
    assert (caught.value.params["there"], caught.value.params["needed"]) == (0, 5)
    with pytest.raises(EnvironmentFault):
        shop.engine.improving.improve(Task.CLASSIFY)
    with pytest.raises(InputFault) as caught:
        shop.engine.improving.improve(Task.TRANSCRIBE)
    assert caught.value.params["reason"] == "only-dictates"


def finished(model: str, bundle: Path, new: str) -> str:
    """Leave a run in its folder that has improved a model."""
    store = RunStore(paths.data_dir() / "runs")
    recipe = "image-text"
    run_id = store.make(RunSettings(recipe, "/mine", new, improves=Improves(model, str(bundle))))
    compared = {"old": model, "new": new, "held_out": 2, "general": 0, "numbers": []}
    report = {"name": new, "bundle": str(bundle), "metrics": {}, "comparison": compared}
    (store.path(run_id) / "report.json").write_text(json.dumps(report))
    store.note(run_id, RunState.FINISHED)
    (store.path(run_id) / "state.json").write_text(json.dumps({"state": "finished", "bundle": str(bundle)}))
    return run_id


def test_captions_are_kept_and_reverted_without_touching_search(
    settings: Settings, engine: LocalEngine, tiny_bundle: Path
) -> None:
    old, new = "words", improved_name("words", frozenset())
    renamed(tiny_bundle, old)
    run_id = finished(old, renamed(tiny_bundle, new), new)
    store = ModelStore(settings, [paths.installed_models_dir()])
    assert store.choose(Task.CAPTION).name == old

    assert engine.improving.keep(run_id).kept
    (one,) = engine.improving.improvements()
    assert (one.old, one.new, one.kept) == (old, new, True)
    assert one.comparison is not None
    assert store.choose(Task.CAPTION).name == new
    assert store.choose(Task.EMBED_TEXT).name == old

    assert not engine.improving.revert(run_id).kept
    assert store.choose(Task.CAPTION).name == old
    assert settings.text("models.captions") == ""
    with pytest.raises(InputFault):
        engine.improving.keep("no-such-run")


def test_indexing_asks_each_model_for_its_own_part(
    settings: Settings, engine: LocalEngine, tiny_bundle: Path, pictures: Path
) -> None:
    renamed(tiny_bundle, "words")
    renamed(tiny_bundle, "words-improved-1")
    settings.set("models.captions", "words-improved-1")
    job = engine.wait(engine.submit(IndexRequest((str(pictures),))), LONG_S)
    assert job.failure is None
    history = engine._library.caption_history(1)
    assert {entry.model.split()[0] for entry in history} == {"words-improved-1"}
    assert {one.model for one in engine.items([1])[0].answers if one.task == Task.EMBED_IMAGE} == {"words 0.0.1"}


@pytest.mark.slow
def test_six_corrections_improve_a_classifier_that_is_kept_and_reverted(
    engine: LocalEngine, tiny_classifier: Path, tmp_path: Path
) -> None:
    renamed(tiny_classifier, "colours")
    files = [write_picture(tmp_path / f"{number}.png", number) for number in range(9)]
    first = engine.wait(engine.submit(ClassifyRequest(str(files[0]), 2)), LONG_S).result
    assert isinstance(first, ClassifyResult)
    right = first.guesses[1].label
    for path in files:
        engine.improving.set_label(str(path), first.guesses[0].label, right, first.made.model)
    (_, classes, _) = engine.improving.status()
    assert (classes.learned >= 5, classes.held_out >= 1) == (True, True)

    run = engine.improving.improve(Task.CLASSIFY, epochs=6)
    job_id = next(job.id for job in engine.jobs() if job.request == TrainRequest(run.id))
    assert engine.wait(job_id, LONG_S).failure is None
    (made,) = engine.improving.improvements()
    assert (made.old, made.new, made.kept) == ("colours", "colours-improved-1", False)
    assert made.comparison is not None
    assert made.comparison.held_out == classes.held_out
    own = made.comparison.decisive(general=False)
    assert own is not None
    assert own.new > own.old
    assert made.comparison.decisive(general=True) is None

    def answers() -> tuple[str, str]:
        result = engine.wait(engine.submit(ClassifyRequest(str(files[0]), 1)), LONG_S).result
        assert isinstance(result, ClassifyResult)
        return result.made.model.split()[0], result.guesses[0].label

    assert answers()[0] == "colours"
    engine.improving.keep(run.id)
    assert answers() == ("colours-improved-1", right)
    engine.improving.revert(run.id)
    assert answers()[0] == "colours"
