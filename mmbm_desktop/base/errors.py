"""Errors sorted by whose fault they are. They carry a code and parameters; their words are made in `gui` and `cli`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ParamValue = str | int | float | bool | None


class Fault(StrEnum):
    """Whose fault an error is."""

    INPUT = "input"
    ENVIRONMENT = "environment"
    BUG = "bug"


class ErrorCode(StrEnum):
    """Every error a person can meet. Each has its words in `gui/error_texts.py` and `cli/messages.py`."""

    # input
    FILE_NOT_FOUND = "file-not-found"
    FILE_UNREADABLE = "file-unreadable"
    FILE_EMPTY = "file-empty"
    FILE_EXISTS = "file-exists"
    UNSUPPORTED_TYPE = "unsupported-type"
    IMAGE_BROKEN = "image-broken"
    IMAGE_TOO_LARGE = "image-too-large"
    AUDIO_BROKEN = "audio-broken"
    AUDIO_EMPTY = "audio-empty"
    AUDIO_NOT_FINITE = "audio-not-finite"
    FOLDER_NOT_FOUND = "folder-not-found"
    FOLDER_UNREADABLE = "folder-unreadable"
    QUERY_EMPTY = "query-empty"
    QUERY_INVALID = "query-invalid"
    LANGUAGE_UNSUPPORTED = "language-unsupported"
    DATASET_INVALID = "dataset-invalid"
    SPEC_INVALID = "spec-invalid"
    ARGUMENT_INVALID = "argument-invalid"
    ADDRESS_INVALID = "address-invalid"
    SIDECAR_INVALID = "sidecar-invalid"
    CORRECTIONS_TOO_FEW = "corrections-too-few"
    CLASS_NAME_INVALID = "class-name-invalid"
    CLASS_NOT_EMPTY = "class-not-empty"
    # environment
    DISK_FULL = "disk-full"
    PERMISSION_DENIED = "permission-denied"
    MICROPHONE_MISSING = "microphone-missing"
    MICROPHONE_FAILED = "microphone-failed"
    CAMERA_MISSING = "camera-missing"
    CAMERA_DENIED = "camera-denied"
    CAMERA_BUSY = "camera-busy"
    CAMERA_FAILED = "camera-failed"
    CAMERA_LOST = "camera-lost"
    SPEAKER_FAILED = "speaker-failed"
    AUDIO_LIBRARY_MISSING = "audio-library-missing"
    MODEL_MISSING = "model-missing"
    BUNDLE_INVALID = "bundle-invalid"
    BUNDLE_DAMAGED = "bundle-damaged"
    LIBRARY_LOCKED = "library-locked"
    LIBRARY_DAMAGED = "library-damaged"
    LIBRARY_TOO_NEW = "library-too-new"
    LIBRARY_READ_ONLY = "library-read-only"
    LIBRARY_FOREIGN = "library-foreign"
    SAME_PLACE = "same-place"
    LIBRARY_ON_SERVER = "library-on-server"
    LIBRARY_NOT_EMPTY = "library-not-empty"
    SERVER_UNREACHABLE = "server-unreachable"
    SERVER_REFUSED = "server-refused"
    SERVER_LACKS_VECTORS = "server-lacks-vectors"
    OUT_OF_MEMORY = "out-of-memory"
    WORKER_CRASHED = "worker-crashed"
    WORKER_UNRESPONSIVE = "worker-unresponsive"
    WORKER_START_FAILED = "worker-start-failed"
    TRAINING_FAILED = "training-failed"
    EXPORT_FAILED = "export-failed"
    # ours
    BUG = "bug"


class MmbmError(Exception):
    """An error with a code, parameters for its text and, for the log, a technical detail.

    Args:
        code: which error; decides the text.
        detail: technical text for the log and the "details" box, never shown as the message.
        **params: named values for the text (paths, sizes in bytes, counts).
    """

    fault = Fault.BUG

    def __init__(self, code: ErrorCode, detail: str = "", **params: ParamValue) -> None:
        super().__init__(f"{code}: {detail or dict(params)}")
        self.code = code
        self.detail = detail
        self.params: Mapping[str, ParamValue] = params

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.code, self.detail, dict(self.params)))


def _rebuild(kind: type[MmbmError], code: ErrorCode, detail: str, params: dict[str, ParamValue]) -> MmbmError:
    return kind(code, detail, **params)


class InputFault(MmbmError):
    """What the person gave cannot be used: a broken file, an unknown type, an empty query."""

    fault = Fault.INPUT


class EnvironmentFault(MmbmError):
    """The computer is at fault, not the person and not us: disk full, no microphone, a damaged bundle."""

    fault = Fault.ENVIRONMENT


class BugFault(MmbmError):
    """Something of ours is wrong."""

    fault = Fault.BUG


class Cancelled(Exception):
    """The person asked to stop. Shown nowhere; the job ends as cancelled."""
