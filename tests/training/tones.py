"""A folder of recordings made in code: two "words", a rising and a falling tone, by two speakers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import soundfile

RATE_HZ = 16_000
WORDS = {"up": (300.0, 3500.0), "down": (3500.0, 300.0)}
SPEAKERS = ("ann", "bob")


def tone(word: str, number: int) -> np.ndarray:
    """Return 0.46 s of sound: a pause, a tone that glides from one pitch to another, a pause; float, full scale 1."""
    random = np.random.default_rng((number, len(word)))
    first, last = (hertz * random.uniform(0.9, 1.1) for hertz in WORDS[word])
    cycles = np.cumsum(np.geomspace(first, last, int(0.3 * RATE_HZ))) / RATE_HZ
    pause = np.zeros(1280)
    sound = 0.3 * np.concatenate([pause, np.sin(2 * np.pi * cycles), pause])
    return (sound + random.normal(0, 0.002, len(sound))).astype(np.float32)


def make_tones(folder: Path, each: int = 16) -> Path:
    """Write `each` recordings of every word, the first two of them test, the last two val, and `transcripts.jsonl`."""
    (folder / "audio").mkdir(parents=True)
    lines = []
    for word in WORDS:
        for number in range(each):
            name = f"audio/{word}-{number}.wav"
            soundfile.write(folder / name, tone(word, number), RATE_HZ)
            split = "test" if number < 2 else "val" if number >= each - 2 else "train"
            said = {"text": f"{word.title()}!", "speaker": SPEAKERS[number % 2], "split": split}
            lines.append(json.dumps({"file": name, **said}))
    (folder / "transcripts.jsonl").write_text("\n".join(lines), "utf-8")
    return folder
