"""Where everything lies: resources, shipped models, and the person's data, settings, cache and logs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

APP_NAME = "mmbm-desktop"


def project_root() -> Path:
    """Return the folder that holds `resources/` and `models/` (the unpacked bundle when frozen)."""
    frozen: str | None = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else Path(__file__).resolve().parents[2]


def resources_dir() -> Path:
    """Return the folder of icons, themes and translations."""
    return project_root() / "resources"


def shipped_models_dir() -> Path:
    """Return the folder of the bundles that come with the program."""
    return project_root() / "models"


def _home() -> Path | None:
    home = os.environ.get("MMBM_HOME")
    return Path(home) if home else None


def data_dir() -> Path:
    """Return the folder of the library, recordings and installed models; `MMBM_HOME` moves everything below it."""
    home = _home()
    return home / "data" if home else Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def config_dir() -> Path:
    """Return the folder of the settings file."""
    home = _home()
    return home / "config" if home else Path(platformdirs.user_config_dir(APP_NAME, appauthor=False))


def cache_dir() -> Path:
    """Return the folder of thumbnails and other things that can be made again."""
    home = _home()
    return home / "cache" if home else Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))


def log_dir() -> Path:
    """Return the folder of log files."""
    home = _home()
    return home / "log" if home else Path(platformdirs.user_log_dir(APP_NAME, appauthor=False))


def installed_models_dir() -> Path:
    """Return the folder of the bundles the person trained, imported or downloaded."""
    return data_dir() / "models"


def default_library_file() -> Path:
    """Return the library database used when none is named."""
    return data_dir() / "library.db"


def backups_dir() -> Path:
    """Return the folder of the library's automatic copies."""
    return data_dir() / "backups"


def recordings_dir() -> Path:
    """Return the folder where microphone recordings are kept."""
    return data_dir() / "recordings"


def pasted_dir() -> Path:
    """Return the folder where pictures pasted from the clipboard are kept."""
    return data_dir() / "pasted"


def data_sets_dir() -> Path:
    """Return the folder where a person finds the data sets they capture: in their documents."""
    home = _home()
    return home / "datasets" if home else Path(platformdirs.user_documents_dir()) / "MMBM data sets"


def thumbnails_dir() -> Path:
    """Return the thumbnail cache."""
    return cache_dir() / "thumbnails"
