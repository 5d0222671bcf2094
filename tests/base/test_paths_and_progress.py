"""Everything personal lies below one home when asked to; a cancelled token says so at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.base.logs import start_logging
from mmbm_desktop.base.progress import CancelToken


def test_one_variable_moves_every_personal_folder(mmbm_home: Path) -> None:
    folders = [
        paths.data_dir(),
        paths.config_dir(),
        paths.cache_dir(),
        paths.log_dir(),
        paths.installed_models_dir(),
        paths.default_library_file(),
        paths.recordings_dir(),
        paths.pasted_dir(),
        paths.thumbnails_dir(),
    ]

    assert all(folder.is_relative_to(mmbm_home) for folder in folders)
    assert len(set(folders)) == len(folders)


def test_without_it_the_systems_folders_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MMBM_HOME")

    assert paths.APP_NAME in str(paths.data_dir())


def test_a_cancelled_token_wakes_who_waits_and_stops_who_checks() -> None:
    token = CancelToken()
    token.check()
    threading.Timer(0.05, token.cancel).start()

    assert token.wait(30)
    with pytest.raises(Cancelled):
        token.check()


def test_messages_reach_the_log_file(tmp_path: Path) -> None:
    import logging

    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        start_logging(tmp_path / "logs" / "app.log")
        logging.getLogger("mmbm").info("hello %s", "日志")
        for handler in root.handlers:
            handler.flush()
    finally:
        for handler in [h for h in root.handlers if h not in before]:
            root.removeHandler(handler)
            handler.close()
        root.handlers[:] = before
        root.setLevel(level)

    assert "hello 日志" in (tmp_path / "logs" / "app.log").read_text(encoding="utf-8")
