"""`python -m mmbm_desktop.training.reinforcement.play BUNDLE`: an agent plays, one JSON object a line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.bundles.manifest import MANIFEST_FILE
from mmbm_desktop.protocol.plain import plain
from mmbm_desktop.training.reinforcement.painter import as_gif
from mmbm_desktop.training.reinforcement.trial import EPISODES, Trial, numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mmbm_desktop.training.reinforcement.playing import Played

_MOST_EPISODES = 100_000


def play(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Let a bundle's agent play; give a record an episode, and one of all of them.

    Raises:
        EnvironmentFault: the bundle is missing, damaged or no agent.
        MmbmError: the picture cannot be written.
    """
    bundle: Path = options.bundle
    if not (bundle / MANIFEST_FILE).is_file():
        raise EnvironmentFault(ErrorCode.MODEL_MISSING, path=str(bundle), name=bundle.name)
    trial = Trial(bundle)
    played = trial.play(options.seed, options.episodes, painted=1 if options.gif else 0)
    for number, one in enumerate(played, start=1):
        yield {"event": "episode", "number": number, "return": one.total, "steps": len(one.actions)}
    if options.gif:
        _write_picture(options.gif, played[0])
    info = trial.arena.info
    painted = {"painted": plain(trial.told(played[0], options.gif.name))} if options.gif else {}
    yield {
        "event": "played",
        "bundle": trial.agent.manifest.name,
        "environment": info.id,
        "episodes": len(played),
        "metrics": numbers_of(played, info.solved),
        "gif": str(options.gif or ""),
        **painted,
    }


def _write_picture(path: Path, played: Played) -> None:
    write_atomically(path.absolute(), as_gif(played.frames, played.frame_ms))


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= _MOST_EPISODES:
        raise argparse.ArgumentTypeError(text)
    return value


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mmbm_desktop.training.reinforcement.play", description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--episodes", type=_count, default=EPISODES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gif", type=Path, help="write the first episode to this file, an animated picture")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was played; return the exit status (1 after an error, which is printed as an object too)."""
    options = _arguments(argv)
    try:
        for record in play(options):
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    except MmbmError as error:
        event = {"event": "error", "error": str(error.code), **error.params, "detail": error.detail}
        sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
