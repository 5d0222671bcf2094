"""`--library postgresql://…`: the commands on a server, and no password in what they print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mmbm_desktop.cli.main import main
from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary
from tests.library.conftest import picture


def test_the_commands_reach_a_library_on_a_server(
    library_address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    library = PostgresLibrary(library_address)
    library.store([picture("/p/a.jpg")])
    place = library_address.replace("postgres@", "postgres:secret@")

    def record(*arguments: str) -> dict[str, object]:
        main([*arguments, "--library", place, "--json"])
        out, err = capsys.readouterr()
        assert "secret" not in out + err
        return json.loads(out)

    assert record("tag", "add", "kind:photo", "--tag", "holiday")
    assert record("search", "label:holiday")["path"] == "/p/a.jpg"
    assert record("undo")["action"] == "tags"
    info = record("library", "info")
    assert (info["items"], info["path"]) == (1, library_address)
    assert record("library", "backup", "/p/copy.db")["error"] == "library-on-server"
    copied = record("library", "copy", str(tmp_path / "copy.db"))
    assert (copied["task"], copied["items"]) == ("library-copy", 1)
    assert record("library", "copy", place)["error"] == "library-on-server"
    place = "postgresql://ann:secret@/db?host=/nowhere"
    assert record("library", "info")["error"] == "server-unreachable"
    library.close()
