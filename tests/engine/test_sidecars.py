"""What the library knows goes out into files and comes back; coming back twice changes nothing, and it can be undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.engine.job_queue import JobQueue
from mmbm_desktop.engine.one_thread import OneThread
from mmbm_desktop.engine.sidecar_export import SidecarExport
from mmbm_desktop.engine.sidecar_import import SidecarImport
from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption, NewTranscript
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.events import Event, LibraryChanged
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.jobs import JobSnapshot, JobState
from mmbm_desktop.protocol.journal import Action
from mmbm_desktop.protocol.requests import Request
from mmbm_desktop.protocol.results import Segment
from mmbm_desktop.protocol.sidecars import (
    Existing,
    ExportRequest,
    ExportResult,
    FileAction,
    ImportRequest,
    ImportResult,
    SidecarForm,
)
from mmbm_desktop.protocol.tasks import MediaKind

SPOKEN = (Segment("hello there", 0.5, 1.5, 0.9), Segment("good night", 2.0, 3.0, 0.8))
HARD = 'She said "你好" & left <now> 🐕'


class Workplace:
    """A folder of two photos and a recording, libraries, and jobs over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "Trip"
        self.folder.mkdir()
        self.events: list[Event] = []
        self.writer = OneThread("test-writer")
        for name in ("a.jpg", "b.jpg", "talk.wav"):
            (self.folder / name).write_bytes(name.encode())
        self.library = self.open(folder / "full.db")
        a, b, talk = self.library.store([self.file(name) for name in ("a.jpg", "b.jpg", "talk.wav")])
        self.ids = (a, b, talk)
        self.library.add_captions(a, [NewCaption("A dog.", "en", 0.5, "m 1"), NewCaption("一只狗。", "zh", 0.5, "m 1")])
        self.library.add_captions(b, [NewCaption(HARD, "en", 1.0, "", "person")])
        self.library.change_tags([a], ("dog", "New York"))
        text = " ".join(one.text for one in SPOKEN)
        self.library.add_transcript(talk, NewTranscript(text, "en", SPOKEN, 0.9, "p 1"))

    def open(self, file: Path) -> SqliteLibrary:
        library = SqliteLibrary(file)
        self._opened = [*getattr(self, "_opened", ()), library]
        return library

    def file(self, name: str) -> IndexedItem:
        kind = MediaKind.RECORDING if name.endswith("wav") else MediaKind.PHOTO
        return IndexedItem(FileFacts(str(self.folder / name), kind, name, 5, 1.0, 7, duration_s=4.0))

    def fresh(self, name: str = "fresh.db") -> SqliteLibrary:
        """Return a library that has the files and knows nothing of them."""
        library = self.open(self.folder.parent / name)
        library.store([self.file(name) for name in ("a.jpg", "b.jpg", "talk.wav")])
        return library

    def done(self, request: Request, library: SqliteLibrary | None = None) -> JobSnapshot:
        library = library or self.library
        importing = SidecarImport(library, self.writer, self.events.append)
        run: Callable[..., object] = importing.run if isinstance(request, ImportRequest) else SidecarExport(library).run
        queue = JobQueue(run, lambda _: "export", lambda _: None)  # pyright: ignore[reportArgumentType]
        job = queue.wait(queue.submit(request, 0), 10)
        queue.close()
        return job

    def export(self, *forms: SidecarForm, **more: object) -> ExportResult:
        result = self.done(ExportRequest(forms=forms, **more)).result  # pyright: ignore[reportArgumentType]
        assert isinstance(result, ExportResult)
        return result

    def take_in(self, library: SqliteLibrary, *, dry_run: bool = False) -> ImportResult:
        result = self.done(ImportRequest((str(self.folder),), dry_run), library).result
        assert isinstance(result, ImportResult)
        return result

    def beside(self) -> set[str]:
        return {file.name for file in self.folder.iterdir()} - {"a.jpg", "b.jpg", "talk.wav"}

    def close(self) -> None:
        self.writer.close()
        for library in self._opened:
            library.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    made = Workplace(tmp_path)
    yield made
    made.close()


def told(library: SqliteLibrary, ids: tuple[int, ...]) -> list[tuple[object, ...]]:
    return [(i.caption_en, i.caption_zh, i.transcript, set(i.tags)) for i in library.items(ids)]


def test_a_dry_run_says_what_then_happens(place: Workplace) -> None:
    plan = place.export(*SidecarForm, dry_run=True)
    assert place.beside() == set()

    done = place.export(*SidecarForm)

    assert (done.files, done.counts, done.failed) == (plan.files, plan.counts, ())
    assert done.counts == {FileAction.WRITE: 8}
    assert place.beside() == {Path(one.path).name for one in done.files} == {
        "a.txt", "a.jpg.xmp", "b.txt", "b.jpg.xmp", "talk.txt", "talk.srt", "talk.vtt", "talk.json",
    }  # fmt: skip
    assert (done.items, done.wordless) == (3, 0)


