"""Sound files for the tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile


def write_wav(path: Path, seconds: float, rate_hz: int = 16_000) -> Path:
    """Write a quiet tone."""
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    soundfile.write(path, 0.1 * np.sin(2 * np.pi * 440 * times), rate_hz)
    return path
