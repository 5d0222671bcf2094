"""What a library must hold after some steps, in plain dictionaries: the measure for the library that was killed."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mmbm_desktop.library.sqlite_library import SqliteLibrary

Step = dict[str, Any]
BATCH = 4


def vector_of(text: str) -> np.ndarray:
    """Return a unit vector (8,) that belongs to a text."""
    vector = np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint8)[:8].astype(np.float32) - 127.5
    return vector / np.linalg.norm(vector)


@dataclass
class Known:
    """One item: its content, a person's captions and transcripts of it, and whether it was taken out."""

    content: str
    captions: list[str] = field(default_factory=list)
    transcripts: list[str] = field(default_factory=list)
    out: bool = False


@dataclass
class Model:
    """The items by path, the folders in order, and the steps that can be undone and done again."""

    items: dict[str, Known] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)

    def after(self, step: Step) -> list[Model]:
        """Return the states that a step may leave when it is killed, the last one being the whole step."""
        if step["step"] == "index" and step["folder"] not in self.folders:
            noted = copy.deepcopy(self)
            noted.folders.append(step["folder"])
            return [noted, noted.after(step)[-1]]
        model = copy.deepcopy(self)
        model._take(step)
        return [model]

    def _take(self, step: Step) -> None:
        name = step["step"]
        if name == "index":
            self.items |= {path: Known(path) for path in step["paths"]}
        elif name == "change":
            self.items[step["path"]].content = f"{step['path']} {step['text']}"
        elif name == "undo":
            self._undo()
        elif name == "redo" and self.undone:
            self.steps.append(self.undone.pop())
            self._do(self.steps[-1])
        elif name in ("caption", "transcript", "remove"):
            self.undone.clear()
            self.steps.append(step)
            self._do(step)

    def _do(self, step: Step) -> None:
        if step["step"] == "remove":
            step["place"] = self.folders.index(step["folder"])
            self.folders.remove(step["folder"])
            step["items"] = [path for path in self._below(step["folder"]) if not self.items[path].out]
            for path in step["items"]:
                self.items[path].out = True
        else:
            self._words(step).append(step["text"])

    def _undo(self) -> None:
        if not self.steps:
            return
        step = self.steps.pop()
        self.undone.append(step)
        if step["step"] == "remove":
            self.folders.insert(step["place"], step["folder"])
            for path in step["items"]:
                self.items[path].out = False
        else:
            self._words(step).remove(step["text"])

    def _words(self, step: Step) -> list[str]:
        item = self.items[step["path"]]
        return item.captions if step["step"] == "caption" else item.transcripts

    def _below(self, folder: str) -> list[str]:
        return [path for path in self.items if path.startswith(f"{folder}/")]


def held(library: SqliteLibrary) -> Model:
    """Return what a library holds, read from its tables; the steps only by what they were."""
    with library._connections.reading() as connection:
        rows = connection.execute("SELECT id, path, content_hash, missing FROM items").fetchall()
        model = Model({path.decode(): Known(content, out=missing == 2) for _, path, content, missing in rows})
        assert len(model.items) == len(rows)
        names = {number: path.decode() for number, path, *_ in rows}
        for table in ("captions", "transcripts"):
            spoken = f"SELECT item_id, text FROM {table} WHERE author = 'person' ORDER BY id"  # noqa: S608 - our own
            for number, text in connection.execute(spoken):
                getattr(model.items[names[number]], table).append(text)
        model.folders = [p.decode() for (p,) in connection.execute("SELECT path FROM folders ORDER BY position")]
        for undone, steps in ((0, model.steps), (1, model.undone)):
            query = "SELECT action, path FROM journal WHERE undone = ? ORDER BY id"
            steps += [
                {"step": action.split("-")[0], "path": p.decode()} for action, p in connection.execute(query, (undone,))
            ]
        model.undone.reverse()
    return model


def same(model: Model, library: Model) -> bool:
    """Whether a library holds what the model says, the journal included."""

    def shown(steps: list[Step]) -> list[tuple[str, str]]:
        return [(step["step"], step.get("path") or step["folder"]) for step in steps]

    return (
        (model.items, sorted(model.folders)) == (library.items, sorted(library.folders))
        and shown(model.steps) == shown(library.steps)
        and shown(model.undone) == shown(library.undone)
    )
