"""Every finding, recipe, preset and option that exists has words, and one that nobody knows still shows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from mmbm_desktop.gui.finding_words import FindingWords
from mmbm_desktop.gui.job_words import JobWords
from mmbm_desktop.gui.state.training_draft import Obstacle
from mmbm_desktop.gui.training_words import TrainingWords, number
from mmbm_desktop.protocol.dataset import DataKind, Finding, Severity
from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.protocol.requests import ClassifyRequest, ExamineDataRequest, TrainRequest
from mmbm_desktop.protocol.training import GpuUse, RunState, RunUse
from tests.gui.train.made_up import run_info


@pytest.fixture
def words(qapp: QApplication) -> TrainingWords:
    """Return the words in the language of the code."""
    return TrainingWords()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_recipe_its_presets_and_its_usual_options_have_words_and_reasons(
    words: TrainingWords, recipe: object
) -> None:
    assert words.recipe(recipe.name)
    assert words.recipe_reason(recipe.name).endswith(".")
    assert [one.name for one in recipe.presets if not words.preset_reason(one.name)] == []
    assert [
        one.name for one in recipe.options if not one.expert and not words.setting_reason(one.name, recipe.name)
    ] == []


def test_where_a_run_computes_is_said_in_the_windows_language(words: TrainingWords) -> None:
    assert words.computes_on("CPU · 1 threads").startswith("CPU · 1 thread")
    assert words.computes_on("GPU 0 · NVIDIA H100") == "GPU 0 · NVIDIA H100"


def test_what_nobody_knows_keeps_its_name(words: TrainingWords) -> None:
    assert words.recipe("brand-new") == "Brand new"
    assert words.setting("warm_up_steps") == "Warm up steps"
    assert words.setting_reason("warm_up_steps") == ""
    assert words.metric("CIDEr-D, English") == "CIDEr-D, English"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mean AUROC", "AUROC, mean of classes"),
        ("accuracy of fold 3", "Accuracy of fold 3"),
        ("text-to-image R@10, Chinese", "Pictures found among the first 10, Chinese"),
        ("search calibration error (ECE), English", "Calibration error of hits, English"),
        ("BLEU-4, English to Chinese, by character", "BLEU-4, English to Chinese, by character"),
        ("recall@10 en", "Pictures found among the first 10, English"),
        ("chrF zh-en", "chrF, Chinese to English"),
        ("word error rate", "Word error rate"),
        ("mean return", "Mean return"),
    ],
)
def test_numbers_are_called_by_what_they_say(words: TrainingWords, name: str, text: str) -> None:
    assert words.metric(name) == text


def test_states_kinds_obstacles_and_devices_have_words(words: TrainingWords) -> None:
    assert all(words.state(state) for state in RunState)
    assert all(words.kind(kind) for kind in DataKind)
    assert all(words.obstacle(one).endswith(".") for one in Obstacle)
    assert [words.device(one) for one in ("auto", "cpu", "gpu:1", "all")] == ["Automatic", "CPU", "GPU 1", "All GPUs"]


def test_progress_says_epoch_pace_and_time_left(words: TrainingWords) -> None:
    run = run_info("a", RunState.RUNNING, step_ms=38.2, seconds_left=61.0)

    assert words.progress(run) == "epoch 4 / 6 · 38 ms/step · 61 s left"
    assert words.summary(run) == "61 s left"
    assert words.summary(run_info("a", RunState.PAUSED)) == "paused · epoch 3 / 6"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12345, "0.123"), (12.34, "12.3"), (12345.6, "12,346"), (None, "–"), (-0.5, "-0.5"), (60.0, "60"), (0.0, "0")],
)
def test_numbers_have_the_digits_that_say_something(value: float | None, text: str) -> None:
    assert number(value) == text


def codes() -> list[str]:
    """Return the codes that have words, from the code itself."""
    words = FindingWords
    groups = (words._of_folder, words._of_classes, words._of_copies, words._of_sound_and_words)
    return [code for group in groups for code in group(FindingWords())]


def test_findings_have_sentences_without_blanks(qapp: QApplication) -> None:
    words = FindingWords()

    found = [words.sentence(Finding(code, Severity.NOTE)) for code in codes()]

    assert len(found) > 40
    assert [text for text in found if "{" in text or not re.search(r"[.?]$", text)] == []


def test_parameters_of_findings_are_put_into_words(qapp: QApplication) -> None:
    words = FindingWords()

    def say(code: str, **params: object) -> str:
        return words.sentence(Finding(code, Severity.NOTE, params))

    assert "The picture is damaged" in say("unreadable", reason="image-broken", count=12345)
    assert "12,345" in say("unreadable", reason="image-broken", count=12345)
    assert "begins with a dot" in say("name-odd", label=".x", problem="hidden")
    assert "too few" in say("mislabels-unchecked", reason="few")
    assert "pictures are used" in say("kinds-mixed", used="photo", count=3)


def test_an_unknown_finding_still_shows_what_it_came_with(qapp: QApplication) -> None:
    finding = Finding("brand-new", Severity.NOTE, {"count": 3, "label": "robin"})

    assert FindingWords().sentence(finding) == "Brand new: count 3, label robin"


def test_use_is_said_and_tells_work_from_a_hang(qapp: QApplication) -> None:
    words = TrainingWords()
    gpus = (GpuUse(0, 3_000_000_000, 80_000_000_000, 0.87), GpuUse(1, 10_000_000, 80_000_000_000))
    use = RunUse(1_234_000_000, 1.94, 2, gpus)

    parts = ("memory 1.2 GB", "1.9 of 2 core(s)", "GPU 0: 3.0 GB of 80.0 GB, 87 % busy", "GPU 1: 10 MB of 80.0 GB")
    assert tuple(words.use(use).split(" · ")) == parts
    silent = run_info("birds", silent_s=240.0)
    assert words.silence(silent).endswith("It may be stalled; pause it.")
    assert "still computing" in words.silence(replace(silent, use=use))
    assert "hangs" in words.silence(replace(silent, use=RunUse(1, 0.0, 2)))


def test_jobs_of_training_have_titles(qapp: QApplication) -> None:
    words = JobWords()

    assert words.title(ExamineDataRequest("/data/birds")) == "Look over birds"
    assert words.title(TrainRequest("birds-2")) == "Train birds-2"
    assert words.title(ClassifyRequest("/data/a.jpg")) == "Classify a.jpg"
