"""Which models there are and which one answers what. Opens manifests only; weights are the worker's business."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.bundles.store import find_bundles
from mmbm_desktop.protocol.catalogue import ModelInfo
from mmbm_desktop.protocol.corrections import is_improved
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.protocol.requests import Language

POCKETSPHINX = "pocketsphinx-en"
SETTINGS_OF: Mapping[Task, tuple[str, ...]] = {
    Task.CAPTION: ("models.captions", "models.image_text"),
    Task.EMBED_IMAGE: ("models.image_text",),
    Task.EMBED_TEXT: ("models.image_text",),
    Task.TRANSCRIBE: ("models.speech",),
    Task.SOUNDS: ("models.sounds",),
    Task.TRANSLATE: ("models.translation",),
    Task.CLASSIFY: ("models.picture_classes",),
}
"""Which settings name the model of a task; the first one that names any counts."""
_USUAL = {Task.TRANSCRIBE: POCKETSPHINX}
"""Who answers where nobody is named: a bundle of a few words may be better at those, and is useless at dictation."""
_RANKING_METRICS = ("text-to-image R@10", "accuracy", "chrF")


def label(model: ModelInfo) -> str:
    """Return how a model's answers name it, for example as the key of the vectors it made."""
    return f"{model.name} {model.version}"


class ModelStore:
    """The bundles that ship with the program, those the person installed, and the built-in recogniser.

    Args:
        settings: those of `SETTINGS_OF` name the models that are used when a request names none.
        folders: folders of bundles; where two bundles share a name the first counts. None for the usual two.
    """

    def __init__(self, settings: Settings, folders: Sequence[Path] | None = None) -> None:
        self._settings = settings
        self._folders = folders

    def models(self) -> tuple[ModelInfo, ...]:
        """Return every model, the built-in ones first."""
        shipped = paths.shipped_models_dir()
        folders = (paths.installed_models_dir(), shipped) if self._folders is None else self._folders
        found = (*find_bundles(folders, built_in=shipped), _pocketsphinx())
        return tuple(sorted(found, key=lambda model: not model.built_in))

    def choose(self, task: Task, wanted: str | None = None) -> ModelInfo:
        """Return who answers a task: the wanted one, else the one in the settings, else the usual one, else the best.

        One that was improved on corrections answers only when it is named: a person keeps it or not.

        Raises:
            EnvironmentFault: MODEL_MISSING, none can do it; BUNDLE_DAMAGED or BUNDLE_INVALID, the wanted one is bad.
        """
        able = [model for model in self.models() if task in model.tasks or model.problem]
        name = wanted or next(filter(None, map(self._settings.text, SETTINGS_OF[task])), "")
        named = next((model for model in able if model.name == name), None)
        if named is not None and named.problem:
            raise EnvironmentFault(ErrorCode(named.problem), name=named.name, file=named.path, field="")
        if named is not None:
            return named
        whole = [model for model in able if not model.problem]
        if wanted or not whole:
            raise EnvironmentFault(ErrorCode.MODEL_MISSING, name=name, task=str(task))
        usual = next((model for model in whole if model.name == _USUAL.get(task)), None)
        return usual or max([model for model in whole if not is_improved(model.name)] or whole, key=_rank)

    def choose_if_any(self, task: Task) -> ModelInfo | None:
        """Return who answers a task, as `choose` does; None where nobody can."""
        try:
            return self.choose(task)
        except EnvironmentFault as error:
            if error.code is not ErrorCode.MODEL_MISSING:
                raise
            return None

    def chosen(self, task: Task) -> ModelInfo | None:
        """Return the model that the settings name for a task; None where they name none, or it is gone or bad."""
        name = next(filter(None, map(self._settings.text, SETTINGS_OF[task])), "")
        able = (model for model in self.models() if task in model.tasks and not model.problem) if name else ()
        return next((model for model in able if model.name == name), None)

    def named(self, name: str) -> ModelInfo:
        """Return the model called `name`, good or bad.

        Raises:
            InputFault: MODEL_MISSING.
        """
        for model in self.models():
            if model.name == name:
                return model
        raise InputFault(ErrorCode.MODEL_MISSING, name=name)


def bundle_of(model: ModelInfo) -> str | None:
    """Return the folder the worker is to open; None for the built-in recogniser, which has none."""
    return model.path or None


def languages_of(model: ModelInfo, wanted: str) -> tuple[Language, ...]:
    """Return those of the comma-separated `wanted` languages that a model writes, in that order."""
    return tuple(cast("Language", one) for one in wanted.split(",") if one in model.languages)


def _rank(model: ModelInfo) -> float:
    return max((value for name, value in model.quality.items() if name.startswith(_RANKING_METRICS)), default=0.0)


def _pocketsphinx() -> ModelInfo:
    """Return the recogniser whose acoustic and language model come inside its wheel."""
    return ModelInfo(
        name=POCKETSPHINX,
        version=importlib.metadata.version("pocketsphinx"),
        title="PocketSphinx, US English",
        tasks=(Task.TRANSCRIBE,),
        languages=("en",),
        licence="BSD-2-Clause",
        size_bytes=_POCKETSPHINX_BYTES,
        path="",
        built_in=True,
        quality={
            "word error rate, LJ Speech test": 0.203,
            "word error rate, five LibriSpeech and JFK clips": 0.29,
            "word error rate, accented children": 0.81,
        },
        card=_POCKETSPHINX_CARD,
        titles={"zh": "PocketSphinx 美式英语"},
    )


_POCKETSPHINX_BYTES = 37_856_891
_POCKETSPHINX_CARD = """\
# PocketSphinx, US English

English dictation that comes with the program and works without a network, on any processor.

Good for notes spoken clearly into a near microphone. It gets more than one word in four wrong on read speech, and four
in five of accented children; noise, distance, music or several speakers cost more. It knows a fixed vocabulary of about
130,000 words, so that names are guessed, and writes neither punctuation nor capital letters. The confidence shown with
each word says where to listen again.
"""
