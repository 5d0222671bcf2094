"""The library's values are read when somebody asks and something changed, not while it changes all the time."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.fake import FakeEngine
from mmbm_desktop.gui.context import AppContext
from mmbm_desktop.gui.state.known_filters import KnownFilters
from mmbm_desktop.protocol.events import LibraryChanged


def test_values_are_read_once_until_something_changes_and_then_not_too_often(
    context: AppContext, engine: FakeEngine, qtbot: QtBot
) -> None:
    now = [0.0]
    known = KnownFilters(engine, context.bridge, clock=lambda: now[0])
    with qtbot.waitSignal(known.changed):
        known.ask()
    former = known.values
    assert former.folders

    engine.library.clear()
    known.ask()  # nothing changed, as far as is known
    with qtbot.waitSignal(context.bridge.library_changed):
        engine.emit(LibraryChanged())
    known.ask()  # too soon
    assert known.values == former
    now[0] = 6.0
    with qtbot.waitSignal(known.changed):
        known.ask()
    assert known.values.folders == ()
    known.close()


def test_a_library_that_cannot_be_read_offers_nothing_and_is_asked_again(
    context: AppContext, engine: FakeEngine, qtbot: QtBot
) -> None:
    now = [0.0]
    known = KnownFilters(engine, context.bridge, clock=lambda: now[0])
    engine.raising["filter_values"] = EnvironmentFault(ErrorCode.LIBRARY_LOCKED)
    known.ask()
    qtbot.waitUntil(lambda: not known._asking)
    now[0] = 6.0
    del engine.raising["filter_values"]
    with qtbot.waitSignal(known.changed):
        known.ask()
    known.close()
