"""Which model ranks the library's pictures: the chosen one as soon as it knows them all, until then the one before it.

Vectors of two models are never compared, so one model answers a whole query. A model that was chosen a moment ago knows
few pictures or none; while it looks at the others (see `redoing`), the installed model that knows most goes on ranking.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from mmbm_desktop.engine.model_store import label
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.engine.model_store import ModelStore
    from mmbm_desktop.library.interface import Library
    from mmbm_desktop.protocol.catalogue import ModelInfo

_COUNTED_FOR_S = 2.0


class Serving:
    """Remembers which models know the whole library: counting takes longer than searching. For any threads."""

    def __init__(self, library: Library, models: ModelStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._library = library
        self._models = models
        self._clock = clock
        self._guard = threading.Lock()
        self._complete: set[str] = set()
        self._instead: dict[str, tuple[float, ModelInfo]] = {}

    def ranking_model(self, wanted: str | None) -> ModelInfo:
        """Return who embeds a query: the model that is wanted by name, else see the module.

        Raises:
            EnvironmentFault: MODEL_MISSING, BUNDLE_DAMAGED or BUNDLE_INVALID.
        """
        chosen = self._models.choose(Task.EMBED_TEXT, wanted)
        name = label(chosen)
        with self._guard:
            if wanted or name in self._complete:
                return chosen
            counted_s, instead = self._instead.get(name, (float("-inf"), chosen))
            if self._clock() - counted_s < _COUNTED_FOR_S:
                return instead
            known, total = self._library.coverage(name)
            if known == total:
                self._complete.add(name)
                return chosen
            instead = self._most_knowing(chosen, known)
            self._instead[name] = (self._clock(), instead)
            return instead

    def _most_knowing(self, chosen: ModelInfo, known: int) -> ModelInfo:
        best, most = chosen, known
        for model in self._models.models():
            if Task.EMBED_TEXT in model.tasks and not model.problem and model != chosen:
                count = self._library.coverage(label(model))[0]
                if count > most:
                    best, most = model, count
        return best
