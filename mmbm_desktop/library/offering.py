"""Counts what filters can be given, inside the caller's transaction: sounds and classes, names of folders, models.

Some tenths of a second at 100,000 items, most of it in the store: not for the window's own thread.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING

from mmbm_desktop.library.rows import shown_path
from mmbm_desktop.protocol.filter_values import FilterValues, ValueCount
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.library.connection import Connection

_SOUNDS = """SELECT w.label, MIN(w.name_en), MIN(w.name_zh), COUNT(DISTINCT w.item_id) AS many FROM sounds w
    JOIN (SELECT item_id, MAX(created_s) AS newest FROM answers WHERE task IN ('sounds', 'classify')
    AND failed = 0 GROUP BY item_id) a
    ON a.item_id = w.item_id AND a.newest = w.created_s
    JOIN items i ON i.id = w.item_id AND i.missing = 0 GROUP BY w.label ORDER BY many DESC, w.label"""
_MODELS = "SELECT task, model, COUNT(*) FROM answers WHERE task IN (?, ?, ?) GROUP BY task, language, model"
_ASKED = (Task.EMBED_IMAGE, Task.CAPTION, Task.TRANSCRIBE)
"""Whose answers the filter looks through."""


def filter_values(connection: Connection) -> FilterValues:
    """Return the values that occur, the most frequent first."""
    sounds = connection.execute(_SOUNDS).fetchall()
    return FilterValues(
        tuple(ValueCount(label, many, english, chinese) for label, english, chinese, many in sounds),
        _counted(_folder_names(connection)),
        _counted(_models(connection)),
    )


def _counted(found: Counter[str]) -> tuple[ValueCount, ...]:
    return tuple(ValueCount(name, many) for name, many in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _models(connection: Connection) -> Counter[str]:
    """Return in how many items each model did what it did most often; the filter needs no version."""
    found: Counter[str] = Counter()
    for _, model, many in connection.execute(_MODELS, _ASKED):
        name = model.rpartition(" ")[0] or model
        found[name] = max(found[name], many)
    return found


def _folder_names(connection: Connection) -> Counter[str]:
    """Return in how many files' paths a folder's name is: that of a folder of the library, and those below it."""
    roots = [shown_path(path) for (path,) in connection.execute("SELECT path FROM folders")]
    folder, values = connection.dialect.folder_of_path()
    rows = connection.execute(
        f"SELECT {folder} AS folder, COUNT(*) FROM items WHERE missing = 0 GROUP BY folder",  # noqa: S608 - our own
        values,
    )
    found: Counter[str] = Counter()
    for path, many in rows:
        for name in _names_below(shown_path(path), roots):
            found[name] += many
    return found


def _names_below(path: str, roots: Sequence[str]) -> set[str]:
    """Return the names of the folders of a path from the library's own folder on; the last one's where it has none."""
    over = [root.rstrip(os.sep) for root in roots if path.startswith(root.rstrip(os.sep) + os.sep)]
    above = min(over, key=len) if over else path.rstrip(os.sep)
    return {PurePath(above).name, *PurePath(path[len(above) :].strip(os.sep)).parts} - {""}
