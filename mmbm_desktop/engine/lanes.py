"""Which line a request waits in and how urgent it is. Nothing is run here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.protocol.keeping import BackUpRequest, CopyLibraryRequest, MoveLibraryRequest, RestoreRequest
from mmbm_desktop.protocol.preview import PreviewRequest
from mmbm_desktop.protocol.requests import (
    BatchRequest,
    BrowseRequest,
    CaptionRequest,
    ClassifyRequest,
    ExamineDataRequest,
    ExportModelRequest,
    ExportRequest,
    FindRateRequest,
    ImportRequest,
    IndexRequest,
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
from mmbm_desktop.protocol.tasks import BACKGROUND, INTERACTIVE, LOWEST, NORMAL

if TYPE_CHECKING:
    from mmbm_desktop.protocol.requests import Request

_PRIORITIES: dict[type[Request], int] = {
    CaptionRequest: INTERACTIVE,
    SearchRequest: INTERACTIVE,
    BrowseRequest: INTERACTIVE,
    RecordRequest: INTERACTIVE,
    TranslateRequest: INTERACTIVE,
    ClassifyRequest: INTERACTIVE,
    PreviewRequest: INTERACTIVE,
    PlayRequest: INTERACTIVE,
    IndexRequest: BACKGROUND,
    RedoRequest: LOWEST,
    TrainRequest: BACKGROUND,
    TuneRequest: BACKGROUND,
}
_LANES: dict[type[Request], str] = {
    TranscribeRequest: "speech",
    SoundsRequest: "sounds",
    SearchRequest: "search",
    BrowseRequest: "browse",
    RecordRequest: "record",
    IndexRequest: "index",
    RedoRequest: "redo",
    BatchRequest: "batch",
    ExportRequest: "export",
    ImportRequest: "export",
    ExamineDataRequest: "examine",
    ExportModelRequest: "model-export",
    PreviewRequest: "preview",
    TrainRequest: "train",
    TuneRequest: "tune",
    FindRateRequest: "find-rate",
    PlayRequest: "play",
    BackUpRequest: "keeping",
    MoveLibraryRequest: "keeping",
    RestoreRequest: "keeping",
    CopyLibraryRequest: "keeping",
}
_OTHERS = "pictures"


def priority_of(request: Request) -> int:
    """Return how urgent a request is where nobody says otherwise."""
    if isinstance(request, IndexRequest) and request.only:
        return NORMAL
    return _PRIORITIES.get(type(request), NORMAL)


def lane_of(request: Request) -> str:
    """Return the line that a request waits in; what changed in a folder never waits for the indexing of another."""
    if isinstance(request, IndexRequest) and request.only:
        return "update"
    return _LANES.get(type(request), _OTHERS)
