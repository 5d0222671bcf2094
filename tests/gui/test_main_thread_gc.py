"""Garbage is collected in the main thread; what survived is looked at again only now and then."""

from __future__ import annotations

import gc
import weakref

from PySide6.QtWidgets import QApplication

from mmbm_desktop.gui import main_thread_gc
from mmbm_desktop.gui.main_thread_gc import MainThreadCollector


class Ring:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.me = self


def test_new_garbage_goes_at_once_and_old_garbage_by_and_by(qapp: QApplication) -> None:
    collector = MainThreadCollector()
    try:
        old = Ring()
        collector.collect()
        assert gc.get_freeze_count() > 0
        old_left, new_left = weakref.ref(old), weakref.ref(Ring())
        del old
        collector.collect()
        assert new_left() is None
        assert old_left() is not None
        for _ in range(main_thread_gc._WHOLE_EVERY):
            collector.collect()
        assert old_left() is None
    finally:
        collector.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
