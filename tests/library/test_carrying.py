"""A library carried to a server and back: everything that a person can see is the same, or nothing was written."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mmbm_desktop.base.errors import Cancelled, ErrorCode, InputFault
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.library.carrying import CARRIED, MADE_AGAIN, carry
from mmbm_desktop.library.connections import Connections
from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewSounds, NewTranscript
from mmbm_desktop.library.postgres.connections import PostgresConnections
from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.corrections import CorrectionKind, NewCorrection
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.results import HeardSound, Segment, Word
from mmbm_desktop.protocol.tasks import MediaKind
from tests.library.conftest import picture, said, unit

ANN, BOB = "ann@here", "bob@there"


class Way:
    """Carries between the test's file, the test's server and a second file."""

    def __init__(self, folder: Path, address: str) -> None:
        self.first, self.second, self.address = folder / "first.db", folder / "second.db", address

    def carry(self, source: Any, target: Any, **options: Any) -> int:
        with closing(source) as there, closing(target) as here:
            return carry(there, here, "there", 50.0, **options)

    def up(self, **options: Any) -> int:
        return self.carry(Connections(self.first), PostgresConnections(self.address, ANN), **options)

    def down(self) -> int:
        return self.carry(PostgresConnections(self.address, ANN), Connections(self.second))


@pytest.fixture
def way(tmp_path: Path, library_address: str) -> Way:
    return Way(tmp_path, library_address)


@pytest.fixture
def opened(way: Way) -> Iterator[Callable[..., SqlLibrary]]:
    libraries: list[SqlLibrary] = []

    def open_it(store: Any, where: Any, **options: Any) -> SqlLibrary:
        libraries.append(store(where, clock=lambda: 60.0, **options))
        return libraries[-1]

    yield open_it
    for library in libraries:
        library.close()


def fill(file: Path) -> None:
    """Make a library that holds a row of every kind."""
    with closing(SqliteLibrary(file, clock=lambda: 40.0)) as library:
        library.add_folder("/p", ("captions", "sounds"))
        library.add_folder("/q")
        library.set_folder_done("/p", done=True)
        first, _, _, heard, _ = library.store(
            [
                picture("/p/a.jpg", "a", unit(1, 0.1), captions=(said("A dog."), said("一只狗。", "zh"))),
                picture("/p/日.jpg", "b", unit(0, 1), model="n"),
                picture("/q/c.jpg", "c", unit(1, 1)),
                IndexedItem(
                    FileFacts("/p/r.wav", MediaKind.RECORDING, "r", 5, 3.0, 1 << 62, duration_s=2.5),
                    transcript=NewTranscript(
                        "One two.", "en", (Segment(0, 1, "One", (Word(0, 1, "One", 0.5),)),), 0.5, "t"
                    ),
                    sounds=NewSounds((HeardSound("dog_bark", 0.0, 1.0, 0.75, "bark", "狗叫"),), "s 1"),
                    failed=(("transcribe", "", "u"),),
                ),
                IndexedItem(FileFacts("/p/n.txt", MediaKind.TEXT, "n", 5, 4.0, 9), note="A note of Ann's."),
            ]
        )
        library.change_tags([first, heard], add=["Holiday", "海滩"])
        library.add_captions(first, [said("My dog.", author="person")])
        library.undo()
        library.add_captions(first, [said("Our dog.", author="person")])
        library.add_correction(NewCorrection(CorrectionKind.THUMB, "/p/a.jpg", "a", "A dog.", "", "m 1", "en", 1))
        library.remove_folder("/q")
        library.mark_gone(["/p/日.jpg"])


def seen(library: SqlLibrary) -> dict[str, object]:
    """Return what the interface tells."""
    items, total = library.browse(0, 100)
    by_path = {item.path: item for item in items}
    return {
        "items": (by_path, total),
        "histories": {item.path: library.history(item.id) for item in items},
        "folders": library.folders(),
        "tags": library.tags(),
        "corrections": library.corrections(),
        "words": [sorted(library.search_words(text, 9)) for text in ("dog", "狗叫", "one", "note", "holiday", "r.w")],
        "narrowed": [library.ids(one) for one in (Filters(model="s"), Filters(label="bark"), Filters(tags=("海滩",)))],
        "vectors": [nearest(library, model) for model in "mn"],
        "embedded": [library.embedded(model) for model in "mn"],
        "behind": library.behind("embed-image", "", "z", 0, 9),
        "known": library.known_content("/p/r.wav", "r", 0),
        "steps": library.next_steps(),
        "complaints": library.check(),
    }


def nearest(library: SqlLibrary, model: str) -> tuple[list[tuple[int, float]], int]:
    hits, searched = library.search_vectors(unit(1, 0.2), model, 9)
    return [(hit.item_id, round(hit.score, 5)) for hit in hits], searched


def test_everything_is_carried_to_a_server_and_back(way: Way, opened: Callable[..., SqlLibrary]) -> None:
    fill(way.first)
    told: list[tuple[int, int | None]] = []

    assert way.up(progress=lambda done, total: told.append((done, total))) == 3
    assert way.down() == 3

    assert told[-1][0] == told[-1][1]
    libraries = [
        opened(SqliteLibrary, way.first),
        opened(PostgresLibrary, way.address, place=ANN),
        opened(SqliteLibrary, way.second),
    ]
    file, server, back = (seen(library) for library in libraries)
    assert server == file
    assert back == file
    assert file["complaints"] == ()
    for library in libraries:  # steps of before are undone, and the item that is gone comes back
        for _ in range(4):
            assert library.undo()
        library.store([picture("/p/日.jpg", "b")])
    assert seen(libraries[0]) == seen(libraries[1]) == seen(libraries[2])
    for library in libraries:
        (number,) = library.store([picture("/p/new.jpg", "new", captions=(said("New."),))])
        assert number > 5
        library.add_correction(NewCorrection(CorrectionKind.THUMB, "/p/new.jpg", "new", "New.", "", "m", "en", 1))
        assert library.check() == ()


def test_no_table_is_forgotten(way: Way) -> None:
    Connections(way.first).close()
    with closing(sqlite3.connect(way.first)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {name for name in tables if name.partition("_")[0] not in ("words", "sqlite")} == CARRIED.keys() | (
        MADE_AGAIN - {"words"}
    )


def test_others_steps_stay_on_the_server_and_what_they_took_out_is_forgotten(
    way: Way, opened: Callable[..., SqlLibrary]
) -> None:
    ann, bob = (opened(PostgresLibrary, way.address, place=place) for place in (ANN, BOB))
    ann.add_folder("/p")
    bob.add_folder("/b")
    ann.store([picture("/p/a.jpg"), picture("/b/b.jpg")])
    ann.remove_folder("/p")
    bob.remove_folder("/b")

    assert way.down() == 0

    back = opened(SqliteLibrary, way.second)
    assert back.undo()
    assert back.undo() is None
    assert [item.path for item in back.browse(0, 9)[0]] == ["/p/a.jpg"]
    later = SqliteLibrary(way.second, clock=lambda: 60.0 + 31 * 86400)
    assert later.item_at("/b/b.jpg") is None
    assert later.item_at("/p/a.jpg") is not None
    later.close()


@pytest.mark.parametrize("there", ["items", "folders", "corrections", "journal"])
def test_only_an_empty_library_is_filled(way: Way, opened: Callable[..., SqlLibrary], there: str) -> None:
    fill(way.first)
    server = opened(PostgresLibrary, way.address, place=BOB)
    if there == "items":
        server.store([picture("/p/a.jpg")])
    elif there == "folders":
        server.add_folder("/p")
    else:
        server.add_correction(NewCorrection(CorrectionKind.THUMB, "/p/a.jpg", "a", "A dog.", "", "m 1", "en", 1))
        if there == "journal":
            server.undo()
    before = seen(server)

    with pytest.raises(InputFault) as caught:
        way.up()

    assert (caught.value.code, caught.value.params["path"]) == (ErrorCode.LIBRARY_NOT_EMPTY, "there")
    assert seen(server) == before


def test_a_copy_that_is_stopped_writes_nothing(way: Way, opened: Callable[..., SqlLibrary]) -> None:
    fill(way.first)
    token = CancelToken()

    def stop(done: int, total: int | None) -> None:
        assert total is not None
        if done > total // 2:
            token.cancel()

    with pytest.raises(Cancelled):
        way.up(progress=stop, token=token)

    assert opened(PostgresLibrary, way.address, place=ANN).browse(0, 9) == ((), 0)
    assert way.up() == 3


KILLED = """
import sys
from pathlib import Path
from mmbm_desktop.library.carrying import carry
from mmbm_desktop.library.connections import Connections
from mmbm_desktop.library.postgres.connections import PostgresConnections

def stop(done, total):
    if done > total // 2:
        print("half", flush=True)
        sys.stdin.readline()

server = PostgresConnections(sys.argv[1], "ann@here")
there, here = Connections(Path(sys.argv[2])), Connections(Path(sys.argv[3]))
carry(*((there, server) if sys.argv[4] == "up" else (server, here)), "there", 50.0, stop)
"""


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_copy_that_is_killed_leaves_an_empty_library_which_the_next_fills(
    way: Way, opened: Callable[..., SqlLibrary], direction: str
) -> None:
    fill(way.first)
    if direction == "down":
        way.up()
    program = subprocess.Popen(
        [sys.executable, "-c", KILLED, way.address, str(way.first), str(way.second), direction],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "half\n"
    program.kill()
    program.communicate()

    library = opened(SqliteLibrary, way.second) if direction == "down" else opened(PostgresLibrary, way.address)
    assert library.browse(0, 9) == ((), 0)
    assert (way.up() if direction == "up" else way.down()) == 3
