"""What transcription, from files and live, needs of a recogniser of speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mmbm_desktop.base.errors import ErrorCode, InputFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.protocol.results import Segment, Word

    Pcm = npt.NDArray[np.int16]


class StretchRecogniser(Protocol):
    """Writes down one stretch of 16 kHz speech after the other: `begin`, `feed` in pieces, `text` at any time, `end`.

    A piece of half a second is taken in quickly, so that a caller can stop between two pieces.
    """

    @property
    def name(self) -> str:
        """The model's name and version, for results."""
        ...

    @property
    def device(self) -> str:
        """Where it computes, for results."""
        ...

    @property
    def languages(self) -> Sequence[str]:
        """What it understands."""
        ...

    def begin(self, sample: Pcm) -> None:
        """Start a stretch whose loudness and colour are like `sample`'s: best the whole stretch."""
        ...

    def feed(self, pcm: Pcm) -> None:
        """Take the next piece of the stretch."""
        ...

    def text(self) -> str:
        """Return the most likely words of what has been fed so far; they may still change."""
        ...

    def end(self, start_s: float) -> tuple[Word, ...]:
        """End the stretch, which began at `start_s`, and return its words with absolute times."""
        ...

    def drop(self) -> None:
        """Give up the stretch in hand, if there is one."""
        ...

    def believed(self, words: tuple[Word, ...]) -> Segment | None:
        """Return the segment made of those words of a stretch that were really said, None if there are none."""
        ...


def require_spoken_language(language: str, supported: Sequence[str]) -> None:
    """Accept a language that a recogniser knows.

    Raises:
        InputFault: it knows no such language (`LANGUAGE_UNSUPPORTED`).
    """
    if language not in supported:
        raise InputFault(ErrorCode.LANGUAGE_UNSUPPORTED, language=language, supported=", ".join(supported))
