"""Many vectors are searched through an index beside the database, which may be missing, old, damaged or in the making."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mmbm_desktop.library import index_builder
from mmbm_desktop.library.index_builder import IndexLimits
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.library.vector_index import IndexFolder
from mmbm_desktop.protocol.filters import Filters
from tests.library.conftest import picture

ROOT = Path(__file__).parents[2]
COUNT = 2000
SIZE = 32
LIMITS = IndexLimits(exact_up_to=500, newer=50, pause_s=0.0)
EXACT = IndexLimits(exact_up_to=10**9)
RNG = np.random.default_rng(5)
CENTRES = RNG.standard_normal((40, SIZE))


def drawn(count: int) -> np.ndarray:
    vectors = CENTRES[RNG.integers(0, len(CENTRES), count)] + RNG.standard_normal((count, SIZE))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def folder_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.vectors")


def record_of(file: Path) -> dict[str, object]:
    (record,) = folder_of(file).glob("*.json")
    return json.loads(record.read_text())


def fill(library: SqliteLibrary, count: int = COUNT, name: str = "p", model: str = "m") -> tuple[int, ...]:
    vectors = drawn(count)
    return library.store([picture(f"/{name}/{n % 4}/{n}.jpg", vector=v, model=model) for n, v in enumerate(vectors)])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library with an index of its 2,000 vectors, to be copied."""
    file = tmp_path_factory.mktemp("made") / "library.db"
    library = SqliteLibrary(file, LIMITS)
    fill(library)
    library.search_vectors(drawn(1)[0], "m", 5)
    library.wait_for_index()
    library.close()
    assert record_of(file)["rows"] == COUNT
    return file


