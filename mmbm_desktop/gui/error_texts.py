"""The words of every error in the window: what is wrong and what to do about it. The only place that has them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.gui.reason_texts import ReasonTexts
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from mmbm_desktop.protocol.failure import Failure


class ErrorTexts(QObject):
    """Makes sentences from error codes and their parameters, in the language of the moment."""

    def sentence(self, failure: Failure) -> str:
        """Return what is wrong and what to do, in one or two sentences."""
        if (failure.code, failure.params.get("task")) == (ErrorCode.MODEL_MISSING, Task.CLASSIFY):
            return self.tr("No installed model knows classes of pictures. Train one from a folder for each class.")
        known: defaultdict[str, object] = defaultdict(lambda: "?", failure.params)
        for name in ("width", "height"):
            if isinstance(known.get(name), int):
                known[name] = f"{known[name]:,}"
        if "reason" in failure.params:
            known["reason"] = ReasonTexts().reason(str(failure.params["reason"]))
        template = self._of_query(str(failure.params.get("reason"))) if failure.code is ErrorCode.QUERY_INVALID else ""
        return (template or self._template(failure.code)).format_map(known)

    def with_file(self, failure: Failure, path: str = "") -> str:
        """Return the sentence with the file's name before it, where there is one."""
        place = path or str(failure.params.get("path", ""))
        name = place if "://" in place else Path(place).name
        return f"{name} — {self.sentence(failure)}" if name else self.sentence(failure)

    def _template(self, code: ErrorCode) -> str:
        return {**self._of_input(), **self._of_environment()}[code]

    def _of_input(self) -> dict[ErrorCode, str]:
        return {
            ErrorCode.FILE_NOT_FOUND: self.tr("The file is no longer there."),
            ErrorCode.FILE_UNREADABLE: self.tr("The file cannot be read."),
            ErrorCode.FILE_EMPTY: self.tr("The file is empty."),
            ErrorCode.FILE_EXISTS: self.tr("A file of that name is already there. It was left alone."),
            ErrorCode.UNSUPPORTED_TYPE: self.tr("This kind of file is not supported."),
            ErrorCode.IMAGE_BROKEN: self.tr("The picture is damaged, or is not what its name says."),
            ErrorCode.IMAGE_TOO_LARGE: self.tr(
                "The picture is too large: {width} × {height} pixels. The limit is in the settings."
            ),
            ErrorCode.AUDIO_BROKEN: self.tr("The recording is damaged, or is not what its name says."),
            ErrorCode.AUDIO_EMPTY: self.tr("The recording holds no sound."),
            ErrorCode.AUDIO_NOT_FINITE: self.tr("The recording holds values that are not numbers."),
            ErrorCode.FOLDER_NOT_FOUND: self.tr("The folder is no longer there."),
            ErrorCode.FOLDER_UNREADABLE: self.tr("The folder cannot be read."),
            ErrorCode.QUERY_EMPTY: self.tr("Type what you are looking for, or drop a picture."),
            ErrorCode.QUERY_INVALID: self.tr("The query cannot be understood: {part}."),
            ErrorCode.LANGUAGE_UNSUPPORTED: self.tr("The model does not know this language: {language}."),
            ErrorCode.DATASET_INVALID: self.tr("The data cannot be used: {reason}."),
            ErrorCode.SPEC_INVALID: self.tr("The training plan is not valid: {reason}."),
            ErrorCode.SIDECAR_INVALID: self.tr("The file was left as it is: {reason}."),
            ErrorCode.ARGUMENT_INVALID: self.tr("{name}: {value} is not allowed."),
            ErrorCode.ADDRESS_INVALID: self.tr(
                "The address of a library looks like postgresql://user:password@host:5432/database, and this is none."
            ),
            ErrorCode.CLASS_NAME_INVALID: self.tr("“{name}” cannot be the name of a class: {reason}."),
            ErrorCode.CLASS_NOT_EMPTY: self.tr("There are files in the class “{name}”, so it keeps its name."),
            ErrorCode.CORRECTIONS_TOO_FEW: self.tr(
                "There are {there} corrections to learn from; {needed} more are needed."
            ),
        }

    def _of_query(self, reason: str) -> str:
        return {
            "filter-unknown": self.tr("There is no filter {part} Those that exist: {known}"),
            "filter-negated": self.tr("A filter cannot be left out with a dash: {part}. Filters: {known}"),
            "kind-unknown": self.tr("{part} is no kind of item. Try {known}"),
            "date-unreadable": self.tr("{part} holds no date. Dates look like {known}"),
            "weight-too-large": self.tr("{part} weighs too much. The heaviest weight is {known}"),
        }.get(reason, "")

    def _of_environment(self) -> dict[ErrorCode, str]:
        return {
            ErrorCode.DISK_FULL: self.tr("The disk is full. What was saved before is safe; make room and try again."),
            ErrorCode.PERMISSION_DENIED: self.tr("This computer does not allow access."),
            ErrorCode.MICROPHONE_MISSING: self.tr("No microphone was found. Connect one and try again."),
            ErrorCode.MICROPHONE_FAILED: self.tr("The microphone stopped working. What was heard so far is kept."),
            **self._of_cameras(),
            ErrorCode.SPEAKER_FAILED: self.tr("No sound can be played: there is no output, or it cannot be opened."),
            ErrorCode.AUDIO_LIBRARY_MISSING: self.tr(
                "The PortAudio library is missing, so there is no microphone. On Debian: apt install libportaudio2."
            ),
            ErrorCode.MODEL_MISSING: self.tr("No installed model can do this."),
            ErrorCode.BUNDLE_INVALID: self.tr("The description of the model {name} is not valid."),
            ErrorCode.BUNDLE_DAMAGED: self.tr("The model {name} is damaged ({file}). Install it again."),
            ErrorCode.LIBRARY_LOCKED: self.tr("Another program is using the library. Close it and try again."),
            ErrorCode.LIBRARY_DAMAGED: self.tr("The library file is damaged."),
            ErrorCode.LIBRARY_TOO_NEW: self.tr(
                "A newer version of this program made the library. Update the program, or choose another library."
            ),
            ErrorCode.LIBRARY_READ_ONLY: self.tr("The library is open in another window; this one only reads."),
            ErrorCode.LIBRARY_FOREIGN: self.tr("This is no library of this program."),
            ErrorCode.SAME_PLACE: self.tr("The library is already there."),
            ErrorCode.LIBRARY_ON_SERVER: self.tr(
                "The library is on a server: it is backed up and moved there, for example with pg_dump."
            ),
            ErrorCode.LIBRARY_NOT_EMPTY: self.tr(
                "There is something in that library already; a copy needs an empty one."
            ),
            ErrorCode.SERVER_UNREACHABLE: self.tr(
                "The library's server does not answer. Check its address, and whether it runs."
            ),
            ErrorCode.SERVER_REFUSED: self.tr(
                "The library's server refuses. Check the user, the password and the name of the database."
            ),
            ErrorCode.SERVER_LACKS_VECTORS: self.tr(
                "The database has no vectors yet. Install pgvector on the server and run CREATE EXTENSION vector there."
            ),
            ErrorCode.OUT_OF_MEMORY: self.tr("There is not enough memory. Close other programs and try again."),
            ErrorCode.WORKER_CRASHED: self.tr("The model process stopped twice on this. The rest goes on."),
            ErrorCode.WORKER_UNRESPONSIVE: self.tr("The model process did not answer and was restarted. Try again."),
            ErrorCode.WORKER_START_FAILED: self.tr("The model process could not be started."),
            ErrorCode.TRAINING_FAILED: self.tr("Training stopped: {reason}."),
            ErrorCode.EXPORT_FAILED: self.tr("The model cannot be exported as {format}: {reason}."),
            ErrorCode.BUG: self.tr("Something went wrong inside the program. The log has the details."),
        }

    def _of_cameras(self) -> dict[ErrorCode, str]:
        return {
            ErrorCode.CAMERA_MISSING: self.tr("No camera was found. Connect one and try again."),
            ErrorCode.CAMERA_DENIED: self.tr(
                "This computer does not let the program use the camera. Allow it in the system's privacy settings; on "
                "Linux the person must be in the group “video”."
            ),
            ErrorCode.CAMERA_BUSY: self.tr("Another program is using the camera. Close it and try again."),
            ErrorCode.CAMERA_FAILED: self.tr(
                "The camera cannot be opened. Another program may be using it, or the system may not allow it."
            ),
            ErrorCode.CAMERA_LOST: self.tr("The camera stopped giving pictures. What was taken is kept."),
        }
