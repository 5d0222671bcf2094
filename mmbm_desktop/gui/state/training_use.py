"""Which model answers which task, and how a run's bundle becomes the one that does. QtCore only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.base.settings import SETTINGS
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.failure import Failure

_KNOWN = {setting.name for setting in SETTINGS}
_CAPTIONS = "models.captions"
_SETTING_OF: dict[str, str] = {
    Task.CAPTION: "models.captions",
    Task.EMBED_IMAGE: "models.image_text",
    Task.EMBED_TEXT: "models.image_text",
    Task.TRANSCRIBE: "models.speech",
    Task.SOUNDS: "models.sounds",
    Task.TRANSLATE: "models.translation",
    Task.CLASSIFY: "models.picture_classes",
}


class ServingModels(QObject):
    """The installed models, and the settings that say which of them serves."""

    changed = Signal()

    def __init__(
        self,
        engine: Engine,
        bridge: EngineBridge,
        settings: Settings,
        calls: LibraryCalls,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._settings, self._calls = engine, settings, calls
        self.models: tuple[ModelInfo, ...] = ()
        bridge.models_changed.connect(self.reload)

    @Slot()
    def reload(self) -> None:
        """Read the list of models again."""
        self._calls.run(self._engine.models, success=self._take, failure=self._unread)

    def of_bundle(self, bundle: str) -> ModelInfo | None:
        """Return the whole model that lies in a folder, or has that name where nothing else does."""
        if not bundle:
            return None
        whole = [model for model in self.models if not model.problem]
        here = next((model for model in whole if model.path and Path(model.path) == Path(bundle)), None)
        return here or next((model for model in whole if model.name == Path(bundle).name), None)

    def usable(self, model: ModelInfo) -> bool:
        """Whether there is a task in the program that it can serve."""
        return bool(_settings_of(model))

    def serves(self, model: ModelInfo) -> bool:
        """Whether the settings name it for every task that it does."""
        names = _settings_of(model)
        return bool(names) and all(self._settings.text(name) == model.name for name in names)

    def use(self, model: ModelInfo) -> None:
        """Let a model serve its tasks.

        Raises:
            EnvironmentFault: the settings cannot be written.
        """
        for name in _settings_of(model):
            self._settings.set(name, model.name)
        if Task.CAPTION in model.tasks and _CAPTIONS not in _settings_of(model):
            self._settings.set(_CAPTIONS, "")
        self.changed.emit()

    def leave(self, model: ModelInfo) -> None:
        """Let the usual models serve again what this one serves.

        Raises:
            EnvironmentFault: the settings cannot be written.
        """
        for name in _settings_of(model):
            if self._settings.text(name) == model.name:
                self._settings.set(name, "")
        self.changed.emit()

    def _take(self, models: tuple[ModelInfo, ...]) -> None:
        self.models = models
        self.changed.emit()

    def _unread(self, failure: Failure) -> None:
        """Keep the list there was."""


def _settings_of(model: ModelInfo) -> tuple[str, ...]:
    """Return the settings that name who does a model's tasks; who answers picture search writes the captions, too."""
    names = [_SETTING_OF.get(task) for task in model.tasks]
    if "models.image_text" in names:
        names = [name for name in names if name != _CAPTIONS]
    return tuple(dict.fromkeys(name for name in names if name in _KNOWN and name is not None))
