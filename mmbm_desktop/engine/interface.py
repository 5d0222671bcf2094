"""The engine as the window and the command line see it. `LocalEngine` is real, `FakeEngine` scripted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mmbm_desktop.engine.capturing.interface import Capturing
    from mmbm_desktop.engine.improving.interface import Improving
    from mmbm_desktop.engine.keeping.interface import Keeping
    from mmbm_desktop.engine.runs.interface import Runs
    from mmbm_desktop.protocol.catalogue import FolderInfo, MicrophoneInfo, ModelInfo
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.filter_values import FilterValues
    from mmbm_desktop.protocol.filters import Filters
    from mmbm_desktop.protocol.history import ItemHistory, TagCount
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.journal import Step
    from mmbm_desktop.protocol.requests import Request
    from mmbm_desktop.protocol.results import Item

    Listener = Callable[[Event], None]
    Unsubscribe = Callable[[], None]


class Engine(ABC):
    """Runs requests as jobs and owns the library and the worker. Every method may be called from any thread.

    None of them waits for a model; those marked "reads the library" wait for SQLite (milliseconds).
    """

    @abstractmethod
    def submit(self, request: Request, *, priority: int | None = None) -> JobId:
        """Queue a request and return its job's id. `priority` None picks the usual one for that kind of request."""

    @abstractmethod
    def cancel(self, job_id: JobId) -> None:
        """Stop a job; nothing it has already saved is lost. Ignored for a job that has ended."""

    @abstractmethod
    def retry(self, job_id: JobId) -> JobId:
        """Queue an ended job's request again and return the new job's id."""

    @abstractmethod
    def finish_recording(self, job_id: JobId) -> None:
        """Stop listening to the microphone; the job goes on to the final transcript."""

    @abstractmethod
    def jobs(self) -> tuple[JobSnapshot, ...]:
        """Return every job of this session, newest first (the last 500 ended ones are kept)."""

    @abstractmethod
    def forget_ended_jobs(self) -> None:
        """Drop ended jobs from `jobs()`."""

    @abstractmethod
    def wait(self, job_id: JobId, timeout_s: float | None = None) -> JobSnapshot:
        """Block until the job has ended; for the command line and tests, never for the window.

        Raises:
            TimeoutError: it had not ended after `timeout_s` seconds.
        """

    @abstractmethod
    def subscribe(self, listener: Listener) -> Unsubscribe:
        """Call `listener(event)` in an engine thread for every event, until the returned function is called."""

    # --- catalogue ---------------------------------------------------------------------------------------------

    @abstractmethod
    def models(self) -> tuple[ModelInfo, ...]:
        """Return the installed models, the built-in ones first; a damaged one has `problem` set to an error code."""

    @abstractmethod
    def microphones(self) -> tuple[MicrophoneInfo, ...]:
        """Return the input devices; empty where there are none or the audio library is missing."""

    # --- library (each reads or writes the library) --------------------------------------------------------------

    @abstractmethod
    def folders(self) -> tuple[FolderInfo, ...]:
        """Return the folders that were indexed."""

    @abstractmethod
    def watch_folders(self) -> None:
        """Go on with unfinished folders, look for what changed meanwhile, and notice changes from now on.

        Returns at once. As the settings say (`indexing.watch`, `indexing.paused`), at any moment. Answers of models
        that were replaced are redone in the background.
        """

    @abstractmethod
    def remove_folder(self, path: str) -> None:
        """Take a folder and its items out of the library, as a step; the files themselves are never touched."""

    @abstractmethod
    def undo(self) -> Step | None:
        """Take back the person's latest step in the library and return it; None where there is none."""

    @abstractmethod
    def redo(self) -> Step | None:
        """Do again the step that was undone last and return it; None where there is none."""

    @abstractmethod
    def items(self, ids: Sequence[int]) -> tuple[Item, ...]:
        """Return items by id, in that order, without the unknown ones."""

    @abstractmethod
    def item_ids(self, filters: Filters) -> tuple[int, ...]:
        """Return the ids of all items that `filters` let through, in no order."""

    @abstractmethod
    def history(self, item_id: int) -> ItemHistory:
        """Return everything that was ever written about an item, newest first."""

    @abstractmethod
    def tags(self) -> tuple[TagCount, ...]:
        """Return the library's tags, the most used first."""

    @abstractmethod
    def filter_values(self) -> FilterValues:
        """Return what a query's filters can be given, the most frequent first; may take some tenths of a second."""

    @abstractmethod
    def change_tags(self, items: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Put tags on a few items and take others off, as one step; for many items submit a `BatchRequest`.

        Raises:
            MmbmError: a tag cannot be one, the disk is full, or the library is locked.
        """

    @abstractmethod
    def save_caption(self, path: str, text: str, language: str) -> Item:
        """Store the person's caption for a picture (adding it to the library); earlier ones stay in its history.

        Raises:
            MmbmError: the file is gone, the disk is full, or the library is locked.
        """

    @abstractmethod
    def save_transcript(self, path: str, text: str, language: str) -> Item:
        """Store the person's transcript for a recording (adding it to the library); earlier ones stay.

        Raises:
            MmbmError: the file is gone, the disk is full, or the library is locked.
        """

    @abstractmethod
    def thumbnail(self, path: str, edge: int) -> Path | None:
        """Return the cached thumbnail (longest edge `edge` pixels), making it if missing; None when it cannot be made.

        Takes up to a second for a huge picture: call it from a pool thread.
        """

    @property
    @abstractmethod
    def keeping(self) -> Keeping:
        """Which library is open, and how."""

    # --- training --------------------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def runs(self) -> Runs:
        """The training runs; each stretch of work on one is a job of this engine."""

    @property
    @abstractmethod
    def improving(self) -> Improving:
        """What a person set right, and models that learn from it."""

    @property
    @abstractmethod
    def capturing(self) -> Capturing:
        """Cameras and microphones, and the data folders that are captured into."""

    # --- life --------------------------------------------------------------------------------------------------

    @abstractmethod
    def warm_up(self) -> None:
        """Start the worker now and load the model that answers captions, so that the first answer is quick."""

    @abstractmethod
    def close(self, timeout_s: float = 5.0) -> None:
        """Cancel what runs, stop the worker by the kill ladder and close the library; safe to call twice."""
