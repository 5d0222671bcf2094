"""A session that listens to a microphone, tells how loud it is, and saves recordings of one length."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.engine.capturing.class_folders import write_recording
from mmbm_desktop.engine.capturing.session import DeviceSession
from mmbm_desktop.engine.growing_wav import SAMPLE_RATE_HZ
from mmbm_desktop.media.levels import FULL_SCALE, level_of
from mmbm_desktop.protocol.capture import CaptureKind, CapturePhase

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from mmbm_desktop.engine.recording import Ears
    from mmbm_desktop.protocol.capture import Shot, Taking
    from mmbm_desktop.protocol.events import Event

    Sound = npt.NDArray[np.int16]

SILENT_DB = -50.0
"""Of full scale: where a recording's loudest sample is below this, its microphone hears nothing."""


class SoundSession(DeviceSession):
    """See `DeviceSession`.

    Args:
        number: the session's id.
        open_microphone: opens it, in the session's thread.
        announce: takes the events.
        taken: hears of every shot before it is told.
    """

    def __init__(
        self,
        number: int,
        open_microphone: Callable[[], Ears],
        announce: Callable[[Event], None],
        taken: Callable[[Shot], None],
    ) -> None:
        super().__init__(number, CaptureKind.SOUNDS, announce, taken)
        self._open = open_microphone
        self._ears: Ears | None = None
        self._for: Taking | None = None
        self._lead = 0
        self._heard: list[Sound] = []

    def _let_go(self) -> None:
        if self._ears is not None:
            self._ears.stop()

    def _work(self) -> None:
        with self._open() as ears:
            self._ears = ears
            for block in ears:
                if self._ending.is_set():
                    return
                phase, left = self._fed(block)
                level = level_of(block)
                self._tell(phase=phase, left_s=left / SAMPLE_RATE_HZ, peak=level.peak, outline=level.outline)

    def _fed(self, block: Sound) -> tuple[CapturePhase, int]:
        """Use a block; return what goes on now and the samples until that is over."""
        taking = self._wanted()
        if taking is not self._for:
            self._for, self._heard = taking, []
            self._lead = round(taking.lead_s * SAMPLE_RATE_HZ) if taking is not None else 0
        if taking is None:
            return CapturePhase.READY, 0
        skipped = min(self._lead, len(block))
        self._lead -= skipped
        if self._lead:
            return CapturePhase.WAITING, self._lead
        self._heard.append(block[skipped:])
        wanted, there = round(taking.length_s * SAMPLE_RATE_HZ), sum(map(len, self._heard))
        if there < wanted:
            return CapturePhase.TAKING, wanted - there
        sound = np.concatenate(self._heard)
        self._heard = [sound[wanted:]]
        silent = bool(np.abs(sound[:wanted].astype(np.int32)).max() < FULL_SCALE * 10 ** (SILENT_DB / 20))
        self._save(taking, partial(write_recording, taking.folder, taking.label, sound[:wanted]), silent=silent)
        return (CapturePhase.TAKING, wanted) if self._wanted() is taking else (CapturePhase.READY, 0)
