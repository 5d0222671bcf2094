"""The Qt binding does not eat references: an unfixed one aborts Python after some hundred signals."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal


class Speaker(QObject):
    said = Signal(int)


def test_a_thousand_signals_leave_true_alone() -> None:
    speaker = Speaker()
    before = sys.getrefcount(True)

    for number in range(1000):
        speaker.said.emit(number)

    assert abs(sys.getrefcount(True) - before) < 50
