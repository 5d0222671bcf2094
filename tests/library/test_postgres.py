"""What is PostgreSQL's alone: several people at once, a killed one, the server's index, errors without passwords."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import psycopg
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.library.index_builder import IndexLimits
from mmbm_desktop.library.postgres import schema
from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.media.scan import ScannedFile
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.journal import Action
from mmbm_desktop.protocol.tasks import MediaKind
from tests.library.conftest import picture, said, unit
from tests.library.postgres_fixtures import database

Opener = Callable[..., PostgresLibrary]


@pytest.fixture
def opened(library_address: str) -> Iterator[Opener]:
    """Return what opens the test's library for a person at a place."""
    libraries: list[PostgresLibrary] = []

    def open_it(place: str = "ann@here", limits: IndexLimits | None = None) -> PostgresLibrary:
        libraries.append(PostgresLibrary(library_address, limits, place=place))
        return libraries[-1]

    yield open_it
    for library in libraries:
        library.close()


@pytest.fixture
def empty(server: str) -> Iterator[str]:
    """Return the address of a database without anything in it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty")
        yield database(server, "empty")
        connection.execute("DROP DATABASE empty WITH (FORCE)")


def in_threads(*works: Callable[[], object]) -> None:
    failed: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


INDEXING = """
import sys
from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary
from tests.library.conftest import picture, said, unit
library = PostgresLibrary(sys.argv[1], place=sys.argv[2])
sys.stdin.readline()
library.add_folder("/p")
for start in range(0, 40, 4):
    library.store([picture(f"/p/{n}.jpg", f"h{n}", unit(1, n), captions=(said(f"dog {n}"),))
        for n in range(start, start + 4)])
library.close()
"""


def test_two_programs_that_index_one_folder_at_once_make_one_item_of_each_file(
    opened: Opener, library_address: str
) -> None:
    library = opened()
    programs = [
        subprocess.Popen([sys.executable, "-c", INDEXING, library_address, place], stdin=subprocess.PIPE, text=True)
        for place in ("ann@here", "bob@there")
    ]
    for program in programs:
        program.communicate("go\n")

    assert [program.returncode for program in programs] == [0, 0]
    items, total = library.browse(0, 100)
    assert total == 40
    assert {len(library.caption_history(item.id)) for item in items} == {1}
    assert library.search_vectors(unit(1, 0), "m", 100)[1] == 40
    assert [folder.items for folder in library.folders()] == [40]
    assert library.check() == ()


KILLED = """
import sys
from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary
from tests.library.conftest import picture, said, unit

class Slow(list):
    def __iter__(self):
        for number, item in enumerate(super().__iter__()):
            if number == 3:
                print("half", flush=True)
                sys.stdin.readline()
            yield item

