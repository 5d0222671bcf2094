"""Search: the arithmetic of queries, the fusing of rankings, the memory for vectors, and all of it for real."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.bundles.manifest import read_manifest, write_manifest
from mmbm_desktop.engine.job_queue import JobQueue, RunningJob
from mmbm_desktop.engine.model_store import ModelStore, label
from mmbm_desktop.engine.searching import MINUS_WEIGHT, REMEMBERED_QUERIES, Searching, fused
from mmbm_desktop.engine.worker_lanes import WorkerLanes
from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption
from mmbm_desktop.library.sqlite_library import SqliteLibrary
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.filters import Filters
from mmbm_desktop.protocol.jobs import JobId, JobSnapshot, JobState
from mmbm_desktop.protocol.requests import (
    CaptionRequest,
    EmbedImagesRequest,
    EmbedTextRequest,
    IndexRequest,
    SearchRequest,
    WorkerRequest,
)
from mmbm_desktop.protocol.results import CaptionResult, EmbedResult, Made, SearchResult
from mmbm_desktop.protocol.tasks import MediaKind
from tests.engine.workshop import Workshop, write_picture

AXES = {"dog": 0, "cat": 1, "leash": 2}


class AxisLanes:
    """Embeds each known word as an axis and each picture as the axis that its name says; counts its calls."""

    def __init__(self) -> None:
        self.asked: list[WorkerRequest] = []

    def call(self, request: WorkerRequest, asker: object, *, model: object) -> EmbedResult:
        self.asked.append(request)
        made = Made("tiny 0.0.1", "CPU", 1000.0)
        if isinstance(request, EmbedTextRequest):
            rows = [
                sum((np.eye(3)[AXES[word]] for word in text.split() if word in AXES), np.zeros(3))
                for text in request.texts
            ]
            return EmbedResult(np.array(rows, np.float32).reshape(-1, 3), request.texts, (), made)
        assert isinstance(request, EmbedImagesRequest)
        name = Path(request.paths[0]).stem
        if name not in AXES:
            broken = ItemFailure(request.paths[0], Failure.of(InputFault(ErrorCode.IMAGE_BROKEN)))
            return EmbedResult(np.zeros((0, 3), np.float32), (), (broken,), made)
        return EmbedResult(np.eye(3, dtype=np.float32)[[AXES[name]]], request.paths, (), made)


def stored(name: str, vector: list[float], model: str, caption: str = "") -> IndexedItem:
    facts = FileFacts(f"/p/{name}.jpg", MediaKind.PHOTO, name.ljust(64, "0"), 1, 1.0, 1)
    unit = np.array(vector, np.float32) / np.float32(np.linalg.norm(vector))
    captions = (NewCaption(caption, "en", 0.5, model),) if caption else ()
    return IndexedItem(facts, unit, model, captions)


class Desk:
    def __init__(self, tmp_path: Path, settings: object, bundles: Path) -> None:
        self.lanes = AxisLanes()
        models = ModelStore(settings, [bundles])  # pyright: ignore[reportArgumentType]
        self.model = label(next(one for one in models.models() if one.name == "tiny"))
        self.library = SqliteLibrary(tmp_path / "library.db")
        self.searching = Searching(self.library, cast("WorkerLanes", self.lanes), models)

    def search(self, **wanted: object) -> SearchResult:
        request = SearchRequest(**wanted)  # pyright: ignore[reportArgumentType]
        snapshot = JobSnapshot(JobId(1), request, JobState.RUNNING, 0.0)
        return self.searching.run(RunningJob(cast("JobQueue", None), snapshot))

    def names(self, **wanted: object) -> list[str]:
        return [Path(hit.item.path).stem for hit in self.search(**wanted).hits]


@pytest.fixture
def desk(tmp_path: Path, settings: object, tiny_bundle: Path):
    desk = Desk(tmp_path, settings, tiny_bundle.parent)
    desk.library.store(
        [
            stored("on-lead", [1, 0, 0.9], desk.model),
            stored("friends", [1, 0.5, 0], desk.model),
            stored("sofa", [0, 1, 0.1], desk.model, "a sleeping animal"),
            stored("rope", [0, 0.1, 1], desk.model),
        ]
    )
    yield desk
    desk.library.close()


def test_pictures_are_ranked_by_cosine_and_say_why(desk: Desk) -> None:
    result = desk.search(text="dog")

    assert desk.names(text="dog")[:2] == ["friends", "on-lead"]
    assert result.searched == 4
    assert result.made.model == desk.model
    first = result.hits[0]
    assert first.score == pytest.approx(1 / np.hypot(1, 0.5), abs=1e-3)
    assert first.why == (("picture", first.score),)


@pytest.fixture
def calibrated(tmp_path: Path, settings: object, tiny_bundle: Path):
    """Return a desk whose model knows what its cosines mean in English."""
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "models" / "tiny"))
    calibration = {"search": {"en": [8.0, -4.0]}, "nothing_below": 0.2}
    write_manifest(folder, replace(read_manifest(folder), calibration=calibration))
    desk = Desk(tmp_path, settings, folder.parent)
    talk = FileFacts("/p/dog talk.wav", MediaKind.RECORDING, "f" * 64, 1, 1.0, 1, duration_s=1.0)
    sofa = stored("sofa", [0, 1, 0.1], desk.model, "a dog sleeping")
    desk.library.store([stored("friends", [1, 0.5, 0], desk.model), sofa, IndexedItem(talk)])
    yield desk
    desk.library.close()


def test_a_query_of_words_gives_every_cosine_its_probability(calibrated: Desk) -> None:
    result = calibrated.search(text="dog")

    assert result.nothing_below == 0.2
    found = {Path(hit.item.path).stem: hit for hit in result.hits}
    for name in ("friends", "sofa"):
        expected = 1 / (1 + np.exp(-(8.0 * found[name].score - 4.0)))
        assert found[name].probability == pytest.approx(expected)
    assert found["friends"].probability > found["sofa"].probability
    assert found["dog talk"].probability is None


def test_other_queries_and_languages_that_were_not_calibrated_give_none(calibrated: Desk, tmp_path: Path) -> None:
    example = str(write_picture(tmp_path / "cat.png", 1))
    wanted = (
        {"text": "狗"},
        {"image_path": example},
        {"text": "dog", "image_path": example},
        {"text": "dog", "minus": "cat"},
    )
    for one in wanted:
        result = calibrated.search(**one)
        assert result.hits
        assert result.nothing_below is None
        assert all(hit.probability is None for hit in result.hits)


def test_a_model_without_calibration_gives_none(desk: Desk) -> None:
    result = desk.search(text="dog")
    assert result.nothing_below is None
    assert all(hit.probability is None for hit in result.hits)


def test_what_is_not_wanted_is_subtracted_at_half_weight(desk: Desk) -> None:
    hits = desk.search(text="dog", minus="leash").hits

    query = np.array([1, 0, -MINUS_WEIGHT]) / np.hypot(1, MINUS_WEIGHT)
    expected = query @ (np.array([1, 0, 0.9]) / np.hypot(1, 0.9))
    scores = {Path(hit.item.path).stem: hit.score for hit in hits}
    assert scores["on-lead"] == pytest.approx(expected, abs=1e-3)
    assert desk.names(text="dog")[:2] == ["friends", "on-lead"]
    assert scores["friends"] > scores["on-lead"] > scores["rope"]


def test_weighted_words_count_as_much_as_they_say(desk: Desk) -> None:
    hits = desk.search(text="cat", weighted=(("dog", 3.0),)).hits

    expected = np.array([3, 1, 0]) / np.sqrt(10) @ (np.array([1, 0, 0.9]) / np.hypot(1, 0.9))
    scores = {Path(hit.item.path).stem: hit.score for hit in hits}
    assert scores["on-lead"] == pytest.approx(expected, abs=1e-3)
    assert all(hit.probability is None for hit in hits)
    assert dict(desk.search(weighted=(("sleeping", 2.0), ("dog", 0.1))).hits[0].why)["words"] == 1.0


def test_exact_words_are_a_condition(desk: Desk) -> None:
    assert desk.names(text="dog", filters=Filters(words=("sleeping",))) == ["sofa"]


def test_an_example_picture_searches_alone_or_with_words(desk: Desk, tmp_path: Path) -> None:
    example = write_picture(tmp_path / "leash.png", 1)

    assert desk.names(image_path=str(example))[0] == "rope"
    assert desk.names(image_path=str(example), text="dog")[0] == "on-lead"


def test_words_lift_an_item_that_carries_them(desk: Desk) -> None:
    hits = desk.search(text="animal dog").hits  # no such phrase
    assert all(dict(hit.why).keys() == {"picture"} for hit in hits)

    first = desk.search(text="sleeping").hits[0]

    assert Path(first.item.path).stem == "sofa"
    assert dict(first.why)["words"] == 1.0


def test_an_item_without_a_vector_is_found_by_its_words_alone(desk: Desk) -> None:
    facts = FileFacts("/p/dog talk.wav", MediaKind.RECORDING, "f" * 64, 1, 1.0, 1, duration_s=1.0)
    desk.library.store([IndexedItem(facts)])

    hits = desk.search(text="dog", top=100).hits

    talk = next(hit for hit in hits if hit.item.kind is MediaKind.RECORDING)
    assert talk.score == 0.0
    assert [reason for reason, _ in talk.why] == ["words"]


def test_only_the_asked_number_and_folder_come_back(desk: Desk) -> None:
    assert len(desk.names(text="dog", top=2)) == 2
    assert desk.names(text="dog", filters=Filters("/elsewhere")) == []


def test_a_repeated_query_asks_no_model_and_old_ones_are_forgotten(desk: Desk, tmp_path: Path) -> None:
    example = str(write_picture(tmp_path / "cat.png", 1))
    times = [desk.search(text="dog", minus="cat", image_path=example).made.ms for _ in range(3)]
    assert len(desk.lanes.asked) == 3
    assert times[0] > 3000 > max(times[1:])

    for number in range(REMEMBERED_QUERIES):
        desk.search(text=f"dog {number}")
    desk.search(text="dog")
    assert len(desk.lanes.asked) == 3 + REMEMBERED_QUERIES + 1


def test_a_changed_example_picture_is_looked_at_again(desk: Desk, tmp_path: Path) -> None:
    example = write_picture(tmp_path / "cat.png", 1)
    desk.search(image_path=str(example))
    write_picture(example, 2, (128, 96))

    desk.search(image_path=str(example))

    assert len(desk.lanes.asked) == 2


@pytest.mark.parametrize("minus", ["", "cat"])
def test_a_query_for_nothing_is_refused(desk: Desk, minus: str) -> None:
    with pytest.raises(InputFault) as caught:
        desk.search(text="  ", minus=minus)

    assert caught.value.code is ErrorCode.QUERY_EMPTY


def test_an_example_that_is_gone_or_broken_is_refused_with_its_reason(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_text("x")

    for path, code in ((tmp_path / "gone.png", ErrorCode.FILE_NOT_FOUND), (broken, ErrorCode.IMAGE_BROKEN)):
        with pytest.raises(InputFault) as caught:
            desk.search(image_path=str(path))
        assert caught.value.code is code


def test_an_unknown_model_is_refused(desk: Desk) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        desk.search(text="dog", model="none")

    assert caught.value.code is ErrorCode.MODEL_MISSING


def test_fused_rankings_follow_the_formula() -> None:
    first, second = [1, 2, 3], [3, 4]
    scores = {1: 1 / 61, 2: 1 / 62, 3: 1 / 63 + 1 / 61, 4: 1 / 62}

    assert fused(first, second) == sorted(scores, key=lambda one: -scores[one])
    assert fused(first, second) == [3, 1, 2, 4]
    assert fused([], []) == []


def test_a_picture_is_found_by_itself_and_by_the_words_of_its_caption(shop: Workshop, pictures: Path) -> None:
    shop.run(IndexRequest((str(pictures),)))
    wanted = str(pictures / "05.jpg")
    caption = shop.run(CaptionRequest(wanted)).result
    assert isinstance(caption, CaptionResult)

    by_picture = shop.run(SearchRequest(image_path=wanted)).result
    by_words = shop.run(SearchRequest(caption.captions[0].text)).result

    assert isinstance(by_picture, SearchResult)
    assert by_picture.hits[0].item.path == wanted
    assert by_picture.hits[0].score == pytest.approx(1.0, abs=1e-3)
    assert by_picture.searched == 12
    assert isinstance(by_words, SearchResult)
    found = {hit.item.path: dict(hit.why) for hit in by_words.hits}
    assert {"picture", "words"} <= found[wanted].keys()
