"""Canned answers, items, models and microphones for `FakeEngine`. The same request always gets the same answer."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.engine import fake_sidecars
from mmbm_desktop.engine.fake_batches import batch_result
from mmbm_desktop.engine.fake_pictures import moving_picture
from mmbm_desktop.protocol.agents import Episode
from mmbm_desktop.protocol.catalogue import FolderInfo, MicrophoneInfo, ModelInfo
from mmbm_desktop.protocol.dataset import ClassCount, DataKind, DataReport, Finding, Severity
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.keeping import (
    BackUpRequest,
    CopyLibraryRequest,
    KeepingRequest,
    KeepingResult,
    MoveLibraryRequest,
    RestoreRequest,
)
from mmbm_desktop.protocol.order import SortKey
from mmbm_desktop.protocol.preview import Change, PreviewItem, PreviewRequest, PreviewResult
from mmbm_desktop.protocol.requests import (
    BatchRequest,
    BrowseRequest,
    CaptionRequest,
    CheckModelRequest,
    ClassifyRequest,
    EmbedImagesRequest,
    EmbedTextRequest,
    ExamineDataRequest,
    ExportModelRequest,
    ExportRequest,
    FindRateRequest,
    ImportRequest,
    IndexRequest,
    LiveTranscribeRequest,
    PlayRequest,
    RecordRequest,
    RedoRequest,
    SearchRequest,
    SoundsRequest,
    TrainRequest,
    TranscribeRequest,
    TranslateRequest,
    TuneRequest,
)
from mmbm_desktop.protocol.results import (
    Answered,
    BrowseResult,
    Caption,
    CaptionResult,
    CheckResult,
    ClassGuess,
    ClassifyResult,
    EmbedResult,
    ExamineDataResult,
    ExportModelResult,
    FindRateResult,
    HeardSound,
    Hit,
    IndexResult,
    Item,
    Made,
    PlayResult,
    SearchResult,
    Segment,
    Sound,
    SoundsResult,
    TrainResult,
    TranscriptResult,
    TranslateResult,
    TuneResult,
    Word,
)
from mmbm_desktop.protocol.tasks import MediaKind, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.protocol.filters import Filters
    from mmbm_desktop.protocol.requests import Request, WorkerRequest
    from mmbm_desktop.protocol.results import Result

PICTURES = Made("image-text-small 0.2.0", "CPU", 84.0)
SPEECH = Made("pocketsphinx-en 5.0.4", "CPU", 1310.0)
SOUNDS = Made("sounds-small 0.1.0", "CPU", 95.0)
TRANSLATION = Made("translate-en-zh-small 0.1.0", "CPU", 60.0)
FOLDER = "/pictures/holiday"
NOTHING_BELOW = 0.1
"""From here on hits of a search are probable."""
_CAPTIONS: tuple[tuple[str, str], ...] = (
    ("Two dogs run across the grass.", "两只狗在草地上奔跑。"),
    ("A girl climbs the stairs of a playhouse.", "一个女孩爬上玩具屋的楼梯。"),
    ("A man rides a bicycle along the beach.", "一个男人沿着海滩骑自行车。"),
    ("Children play football in the rain.", "孩子们在雨中踢足球。"),
    ("A boat lies on a quiet lake at sunset.", "日落时一艘船停在平静的湖面上。"),
    ("A cat sleeps on a red sofa.", "一只猫睡在红色沙发上。"),
)
_SOUNDS = (Sound("rain", 0.0, 7.5, 0.91), Sound("dog_bark", 2.5, 5.0, 0.74))
_SORT_KEYS: dict[SortKey, Callable[[Item], float | str]] = {
    SortKey.DATE: lambda item: item.modified_s,
    SortKey.NAME: lambda item: item.path,
    SortKey.SIZE: lambda item: item.size_bytes,
}
_HEARD = (
    HeardSound("rain", 0.0, 7.5, 0.91, "rain", "雨声"),
    HeardSound("dog_bark", 2.5, 5.0, 0.74, "dog barking", "狗叫"),
)
_ANSWERED_S = 1_700_000_100.0
_SOUND_NAMES = {"en": {"rain": "rain", "dog_bark": "dog barking"}, "zh": {"rain": "雨声", "dog_bark": "狗叫"}}
_TRANSLATIONS = {"zh": "两只狗在草地上奔跑。", "en": "Two dogs run on the grass."}
_OfTraining = (
    ExamineDataRequest
    | TrainRequest
    | PlayRequest
    | FindRateRequest
    | TuneRequest
    | PreviewRequest
    | ExportModelRequest
)
_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_SPOKEN = "two dogs are running on the grass"


def items(count: int = 12) -> tuple[Item, ...]:
    """Return `count` items of one folder: photos, and every seventh one a recording."""
    return tuple(_item(number) for number in range(1, count + 1))


def folders(count: int = 12) -> tuple[FolderInfo, ...]:
    """Return the folder of those items."""
    return (FolderInfo(FOLDER, count, done=True),)


def models() -> tuple[ModelInfo, ...]:
    """Return the built-in image-text bundle and the built-in recogniser."""
    return (
        ModelInfo(
            name="image-text-small",
            version="0.1.0",
            title="Small image-text model",
            tasks=(Task.CAPTION, Task.EMBED_IMAGE, Task.EMBED_TEXT),
            languages=("en", "zh"),
            licence="MIT",
            size_bytes=21_000_000,
            path="/models/image-text-small",
            built_in=True,
            quality={"text-to-image R@10, English, flickr8k test": 0.2},
            card="# Small image-text model\n\nCaptions and picture search in English and Chinese.",
        ),
        ModelInfo(
            name="pocketsphinx-en",
            version="5.0.4",
            title="PocketSphinx US English",
            tasks=(Task.TRANSCRIBE,),
            languages=("en",),
            licence="BSD-2-Clause",
            size_bytes=32_000_000,
            path="",
            built_in=True,
            quality={"word error rate on read speech": 0.28},
        ),
        _small_model("sounds-small", "Everyday sounds", Task.SOUNDS, ()),
        _small_model("translate-en-zh-small", "English ⇄ Chinese", Task.TRANSLATE, ("en", "zh")),
    )


def _small_model(name: str, title: str, task: Task, languages: tuple[str, ...]) -> ModelInfo:
    return ModelInfo(
        name=name,
        version="0.1.0",
        title=title,
        tasks=(task,),
        languages=languages,
        licence="MIT",
        size_bytes=5_000_000,
        path=f"/models/{name}",
        built_in=True,
    )


def microphones() -> tuple[MicrophoneInfo, ...]:
    """Return two input devices."""
    return (
        MicrophoneInfo("Built-in microphone", 2, 48_000, is_default=True),
        MicrophoneInfo("USB headset", 1, 16_000, is_default=False),
    )


def unit_vector(text: str, width: int = 8) -> npt.NDArray[np.float32]:
    """Return a unit vector, float32, shape (width,), that depends on `text` alone."""
    import numpy as np

    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
    vector = np.random.default_rng(seed).standard_normal(width).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def answer(request: Request, stored: Sequence[Item]) -> Result | Failure:
    """Return the usual answer to a request over a library of `stored` items."""
    if isinstance(request, SearchRequest):
        return search_result(request, stored)
    if isinstance(request, BrowseRequest):
        return browse_result(request, stored)
    if isinstance(request, IndexRequest | RedoRequest):
        count = len(stored)
        folders = request.folders if isinstance(request, IndexRequest) else ()
        return IndexResult(folders, found=count, indexed=count, skipped=0, failed=(), seconds=1.5)
    if isinstance(request, BatchRequest):
        return batch_result(request, stored)
    if isinstance(request, _OfTraining):
        return _answer_of_training(request)
    return _answer_on_files(request, stored)


def _answer_of_training(request: _OfTraining) -> Result:
    match request:
        case ExamineDataRequest(path=path):
            return ExamineDataResult(data_report(path))
        case TrainRequest(run=run):
            return TrainResult(run, f"/models/{run}", {})
        case TuneRequest(tuning=tuning):
            return TuneResult(tuning, f"{tuning}-t1", f"/models/{tuning}")
        case FindRateRequest():
            return found_rate()
        case PlayRequest():
            moves = ("right", "right", "down", "down", "down", "right")
            episode = Episode("frozen-lake-4x4", 0.0, 1.0, moves, solved=True, picture="episode.gif", frame_ms=200)
            return PlayResult(episode, moving_picture())
        case ExportModelRequest(name=name, format=kind, path=path):
            return ExportModelResult(name, kind, path, ("model.keras", "export.json"), 2e-7)
        case PreviewRequest(settings=settings):
            item = PreviewItem(f"{settings.data}/cat/1.jpg", _PNG, (_PNG,) * 8)
            return PreviewResult(Change.CROPPED, 64, (item,) * 3)


def _answer_on_files(
    request: WorkerRequest | RecordRequest | KeepingRequest | ExportRequest | ImportRequest, stored: Sequence[Item]
) -> Result:
    if isinstance(request, BackUpRequest | MoveLibraryRequest | RestoreRequest | CopyLibraryRequest):
        return KeepingResult("/backups/library.db", 12_345_678, len(stored))
    if isinstance(request, ExportRequest | ImportRequest):
        return fake_sidecars.answer(request, stored)
    return _answer_of_model(request)


def found_rate() -> FindRateResult:
    """Return a loss that falls until the rate is 0.03, and then rises."""
    rates = tuple(10 ** (-6 + 6 * step / 99) for step in range(90))
    losses = tuple(2.3 - 1.5 / (1 + 1e-3 / rate) + 40 * rate**2 for rate in rates)
    lowest_at = rates[losses.index(min(losses))]
    return FindRateResult(rates, losses, diverged=True, proposal=float(f"{lowest_at / 10:.1e}"), lowest_at=lowest_at)


def data_report(path: str) -> DataReport:
    """Return what was found in a folder of pictures: three classes, one of them small, and two copies of a picture."""
    small = Finding("class-small", Severity.WARNING, {"label": "dog", "items": 6}, ((f"{path}/dog/1.jpg",),))
    copies = Finding("exact-duplicates", Severity.WARNING, {"items": 2}, ((f"{path}/cat/1.jpg", f"{path}/cat/2.jpg"),))
    classes = (ClassCount("cat", 40), ClassCount("bird", 38), ClassCount("dog", 6))
    kind = DataKind.PICTURE_CLASSES
    return DataReport(path, kind, ("picture-classes",), 84, classes, (), (small, copies))


def _answer_of_model(request: WorkerRequest | RecordRequest) -> Result:
    match request:
        case CaptionRequest():
            return caption_result(request)
        case TranscribeRequest(path=path, language=language):
            return transcript_result(path, language)
        case RecordRequest() | LiveTranscribeRequest():
            kept = isinstance(request, RecordRequest) and request.keep_audio
            return transcript_result("/recordings/1.wav" if kept else "", request.language)
        case SoundsRequest(path=path):
            return SoundsResult(path, _SOUNDS, 7.5, _SOUND_NAMES, SOUNDS)
        case TranslateRequest(text=text, to=to, source=source):
            origin = source or ("en" if to == "zh" else "zh")
            return TranslateResult(text, _TRANSLATIONS[to], origin, to, 0.62, text, 0.8, TRANSLATION)
        case EmbedImagesRequest(paths=inputs) | EmbedTextRequest(texts=inputs):
            return _embed_result(inputs)
        case ClassifyRequest(path=path):
            return ClassifyResult(path, (ClassGuess("cat", 0.9), ClassGuess("dog", 0.07)), PICTURES)
        case CheckModelRequest(name=name):
            return CheckResult(name, files=6, size_bytes=21_000_000, probe_difference=1e-6, made=PICTURES)


def caption_result(request: CaptionRequest) -> CaptionResult:
    """Return `best` captions in each language, chosen by the file's name."""
    start = sum(PurePath(request.path).name.encode())
    captions = [
        Caption(_CAPTIONS[(start + rank) % len(_CAPTIONS)][language == "zh"], language, 0.62 - 0.05 * rank)
        for language in request.languages
        for rank in range(request.best)
    ]
    return CaptionResult(request.path, tuple(captions), 0.31, unit_vector(request.path), PICTURES, 0.64)


def transcript_result(path: str, language: str = "en", spoken: str = _SPOKEN) -> TranscriptResult:
    """Return a transcript of one segment, each word a third of a second long."""
    words = tuple(Word(text, n / 3, (n + 1) / 3, 0.8) for n, text in enumerate(spoken.split()))
    segment = Segment(spoken, 0.0, len(words) / 3, 0.8, words)
    return TranscriptResult(path, language, (segment,), len(words) / 3 + 0.5, SPEECH)


def search_result(request: SearchRequest, stored: Sequence[Item]) -> SearchResult | Failure:
    """Return the photos of `stored`, those whose caption shares words with the query first, the ninth still probable.

    As with the real engine, only a query of words alone gives probabilities.
    """
    if not request.text.strip() and not request.weighted and request.image_path is None:
        return Failure.of(InputFault(ErrorCode.QUERY_EMPTY))
    searched = [item for item in let_through(stored, request.filters) if item.kind is MediaKind.PHOTO]
    wanted = set(request.text.lower().split())
    unwanted = set(request.minus.lower().split())

    def shared(item: Item) -> int:
        words = set(item.caption_en.lower().rstrip(".").split())
        return len(words & wanted) + (request.text in item.caption_zh) - len(words & unwanted)

    ranked = sorted(searched, key=shared, reverse=True)[: request.top]
    text_alone = request.image_path is None and not request.minus.strip()
    hits = tuple(_hit(item, rank, text_alone=text_alone) for rank, item in enumerate(ranked))
    return SearchResult(hits, len(searched), replace(PICTURES, ms=3.0), NOTHING_BELOW if text_alone else None)


