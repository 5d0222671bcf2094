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

_BEHIND_FOR_S, _CAUGHT_UP_FOR_S = 2.0, 30.0
"""How long an answer is good: a new model catches up every second, one that ranks is overtaken by another library."""


class Serving:
    """Remembers for a while which model knows most. For any threads."""

    def __init__(self, library: Library, models: ModelStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._library = library
        self._models = models
        self._clock = clock
        self._guard = threading.Lock()
        self._answers: dict[str, tuple[float, ModelInfo]] = {}

    def ranking_model(self, wanted: str | None) -> ModelInfo:
        """Return who embeds a query: the model that is wanted by name, else see the module.

        Raises:
            EnvironmentFault: MODEL_MISSING, BUNDLE_DAMAGED or BUNDLE_INVALID.
        """
        chosen = self._models.choose(Task.EMBED_TEXT, wanted)
        name = label(chosen)
        with self._guard:
            if wanted:
                return chosen
            until_s, known = self._answers.get(name, (float("-inf"), chosen))
            if self._clock() < until_s:
                return known
            best = self._most_knowing(chosen)
            good_for_s = _CAUGHT_UP_FOR_S if best == chosen else _BEHIND_FOR_S
            self._answers[name] = (self._clock() + good_for_s, best)
            return best

    def _most_knowing(self, chosen: ModelInfo) -> ModelInfo:
        """Return the model that knows more pictures than the chosen one knows or has tried, else the chosen one."""
        best, most = chosen, sum(self._library.embedded(label(chosen)))
        for model in self._models.models():
            if Task.EMBED_TEXT in model.tasks and not model.problem and model != chosen:
                count = self._library.embedded(label(model))[0]
                if count > most:
                    best, most = model, count
        return best