@pytest.mark.parametrize("forms", [(SidecarForm.XMP, SidecarForm.JSON), (SidecarForm.TXT,), (SidecarForm.VTT,)])
def test_what_goes_out_comes_back_once_as_one_step(place: Workplace, forms: tuple[SidecarForm, ...]) -> None:
    place.export(*forms)
    assert place.take_in(place.library).changed == 0
    library = place.fresh()
    ids = tuple(sorted(library.ids()))

    plan = place.take_in(library, dry_run=True)
    assert told(library, ids) == [("", "", "", set())] * 3
    first, again = place.take_in(library), place.take_in(library)

    assert (first.items, first.changed, first.failed) == (plan.items, plan.changed, ())
    assert (again.changed, again.unchanged, again.sidecars) == (0, first.changed, first.sidecars)
    known = told(library, ids)
    if SidecarForm.XMP in forms:
        assert known[0] == ("A dog.", "一只狗。", "", {"dog", "New York"})
        assert known[1][0] == HARD
        assert library.history(ids[2]).transcripts[0].segments == SPOKEN
        assert library.history(ids[0]).captions[0].author == "person"
        assert library.search_words("New York", 5) == (ids[0],)
    else:
        assert (known[0][0] == "A dog.") == (SidecarForm.TXT in forms)
        assert str(known[2][2]).split() == ["hello", "there", "good", "night"]
    (event,) = place.events
    assert isinstance(event, LibraryChanged)
    assert set(event.item_ids) == {one for one in ids if told(library, (one,)) != [("", "", "", set())]}
    step = library.undo()
    assert step is not None
    assert (step.action, step.path) == (Action.IMPORT, str(place.folder))
    assert told(library, ids) == [("", "", "", set())] * 3
    assert library.search_words("hello", 5) == ()
    library.redo()
    assert told(library, ids) == known
    assert library.check() == ()


def test_a_table_holds_every_item_and_comes_back(place: Workplace) -> None:
    table = place.folder.parent / "all.csv"
    assert place.export(table=str(table)).counts == {FileAction.WRITE: 1}
    library = place.fresh()

    result = place.done(ImportRequest((str(table),)), library).result

    assert isinstance(result, ImportResult)
    assert result.changed == 3
    assert told(library, tuple(sorted(library.ids()))) == told(place.library, place.ids)


def test_a_persons_later_words_are_not_undone_by_importing_again(place: Workplace) -> None:
    place.export(SidecarForm.TXT)
    library = place.fresh()
    place.take_in(library)
    item = min(library.ids())
    library.add_captions(item, [NewCaption("Better.", "en", 1.0, "", "person")])

    assert place.take_in(library).changed == 0
    assert library.items([item])[0].caption_en == "Better."


def test_items_languages_and_filters_choose(place: Workplace) -> None:
    place.export(SidecarForm.TXT, items=place.ids[:1], languages=("zh",))
    assert (place.folder / "a.txt").read_text(encoding="utf-8") == "一只狗。\n"
    assert place.beside() == {"a.txt"}

    found = place.export(SidecarForm.TXT, filters=Filters(kind="recording"), listed=0)

    assert (found.items, found.files, found.counts) == (1, (), {FileAction.WRITE: 1})
    assert place.export(SidecarForm.SRT, items=place.ids[:1]).wordless == 1


def test_a_failed_file_is_named_and_the_others_go_on(place: Workplace) -> None:
    (place.folder / "a.jpg.xmp").write_text("my notes")

    done = place.export(SidecarForm.XMP, existing=Existing.OVERWRITE)

    assert [(Path(one.path).name, one.failure.params["reason"]) for one in done.failed] == [("a.jpg.xmp", "not-xml")]
    assert [Path(one.path).name for one in done.files] == ["b.jpg.xmp"]
    assert (place.folder / "a.jpg.xmp").read_text() == "my notes"
    taken = place.take_in(place.fresh())
    assert [(Path(one.path).name, one.failure.params["reason"]) for one in taken.failed] == [("a.jpg.xmp", "not-xml")]
    assert taken.changed == 1


def test_a_transcript_by_hand_is_what_goes_out(place: Workplace) -> None:
    place.library.add_transcript(place.ids[2], NewTranscript("by hand", "en", (), 1.0, "", "person"))

    place.export(SidecarForm.JSON, SidecarForm.SRT)

    assert json.loads((place.folder / "talk.json").read_text())["text"] == "by hand"
    assert "00:00:00,000 --> 00:00:04,000\nby hand" in (place.folder / "talk.srt").read_text()


def test_wrong_tables_fail_before_anything_is_written(place: Workplace) -> None:
    job = place.done(ExportRequest(forms=(SidecarForm.TXT,), table=str(place.folder / "all.xls")))

    assert (job.state, job.failure and job.failure.code) == (JobState.FAILED, ErrorCode.UNSUPPORTED_TYPE)
    assert place.beside() == set()


def test_a_cancelled_export_stops_between_two_items(place: Workplace) -> None:
    queue = JobQueue(
        lambda job: (job.token.cancel(), SidecarExport(place.library).run(job))[1], lambda _: "x", lambda _: None
    )
    job = queue.wait(queue.submit(ExportRequest(forms=(SidecarForm.TXT,), table=str(place.folder / "t.csv")), 0), 10)
    queue.close()

    assert job.state is JobState.CANCELLED
    assert place.beside() == set()
