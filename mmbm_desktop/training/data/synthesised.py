"""Words said by the voices of a speech synthesiser, espeak-ng: what a few people's recordings lack is many voices.

The program is run, not linked; its sound is only learned from. Same texts, same version, same sound.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.media.audio import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress

    Pcm = npt.NDArray[np.int16]

PROGRAM = "espeak-ng"
SPEAKER = "espeak-ng "
"""Begins the names of its speakers."""

_ACCENTS = {"en": ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029")}
"""Of a language whose name stands for several; any other is spoken by the voice of its own name."""
_NAMES = (
    "Alex Alicia Andrea Andy Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Mario Michael Mike",
    "Nguyen RicishayMax Storm adam anika announcer antonio aunty belinda benjamin boris caleb croak david ed",
    "edward f1 f2 f3 f4 f5 grandma grandpa gustave iven john kaukovalta klatt klatt2 klatt3 klatt4 linda m1 m2",
    "m3 m4 m5 m6 m7 m8 marcelo max michel miguel norbert pablo paul pedro quincy rob robert sandro shelby",
    "steph steph2 travis victor zac",
)
_VARIANTS = tuple(name for line in _NAMES for name in line.split())
"""Of 1.51, without robots and whispers. A variant that is not installed sounds like the accent alone."""
_WORDS_A_MINUTE = (100, 230)
_PITCH = (15, 86)
_HEADER_BYTES = 44
_LONGEST_S = 30
_QUIET = 0.01
_MARGIN_SAMPLES = 200


@dataclass(frozen=True)
class SaidClip:
    """A text, its sound (16 kHz mono, without silence before and behind it), and who says it."""

    text: str
    pcm: Pcm
    speaker: str


def synthesised(
    texts: Sequence[str], count: int, language: str, seed: int, report: ReportProgress
) -> tuple[SaidClip, ...]:
    """Return `count` clips: every voice in turn says all texts, each at its own speed and pitch.

    Args:
        texts: what is said; the next voice says them all again.
        count: how many clips; none where 0.
        language: of the texts, such as "en".
        seed: decides speed and pitch.
        report: told of the clips done.

    Raises:
        EnvironmentFault: espeak-ng is not installed, or cannot say it in that language (TRAINING_FAILED).
    """
    if not count:
        return ()
    program = shutil.which(PROGRAM)
    if program is None:
        raise _failed("no-synthesiser", f"{PROGRAM} is not on the path")
    random = np.random.default_rng((seed, 7))
    clips = []
    for number, voice in zip(range(count), _voices(len(texts), language), strict=False):
        text = texts[number % len(texts)]
        speed, pitch = (int(random.integers(*span)) for span in (_WORDS_A_MINUTE, _PITCH))
        sound = _said(program, ["-v", voice, "-s", str(speed), "-p", str(pitch)], text)
        clips.append(SaidClip(text, sound, SPEAKER + voice))
        report(number + 1, count)
    return tuple(clips)


def _voices(each: int, language: str) -> Iterator[str]:
    """Yield voices without end, each `each` times: accents and variants run through at their own lengths."""
    accents = _ACCENTS.get(language, (language,))
    number = 0
    while True:
        variant = _VARIANTS[number * 37 % len(_VARIANTS)]
        yield from [f"{accents[number % len(accents)]}+{variant}"] * each
        number += 1


def _said(program: str, options: Sequence[str], text: str) -> Pcm:
    """Return what the program says, resampled.

    Raises:
        EnvironmentFault: it says nothing (TRAINING_FAILED).
    """
    import soxr

    command = [program, *options, "--stdin", "--stdout"]
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system; the text goes through its standard input
            command, input=text.encode(), capture_output=True, timeout=_LONGEST_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise _failed("synthesiser-failed", f"{' '.join(command)}: {error}") from error
    data = done.stdout
    if len(data) <= _HEADER_BYTES:
        raise _failed("synthesiser-failed", f"{' '.join(command)}: {done.stderr[-200:].decode(errors='replace')}")
    (rate,) = struct.unpack_from("<I", data, 24)  # the lengths in the header are not known when it is written
    sound = np.frombuffer(data[_HEADER_BYTES:], "<i2", (len(data) - _HEADER_BYTES) // 2).astype(np.float32)
    return _without_silence(soxr.resample(sound, rate, SAMPLE_RATE_HZ))


def _without_silence(sound: npt.NDArray[np.float32]) -> Pcm:
    loud = np.flatnonzero(np.abs(sound) > _QUIET * np.abs(sound).max(initial=0.0))
    if len(loud):
        sound = sound[max(0, loud[0] - _MARGIN_SAMPLES) : loud[-1] + _MARGIN_SAMPLES]
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)


def _failed(reason: str, detail: str) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.TRAINING_FAILED, detail, reason=reason)
