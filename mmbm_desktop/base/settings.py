"""Every setting, declared once as data: name, type, default, range and meaning; kept in one JSON file."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import write_atomically

log = logging.getLogger(__name__)

SettingValue = str | int | float | bool
SETTINGS_VERSION = 1


@dataclass(frozen=True)
class Setting:
    """One setting. `choices` or `minimum`/`maximum` bound it; `help` says what it means, in English."""

    name: str
    default: SettingValue
    help: str
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    def accepts(self, value: object) -> bool:
        """Whether `value` has this setting's type and lies within its bounds."""
        if type(value) is not type(self.default) or (self.choices and value not in self.choices):
            return False
        if not isinstance(value, (int, float)):
            return True
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "appearance.theme",
        "system",
        "Light, dark, or as the system says.",
        ("system", "light", "dark"),
    ),
    Setting("appearance.language", "system", "Language of the window.", ("system", "en", "zh_CN")),
    Setting("window.geometry", "", "Size and place of the window, base64."),
    Setting(
        "window.page",
        "explore",
        "The page shown at start.",
        ("explore", "library", "train", "models", "activity"),
    ),
    Setting("library.view", "grid", "How the library is shown.", ("grid", "list")),
    Setting("captions.languages", "en,zh", "Languages a caption is written in.", ("en", "zh", "en,zh")),
    Setting("captions.best", 3, "How many alternative captions are kept.", minimum=1, maximum=10),
    Setting("microphone.device", "", "Name of the chosen microphone; empty for the system's."),
    Setting("microphone.keep_recordings", True, "Keep the audio of recordings on disk."),
    Setting("worker.threads", 0, "CPU threads for models; 0 for all but one.", minimum=0, maximum=256),
    Setting(
        "worker.idle_minutes",
        10,
        "Minutes without work after which models leave memory; 0 for never.",
        minimum=0,
        maximum=1440,
    ),
    Setting(
        "images.pixel_limit_millions",
        512,
        "Largest picture that is opened, in millions of pixels.",
        minimum=1,
        maximum=4096,
    ),
    Setting("indexing.watch", True, "Notice changes in the library's folders as they happen."),
    Setting("indexing.paused", False, "Hold indexing back until it is resumed."),
    Setting("indexing.low_priority", False, "Let indexing give way to everything else on the computer."),
    Setting(
        "indexing.rescan_minutes",
        15,
        "Minutes between two looks through folders whose changes cannot be noticed.",
        minimum=1,
        maximum=1440,
    ),
    Setting("library.file", "", "The library database; empty for the usual place."),
    Setting("library.server", "", "Address of a library on a PostgreSQL server; empty for the one in a file."),
    Setting("library.backups_kept", 7, "Daily copies of the library that are kept; 0: none.", minimum=0, maximum=60),
    Setting(
        "models.image_text",
        "",
        "Bundle that answers captions and picture search; empty for the best installed.",
    ),
    Setting("models.captions", "", "Bundle that writes captions; empty for the one that answers picture search."),
    Setting("models.speech", "", "Bundle that answers transcription; empty for the built-in one."),
    Setting("models.sounds", "", "Bundle that names sounds; empty for the best installed."),
    Setting("models.picture_classes", "", "Bundle that classifies pictures; empty for the best installed."),
    Setting("models.translation", "", "Bundle that translates; empty for the best installed."),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


class Settings:
    """The current values, safe to use from any thread. Unknown or invalid stored values fall back to defaults."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._listeners: list[Callable[[str, SettingValue], None]] = []
        self._values: dict[str, SettingValue] = _read_valid(file)
        self._overridden: dict[str, SettingValue] = {}

    def get(self, name: str) -> SettingValue:
        """Return the value of the setting called `name`."""
        with self._lock:
            return self._overridden.get(name, self._values.get(name, _BY_NAME[name].default))

    def override(self, name: str, value: SettingValue) -> None:
        """Use a value in this process, whatever is stored; it is stored nowhere. For options of a command."""
        with self._lock:
            self._overridden[name] = value

    def text(self, name: str) -> str:
        """Return a text setting."""
        return str(self.get(name))

    def integer(self, name: str) -> int:
        """Return a whole-number setting."""
        return int(self.get(name))

    def flag(self, name: str) -> bool:
        """Return a yes/no setting."""
        return bool(self.get(name))

    def set(self, name: str, value: SettingValue) -> None:
        """Store a value at once and tell the listeners, in the caller's thread.

        Raises:
            InputFault: the value is out of the setting's range or of another type.
            EnvironmentFault: the file cannot be written.
        """
        if name not in _BY_NAME or not _BY_NAME[name].accepts(value):
            raise InputFault(ErrorCode.ARGUMENT_INVALID, name=name, value=str(value))
        with self._lock:
            if self._values.get(name, _BY_NAME[name].default) == value:
                return
            self._values[name] = value
            content = {"version": SETTINGS_VERSION, **self._values}
            write_atomically(self._file, json.dumps(content, indent=1, ensure_ascii=False).encode())
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(name, value)

    def subscribe(self, listener: Callable[[str, SettingValue], None]) -> Callable[[], None]:
        """Call `listener(name, value)` after every change until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


def _read_valid(file: Path) -> dict[str, SettingValue]:
    try:
        stored = json.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        log.warning("settings file %s is unreadable; defaults are used", file)
        return {}
    if not isinstance(stored, dict):
        return {}
    items: dict[str, SettingValue] = stored  # pyright: ignore[reportUnknownVariableType]
    return {k: v for k, v in items.items() if k in _BY_NAME and _BY_NAME[k].accepts(v)}
