"""Which model answers what."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine import recogniser_check
from mmbm_desktop.engine.model_store import POCKETSPHINX, ModelStore, bundle_of, label, languages_of
from mmbm_desktop.engine.recogniser_check import check_recogniser
from mmbm_desktop.protocol.tasks import Task


def bundle(folder: Path, tiny: Path, name: str, recall: float = 0.0, **changes: object) -> Path:
    """Copy the tiny bundle under another name."""
    target = folder / name
    shutil.copytree(tiny, target)
    manifest = json.loads((target / "bundle.json").read_bytes())
    manifest |= {"name": name, "quality": {"text-to-image R@10, English, somewhere": recall}, **changes}
    (target / "bundle.json").write_text(json.dumps(manifest))
    return target


@pytest.fixture
def folder(tmp_path: Path, tiny_bundle: Path) -> Path:
    folder = tmp_path / "models"
    bundle(folder, tiny_bundle, "good", 0.5)
    bundle(folder, tiny_bundle, "better", 0.7)
    return folder


def test_the_best_model_answers_when_none_is_named(settings: Settings, folder: Path) -> None:
    assert ModelStore(settings, [folder]).choose(Task.CAPTION).name == "better"


def test_the_settings_name_one_and_a_request_another(settings: Settings, folder: Path) -> None:
    store = ModelStore(settings, [folder])
    settings.set("models.image_text", "good")

    assert store.choose(Task.EMBED_TEXT).name == "good"
    assert store.choose(Task.EMBED_TEXT, "better").name == "better"


def test_a_name_in_the_settings_that_is_gone_does_not_stop_anything(settings: Settings, folder: Path) -> None:
    settings.set("models.image_text", "removed")

    assert ModelStore(settings, [folder]).choose(Task.CAPTION).name == "better"


def test_a_wanted_model_that_is_not_there_is_missing(settings: Settings, folder: Path) -> None:
    store = ModelStore(settings, [folder])

    for task, wanted in ((Task.CAPTION, "none"), (Task.CAPTION, POCKETSPHINX), (Task.TRANSCRIBE, "good")):
        with pytest.raises(EnvironmentFault) as caught:
            store.choose(task, wanted)
        assert caught.value.code is ErrorCode.MODEL_MISSING


def test_a_damaged_model_is_passed_over_unless_it_is_wanted(settings: Settings, folder: Path) -> None:
    (folder / "better" / "model.safetensors").write_bytes(b"short")
    store = ModelStore(settings, [folder])

    assert store.choose(Task.CAPTION).name == "good"
    with pytest.raises(EnvironmentFault) as caught:
        store.choose(Task.CAPTION, "better")
    assert caught.value.code is ErrorCode.BUNDLE_DAMAGED
    assert store.named("better").problem == ErrorCode.BUNDLE_DAMAGED


def test_only_a_model_that_can_do_the_task_is_chosen(settings: Settings, folder: Path, tiny_bundle: Path) -> None:
    bundle(folder, tiny_bundle, "embedder", 0.9, tasks=["embed-image", "embed-text"])
    store = ModelStore(settings, [folder])

    assert store.choose(Task.EMBED_IMAGE).name == "embedder"
    assert store.choose(Task.CAPTION).name == "better"


def test_without_bundles_speech_is_still_answered(settings: Settings) -> None:
    store = ModelStore(settings, [])

    speech = store.choose(Task.TRANSCRIBE)

    assert (speech.name, speech.built_in, bundle_of(speech)) == (POCKETSPHINX, True, None)
    assert any(0.2 < value < 0.9 for value in speech.quality.values())
    assert "more than one word in four wrong" in speech.card
    with pytest.raises(EnvironmentFault):
        store.choose(Task.CAPTION)


def test_a_bundle_that_transcribes_answers_only_where_it_is_named(
    settings: Settings, folder: Path, tiny_bundle: Path
) -> None:
    quality = {"accuracy of clips, somewhere": 0.99}
    bundle(folder, tiny_bundle, "digits", tasks=["transcribe"], quality=quality)
    store = ModelStore(settings, [folder])

    assert store.choose(Task.TRANSCRIBE).name == POCKETSPHINX
    assert store.choose(Task.TRANSCRIBE, "digits").name == "digits"
    settings.set("models.speech", "digits")
    assert store.choose(Task.TRANSCRIBE).name == "digits"
    settings.set("models.speech", "removed")
    assert store.choose(Task.TRANSCRIBE).name == POCKETSPHINX


def test_installed_models_are_found_where_the_person_keeps_them(settings: Settings, tiny_bundle: Path) -> None:
    bundle(paths.installed_models_dir(), tiny_bundle, "mine")
    models = ModelStore(settings).models()

    mine = next(model for model in models if model.name == "mine")
    assert not mine.built_in
    assert [model.built_in for model in models] == sorted((model.built_in for model in models), reverse=True)
    assert bundle_of(mine) == str(paths.installed_models_dir() / "mine")


def test_a_name_nobody_has_is_missing(settings: Settings, folder: Path) -> None:
    with pytest.raises(InputFault) as caught:
        ModelStore(settings, [folder]).named("none")

    assert caught.value.code is ErrorCode.MODEL_MISSING


def test_labels_and_languages(settings: Settings, folder: Path) -> None:
    model = ModelStore(settings, [folder]).named("good")

    assert label(model) == f"good {model.version}"
    assert languages_of(model, "zh,en") == ("zh", "en")
    assert languages_of(model, "fr,en") == ("en",)


def test_the_built_in_recogniser_is_checked_file_by_file(monkeypatch: pytest.MonkeyPatch) -> None:
    result = check_recogniser(CancelToken())
    assert result.files > 5
    assert result.size_bytes > 30_000_000

    monkeypatch.setattr(recogniser_check, "_digest", lambda path: "other")
    with pytest.raises(EnvironmentFault) as caught:
        check_recogniser(CancelToken())
    assert caught.value.code is ErrorCode.BUNDLE_DAMAGED


def test_a_classifier_is_trained_by_people_and_then_found(settings: Settings, folder: Path, tiny_bundle: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        ModelStore(settings, [folder]).choose(Task.CLASSIFY)
    assert (caught.value.code, caught.value.params["task"]) == (ErrorCode.MODEL_MISSING, "classify")

    bundle(folder, tiny_bundle, "mine", tasks=["classify"])
    assert ModelStore(settings, [folder]).choose(Task.CLASSIFY).name == "mine"
