"""A trained agent's game by a child: what was played and its picture, or why not; nothing is left behind."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import BugFault, MmbmError
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.engine.playing import Playing
from mmbm_desktop.protocol.requests import PlayRequest


class Job:
    """A job of the queue, as far as a game knows it."""

    def __init__(self) -> None:
        self.request, self.token = PlayRequest("/models/lake", 7), CancelToken()

    def progress(self, done: int, total: int | None) -> None:
        del done, total


def playing(script: str, pictures: list[Path]) -> Playing:
    def command(bundle: str, seed: int, picture: Path) -> tuple[str, ...]:
        pictures.append(picture)
        return (sys.executable, "-c", textwrap.dedent(script), bundle, str(seed), str(picture))

    return Playing(command)


def test_it_returns_what_the_child_played(mmbm_home):
    script = """
        import json, pathlib, sys
        bundle, seed, picture = sys.argv[1:]
        pathlib.Path(picture).write_bytes(b"GIF89a")
        print(json.dumps({"event": "episode", "number": 1}))
        painted = {"environment": bundle, "epoch": 0.0, "total": float(seed), "actions": ["left"], "solved": False,
                   "picture": "episode.gif", "frame_ms": 50}
        print(json.dumps({"event": "played", "painted": painted}))
    """
    pictures: list[Path] = []
    found = playing(script, pictures).run(Job())
    assert (found.episode.environment, found.episode.total, found.episode.actions) == ("/models/lake", 7.0, ("left",))
    assert found.picture == b"GIF89a"
    assert not pictures[0].parent.exists()


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ('{"event": "error", "error": "model-missing", "name": "lake"}', MmbmError, "model-missing"),
        ('{"event": "played"}', BugFault, "painted"),
    ],
)
def test_it_says_why_nothing_was_played(mmbm_home, line, kind, said):
    with pytest.raises(kind, match=said):
        playing(f"print({line!r})", []).run(Job())
