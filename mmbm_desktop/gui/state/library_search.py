"""What the library shows: everything by pages, or the hits of the newest query; answers to older ones are dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.gui.state.library_order import sorted_hits
from mmbm_desktop.gui.state.library_query import LibraryQuery
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.filters import EVERYTHING
from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.order import NEWEST_FIRST
from mmbm_desktop.protocol.requests import SearchRequest
from mmbm_desktop.protocol.results import BrowseResult, SearchResult
from mmbm_desktop.protocol.tasks import INTERACTIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.gui.state.library_item_model import LibraryItemModel, Row
    from mmbm_desktop.protocol.events import LibraryChanged
    from mmbm_desktop.protocol.filters import Filters
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.order import Order
    from mmbm_desktop.protocol.results import Item
    from mmbm_desktop.protocol.tasks import MediaKind

DEBOUNCE_MS = 250
"""How long typing must rest before a search starts."""
PAGE_SIZE = 500
"""How many items one browsing request brings."""
TOP = 200
"""How many hits one search brings."""
REFRESH_MS = 1_000
"""The least time between two refreshes while the library is changing; grows with what is loaded."""
REFRESH_MS_PER_ROW = 0.1


class _Way(Enum):
    """What becomes of the rows when an answer arrives."""

    REPLACE = auto()
    MERGE = auto()
    APPEND = auto()


@dataclass(frozen=True)
class _Asked:
    """The job whose answer is waited for."""

    job_id: JobId
    way: _Way
    offset: int = 0


@dataclass(frozen=True)
class Answer:
    """What the rows are: `scored` hits out of `searched` items in `ms` milliseconds, or `total` items.

    `busy` while an answer is waited for; `failure` says why there is none.
    """

    scored: bool = False
    total: int = 0
    searched: int = 0
    ms: float = 0.0
    model: str = ""
    device: str = ""
    busy: bool = False
    failure: Failure | None = None


class LibrarySearch(QObject):
    """Turns the query and the filters into requests and their answers into rows of the model."""

    query_changed = Signal()
    filter_changed = Signal()
    answer_changed = Signal()

    def __init__(
        self,
        engine: Engine,
        bridge: EngineBridge,
        calls: LibraryCalls,
        model: LibraryItemModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._calls = calls
        self._model = model
        self._query = LibraryQuery()
        self._folder: str | None = None
        self._kind: MediaKind | None = None
        self._order: Order | None = None
        self._answer = Answer()
        self._asked: _Asked | None = None
        self._debounce = self._timer(DEBOUNCE_MS, self._ask_anew)
        self._refresh = self._timer(REFRESH_MS, self._ask_again)
        bridge.job_changed.connect(self._job_changed)
        bridge.library_changed.connect(self._library_changed)
        model.page_wanted.connect(self._page_wanted)

    @property
    def query(self) -> LibraryQuery:
        """What is looked for; one that ranks nothing shows everything, or what its filters let through."""
        return self._query

    @property
    def folder(self) -> str | None:
        """The only folder shown; None for all."""
        return self._folder

    @property
    def kind(self) -> MediaKind | None:
        """The only kind shown; None for all."""
        return self._kind

    @property
    def order(self) -> Order | None:
        """The order of the rows; None for the usual one: the newest first, or the best hits first."""
        return self._order

    @property
    def filters(self) -> Filters:
        """What the listing lets through; everything where the query makes no sense."""
        try:
            return self._query.listing(folder=self._folder, kind=self._kind).filters
        except InputFault:
            return EVERYTHING

    @property
    def answer(self) -> Answer:
        """What the rows are now."""
        return self._answer

    def set_query(self, query: LibraryQuery, *, at_once: bool = True) -> None:
        """Look for something else, now or when typing has rested for `DEBOUNCE_MS`."""
        if query == self._query:
            if at_once and self._debounce.isActive():
                self._ask_anew()
            return
        self._query = query
        self.query_changed.emit()
        if at_once:
            self._ask_anew()
        else:
            self._debounce.start()

    def set_folder(self, folder: str | None) -> None:
        """Show only what lies in one folder; None for all."""
        if folder != self._folder:
            self._folder = folder
            self.filter_changed.emit()
            self._ask_anew()

    def set_kind(self, kind: MediaKind | None) -> None:
        """Show only photos or only recordings; None for both."""
        if kind is not self._kind:
            self._kind = kind
            self.filter_changed.emit()
            self._ask_anew()

    def set_order(self, order: Order | None) -> None:
        """Sort otherwise; see `order`."""
        if order != self._order:
            self._order = order
            self._ask_anew()

    @Slot()
    def start(self) -> None:
        """Ask for the current query and filters, whatever is shown."""
        self._ask_anew()

    def stop(self) -> None:
        """Ask nothing more."""
        self._debounce.stop()
        self._refresh.stop()
        self._drop_asked()

    @Slot()
    def _ask_anew(self) -> None:
        self._debounce.stop()
        self._refresh.stop()
        self._ask(_Way.REPLACE)

    @Slot()
    def _ask_again(self) -> None:
        """Bring what is shown up to date; an answer on its way is waited for first."""
        if self._asked is not None:
            self._refresh.start()
        else:
            self._ask(_Way.MERGE, limit=max(PAGE_SIZE, self._model.rowCount()))

    @Slot(int)
    def _page_wanted(self, offset: int) -> None:
        if self._asked is None and not self._answer.scored:
            self._ask(_Way.APPEND, offset=offset)
        else:
            self._model.give_up_page()

    def _ask(self, way: _Way, *, offset: int = 0, limit: int = PAGE_SIZE) -> None:
        self._drop_asked()
        try:
            where = {"folder": self._folder, "kind": self._kind}
            listing = replace(self._query.listing(offset, limit, **where), order=self._order or NEWEST_FIRST)
            request = self._query.request(**where, top=TOP) or listing
        except InputFault as error:
            self._show_failure(Failure.of(error), scored=True)
            return
        self._asked = _Asked(self._engine.submit(request, priority=INTERACTIVE), way, offset)
        if way is _Way.REPLACE:
            self._set_answer(replace(self._answer, busy=True, failure=None))
        self._catch_up()

    def _catch_up(self) -> None:
        """Take an answer that was there before `submit` returned its job's id."""
        for job in self._engine.jobs():
            if self._asked is not None and job.id == self._asked.job_id:
                self._job_changed(job)
                return

    def _drop_asked(self) -> None:
        if self._asked is None:
            return
        if self._asked.way is _Way.APPEND:
            self._model.give_up_page()
        asked, self._asked = self._asked, None
        self._engine.cancel(asked.job_id)

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        asked = self._asked
        if asked is None or job.id != asked.job_id or not job.state.final:
            return
        self._asked = None
        if job.state is JobState.DONE:
            self._take(job, asked)
        else:
            self._give_up(job, asked)

    def _take(self, job: JobSnapshot, asked: _Asked) -> None:
        result = job.result
        if isinstance(result, SearchResult):
            hits = sorted_hits(result.hits, self._order, result.nothing_below)
            self._show(hits, len(hits), asked, result.nothing_below)
            made = result.made
            answer = Answer(True, len(result.hits), result.searched, made.ms, made.model, made.device)
        elif isinstance(result, BrowseResult):
            self._show(result.items, result.total, asked)
            answer = Answer(total=result.total)
        else:
            return
        self._set_answer(answer)

    def _show(self, rows: Sequence[Row], total: int, asked: _Asked, nothing_below: float | None = None) -> None:
        match asked.way:
            case _Way.REPLACE:
                self._model.replace(rows, total, nothing_below)
            case _Way.MERGE:
                self._model.merge(rows, total, nothing_below)
            case _Way.APPEND:
                self._model.append(asked.offset, rows, total)

    def _give_up(self, job: JobSnapshot, asked: _Asked) -> None:
        if asked.way is _Way.APPEND:
            self._model.give_up_page()
        if asked.way is _Way.REPLACE:
            self._show_failure(job.failure, scored=isinstance(job.request, SearchRequest))

    def _show_failure(self, failure: Failure | None, *, scored: bool) -> None:
        self._model.replace((), 0)
        self._set_answer(Answer(scored=scored, failure=failure))

    @Slot(object)
    def _library_changed(self, event: LibraryChanged) -> None:
        shown = [one for one in event.item_ids if self._model.row_of(one) is not None]
        if shown:
            self._calls.run(lambda: self._engine.items(shown), success=self._items_read, failure=self._items_unread)
        if len(shown) < len(event.item_ids) or not event.item_ids:
            self._plan_refresh()

    def _items_read(self, items: tuple[Item, ...]) -> None:
        self._model.update_items(items)

    def _items_unread(self, _: Failure) -> None:
        self._plan_refresh()

    def _plan_refresh(self) -> None:
        if not self._refresh.isActive():
            self._refresh.start(REFRESH_MS + int(REFRESH_MS_PER_ROW * self._model.rowCount()))

    def _set_answer(self, answer: Answer) -> None:
        if answer != self._answer:
            self._answer = answer
            self.answer_changed.emit()

    def _timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer
