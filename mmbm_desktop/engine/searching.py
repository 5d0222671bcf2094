"""Search: a query's vector against the library's pictures, its words against captions, transcripts and names."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine.model_store import label
from mmbm_desktop.protocol.requests import EmbedImagesRequest, EmbedTextRequest, SearchRequest
from mmbm_desktop.protocol.results import EmbedResult, Hit, Made, SearchResult
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.model_store import ModelStore
    from mmbm_desktop.engine.worker_lanes import WorkerLanes
    from mmbm_desktop.library.interface import Library, VectorHit
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.requests import WorkerRequest

    Vector = npt.NDArray[np.float32]

MINUS_WEIGHT = 0.5
RRF_K = 60
REMEMBERED_QUERIES = 100
_DEPTH = 1000
"""How far down both rankings are fused, at least."""
PICTURE = "picture"
WORDS = "words"


class Searching:
    """Answers `SearchRequest`s. The vectors of the last queries are remembered, so that repeating one costs no model.

    Any number of threads may search.
    """

    def __init__(self, library: Library, lanes: WorkerLanes, models: ModelStore) -> None:
        self._library = library
        self._lanes = lanes
        self._models = models
        self._vectors: OrderedDict[tuple[str, ...], tuple[Vector, str]] = OrderedDict()
        self._guard = threading.Lock()

    def run(self, job: RunningJob) -> SearchResult:
        """Rank the library's items.

        Pictures are ranked by cosine similarity to the query's vector, items by where the query's words occur; the two
        rankings are merged by reciprocal rank fusion. A hit's score is its cosine, 0.0 for one found by words alone.

        Raises:
            Cancelled: the job was cancelled.
            InputFault: QUERY_EMPTY, neither words nor picture; the example picture cannot be used.
            EnvironmentFault: MODEL_MISSING, or the worker or the library failed.
        """
        began = time.perf_counter()
        request = cast("SearchRequest", job.request)
        if not request.text.strip() and request.image_path is None:
            raise InputFault(ErrorCode.QUERY_EMPTY)
        model = self._models.choose(Task.EMBED_TEXT, request.model)
        query, device = self._query_vector(job, request, model)
        job.token.check()
        depth = max(_DEPTH, request.top)
        by_picture, searched = self._library.search_vectors(query, label(model), depth, request.folder)
        by_words = self._library.search_words(request.text.strip(), depth, request.folder)
        hits = self._hits(by_picture, by_words, request.top)
        return SearchResult(hits, searched, Made(label(model), device, (time.perf_counter() - began) * 1000))

    def _query_vector(self, job: RunningJob, request: SearchRequest, model: ModelInfo) -> tuple[Vector, str]:
        """Return the unit vector of the whole query and the device that computed it.

        Words and picture count alike. What `minus` says is subtracted at half weight before normalising: arithmetic on
        such vectors follows meaning (Mikolov et al., "Linguistic Regularities in Continuous Space Word
        Representations", 2013), and half weight keeps the wanted part in the lead where the two overlap, as in
        "dog" less "dog on a leash".
        """
        import numpy as np

        parts: list[tuple[Vector, float]] = []
        device = ""
        if request.text.strip():
            vector, device = self._text_vector(job, request.text.strip(), model)
            parts.append((vector, 1.0))
        if request.image_path is not None:
            vector, device = self._image_vector(job, request.image_path, model)
            parts.append((vector, 1.0))
        if request.minus.strip():
            vector, device = self._text_vector(job, request.minus.strip(), model)
            parts.append((vector, -MINUS_WEIGHT))
        total: Vector = np.zeros_like(parts[0][0])
        for vector, weight in parts:
            total += np.float32(weight) * vector
        length = np.linalg.norm(total).astype(np.float32)
        return (total / length if length else total), device

    def _text_vector(self, job: RunningJob, text: str, model: ModelInfo) -> tuple[Vector, str]:
        return self._remembered(job, (label(model), "text", text), EmbedTextRequest((text,)), model)

    def _image_vector(self, job: RunningJob, path: str, model: ModelInfo) -> tuple[Vector, str]:
        try:
            facts = Path(path).stat()
        except OSError as error:
            raise InputFault(ErrorCode.FILE_NOT_FOUND, str(error), path=path) from error
        key = (label(model), "image", path, str(facts.st_size), str(facts.st_mtime_ns))
        return self._remembered(job, key, EmbedImagesRequest((path,)), model)

    def _remembered(
        self, job: RunningJob, key: tuple[str, ...], request: WorkerRequest, model: ModelInfo
    ) -> tuple[Vector, str]:
        with self._guard:
            if key in self._vectors:
                self._vectors.move_to_end(key)
                return self._vectors[key]
        result = cast("EmbedResult", self._lanes.call(request, job, model=model))
        if result.failed:
            raise result.failed[0].failure.as_error()
        found = (result.vectors[0], result.made.device)
        with self._guard:
            self._vectors[key] = found
            while len(self._vectors) > REMEMBERED_QUERIES:
                self._vectors.popitem(last=False)
        return found

    def _hits(self, by_picture: Sequence[VectorHit], by_words: Sequence[int], top: int) -> tuple[Hit, ...]:
        cosines = {hit.item_id: hit.score for hit in by_picture}
        word_ranks = {item_id: rank for rank, item_id in enumerate(by_words, 1)}
        order = fused([hit.item_id for hit in by_picture], by_words)[:top]
        found = []
        for item in self._library.items(order):
            why = []
            if item.id in cosines:
                why.append((PICTURE, cosines[item.id]))
            if item.id in word_ranks:
                why.append((WORDS, 1.0 / word_ranks[item.id]))
            found.append(Hit(item, cosines.get(item.id, 0.0), tuple(why)))
        return tuple(found)


def fused(*rankings: Sequence[int]) -> list[int]:
    """Merge rankings, best first, by reciprocal rank fusion: the sum of 1 / (60 + rank) over them.

    Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
    Methods", SIGIR 2009. Of two with equal sums the one that comes first in the first ranking comes first.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item_id in enumerate(ranking, 1):
            scores[item_id] = scores.get(item_id, 0.0) + 1.0 / (RRF_K + rank)
    return sorted(scores, key=lambda item_id: -scores[item_id])
