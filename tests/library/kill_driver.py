"""Writes through the real library until it is killed: `python -m tests.library.kill_driver FILE`.

A line `SEED` on standard input forks a process that opens the library and makes random steps. It prints a line
`N begin STEP` before each of them and `N done STEP` when the library has acknowledged it; steps are JSON. The process
that was asked prints `N ended` once the forked one is gone: so the imports are paid for once, not for every kill.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

from mmbm_desktop.library.interface import NewTranscript
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.filters import Filters
from tests.library.conftest import picture, said
from tests.library.kill_model import BATCH, Step, vector_of

STEPS = (
    "index",
    "index",
    "index",
    "change",
    "caption",
    "caption",
    "transcript",
    "undo",
    "undo",
    "redo",
    "redo",
    "remove",
)


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def chosen(library: SqliteLibrary, chance: random.Random) -> Step | None:
    """Return the next step; None where what was drawn is not possible now."""
    name, unique = chance.choice(STEPS), f"{chance.getrandbits(60):015x}"
    folders = [folder.path for folder in library.folders()]
    if name == "index":
        folder = chance.choice(folders) if folders and chance.random() < 0.7 else f"/f/{unique}"
        return {"step": name, "folder": folder, "paths": [f"{folder}/{unique}-{k}.jpg" for k in range(BATCH)]}
    if name in ("undo", "redo"):
        return {"step": name}
    if name == "remove":
        return {"step": name, "folder": chance.choice(folders)} if len(folders) > 2 else None
    total = library.browse(0, 0)[1]
    items = library.browse(chance.randrange(total), 1, Filters())[0] if total else ()
    return {"step": name, "path": items[0].path, "text": unique} if items else None


def take(library: SqliteLibrary, step: Step) -> None:
    name = step["step"]
    if name == "index":
        library.add_folder(step["folder"])
        spoken = (said("a model's words"), said("模型的话", "zh"))
        library.store([picture(path, vector=vector_of(path), captions=spoken) for path in step["paths"]])
    elif name == "change":
        content = f"{step['path']} {step['text']}"
        library.store([picture(step["path"], content, vector_of(content), captions=(said("other words"),))])
    elif name == "remove":
        library.remove_folder(step["folder"])
    elif name in ("undo", "redo"):
        (library.undo if name == "undo" else library.redo)()
    else:
        item = library.item_at(step["path"])
        assert item is not None
        if name == "caption":
            library.add_captions(item.id, [said(step["text"], author="person")])
        else:
            library.add_transcript(item.id, NewTranscript(step["text"], "en", (), 1.0, "", "person"))


def work(file: Path, seed: int) -> None:
    chance = random.Random(seed)
    library = SqliteLibrary(file)
    while True:
        step = chosen(library, chance)
        if step is not None:
            line = json.dumps(step)
            tell(f"{seed} begin {line}")
            take(library, step)
            tell(f"{seed} done {line}")


def main() -> None:
    file = Path(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(file, int(line))
        tell(f"{line.strip()} pid {child}")
        os.waitpid(child, 0)
        tell(f"{line.strip()} ended")


if __name__ == "__main__":
    main()