def _hit(item: Item, rank: int, *, text_alone: bool) -> Hit:
    score = round(0.42 - 0.02 * rank, 4)
    probability = round(max(0.9 - 0.1 * rank, 0.01), 4) if text_alone else None
    return Hit(item, score, (("picture", score),), probability)


def browse_result(request: BrowseRequest, stored: Sequence[Item]) -> BrowseResult:
    """Return one page of `stored` in the order that is asked for."""
    chosen = let_through(stored, request.filters)
    chosen.sort(key=_SORT_KEYS[request.order.key], reverse=request.order.descending)
    return BrowseResult(tuple(chosen[request.offset : request.offset + request.limit]), len(chosen))


def _embed_result(inputs: tuple[str, ...]) -> EmbedResult:
    import numpy as np

    vectors = np.stack([unit_vector(one) for one in inputs]) if inputs else np.zeros((0, 8), np.float32)
    return EmbedResult(vectors, inputs, (), PICTURES)


def let_through(stored: Sequence[Item], filters: Filters) -> list[Item]:
    """Return the items of a folder and a kind with some tags; the other conditions are the real library's."""
    return [
        item
        for item in stored
        if (filters.folder is None or item.path.startswith(f"{filters.folder}/"))
        and filters.kind in (None, str(item.kind))
        and {tag.casefold() for tag in filters.tags} <= {tag.casefold() for tag in item.tags}
    ]