@pytest.fixture
def file(made: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    shutil.copytree(made.parent, tmp_path / "copy")
    return tmp_path / "copy" / made.name


@pytest.fixture
def exact(file: Path) -> Iterator[SqliteLibrary]:
    """Return the same library, compared one by one."""
    library = SqliteLibrary(file, EXACT)
    yield library
    library.close()


@pytest.fixture
def indexed(file: Path) -> Iterator[SqliteLibrary]:
    """Return the library that uses the index."""
    library = SqliteLibrary(file, LIMITS)
    yield library
    library.close()


def agree(one: SqliteLibrary, other: SqliteLibrary, filters: Filters | None = None, top: int = 50) -> None:
    shared, total = 0, 0
    for query in drawn(10):
        found, searched = one.search_vectors(query, "m", top, filters or Filters())
        expected, there = other.search_vectors(query, "m", top, filters or Filters())
        assert searched == there
        assert len(found) == len(expected)
        cosines = {hit.item_id: hit.score for hit in expected}
        shared += sum(hit.item_id in cosines for hit in found)
        total += len(expected)
        assert all(hit.score == pytest.approx(cosines.get(hit.item_id, hit.score), abs=1e-6) for hit in found)
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert shared >= 0.97 * total


def test_an_index_finds_what_comparing_one_by_one_finds(indexed: SqliteLibrary, exact: SqliteLibrary) -> None:
    agree(indexed, exact)
    agree(indexed, exact, top=COUNT)
    agree(indexed, exact, Filters("/p/1"))
    agree(indexed, exact, Filters(kind="photo"), top=10)
    assert indexed.search_vectors(drawn(1)[0], "m", 0) == ((), COUNT)
    assert indexed._vectors._opened, "it was the index that answered"


def test_what_came_changed_and_went_since_is_found_as_it_is(indexed: SqliteLibrary, exact: SqliteLibrary) -> None:
    indexed.search_vectors(drawn(1)[0], "m", 5)
    fill(indexed, 30, "new")
    fill(indexed, 10, "p")  # the same contents with other vectors
    indexed.store([picture("/p/0/20.jpg", "changed")])  # its old vector goes
    indexed.mark_missing("/p/1", [f"/p/1/{n}.jpg" for n in range(1, COUNT, 8)])
    indexed.add_folder("/p/2")
    indexed.remove_folder("/p/2")

    agree(indexed, exact)
    agree(indexed, exact, Filters("/new"))
    agree(indexed, exact, Filters(folder_name="1"), top=20)
    indexed.undo()
    agree(indexed, exact)
    assert record_of(indexed._connections.file)["rows"] == COUNT


def test_an_index_grows_by_what_is_new(indexed: SqliteLibrary, exact: SqliteLibrary, file: Path) -> None:
    before = record_of(file)
    fill(indexed, 120, "new")
    fill(indexed, 20, "p")
    indexed.search_vectors(drawn(1)[0], "m", 5)
    indexed.wait_for_index()

    after = record_of(file)
    assert after["rows"] == COUNT + 140
    assert after["version"] > before["version"]
    assert len(list(folder_of(file).glob("*.usearch"))) == 1
    agree(indexed, exact)


@pytest.mark.parametrize(
    ("part", "harm"),
    [
        ("usearch", "gone"),
        ("usearch", "shorter"),
        ("usearch", "other bytes"),
        ("vectors", "other bytes"),
        ("json", "nonsense"),
    ],
)
def test_a_damaged_index_is_made_anew_and_never_opened(file: Path, part: str, harm: str) -> None:
    (damaged,) = folder_of(file).glob(f"*.{part}")
    whole = damaged.read_bytes()
    if harm == "gone":
        damaged.unlink()
    else:
        middle = len(whole) // 2
        bytes_of = {"shorter": whole[:middle], "other bytes": whole[:middle] + b"!?" + whole[middle + 2 :]}
        damaged.write_bytes(bytes_of.get(harm, b"[]"))
    library = SqliteLibrary(file, LIMITS)

    hits, searched = library.search_vectors(drawn(1)[0], "m", 5)
    library.wait_for_index()
    library.search_vectors(drawn(1)[0], "m", 5)

    assert (len(hits), searched) == (5, COUNT)
    assert record_of(file)["rows"] == COUNT
    assert library._vectors._opened
    library.close()


@pytest.mark.parametrize("change", [{"format": 99}, {"usearch": "0.1"}, {"token": "../../etc"}, {"token": "abc"}])
def test_an_index_of_another_version_or_library_is_made_anew(file: Path, change: dict[str, object]) -> None:
    (record,) = folder_of(file).glob("*.json")
    record.write_text(json.dumps({**json.loads(record.read_text()), **change}))
    library = SqliteLibrary(file, LIMITS)
    assert library.search_vectors(drawn(1)[0], "m", 5)[1] == COUNT
    assert not library._vectors._opened
    library.wait_for_index()
    assert library.search_vectors(drawn(1)[0], "m", 5)[1] == COUNT
    assert library._vectors._opened
    library.close()


def test_an_index_is_not_taken_for_that_of_a_backup_put_in_its_place(file: Path) -> None:
    backup = file.read_bytes()
    library = SqliteLibrary(file, LIMITS)
    for name in ("one", "two"):
        fill(library, 150, name)
        library.search_vectors(drawn(1)[0], "m", 5)
        library.wait_for_index()
    library.close()
    file.write_bytes(backup)

    library = SqliteLibrary(file, LIMITS)
    library.search_vectors(drawn(1)[0], "m", 5)
    assert not library._vectors._opened
    library.close()


def test_while_another_process_builds_the_vectors_are_compared_one_by_one(file: Path) -> None:
    (record,) = folder_of(file).glob("*.json")
    record.unlink()
    library = SqliteLibrary(file, LIMITS)
    with IndexFolder(folder_of(file)).building() as mine:
        assert mine
        assert library.search_vectors(drawn(1)[0], "m", 5)[1] == COUNT
        library.wait_for_index()
        assert not record.exists()
        assert library.search_vectors(drawn(1)[0], "m", 5)[1] == COUNT
        library.wait_for_index()
    library.search_vectors(drawn(1)[0], "m", 5)
    library.wait_for_index()
    assert record.exists()
    library.close()


def test_an_index_that_another_process_published_is_used(file: Path, indexed: SqliteLibrary) -> None:
    indexed.search_vectors(drawn(1)[0], "m", 5)
    other = SqliteLibrary(file, LIMITS)
    fill(other, 200, "new")
    other.search_vectors(drawn(1)[0], "m", 5)
    other.wait_for_index()
    other.close()

    assert indexed.search_vectors(drawn(1)[0], "m", 5)[1] == COUNT + 200
    (opened,) = indexed._vectors._opened.values()
    assert opened.record.rows == COUNT + 200


def test_a_library_without_room_for_an_index_is_searched_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    folder_of(file).write_text("a file where the folder would be")
    library = SqliteLibrary(file, LIMITS)
    fill(library)
    assert library.search_vectors(drawn(1)[0], "m", 5)[1] == COUNT
    library.wait_for_index()
    assert library.search_vectors(drawn(1)[0], "m", 5)[1] == COUNT
    library.close()


def test_closing_stops_a_build(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (record,) = folder_of(file).glob("*.json")
    record.unlink()
    before = set(folder_of(file).glob("*.vectors"))
    monkeypatch.setattr(index_builder, "_AT_ONCE", 1)
    library = SqliteLibrary(file, LIMITS)
    library.search_vectors(drawn(1)[0], "m", 5)
    library.close()
    library.wait_for_index()

    assert not record.exists()
    assert set(folder_of(file).glob("*.vectors")) <= before


def test_what_is_stored_while_an_index_is_made_is_put_in_once(
    file: Path, exact: SqliteLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    (record,) = folder_of(file).glob("*.json")
    record.unlink()
    monkeypatch.setattr(index_builder, "_AT_ONCE", 100)
    vectors_after, parts = index_builder.vectors_after, itertools.count()

    def while_somebody_stores(*asked: Any) -> Any:
        if next(parts) == 2:
            fill(exact, 120, "new")
            fill(exact, 10, "p")  # the same contents with other vectors
        return vectors_after(*asked)

    monkeypatch.setattr(index_builder, "vectors_after", while_somebody_stores)
    library = SqliteLibrary(file, LIMITS)
    library.search_vectors(drawn(1)[0], "m", 5)
    library.wait_for_index()
    made = record_of(file)["rows"]
    library.search_vectors(drawn(1)[0], "m", 5)
    library.wait_for_index()

    assert next(parts) > 3, "it was stored in the middle"
    assert COUNT - 10 <= made <= COUNT
    assert record_of(file)["rows"] <= COUNT + 130
    agree(library, exact)
    library.close()


_BUILDS = """
import sys
from pathlib import Path
from typing import Any
from mmbm_desktop.library import index_builder
from mmbm_desktop.library.index_builder import IndexLimits
from mmbm_desktop.library.sqlite_library import SqliteLibrary
import numpy as np
library = SqliteLibrary(Path(sys.argv[1]), IndexLimits(exact_up_to=500, newer=50, pause_s=0.0))
print("ready", flush=True)
while True:
    for record in Path(sys.argv[1] + ".vectors").glob("*.json"):
        record.unlink()
    library.search_vectors(np.ones(32, np.float32), "m", 5)
    library.wait_for_index()
"""


def test_a_build_that_was_killed_leaves_nothing_broken(file: Path, exact: SqliteLibrary) -> None:
    for pause_s in (0.03, 0.11, 0.23):
        command = [sys.executable, "-c", _BUILDS, str(file)]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(pause_s)
        child.kill()
        child.wait()
        child.stdout.close()

        library = SqliteLibrary(file, LIMITS)
        agree(library, exact)
        library.wait_for_index()
        agree(library, exact)
        assert library.check() == ()
        library.close()


def test_models_are_never_ranked_together(tmp_path: Path) -> None:
    library = SqliteLibrary(tmp_path / "library.db", LIMITS)
    first = fill(library, 600)
    fill(library, 200, model="better")
    query = drawn(1)[0]

    assert (library.embedded("m"), library.embedded("better")) == ((600, 0), (200, 0))
    assert library.search_vectors(query, "better", 1000)[1] == 200
    assert {hit.item_id for hit in library.search_vectors(query, "m", 1000)[0]} == set(first)
    fill(library, 600, model="better")
    library.mark_missing("/p/1", [])
    assert library.embedded("better") == (450, 0)
    library.close()


def test_the_counts_are_right_after_any_changes(tmp_path: Path) -> None:
    library = SqliteLibrary(tmp_path / "library.db")
    fill(library, 40)
    fill(library, 30, model="other")
    library.store([picture("/p/0/0.jpg", "changed"), picture("/p/1/1.jpg", "changed too", drawn(1)[0])])
    library.mark_missing("/p/1", ["/p/1/1.jpg"])
    library.add_folder("/p/2")
    library.remove_folder("/p/2")
    library.undo()
    with library._connections.writing() as connection:
        connection.execute("DELETE FROM items WHERE id = 5")
        connection.execute("UPDATE items SET kind = 'recording' WHERE id = 6")
    with library._connections.reading() as connection:
        kept = dict(connection.execute("SELECT model, stored FROM embedding_counts"))
        assert kept == dict(connection.execute("SELECT model, COUNT(*) FROM embeddings GROUP BY model"))
        shown = dict(connection.execute("SELECT kind, shown FROM item_counts"))
        assert shown == dict(connection.execute("SELECT kind, SUM(missing = 0) FROM items GROUP BY kind"))
    library.close()
