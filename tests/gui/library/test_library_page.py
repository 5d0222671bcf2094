"""The Library page: folders with progress, queries as typed, hits with scores, details that can be edited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.engine.fake_answers import PICTURES, items
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.pages.library import LibraryPage
from mmbm_desktop.gui.state.library_item_model import ItemRole
from mmbm_desktop.gui.state.library_query import LibraryQuery
from mmbm_desktop.protocol.events import LibraryChanged, WatchFellBack
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.journal import Action, Step
from mmbm_desktop.protocol.requests import BrowseRequest, IndexRequest, RecordRequest, SearchRequest
from mmbm_desktop.protocol.results import BrowseResult, Hit, IndexResult, Item, SearchResult
from mmbm_desktop.protocol.tasks import MediaKind


def searches(engine: FakeEngine) -> list[SearchRequest]:
    return [request for request in engine.requests if isinstance(request, SearchRequest)]


def test_everything_is_shown_first(page: LibraryPage, engine: FakeEngine) -> None:
    assert any(isinstance(request, BrowseRequest) for request in engine.requests)
    assert page.model.rowCount() == len(engine.library)
    assert page.grid.isVisible()
    QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_typing_rests_before_a_search_and_enter_does_not(page: LibraryPage, engine: FakeEngine, qtbot: QtBot) -> None:
    QTest.keyClicks(page.query_bar.edit, "dogs")
    assert searches(engine) == []
    qtbot.waitUntil(lambda: len(searches(engine)) == 1)
    assert searches(engine)[0].text == "dogs"

    QTest.keyClicks(page.query_bar.edit, " run")
    QTest.keyClick(page.query_bar.edit, Qt.Key.Key_Return)

    assert [request.text for request in searches(engine)] == ["dogs", "dogs run"]
    assert page.model.index(0, 0).data(ItemRole.SCORE) is not None
    assert "hit" in page.summary.text()


def test_probabilities_are_shown_and_the_page_says_when_nothing_is_likely(
    page: LibraryPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold(SearchRequest)
    for probabilities, likely in (((0.6, 0.2, 0.05), 2), ((0.09, 0.05), 0)):
        page.query_bar.show_query(LibraryQuery(f"a boat {likely}"))
        hits = tuple(
            Hit(item, 0.5, (("picture", 0.5),), value) for item, value in zip(items(3), probabilities, strict=False)
        )
        engine.finish(engine.jobs()[0].id, SearchResult(hits, 12, PICTURES, nothing_below=0.1))

        shown = [page.model.index(row, 0).data(ItemRole.BADGE) for row in range(page.model.rowCount())]
        assert shown == [f"{value:.0%}" for value in probabilities]
        assert page.model.first_unlikely == likely
        assert ("Probably nothing here matches" in page.summary.text()) == (likely == 0)
        assert page.grid.isVisible()


def test_typed_filters_narrow_and_list(page: LibraryPage, engine: FakeEngine) -> None:
    QTest.keyClicks(page.query_bar.edit, 'a dog^2 "two dogs" kind:photo')
    QTest.keyClick(page.query_bar.edit, Qt.Key.Key_Return)
    asked = searches(engine)[-1]
    assert (asked.text, asked.weighted) == ("a two dogs", (("dog", 2.0),))
    assert asked.filters == Filters(kind="photo", words=("two dogs",))

    page.query_bar.edit.setText("kind:recording")
    QTest.keyClick(page.query_bar.edit, Qt.Key.Key_Return)

    assert engine.requests[-1] == BrowseRequest(filters=Filters(kind="recording"))
    assert 0 < page.model.rowCount() < len(engine.library)


def test_a_query_that_makes_no_sense_is_explained(page: LibraryPage, engine: FakeEngine) -> None:
    before = len(engine.requests)
    page.query_bar.edit.setText("dog before:soon")
    QTest.keyClick(page.query_bar.edit, Qt.Key.Key_Return)

    assert len(engine.requests) == before
    assert page.model.rowCount() == 0
    assert "before:soon holds no date" in page.empty._text.text()


def test_a_filter_being_typed_is_completed(page: LibraryPage) -> None:
    QTest.keyClicks(page.query_bar.edit, "dog kind:r")
    assert page.query_bar.completer.model().data(page.query_bar.completer.model().index(0, 0)) == "dog kind:recording"

    page.query_bar.completer.activated.emit("dog kind:recording")

    assert page.search.query.text == "dog kind:recording"
    folder = Path(page.folders.rows[0].path).name
    page.query_bar.edit.clear()
    QTest.keyClicks(page.query_bar.edit, f"folder:{folder[:2]}")
    assert page.query_bar.completer.model().data(page.query_bar.completer.model().index(0, 0)) == f"folder:{folder}"


def test_what_the_library_holds_is_looked_up_when_a_filter_is_typed(
    page: LibraryPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    offers = page.query_bar.completer.model()
    page.query_bar.edit.setFocus()
    QTest.keyClicks(page.query_bar.edit, "label:do")
    qtbot.waitUntil(lambda: offers.rowCount() > 0)
    assert offers.data(offers.index(0, 0)) == 'label:"dog barking"'

    page.query_bar.edit.clear()
    QTest.keyClicks(page.query_bar.edit, "model:")
    assert page.known.values.models[0].name in offers.data(offers.index(0, 0))


def test_minus_terms_become_chips_that_can_be_taken_away(page: LibraryPage, engine: FakeEngine) -> None:
    QTest.keyClicks(page.query_bar.edit, "beach -people ")
    QTest.keyClick(page.query_bar.edit, Qt.Key.Key_Return)
    assert (searches(engine)[-1].text, searches(engine)[-1].minus) == ("beach", "people")
    assert [chip.objectName() for chip in page.query_bar.minus_chips] == ["people"]

    page.query_bar.minus_chips[0].click()

    assert searches(engine)[-1].minus == ""
    page.query_bar.clear.click()
    assert page.search.query == LibraryQuery()
    assert page.query_bar.edit.text() == ""


def test_a_dropped_picture_becomes_the_query_and_a_folder_is_indexed(
    page: LibraryPage, engine: FakeEngine, tmp_path: Path
) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    page.take_mime(mime)
    assert searches(engine)[-1].image_path == str(tmp_path / "a.png")
    assert "a.png" in page.query_bar.image_chip.text()
    page.query_bar.image_chip.click()
    assert page.search.query == LibraryQuery()

    mime.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    page.take_mime(mime)
    assert engine.requests.count(IndexRequest((str(tmp_path),))) == 1


def test_a_dropped_picture_joins_the_words_and_a_recording_is_refused_with_what_would_do(
    page: LibraryPage, engine: FakeEngine, tmp_path: Path
) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    (tmp_path / "note.txt").write_text("Milk")
    notices: list[str] = []
    page.context.navigator.notice.connect(notices.append)
    QTest.keyClicks(page.query_bar.edit, "snow -dogs ")

    for name in ("a.png", "note.txt"):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        page.take_mime(mime)

    asked = searches(engine)[-1]
    assert (asked.text.strip(), asked.minus, asked.image_path) == ("snow", "dogs", str(tmp_path / "a.png"))
    assert page.query_bar.edit.text().strip() == "snow"
    assert notices == ["Drop a folder to add it, or a picture to find others like it."]


def test_a_folder_shows_its_progress_its_failures_and_its_done_mark(
    page: LibraryPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold(IndexRequest)
    page.folders.add(["/new"])
    job = engine.jobs()[0].id
    engine.progress(job, 30, 120)
    entry = page.column.entries["/new"]
    assert "30 of 120" in entry.progress.text()
    assert not entry.cancel.isHidden()

    failed = ItemFailure("/new/a.jpg", Failure.of(InputFault(ErrorCode.IMAGE_BROKEN, path="/new/a.jpg")))
    engine.finish(job, IndexResult(("/new",), 120, 119, 0, (failed,), 2.0))
    qtbot.waitUntil(lambda: "/new" in page.column.entries and page.column.entries["/new"].row.done)

    entry = page.column.entries["/new"]
    assert "✓ 119" in entry.chip.text()
    assert entry.cancel.isHidden()
    assert not entry.failed.isHidden()
    entry.show_failures()
    assert "a.jpg — The picture is damaged" in entry._box.informativeText()
    entry._box.close()


def test_indexing_is_cancelled_and_a_folder_is_removed_from_the_library_only(
    page: LibraryPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold(IndexRequest)
    page.folders.add(["/new"])
    engine.start(engine.jobs()[0].id)
    page.column.entries["/new"].cancel.click()
    assert engine.jobs()[0].state.value == "cancelled"

    path = page.folders.rows[0].path
    page.column.entries[path].remove()
    qtbot.waitUntil(lambda: engine.removed_folders == [path])
    qtbot.waitUntil(lambda: path not in page.column.entries)


def test_filters_ask_for_one_folder_or_kind(page: LibraryPage, engine: FakeEngine) -> None:
    path = page.folders.rows[0].path
    page.column.entries[path].chip.click()
    assert engine.requests[-1] == BrowseRequest(filters=Filters(path))

    page.column.kinds[MediaKind.RECORDING].click()
    assert engine.requests[-1] == BrowseRequest(filters=Filters(path, kind="recording"))
    page.column.entries[path].chip.click()
    page.column.kinds[None].click()
    assert engine.requests[-1] == BrowseRequest()


def test_details_follow_the_choice_and_a_caption_is_edited(page: LibraryPage, engine: FakeEngine, qtbot: QtBot) -> None:
    row = next(n for n in range(page.model.rowCount()) if page.model.item(n).kind is MediaKind.PHOTO)
    page.grid.setCurrentIndex(page.model.index(row, 0))
    item = page.details.item
    assert item == page.model.item(row)
    assert page.details.texts["en"].text == item.caption_en

    page.details.edit.click()
    page.details.texts["en"].editor.setText("My words.")
    QTest.keyClick(page.details.texts["en"].editor, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: engine.saved == [(item.path, "My words.", "en")])
    qtbot.waitUntil(lambda: page.details.item is not None and page.details.item.caption_en == "My words.")
    page.details.similar.click()
    assert searches(engine)[-1].image_path == item.path


def test_a_save_that_fails_brings_the_old_words_back(
    page: LibraryPage, engine: FakeEngine, context: AppContext, qtbot: QtBot
) -> None:
    engine.raising["save_caption"] = EnvironmentFault(ErrorCode.DISK_FULL, path="/p")
    told = []
    context.navigator.notice.connect(told.append)
    row = next(n for n in range(page.model.rowCount()) if page.model.item(n).kind is MediaKind.PHOTO)
    page.grid.setCurrentIndex(page.model.index(row, 0))
    before = page.details.texts["en"].text

    page.details.edit.click()
    page.details.texts["en"].editor.setText("lost?")
    QTest.keyClick(page.details.texts["en"].editor, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: bool(told))
    assert "disk is full" in told[0]
    assert page.details.texts["en"].text == before


def test_the_latest_step_is_undone_and_done_again_by_key(
    page: LibraryPage, engine: FakeEngine, context: AppContext, qtbot: QtBot
) -> None:
    told: list[str] = []
    context.navigator.notice.connect(told.append)
    engine.steps.append(Step(Action.REMOVE_FOLDER, "/pictures/trip"))
    page.grid.setFocus()

    QTest.keyClick(page.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(told) == 1)
    QTest.keyClick(page.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(told) == 2)
    page.undoing.redo()
    qtbot.waitUntil(lambda: len(told) == 3)
    engine.raising["undo"] = EnvironmentFault(ErrorCode.LIBRARY_LOCKED, path="/l")
    page.undoing.undo()
    qtbot.waitUntil(lambda: len(told) == 4)

    assert told[0].startswith("Undone: folder trip taken out.")
    assert told[1:3] == ["There is nothing to undo.", "Done again: folder trip taken out."]
    assert "Another program is using the library" in told[3]


def test_paths_are_copied_from_the_grid(page: LibraryPage) -> None:
    page.grid.setFocus()
    page.grid.setCurrentIndex(page.model.index(0, 0))
    QTest.keyClick(page.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == page.model.item(0).path


def test_a_spoken_query_is_searched(page: LibraryPage, engine: FakeEngine) -> None:
    page.query_bar.speak.click()
    assert isinstance(engine.requests[-1], RecordRequest)
    assert page.query_bar.speak.text() == "Stop"

    page.query_bar.speak.click()

    assert page.query_bar.speak.text() == "Speak"
    assert searches(engine)[-1].text


def test_an_empty_library_says_what_belongs_there(qtbot: QtBot, context: AppContext, engine: FakeEngine) -> None:
    engine.library.clear()
    engine._folders.clear()
    page = LibraryPage(context)
    page.show()
    page.on_shown()
    qtbot.waitUntil(lambda: page.folders.loaded)

    assert page.empty.isVisible()
    assert page.empty.button.text() == "Add folder"
    page.close_workers()
    page.close()
    page.deleteLater()


def test_a_search_that_fails_says_why(page: LibraryPage, engine: FakeEngine) -> None:
    engine.script(SearchRequest, Failure.of(EnvironmentFault(ErrorCode.MODEL_MISSING)))

    page.query_bar.show_query(replace(page.search.query, text="dogs"))

    assert page.empty.isVisible()
    assert "No installed model" in page.empty.accessibleName()


def test_a_hundred_thousand_items_cost_nothing_before_they_are_seen(
    page: LibraryPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    items = [Item(n, f"/p/{n}.jpg", MediaKind.PHOTO, f"{n}", 1, 1.0) for n in range(100_000)]
    asked = []

    def browse(request: BrowseRequest) -> BrowseResult:
        asked.append(request.offset)
        return BrowseResult(tuple(items[request.offset : request.offset + request.limit]), len(items))

    engine.script(BrowseRequest, browse)
    page.search.start()
    assert page.model.total == 100_000
    assert asked == [0]
    bar = page.grid.verticalScrollBar()
    bar.setValue(bar.maximum())

    qtbot.waitUntil(lambda: len(asked) > 1)
    assert page.model.rowCount() < 5_000
    assert len(page.grid.visible_rows) < 60


def test_changes_are_noticed_or_not_as_the_switches_say(page: LibraryPage, context: AppContext) -> None:
    controls = page.column.indexing
    assert controls.watch.isChecked()
    assert controls.watch.text() == "●  Noticing changes"

    controls.watch.click()

    assert not context.settings.flag("indexing.watch")
    assert controls.watch.text() == "○  Changes are not noticed"
    controls.actions_by_name["indexing.watch"].trigger()
    controls.actions_by_name["indexing.low_priority"].trigger()
    assert (context.settings.flag("indexing.watch"), context.settings.flag("indexing.low_priority")) == (True, True)
    assert controls.watch.isChecked()


def test_a_running_job_is_paused_and_resumed_from_its_folder(
    page: LibraryPage, engine: FakeEngine, context: AppContext
) -> None:
    engine.hold(IndexRequest)
    page.folders.add(["/new"])
    job = engine.jobs()[0].id
    engine.progress(job, 30, 120)
    entry = page.column.entries["/new"]
    assert entry.pause.text() == "Pause"
    assert page.column.indexing.resume.isHidden()

    entry.pause.click()
    engine._change(job, paused=True)

    assert context.settings.flag("indexing.paused")
    assert entry.pause.text() == "Resume"
    assert entry.progress.text() == "paused · 30 of 120"
    page.column.indexing.resume.click()
    assert not context.settings.flag("indexing.paused")
    assert page.column.indexing.resume.isHidden()
    engine.finish(job)


def test_a_folder_says_why_its_changes_are_not_noticed(
    page: LibraryPage, engine: FakeEngine, context: AppContext, qtbot: QtBot
) -> None:
    told: list[str] = []
    context.navigator.notice.connect(told.append)
    path = page.folders.rows[0].path
    assert page.column.entries[path].note.isHidden()
    engine._folders[0] = replace(engine._folders[0], watch="network-drive")

    engine.emit(WatchFellBack(path, "network-drive"))
    engine.emit(LibraryChanged(folders_changed=True))

    qtbot.waitUntil(lambda: not page.column.entries[path].note.isHidden())
    assert "network drive" in page.column.entries[path].note.text()
    assert told == [f"{Path(path).name}: {page.column.entries[path].note.text()}"]


def test_what_changed_shows_as_the_folders_progress_and_leaves_its_failures(
    page: LibraryPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.hold(IndexRequest)
    path = page.folders.rows[0].path
    failed = ItemFailure(f"{path}/a.jpg", Failure.of(InputFault(ErrorCode.IMAGE_BROKEN, path=f"{path}/a.jpg")))
    engine.finish(engine.submit(IndexRequest((path,))), IndexResult((path,), 12, 11, 0, (failed,), 2.0))
    update = engine.submit(IndexRequest((path,), only=(f"{path}/b.jpg",)))
    engine.progress(update, 0, 1)
    assert not page.column.entries[path].bar.isHidden()

    engine.finish(update, IndexResult((path,), 1, 1, 0, (), 0.1))

    qtbot.waitUntil(lambda: page.folders.row(path).job is None)
    assert not page.column.entries[path].failed.isHidden()


def test_details_say_what_is_heard_and_who_answered(page: LibraryPage) -> None:
    row = next(n for n in range(page.model.rowCount()) if page.model.item(n).kind is MediaKind.RECORDING)
    page.grid.setCurrentIndex(page.model.index(row, 0))

    shown = [value.text() for value in page.details.facts.values if not value.isHidden()]

    heard = [button.accessibleName() for button in page.details.recording.sounds.buttons]
    assert heard == ["rain, 0:00, 91%", "dog barking, 0:02, 74%"]
    assert any(text.startswith("Transcript: pocketsphinx-en") and "Sounds: sounds-small" in text for text in shown)