def _item(number: int) -> Item:
    recording = number % 7 == 0
    english, chinese = _CAPTIONS[number % len(_CAPTIONS)]
    name = f"{number:04d}.{'wav' if recording else 'jpg'}"
    return Item(
        id=number,
        path=f"{FOLDER}/{name}",
        kind=MediaKind.RECORDING if recording else MediaKind.PHOTO,
        content_hash=hashlib.sha256(name.encode()).hexdigest(),
        size_bytes=100_000 + number,
        modified_s=1_700_000_000.0 + number,
        width=0 if recording else 640,
        height=0 if recording else 480,
        duration_s=2.8 if recording else 0.0,
        caption_en="" if recording else english,
        caption_zh="" if recording else chinese,
        transcript=_SPOKEN if recording else "",
        sounds=_HEARD if recording else (),
        answers=_answers(recording=recording),
    )


def _answers(*, recording: bool) -> tuple[Answered, ...]:
    if recording:
        return (
            Answered(Task.TRANSCRIBE, SPEECH.model, _ANSWERED_S),
            Answered(Task.SOUNDS, SOUNDS.model, _ANSWERED_S),
        )
    return tuple(
        Answered(task, PICTURES.model, _ANSWERED_S, language)
        for task, language in ((Task.EMBED_IMAGE, ""), (Task.CAPTION, "en"), (Task.CAPTION, "zh"))
    )
