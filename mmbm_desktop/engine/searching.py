"""Search: a query's vector against the library's pictures, its words against captions, transcripts and names."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.bundles.calibration import read_calibration
from mmbm_desktop.engine.model_store import label
from mmbm_desktop.engine.serving import Serving
from mmbm_desktop.protocol.languages import language_of
from mmbm_desktop.protocol.requests import EmbedImagesRequest, EmbedTextRequest, SearchRequest
from mmbm_desktop.protocol.results import Hit, SearchResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.bundles.calibration import Line
    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.model_store import ModelStore
    from mmbm_desktop.engine.worker_lanes import WorkerLanes
    from mmbm_desktop.library.interface import Library, VectorHit
    from mmbm_desktop.protocol.catalogue import ModelInfo
    from mmbm_desktop.protocol.requests import WorkerRequest
    from mmbm_desktop.protocol.results import EmbedResult, Made

    Vector = npt.NDArray[np.float32]

MINUS_WEIGHT = 0.5
RRF_K = 60
REMEMBERED_QUERIES = 100
_DEPTH = 300
"""How far down both rankings are fused, at least."""
PICTURE = "picture"
WORDS = "words"


@dataclass(frozen=True)
class _Embedded:
    """A unit vector, shape (D,), and who made it."""

    vector: Vector
    made: Made


class Searching:
    """Answers `SearchRequest`s. The vectors of the last queries are remembered, so that repeating one costs no model.

    Any number of threads may search.
    """

    def __init__(self, library: Library, lanes: WorkerLanes, models: ModelStore) -> None:
        self._library = library
        self._lanes = lanes
        self._serving = Serving(library, models)
        self._vectors: OrderedDict[tuple[str, ...], _Embedded] = OrderedDict()
        self._guard = threading.Lock()

    def run(self, job: RunningJob) -> SearchResult:
        """Rank the library's items.

        Pictures are ranked by cosine similarity to the query's vector, items by where the query's words occur; the two
        rankings are merged by reciprocal rank fusion. A hit's score is its cosine, 0.0 for one found by words alone.
        A query of words alone gives each cosine its probability, if the model was calibrated for their language: no
        other kind of query was ever compared with what people say.

        Raises:
            Cancelled: the job was cancelled.
            InputFault: QUERY_EMPTY, neither words nor picture; the example picture cannot be used.
            EnvironmentFault: MODEL_MISSING, or the worker or the library failed.
        """
        request = cast("SearchRequest", job.request)
        if not request.text.strip() and not request.weighted and request.image_path is None:
            raise InputFault(ErrorCode.QUERY_EMPTY)
        model = self._serving.ranking_model(request.model)
        query, made = self._query_vector(job, request, model)
        job.token.check()
        began = time.perf_counter()
        depth = max(_DEPTH, request.top)
        by_picture, searched = self._library.search_vectors(query, label(model), depth, request.filters)
        by_words = self._library.search_words(_words(request), depth, request.filters)
        calibration = read_calibration(model.calibration, model.name)
        line = calibration.search.get(language_of(request.text)) if _is_text_alone(request) else None
        hits = tuple(_probable(hit, line) for hit in self._hits(by_picture, by_words, request.top))
        made = replace(made, ms=made.ms + (time.perf_counter() - began) * 1000)
        return SearchResult(hits, searched, made, calibration.nothing_below if line else None)

    def _query_vector(self, job: RunningJob, request: SearchRequest, model: ModelInfo) -> tuple[Vector, Made]:
        """Return the unit vector of the whole query, and who computed it in how many milliseconds.

        Words and picture count alike, weighted words as much as they say. What `minus` says is subtracted at half
        weight before normalising: arithmetic on such vectors follows meaning (Mikolov et al., "Linguistic Regularities
        in Continuous Space Word Representations", 2013), and half weight keeps the wanted part in the lead where the
        two overlap, as in "dog" less "dog on a leash".
        """
        import numpy as np

        text, minus = request.text.strip(), request.minus.strip()
        parts: list[tuple[_Embedded, float]] = []
        if text:
            parts.append((self._text_vector(job, text, model), 1.0))
        parts += [(self._text_vector(job, said, model), weight) for said, weight in request.weighted]
        if request.image_path is not None:
            parts.append((self._image_vector(job, request.image_path, model), 1.0))
        if minus:
            parts.append((self._text_vector(job, minus, model), -MINUS_WEIGHT))
        total: Vector = np.zeros_like(parts[0][0].vector)
        for part, weight in parts:
            total += np.float32(weight) * part.vector
        length = np.linalg.norm(total).astype(np.float32)
        made = replace(parts[0][0].made, ms=sum(part.made.ms for part, _ in parts))
        return (total / length if length else total), made

    def _text_vector(self, job: RunningJob, text: str, model: ModelInfo) -> _Embedded:
        return self._remembered(job, (label(model), "text", text), EmbedTextRequest((text,)), model)

    def _image_vector(self, job: RunningJob, path: str, model: ModelInfo) -> _Embedded:
        with os_errors_sorted(Path(path)):
            facts = Path(path).stat()
        key = (label(model), "image", path, str(facts.st_size), str(facts.st_mtime_ns))
        return self._remembered(job, key, EmbedImagesRequest((path,)), model)

    def _remembered(self, job: RunningJob, key: tuple[str, ...], request: WorkerRequest, model: ModelInfo) -> _Embedded:
        with self._guard:
            if key in self._vectors:
                self._vectors.move_to_end(key)
                known = self._vectors[key]
                return replace(known, made=replace(known.made, ms=0.0))
        result = cast("EmbedResult", self._lanes.call(request, job, model=model))
        if result.failed:
            raise result.failed[0].failure.as_error()
        found = _Embedded(result.vectors[0], result.made)
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


def _is_text_alone(request: SearchRequest) -> bool:
    return request.image_path is None and not request.minus.strip() and not request.weighted


def _words(request: SearchRequest) -> str:
    """Return what is looked for word by word: the text, or the heaviest words where all have weights."""
    heaviest = max(request.weighted, key=lambda one: one[1], default=("", 0.0))
    return request.text.strip() or heaviest[0]


def _probable(hit: Hit, line: Line | None) -> Hit:
    """Return the hit with its probability, where there is a curve and a cosine."""
    if line is None or PICTURE not in dict(hit.why):
        return hit
    return replace(hit, probability=line.probability(hit.score))


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
