"""What the worker keeps in memory: the bundles used last, and the built-in recogniser. Imports models when needed."""

from __future__ import annotations

import logging
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.bundles.manifest import MANIFEST_FILE

if TYPE_CHECKING:
    from mmbm_desktop.inference.opened import OpenedBundle
    from mmbm_desktop.inference.speech.recogniser import Recogniser

log = logging.getLogger(__name__)

_MOST_BUNDLES = 2
_Key = tuple[str, int, int]
B = TypeVar("B", bound="OpenedBundle")


class Loaded:
    """Opens bundles, each verified when it is opened, and keeps the two that were used last."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._bundles: OrderedDict[_Key, OpenedBundle] = OrderedDict()
        self._recogniser: Recogniser | None = None

    def bundle(self, folder: str | None, kind: type[B]) -> B:
        """Return the bundle in a folder, opened by `kind`; one whose manifest was replaced is opened anew.

        Raises:
            EnvironmentFault: MODEL_MISSING, BUNDLE_INVALID, BUNDLE_DAMAGED.
            MmbmError: a file cannot be read.
        """
        place = required_folder(folder)
        with os_errors_sorted(place):
            facts = (place / MANIFEST_FILE).stat()
        key = (str(place), facts.st_mtime_ns, facts.st_size)
        if not isinstance(self._bundles.get(key), kind):
            self._bundles[key] = kind(place, self.threads)
            log.info("opened %s", place)
        self._bundles.move_to_end(key)
        while len(self._bundles) > _MOST_BUNDLES:
            self._bundles.popitem(last=False)
        return cast("B", self._bundles[key])

    def recogniser(self) -> Recogniser:
        """Return the built-in recogniser of English."""
        if self._recogniser is None:
            from mmbm_desktop.inference.speech.recogniser import Recogniser

            self._recogniser = Recogniser()
        return self._recogniser

    def forget(self) -> None:
        """Give all memory back."""
        self._bundles.clear()
        self._recogniser = None


def required_folder(folder: str | None) -> Path:
    """Return a bundle's folder as a path.

    Raises:
        EnvironmentFault: there is none, or no manifest in it (MODEL_MISSING).
    """
    if not folder or not (Path(folder) / MANIFEST_FILE).is_file():
        raise EnvironmentFault(ErrorCode.MODEL_MISSING, name=Path(folder).name if folder else "")
    return Path(folder)
