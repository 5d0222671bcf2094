"""The pictures that are most like the one shown, asked for when the choice has rested. No words are made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmbm_desktop.protocol.requests import SearchRequest
from mmbm_desktop.protocol.results import SearchResult
from mmbm_desktop.protocol.tasks import NORMAL, MediaKind

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.results import Item

SHOWN = 6
REST_MS = 300
"""How long an item must stay chosen before anything is asked."""


class SimilarItems(QObject):
    """`found` carries up to six items, without the one that was asked about."""

    found = Signal(tuple)

    def __init__(self, engine: Engine, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._item: Item | None = None
        self._asked: JobId | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._ask)
        bridge.job_changed.connect(self._job_changed)

    def look_for(self, item: Item | None) -> None:
        """Ask about an item in a moment; an answer about an earlier one is dropped."""
        self.stop()
        self._item = item
        self.found.emit(())
        if item is not None and item.kind is MediaKind.PHOTO:
            self._rest.start()

    def stop(self) -> None:
        """Ask nothing more."""
        self._rest.stop()
        asked, self._asked = self._asked, None
        if asked is not None:
            self._engine.cancel(asked)

    @Slot()
    def _ask(self) -> None:
        if self._item is None:
            return
        request = SearchRequest(image_path=self._item.path, top=SHOWN + 1)
        self._asked = self._engine.submit(request, priority=NORMAL)
        for job in self._engine.jobs():
            if job.id == self._asked:
                self._job_changed(job)
                return

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if job.id != self._asked or not job.state.final or self._item is None:
            return
        self._asked = None
        if isinstance(job.result, SearchResult):
            own = self._item.id
            items = [hit.item for hit in job.result.hits if hit.item.id != own and hit.item.kind is MediaKind.PHOTO]
            self.found.emit(tuple(items[:SHOWN]))
