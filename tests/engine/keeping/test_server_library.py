"""Real engines over one library on a PostgreSQL server: several windows write, files are left alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import ErrorCode, MmbmError
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.events import LibraryChanged
from mmbm_desktop.protocol.keeping import (
    Access,
    BackUpRequest,
    CopyLibraryRequest,
    KeepingResult,
    LibraryState,
    MoveLibraryRequest,
    RestoreRequest,
)
from tests.library.conftest import picture

Make = Callable[..., LocalEngine]


def with_password(address: str) -> str:
    return address.replace("postgres@", "postgres:secret@")


def test_a_window_connects_to_a_server_and_goes_back_to_its_file(
    make_engine: Make, settings: Settings, library_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = paths.default_library_file()
    engine = make_engine(window=True)
    for wrong, code in (
        ("/p/library.db", ErrorCode.ADDRESS_INVALID),
        ("postgresql://ann:secret@/db?host=/nowhere", ErrorCode.SERVER_UNREACHABLE),
    ):
        with pytest.raises(MmbmError) as caught:
            engine.keeping.connect(wrong)
        assert caught.value.code is code
        assert engine.keeping.state() == LibraryState(str(file))

    state = engine.keeping.connect(with_password(library_address))

    assert state == LibraryState(library_address, Access.WRITING, server=True)
    assert settings.text("library.server") == with_password(library_address)
    assert (engine.keeping.info().path, engine.keeping.info().items) == (library_address, 0)
    for request in (BackUpRequest("/p/copy.db"), MoveLibraryRequest("/p"), RestoreRequest("/p/copy.db")):
        job = engine.wait(engine.submit(request), 20)
        assert job.failure is not None
        assert job.failure.code is ErrorCode.LIBRARY_ON_SERVER
    engine.keeping.copy_if_due()
    again = make_engine(window=True)
    assert again.keeping.state().server

    assert engine.keeping.connect("") == LibraryState(str(file))
    assert settings.text("library.server") == settings.text("library.file") == ""
    assert "secret" not in caplog.text


def test_two_windows_write_to_one_server_and_hear_of_each_other(make_engine: Make, library_address: str) -> None:
    first, second = (
        make_engine(window=True, library_file=library_address),
        make_engine(window=True, library_file=library_address),
    )
    events: list[object] = []
    second.subscribe(events.append)
    second.keeping.look()

    first.keeping.library.add_folder("/p")
    second.keeping.library.store([picture("/p/a.jpg")])
    second.keeping.look()

    assert [state.access for state in (first.keeping.state(), second.keeping.state())] == [Access.WRITING] * 2
    assert [folder.items for folder in first.folders()] == [1]
    first.close()
    second.close()
    assert any(isinstance(event, LibraryChanged) for event in events)


def test_a_window_whose_server_is_away_says_so_and_can_go_back(make_engine: Make, settings: Settings) -> None:
    file = paths.default_library_file()
    library = SqliteLibrary(file)
    library.add_folder("/p")
    library.close()
    settings.set("library.server", "postgresql://ann:secret@/db?host=/nowhere")

    engine = make_engine(window=True)

    state = engine.keeping.state()
    assert (state.access, state.path) == (Access.CLOSED, "postgresql://ann@/db?host=/nowhere")
    assert state.failure is not None
    assert state.failure.code is ErrorCode.SERVER_UNREACHABLE
    assert engine.keeping.open().failure is not None
    assert engine.keeping.connect("").failure is None
    assert [folder.path for folder in engine.folders()] == ["/p"]
    with pytest.raises(MmbmError):
        make_engine(library_file="postgresql://ann@/db?host=/nowhere")


def test_a_computers_library_is_copied_to_an_empty_server_and_back_to_a_file(
    make_engine: Make, library_address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file, copy = paths.default_library_file(), tmp_path / "copy.db"
    engine = make_engine(window=True)
    engine.keeping.library.store([picture("/p/a.jpg"), picture("/p/b.jpg")])
    engine.keeping.connect(with_password(library_address))
    assert engine.keeping.info().could_hold == str(file)
    events: list[object] = []
    engine.subscribe(events.append)

    def copied(request: CopyLibraryRequest) -> KeepingResult | ErrorCode | None:
        job = engine.wait(engine.submit(request), 20)
        assert "secret" not in repr(job)
        return job.failure.code if job.failure else cast("KeepingResult", job.result)

    there = copied(CopyLibraryRequest(source=str(file)))

    assert isinstance(there, KeepingResult)
    assert (there.path, there.items, engine.keeping.info().could_hold) == (library_address, 2, "")
    assert engine.keeping.library.browse(0, 9)[1] == 2
    assert copied(CopyLibraryRequest(source=str(file))) is ErrorCode.LIBRARY_NOT_EMPTY
    assert copied(CopyLibraryRequest(source=str(tmp_path / "none.db"))) is ErrorCode.FILE_NOT_FOUND
    assert copied(CopyLibraryRequest(source=library_address)) is ErrorCode.LIBRARY_ON_SERVER
    assert copied(CopyLibraryRequest(str(tmp_path / "none" / "copy.db"))) is ErrorCode.FOLDER_NOT_FOUND
    assert copied(CopyLibraryRequest(str(file))) is ErrorCode.LIBRARY_NOT_EMPTY
    assert copied(CopyLibraryRequest(str(file), str(file))) is ErrorCode.SAME_PLACE
    back = copied(CopyLibraryRequest(str(copy)))
    assert isinstance(back, KeepingResult)
    assert back.items == 2
    assert back.bytes == copy.stat().st_size
    engine.close()
    assert any(isinstance(event, LibraryChanged) for event in events)
    assert "secret" not in caplog.text


def test_a_file_that_a_failed_copy_made_is_taken_away(make_engine: Make, tmp_path: Path) -> None:
    engine = make_engine(library_file=str(tmp_path / "library.db"))
    request = CopyLibraryRequest(str(tmp_path / "copy.db"), "postgresql://ann@/db?host=/nowhere")
    job = engine.wait(engine.submit(request), 20)
    assert job.failure is not None
    assert job.failure.code is ErrorCode.SERVER_UNREACHABLE
    assert [file.name for file in tmp_path.glob("copy*")] == []


def test_the_driver_is_not_imported_for_a_file(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from mmbm_desktop.base.settings import Settings;"
        "from mmbm_desktop.engine.local import LocalEngine;"
        f"LocalEngine(Settings(Path({str(tmp_path / 'settings.json')!r})), {str(tmp_path / 'library.db')!r}).close();"
        "assert not [name for name in sys.modules if name.startswith('psycopg')]"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
