"""Corrected transcripts: what a command bundle can learn of them, what it is refused for, and the run it becomes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.improving.local import LocalImproving
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.protocol.corrections import CorrectionKind, NewCorrection, is_held_out
from mmbm_desktop.protocol.tasks import Task
from tests.engine.improving.test_improving import renamed

RATE_HZ = 16_000


@pytest.fixture
def improving(make_engine: Callable[..., LocalEngine], settings: Settings) -> LocalImproving:
    """Return what improves, with a copy of the shipped digits as the model that writes down speech."""
    renamed(paths.shipped_models_dir() / "digits-en-small", "my-digits")
    settings.set("models.speech", "my-digits")
    engine = make_engine(model_dirs=[paths.installed_models_dir()])
    assert isinstance(engine.improving, LocalImproving)
    return engine.improving


def correct(improving: LocalImproving, folder: Path, text: str, count: int, seconds: float = 0.5) -> list[Path]:
    """Store so many corrections that may be learned from, each of a recording of its own."""
    made = []
    for number in range(10 * count):
        path = folder / f"{text[:5]}-{number}.wav"
        noise = np.random.default_rng((number, len(text), len(made))).normal(0, 0.1, int(seconds * RATE_HZ))
        soundfile.write(path, noise, RATE_HZ)
        new = NewCorrection(CorrectionKind.TRANSCRIPT, str(path), sha256_of(path), "two", text, "my-digits 0.2.0", "en")
        if not is_held_out(new.content_hash):
            improving._add(new)
            made.append(path)
        if len(made) == count:
            break
    return made


def planned(improving: LocalImproving, model: str | None = None):
    return improving._planning.settings(Task.TRANSCRIBE, improving.corrections(), model, None)


def status(improving: LocalImproving):
    return next(one for one in improving.status() if one.task is Task.TRANSCRIBE)


def test_transcripts_that_can_be_spelled_become_a_run_that_goes_on_from_their_model(improving, tmp_path):
    correct(improving, tmp_path, "Seven!", 5)
    correct(improving, tmp_path, "dad", 1)
    assert (status(improving).learned, status(improving).unfit, status(improving).reason) == (5, 1, "")
    run = planned(improving)
    assert (run.recipe, run.name, run.options["replay"]) == ("speech-commands", "my-digits-improved-1", 0.5)
    assert Path(str(run.options["start"])).name == "my-digits"
    assert run.improves is not None
    assert (run.improves.model, run.improves.general) == ("my-digits", "")
    rows = [json.loads(line) for line in (Path(run.data) / "metadata.jsonl").read_text("utf-8").splitlines()]
    assert {row["transcription"] for row in rows} == {"Seven!"}
    assert all((Path(run.data) / row["file_name"]).is_file() for row in rows)


@pytest.mark.parametrize(
    ("text", "seconds", "reason"), [("dad", 0.5, "other-letters"), ("seven", 15.2, "recordings-too-long")]
)
def test_what_cannot_be_learned_is_refused_with_its_reason(improving, tmp_path, text, seconds, reason):
    correct(improving, tmp_path, text, 5, seconds)
    with pytest.raises(InputFault) as caught:
        planned(improving)
    assert (caught.value.code, caught.value.params["reason"]) == (ErrorCode.DATASET_INVALID, reason)


def test_too_few_are_refused_and_dictation_is_not_learned(improving, settings, tmp_path):
    correct(improving, tmp_path, "one", 3)
    with pytest.raises(InputFault) as caught:
        planned(improving)
    assert (caught.value.code, caught.value.params["needed"]) == (ErrorCode.CORRECTIONS_TOO_FEW, 2)
    settings.set("models.speech", "")
    assert status(improving).reason == "only-dictates"
    with pytest.raises(InputFault) as caught:
        planned(improving)
    assert caught.value.params["reason"] == "only-dictates"


def test_what_another_model_wrote_is_not_learned(improving, tmp_path):
    correct(improving, tmp_path, "one", 5)
    shutil.copytree(paths.installed_models_dir() / "my-digits", paths.installed_models_dir() / "others")
    manifest = paths.installed_models_dir() / "others" / "bundle.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_bytes()), "name": "others"}))
    with pytest.raises(InputFault) as caught:
        planned(improving, "others")
    assert caught.value.params["there"] == 0
