"""What is stored is found again, by path, words, vectors and folder; moved files keep their data."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.library import word_search
from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption, NewTranscript
from mmbm_desktop.library.sql_library import SqlLibrary
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.results import Segment, Word
from mmbm_desktop.protocol.tasks import MediaKind
from tests.library.conftest import Opener, picture, said, unit


def test_an_item_comes_back_as_it_was_stored(library: SqlLibrary) -> None:
    (number,) = library.store(
        [picture("/p/狗.jpg", "h1", unit(1, 0), captions=(said("A dog."), said("一只狗。", "zh")))]
    )

    item = library.item_at("/p/狗.jpg")

    assert item is not None
    assert (item.id, item.content_hash, item.width, item.height) == (number, "h1", 640, 480)
    assert (item.caption_en, item.caption_zh, item.transcript, item.missing) == ("A dog.", "一只狗。", "", False)
    assert library.items([99, number]) == (item,)
    assert library.item_at("/p/none.jpg") is None


def test_a_name_that_is_no_unicode_is_kept(library: SqlLibrary) -> None:
    path = os.fsdecode(b"/p/\xff\xfe.jpg")
    library.store([picture(path, "h", unit(1, 0))])

    item = library.item_at(path)

    assert item is not None
    assert item.path == path
    assert library.browse(0, 10, Filters("/p"))[1] == 1


def test_the_best_of_several_captions_is_shown_and_the_persons_wins(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", captions=(said("best"), said("second")))])
    assert library.items([number])[0].caption_en == "best"

    library.add_captions(number, [said("mine", author="person")])
    library.add_captions(number, [said("model again")])

    assert library.items([number])[0].caption_en == "mine"
    assert [entry.text for entry in library.caption_history(number)] == ["model again", "mine", "best", "second"]
    assert library.caption_history(number)[1].author == "person"


def test_changed_content_gets_new_answers_and_keeps_the_persons(library: SqlLibrary) -> None:
    (number,) = library.store(
        [picture("/p/a.jpg", "old", unit(1, 0), captions=(said("old words"), said("旧的", "zh")))],
    )
    library.add_captions(number, [said("mine", author="person")])

    again = library.store(
        [picture("/p/a.jpg", "new", unit(0, 1), modified_s=2.0, captions=(said("new words"), said("新的", "zh")))]
    )

    assert again == (number,)
    assert (library.items([number])[0].caption_en, library.items([number])[0].caption_zh) == ("mine", "新的")
    history = [entry.text for entry in library.caption_history(number)]
    assert history == ["new words", "新的", "mine", "old words", "旧的"]
    hits, _ = library.search_vectors(unit(0, 1), "m", 5)
    assert hits[0].score == pytest.approx(1.0, abs=1e-3)
    assert library.search_words("old words", 5) == ()
    assert library.search_words("mine", 5) == library.search_words("new words", 5) == (number,)


def test_a_moved_file_keeps_its_data_and_a_copy_is_another_item(library: SqlLibrary, tmp_path: Path) -> None:
    here, there, copy = tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "c.jpg"
    here.write_bytes(b"x")
    (number,) = library.store([picture(here, "h", unit(1, 0))])
    library.add_captions(number, [said("mine", author="person")])
    here.rename(there)

    assert library.store([picture(there, "h", unit(1, 0))]) == (number,)
    assert library.item_at(str(here)) is None
    assert library.items([number])[0].caption_en == "mine"

    copy.write_bytes(b"x")
    assert library.store([picture(copy, "h", unit(1, 0))]) != (number,)
    assert library.browse(0, 10)[1] == 2


def test_a_copy_takes_over_what_a_person_wrote_and_then_goes_its_own_way(library: SqlLibrary, tmp_path: Path) -> None:
    here, copy = tmp_path / "a.jpg", tmp_path / "b.jpg"
    here.write_bytes(b"x")
    copy.write_bytes(b"x")
    (first,) = library.store([picture(here, "h", captions=(said("machine"),))])
    library.add_captions(first, [said("mine", author="person")])

    (second,) = library.store([picture(copy, "h", captions=(said("machine"),))])
    library.store([picture(copy, "h")])

    assert second != first
    assert [entry.text for entry in library.caption_history(second)] == ["machine", "mine"]
    library.add_captions(second, [said("another", author="person")])
    assert [item.caption_en for item in library.items([first, second])] == ["mine", "another"]
    assert library.search_words("mine", 5) == tuple(sorted((first, second)))


def test_two_files_that_change_places_change_their_captions_too(library: SqlLibrary, tmp_path: Path) -> None:
    a, b = tmp_path / "a.jpg", tmp_path / "b.jpg"
    a.write_bytes(b"a")
    b.write_bytes(b"b")
    numbers = library.store([picture(a, "ha", unit(1, 0)), picture(b, "hb", unit(0, 1))])
    for number, words in zip(numbers, ("of a", "of b"), strict=True):
        library.add_captions(number, [said(words, author="person")])

    library.store([picture(a, "hb", unit(0, 1)), picture(b, "ha", unit(1, 0))])

    assert [item.caption_en for item in library.items(numbers)] == ["of b", "of a"]


def test_a_persons_transcript_goes_along(library: SqlLibrary, tmp_path: Path) -> None:
    here, copy = tmp_path / "a.wav", tmp_path / "b.wav"
    here.write_bytes(b"x")
    first, second = (IndexedItem(FileFacts(str(path), MediaKind.RECORDING, "h", 1, 1.0, 1)) for path in (here, copy))
    (number,) = library.store([first])
    library.add_transcript(number, NewTranscript("hello", "en", (), 1.0, "", author="person"))

    (other,) = library.store([second])

    assert library.items([other])[0].transcript == "hello"


def test_what_no_database_can_hold_is_made_fit(library: SqlLibrary) -> None:
    facts = FileFacts("/p/a.jpg", MediaKind.PHOTO, "h", 1, 1.0, inode=(1 << 64) - 1)
    broken = NewCaption("half \ud83d and\0 zero", "en", float("nan"), "m")
    (number,) = library.store([IndexedItem(facts, np.full(2, np.nan, np.float32), "m", (broken,))])

    assert library.items([number])[0].caption_en == "half ? and  zero"
    assert library.caption_history(number)[0].score == 0.0
    assert library.search_vectors(unit(1, 0), "m", 5)[0][0].score == 0.0
    for query in ("\ud83d", "\0", "half \ud83d and", '"*^:()', "NEAR(a b)"):
        assert library.search_words(query, 5) in ((), (number,))
    assert library.store([IndexedItem(facts)]) == (number,)


def test_browsing_is_newest_first_by_page_folder_and_kind(library: SqlLibrary) -> None:
    library.store([picture(f"/p/a/{n}.jpg", modified_s=n) for n in range(5)])
    library.store([picture("/p/ab/x.jpg", modified_s=9.0)])
    library.store([IndexedItem(FileFacts("/p/a/s.wav", MediaKind.RECORDING, "s", 1, 0.5, 1))])

    page, total = library.browse(1, 2, Filters("/p/a", kind="photo"))

    assert total == 5
    assert [Path(item.path).name for item in page] == ["3.jpg", "2.jpg"]
    assert library.browse(0, 10)[1] == 7
    assert library.browse(0, 10, Filters("/p/a/"))[1] == 6
    assert library.browse(0, 10, Filters("/p/a", kind="recording"))[1] == 1


def test_what_a_scan_did_not_see_is_missing_until_it_is_back(library: SqlLibrary) -> None:
    library.store(
        [
            picture("/p/a.jpg", "a", unit(1, 0)),
            picture("/p/b.jpg", "b", unit(0, 1)),
            picture("/q/c.jpg", "c", unit(1, 1)),
        ]
    )

    assert library.mark_missing("/p", ["/p/a.jpg"]) == 1
    assert library.mark_missing("/p", ["/p/a.jpg"]) == 0

    assert library.browse(0, 10)[1] == 2
    assert library.search_vectors(unit(0, 1), "m", 5)[1] == 2
    library.store([picture("/p/b.jpg", "b", unit(0, 1))])
    assert library.browse(0, 10)[1] == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("brown dog", ["a"]),
        ("狗在跑", ["b"]),
        ("狗", ["b"]),
        ("do", ["a"]),
        ("holiday", ["c"]),
        ("50%", ["d"]),
        ("5_", []),
        ('"', []),
        ("cat", []),
        ("  ", []),
        ("hello wor", ["w"]),
    ],
)
def test_words_are_found_in_captions_transcripts_and_names(library: SqlLibrary, query: str, found: list[str]) -> None:
    library.store(
        [
            picture("/p/a.jpg", captions=(said("A brown dog runs."),)),
            picture("/p/b.jpg", captions=(said("一只狗在跑。", "zh"),)),
            picture("/p/c holiday.jpg"),
            picture("/p/d.jpg", captions=(said("50% off"),)),
        ]
    )
    transcript = NewTranscript(
        "hello world", "en", (Segment("hello world", 0, 1, 0.9, (Word("hello", 0, 0.5, 0.9),)),), 0.9, "s"
    )
    library.store([IndexedItem(FileFacts("/p/w.wav", MediaKind.RECORDING, "w", 1, 1.0, 1), transcript=transcript)])

    names = [Path(item.path).stem.split()[0] for item in library.items(library.search_words(query, 10))]

    assert names == found


def test_vectors_are_ranked_by_cosine_within_a_folder(library: SqlLibrary) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((500, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = library.store(
        [picture(f"/p/{'even' if n % 2 == 0 else 'odd'}/{n}.jpg", vector=v) for n, v in enumerate(vectors)]
    )
    query = unit(*rng.standard_normal(16))

    hits, searched = library.search_vectors(query, "m", 10)
    expected = np.argsort(-(vectors @ query))[:10]
    assert searched == 500
    assert [hit.item_id for hit in hits] == [ids[row] for row in expected]

    odd, searched = library.search_vectors(query, "m", 500, Filters("/p/odd"))
    assert searched == len(odd) == 250
    assert library.search_vectors(query, "other", 10) == ((), 0)
    assert library.search_vectors(unit(1, 0), "m", 10) == ((), 0)


def test_an_item_is_found_by_its_present_content_only(library: SqlLibrary) -> None:
    a, b, c = library.store([picture(f"/p/{n}.jpg", f"old {n}", unit(1, 0)) for n in range(3)])
    assert library.search_vectors(unit(1, 0), "m", 5)[1] == 3

    library.store([picture("/p/0.jpg", "new 0")])
    library.store([picture("/p/1.jpg", "new 1", unit(0, 1, 1))])
    library.mark_missing("/p", ["/p/0.jpg", "/p/1.jpg"])

    assert library.search_vectors(unit(1, 0), "m", 5) == ((), 0)
    assert [hit.item_id for hit in library.search_vectors(unit(0, 1, 1), "m", 5)[0]] == [b]
    library.store([picture("/p/2.jpg", "old 2")])
    assert [hit.item_id for hit in library.search_vectors(unit(1, 0), "m", 5)[0]] == [c]
    assert library.items([a])[0].content_hash == "new 0"


def test_a_folder_is_searched_as_it_is_now(library: SqlLibrary) -> None:
    library.store([picture("/p/a/1.jpg", vector=unit(1, 0)), picture("/p/b/2.jpg", vector=unit(1, 0))])
    assert library.search_vectors(unit(1, 0), "m", 5, Filters("/p/a"))[1] == 1

    library.store([picture("/p/a/3.jpg", vector=unit(1, 1))])
    assert library.search_vectors(unit(1, 0), "m", 5, Filters("/p/a"))[1] == 2
    library.mark_missing("/p/a", ["/p/a/3.jpg"])
    assert library.search_vectors(unit(1, 0), "m", 5, Filters("/p/a"))[1] == 1
    assert library.search_vectors(unit(1, 0), "m", 0, Filters("/p/a")) == ((), 1)


def test_words_that_many_items_contain_are_found_newest_first(
    library: SqlLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_search, "WORTH_RANKING", 10)
    ids = library.store([picture(f"/p/{n % 2}/{n}.jpg", captions=(said("a dog"),)) for n in range(1200)])

    assert library.search_words("a dog", 3) == tuple(reversed(ids))[:3]
    assert library.search_words("a dog", 2, Filters("/p/0")) == (ids[1198], ids[1196])
    library.mark_missing("/p", ["/p/0/0.jpg"])
    assert library.search_words("a dog", 3) == ids[:1]


def test_vectors_follow_every_change_of_this_and_another_process(open_library: Opener) -> None:
    library = open_library()
    library.store([picture("/p/a.jpg", vector=unit(1, 0))])
    assert library.search_vectors(unit(1, 0), "m", 5)[1] == 1
    library.store([picture("/p/b.jpg", vector=unit(0, 1))])
    assert library.search_vectors(unit(1, 0), "m", 5)[1] == 2

    other = open_library()
    other.store([picture("/q/c.jpg", vector=unit(1, 1))])
    assert library.search_vectors(unit(1, 0), "m", 5)[1] == 3
    library.store([picture("/q/d.jpg", vector=unit(1, 2))])
    assert other.search_vectors(unit(1, 0), "m", 5)[1] == 4
    other.add_folder("/q")
    other.remove_folder("/q")
    other.close()

    assert library.search_vectors(unit(1, 0), "m", 5)[1] == 2


def test_a_folder_is_done_counted_and_removed_without_its_neighbour(library: SqlLibrary) -> None:
    for folder in ("/p/a", "/p/ab", "/p"):
        library.add_folder(folder)
        library.add_folder(folder)
    library.store([picture("/p/a/1.jpg"), picture("/p/ab/2.jpg"), picture("/p/3.jpg")])
    library.set_folder_done("/p/a", done=True)

    assert [(f.path, f.items, f.done) for f in library.folders()] == [
        ("/p/a", 1, True),
        ("/p/ab", 1, False),
        ("/p", 3, False),
    ]
    library.remove_folder("/p")
    assert [f.path for f in library.folders()] == ["/p/a", "/p/ab"]
    assert library.browse(0, 10)[1] == 2
    library.remove_folder("/p/a")
    assert [item.path for item in library.browse(0, 10)[0]] == ["/p/ab/2.jpg"]
    assert library.search_words("1.jpg", 5) == ()


def test_readers_in_many_threads_work_beside_a_writer(library: SqlLibrary) -> None:
    stop, problems = threading.Event(), []

    def read() -> None:
        try:
            while not stop.is_set():
                items, total = library.browse(0, 100)
                assert len(items) == min(total, 100)
                library.search_vectors(unit(1, 0), "m", 5)
        except Exception as error:  # noqa: BLE001 - reported below
            problems.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(40):
        library.store([picture(f"/p/{n}-{k}.jpg", vector=unit(n + 1, k)) for k in range(5)])
    stop.set()
    for thread in threads:
        thread.join()

    assert problems == []
    assert library.browse(0, 1)[1] == 200
    assert library.check() == ()


def test_filters_narrow_words_vectors_and_lists_alike(library: SqlLibrary) -> None:
    photo = picture("/p/Holiday/a.jpg", "a", unit(1, 0), modified_s=100.0, captions=(said("A red car."),))
    other = picture("/p/home/b.jpg", "b", unit(1, 1), modified_s=200.0, captions=(said("A car."),))
    sound = IndexedItem(FileFacts("/p/holiday/c.wav", MediaKind.RECORDING, "c", 10, 300.0, 7))
    first, second, third = library.store([photo, other, sound])

    def found(**wanted: object) -> set[int]:
        filters = Filters(**wanted)  # pyright: ignore[reportArgumentType]
        listed, total = library.browse(0, 10, filters)
        assert total == len(listed)
        hits, searched = library.search_vectors(unit(1, 0), "m", 10, filters)
        named = {one.id for one in listed}
        assert {hit.item_id for hit in hits} == named - {third}
        assert searched == len(hits)
        assert set(library.search_words("car", 10, filters)) == named - {third}
        return named

    assert found(kind="recording") == {third}
    assert found(folder_name="holiday") == {first, third}
    assert found(folder_name="a.jpg") == set()
    assert found(folder_name="p/home") == {second}
    assert found(after_s=200.0) == {second, third}
    assert found(before_s=200.0) == {first}
    assert found(words=("RED car",)) == {first}
    assert found(words=("car", "ed")) == {first}
    assert found(words=("%",)) == set()
    assert found(model="m") == {first, second}
    assert found(model="_") == set()
    assert found(folder="/p/home", words=("car",), kind="photo", before_s=201.0) == {second}


def test_words_that_came_later_are_found_by_a_filter(library: SqlLibrary) -> None:
    (number,) = library.store([picture("/p/a.jpg", "a", unit(1, 0))])
    wanted = Filters(words=("kite",))
    assert library.search_vectors(unit(1, 0), "m", 5, wanted) == ((), 0)
    library.add_captions(number, [said("A kite.")])
    assert library.search_vectors(unit(1, 0), "m", 5, wanted)[1] == 1


def test_a_sentence_is_found_by_its_rarest_letters_and_ranked_by_how_much_it_says(library: SqlLibrary) -> None:
    captions = [f"A dog number {n} runs on the beach." for n in range(300)]
    long = "A dog number 7 runs on the beach. " * 2 + "And nothing else happens here, for a long time. " * 5
    ids = library.store([picture(f"/p/{n}.jpg", captions=(said(text),)) for n, text in enumerate([*captions, long])])

    assert library.search_words("A DOG number 7 runs on the beach", 5) == (ids[7], ids[300])
    assert library.search_words("number 7 runs on the bench", 5) == ()
    assert library.search_words('the beach" AND', 5) == ()
    assert len(library.search_words("number", 1000)) == 301


def test_pages_from_both_ends_are_one_list(library: SqlLibrary) -> None:
    library.store([picture(f"/p/{n}.jpg", modified_s=n // 2) for n in range(25)])
    whole = [item.id for item in library.browse(0, 100)[0]]

    for offset in range(27):
        assert [item.id for item in library.browse(offset, 4)[0]] == whole[offset : offset + 4]
        assert [item.id for item in library.browse(offset, 4, Filters(kind="photo"))[0]] == whole[offset : offset + 4]