library = PostgresLibrary(sys.argv[1], place="ann@here")
library.store(Slow(picture(f"/p/{n}.jpg", vector=unit(1, n), captions=(said("dog"),)) for n in range(6)))
"""


def test_a_program_killed_while_it_stores_leaves_nothing_half(opened: Opener, library_address: str) -> None:
    library = opened()
    library.store([picture("/p/before.jpg", vector=unit(1, 0))])
    program = subprocess.Popen(
        [sys.executable, "-c", KILLED, library_address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "half\n"
    program.kill()
    program.communicate()

    library.store([picture("/p/after.jpg", vector=unit(1, 0))])  # nobody holds the writers' lock any more

    assert {item.path for item in library.browse(0, 10)[0]} == {"/p/before.jpg", "/p/after.jpg"}
    assert library.search_words("dog", 5) == ()
    assert library.search_vectors(unit(1, 0), "m", 9)[1] == 2
    assert library.check() == ()


def test_another_persons_writes_are_noticed_and_ones_own_are_not(opened: Opener) -> None:
    ann, bob = opened(), opened("bob@there")
    assert not ann.others_wrote()
    (number,) = ann.store([picture("/p/a.jpg")])
    assert not ann.others_wrote()
    bob.add_captions(number, [said("Mine.", author="person")])
    assert ann.others_wrote()
    assert not ann.others_wrote()
    bob.recognise([])
    assert not ann.others_wrote()


def test_everybody_undoes_their_own_steps(opened: Opener) -> None:
    ann, bob = opened(), opened("bob@there")
    (number,) = ann.store([picture("/p/a.jpg")])
    ann.change_tags([number], add=["ann's"])
    bob.change_tags([number], add=["bob's"])

    step = ann.undo()

    assert step is not None
    assert step.action is Action.TAGS
    assert ann.items([number])[0].tags == ("bob's",)
    assert ann.next_steps()[0] is None
    bob.change_tags([number], add=["more"])
    assert ann.redo() is not None  # what another does ends nothing
    assert ann.items([number])[0].tags == ("ann's", "bob's", "more")


def test_a_file_on_a_shared_drive_is_known_to_everybody(opened: Opener) -> None:
    ann, bob = opened(), opened("bob@there")
    (number,) = ann.store([picture("/share/a.jpg", "a")])
    elsewhere = ScannedFile("/share/a.jpg", MediaKind.PHOTO, 10, 1.0, 99)

    assert bob.recognise([elsewhere])["/share/a.jpg"].item_id == number  # his computer counts inodes in its own way
    assert ann.recognise([elsewhere]) == {}
    assert bob.recognise([ScannedFile("/share/a.jpg", MediaKind.PHOTO, 11, 1.0, 99)]) == {}


def test_a_file_is_gone_or_moved_only_where_it_was_stored(opened: Opener, tmp_path: Path) -> None:
    ann, bob = opened(), opened("bob@there")
    (number,) = ann.store([picture("/anns/a.jpg", "same", unit(1, 0))])

    assert bob.mark_gone(["/anns"]) == bob.mark_missing("/anns", ()) == 0
    copy = tmp_path / "a.jpg"
    copy.write_bytes(b"x")
    assert bob.known_content(str(copy), "same", 7) is None
    assert bob.store([picture(copy, "same", unit(1, 0))]) != (number,)
    assert ann.mark_gone(["/anns"]) == 1


def test_an_index_on_the_server_finds_what_comparing_one_by_one_finds(opened: Opener) -> None:
    few, exact = opened(limits=IndexLimits(exact_up_to=200, pause_s=0.0)), opened()
    vectors = np.random.default_rng(1).standard_normal((400, 16)).astype(np.float32)
    items = [picture(f"/p/{n % 2}/{n}.jpg", vector=unit(*vector)) for n, vector in enumerate(vectors)]
    ids = few.store(items)
    query = unit(*np.random.default_rng(2).standard_normal(16))

    def compare(filters: Filters, top: int = 20) -> None:
        found, searched = few.search_vectors(query, "m", top, filters)
        expected, counted = exact.search_vectors(query, "m", top, filters)
        assert [hit.item_id for hit in found] == [hit.item_id for hit in expected]
        assert searched == counted

    compare(Filters())
    few.wait_for_index()
    assert few.index_bytes() > 0
    compare(Filters())
    compare(Filters("/p/0"), 5)
    compare(Filters(words=("7.jpg",)))
    few.remove_items(ids[:50])
    few.store([picture("/p/0/new.jpg", vector=query)])
    compare(Filters())
    assert few.search_vectors(query, "m", 0)[1] == 351


def test_both_stores_have_the_same_tables_and_columns(opened: Opener, tmp_path: Path) -> None:
    library = opened()
    SqliteLibrary(tmp_path / "library.db").close()
    with closing(sqlite3.connect(tmp_path / "library.db")) as connection:
        wanted = {
            (table, column[1])
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for column in connection.execute(f"PRAGMA table_info({table})")
            if table.partition("_")[0] not in ("words", "sqlite")
        }
    with library._connections.reading() as connection:
        rows = connection.execute("SELECT table_name, column_name FROM information_schema.columns").fetchall()
    only_files = {"embedding_log", "vector_indexes"}
    assert {pair for pair in wanted if pair[0] not in only_files} <= {tuple(row) for row in rows}


def test_two_programs_may_make_the_tables_at_once_and_a_newer_ones_are_refused(empty: str) -> None:
    made: list[PostgresLibrary] = []
    in_threads(*[lambda: made.append(PostgresLibrary(empty, place="ann@here"))] * 3)
    made[0].store([picture("/p/a.jpg")])
    assert {library.browse(0, 5)[1] for library in made} == {1}
    for library in made:
        library.close()

    with psycopg.connect(empty) as connection:
        connection.execute("UPDATE mmbm.counters SET value = 99 WHERE name = 'version'")
    with pytest.raises(EnvironmentFault) as caught:
        PostgresLibrary(empty)
    assert caught.value.code is ErrorCode.LIBRARY_TOO_NEW
    assert len(schema.STEPS) < 99


def test_a_server_without_vectors_says_so(empty: str) -> None:
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("CREATE ROLE plain LOGIN")
        connection.execute("GRANT CREATE ON DATABASE empty TO plain")
    with pytest.raises(EnvironmentFault) as caught:
        PostgresLibrary(empty.replace("postgres@", "plain:secret@"))
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON DATABASE empty FROM plain; DROP ROLE plain")
    assert caught.value.code is ErrorCode.SERVER_LACKS_VECTORS
    assert "secret" not in str(caught.value)


def test_a_user_who_may_only_read_reads(opened: Opener, library_address: str) -> None:
    (number,) = opened().store([picture("/p/a.jpg", captions=(said("A dog."),))])
    with psycopg.connect(library_address, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA mmbm TO reader")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA mmbm TO reader")
        reader = PostgresLibrary(library_address.replace("postgres@", "reader@"))
        assert reader.search_words("dog", 5) == (number,)
        with pytest.raises(EnvironmentFault) as caught:
            reader.change_tags([number], add=["mine"])
        reader.close()
        connection.execute("DROP OWNED BY reader; DROP ROLE reader")
    assert caught.value.code is ErrorCode.PERMISSION_DENIED


def test_a_connection_that_the_server_ended_is_made_anew(opened: Opener, library_address: str) -> None:
    library = opened()
    library.store([picture("/p/a.jpg")])
    with psycopg.connect(library_address, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mmbm'")

    assert library.browse(0, 5)[1] == 1
    library.store([picture("/p/b.jpg")])
    library.close()
    with pytest.raises(EnvironmentFault) as caught:
        library.browse(0, 5)
    assert caught.value.code is ErrorCode.LIBRARY_LOCKED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("/postgres?", "/nothing?"), ErrorCode.SERVER_REFUSED),
        (("host=", "host=/nowhere"), ErrorCode.SERVER_UNREACHABLE),
        (("postgres:se%40cret@/", "postgres:se%40cret@[/"), ErrorCode.ADDRESS_INVALID),
    ],
)
def test_no_error_tells_the_password(library_address: str, change: tuple[str, str], code: ErrorCode) -> None:
    wrong = library_address.replace("postgres@", "postgres:se%40cret@").replace(*change)

    with pytest.raises(MmbmError) as caught:
        PostgresLibrary(wrong)

    assert caught.value.code is code
    assert isinstance(caught.value, InputFault) is (code is ErrorCode.ADDRESS_INVALID)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.params) + caught.value.detail
    assert "se%40cret" not in told
    assert "se@cret" not in told
    assert str(caught.value.params["path"]).startswith("postgresql://postgres@")


def test_what_is_on_the_server_is_told(opened: Opener) -> None:
    library = opened()
    library.add_folder("/p")
    library.store([picture("/p/a.jpg"), picture("/p/b.jpg")])
    facts = library.facts()
    assert (facts.items, facts.folders, facts.version) == (2, 1, len(schema.STEPS))
    assert facts.bytes > 0
    assert library.browse(0, 5, Filters(kind=MediaKind.PHOTO))[1] == 2
