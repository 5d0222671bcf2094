"""The model of the grid keeps Qt's rules, pages on demand, and keeps selections when it is refreshed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from mmbm_desktop.gui.state.library_item_model import PROBABLE_SHARE, ItemRole, LibraryItemModel, title_of
from mmbm_desktop.protocol.results import HeardSound, Hit, Item
from mmbm_desktop.protocol.tasks import MediaKind


def photo(number, caption="", path=None):
    return Item(
        number,
        path or f"/photos/{number}.jpg",
        MediaKind.PHOTO,
        f"{number:064x}",
        1000,
        0.0,
        640,
        480,
        caption_en=caption,
    )


def hits(*scores):
    return [Hit(photo(number), score) for number, score in enumerate(scores)]


def probable(*probabilities):
    return [Hit(photo(n), 0.5, (("picture", 0.5),), value) for n, value in enumerate(probabilities)]


def ids(model):
    return [model.item(row).id for row in range(model.rowCount())]


@pytest.fixture
def unwatched(qapp):
    """A model that nobody but the test asks for anything; the tester below fetches pages by itself."""
    return LibraryItemModel()


@pytest.fixture
def model(qapp):
    model = LibraryItemModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield model
    tester.deleteLater()


def test_pages_arrive_when_they_are_wanted(unwatched):
    wanted = []
    unwatched.page_wanted.connect(wanted.append)
    unwatched.replace([photo(n) for n in range(3)], 7)
    assert unwatched.canFetchMore(QModelIndex())
    unwatched.fetchMore(QModelIndex())
    unwatched.fetchMore(QModelIndex())
    assert wanted == [3]
    unwatched.append(3, [photo(n) for n in range(3, 7)], 7)
    assert ids(unwatched) == list(range(7))
    assert not unwatched.canFetchMore(QModelIndex())


def test_a_page_for_another_offset_is_ignored(model):
    model.replace([photo(1)], 9)
    model.append(4, [photo(2)], 9)
    assert ids(model) == [1]


def test_a_page_that_holds_only_known_items_ends_the_paging(model):
    model.replace([photo(1)], 9)
    model.fetchMore(QModelIndex())
    model.append(1, [photo(1)], 9)
    assert not model.canFetchMore(QModelIndex())


def test_a_page_that_does_not_come_can_be_wanted_again(unwatched):
    unwatched.replace([photo(1)], 9)
    unwatched.fetchMore(QModelIndex())
    assert not unwatched.canFetchMore(QModelIndex())
    unwatched.give_up_page()
    assert unwatched.canFetchMore(QModelIndex())


def test_a_hundred_thousand_rows_cost_nothing_up_front(unwatched):
    touched = []

    class Watched(list):
        def __iter__(self):
            touched.append("all")
            return super().__iter__()

    rows = [photo(n) for n in range(100_000)]
    unwatched.replace(rows, len(rows))
    unwatched._rows = Watched(rows)
    assert unwatched.rowCount() == 100_000
    assert unwatched.data(unwatched.index(99_999, 0), ItemRole.ITEM).id == 99_999
    assert unwatched.data(unwatched.index(50_000, 0)) == "50000.jpg"
    assert not touched


def test_a_refresh_keeps_the_selection(model):
    model.replace([photo(n) for n in (5, 4, 3, 2, 1)], 5)
    selection = QItemSelectionModel(model)
    for row in (1, 3):
        selection.select(model.index(row, 0), QItemSelectionModel.SelectionFlag.Select)
    model.merge([photo(n) for n in (9, 8, 5, 4, 2)], 5)
    assert ids(model) == [9, 8, 5, 4, 2]
    assert sorted(model.item(index.row()).id for index in selection.selectedIndexes()) == [2, 4]


def test_a_refresh_with_another_order_keeps_the_selection(model):
    model.replace([photo(n) for n in (1, 2, 3, 4)], 4)
    selection = QItemSelectionModel(model)
    selection.select(model.index(0, 0), QItemSelectionModel.SelectionFlag.Select)
    model.merge([photo(n) for n in (4, 7, 2, 1)], 4)
    assert ids(model) == [4, 7, 2, 1]
    assert [model.item(index.row()).id for index in selection.selectedIndexes()] == [1]


def test_a_refresh_shows_new_captions(model):
    model.replace([photo(1), photo(2)], 2)
    changed = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    model.merge([photo(1), photo(2, "A dog.")], 2)
    assert model.data(model.index(1, 0)) == "A dog."
    assert changed == [(0, 1)]


def test_updated_items_keep_their_score(model):
    model.replace(hits(0.9, 0.8), 2)
    model.update_items([photo(1, "A dog."), photo(77)])
    assert model.data(model.index(1, 0)) == "A dog."
    assert model.data(model.index(1, 0), ItemRole.SCORE) == 0.8


def test_hits_far_below_the_best_are_unlikely(model):
    model.replace(hits(0.5, 0.4, 0.5 * PROBABLE_SHARE, 0.29, 0.1), 5)
    assert model.first_unlikely == 3
    assert [model.data(model.index(row, 0), ItemRole.UNLIKELY) for row in range(5)] == [False, False, False, True, True]


def test_nothing_is_likely_without_a_positive_score(model):
    model.replace(hits(-0.1, -0.2), 2)
    assert model.first_unlikely == 0


def test_calibrated_hits_are_probable_down_to_the_models_own_line(model):
    model.replace(probable(0.6, 0.05, 0.2, 0.09, 0.01), 5, nothing_below=0.1)
    assert model.first_unlikely == 3
    assert not model.nothing_likely
    assert [model.data(model.index(row, 0), ItemRole.BADGE) for row in range(5)] == ["60%", "5%", "20%", "9%", "1%"]
    model.merge(probable(0.6, 0.05), 2, nothing_below=0.1)
    assert model.first_unlikely == 1
    model.update_items([photo(0, "A dog.")])
    assert model.data(model.index(0, 0), ItemRole.BADGE) == "60%"


def test_nothing_is_likely_where_even_the_best_hit_is_improbable(model):
    assert not model.nothing_likely
    model.replace(probable(0.09, 0.05), 2, nothing_below=0.1)
    assert model.nothing_likely
    model.replace([photo(1)], 1)
    assert not model.nothing_likely


def test_what_was_found_by_its_words_is_never_unlikely(model):
    both = Hit(photo(1), 0.3, (("picture", 0.3), ("words", 1.0)), 0.02)
    alone = Hit(photo(2), 0.0, (("words", 0.5),))
    model.replace([both, alone, *probable(0.05)], 3, nothing_below=0.1)
    assert model.first_unlikely == 2
    assert [model.data(model.index(row, 0), ItemRole.BADGE) for row in range(3)] == ["words · 2%", "words", "5%"]
    assert "Found by its words." in model.data(model.index(1, 0), Qt.ItemDataRole.ToolTipRole)


def test_without_probabilities_too_what_was_found_by_its_words_is_likely(model):
    alone = Hit(photo(9), 0.0, (("words", 1.0),))
    model.replace([*hits(0.5), alone, *hits(0.1)], 3)
    assert model.first_unlikely == 2
    model.replace([*hits(-0.5), alone, *hits(-0.6)], 3)
    assert model.first_unlikely == 2


def test_browsed_items_are_never_unlikely(model):
    model.replace([photo(1), photo(2)], 2)
    assert model.first_unlikely == 2
    assert model.data(model.index(0, 0), ItemRole.SCORE) is None
    assert model.data(model.index(0, 0), ItemRole.BADGE) == ""


def test_names_follow_the_language(model):
    both = Item(1, "/a.jpg", MediaKind.PHOTO, "0" * 64, 1, 0.0, caption_en="A dog.", caption_zh="一只狗。")
    model.replace([both, photo(2, "Only English.")], 2)
    assert model.data(model.index(0, 0)) == "A dog."
    model.set_language("zh")
    assert model.data(model.index(0, 0)) == "一只狗。"
    assert model.data(model.index(1, 0)) == "Only English."


def test_a_screen_reader_hears_kind_name_and_score(model):
    model.replace([Hit(photo(1, "A dog."), 0.914)], 1)
    assert model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole) == "Photo: A dog., score 0.91"
    model.replace([Hit(photo(1, "A dog."), 0.914, (), 0.37)], 1)
    assert model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole) == "Photo: A dog., 37% probable"


def test_rows_leave_the_window_as_file_urls(model, tmp_path):
    path = tmp_path / "海 滩.jpg"
    model.replace([photo(1, path=str(path))], 1)
    mime = model.mimeData([model.index(0, 0)])
    assert [url.toLocalFile() for url in mime.urls()] == [path.as_posix()]
    assert model.supportedDragActions() == Qt.DropAction.CopyAction


def test_a_note_is_called_by_its_first_line_and_a_silent_recording_by_its_sounds() -> None:
    note = Item(1, "/p/a.md", MediaKind.TEXT, "h", 1, 1.0, text="\n# Sailing\nmore")
    rain = HeardSound("rain", 0.0, 1.0, 0.9, "rain", "雨声")
    silent = Item(2, "/p/a.wav", MediaKind.RECORDING, "h", 1, 1.0, sounds=(rain, rain))

    assert title_of(note, "en") == "Sailing"
    assert title_of(replace(note, text=" \n"), "en") == "a.md"
    assert (title_of(silent, "en"), title_of(silent, "zh")) == ("rain", "雨声")
    assert title_of(replace(silent, sounds=()), "en") == "a.wav"
