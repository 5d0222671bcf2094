"""Capturing into a data folder: the devices, the session that is open, the classes and what was taken. QtCore only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.engine.capturing.class_names import folder_name
from mmbm_desktop.protocol.capture import CaptureDevices, CaptureKind, CapturePhase, CaptureState, ClassFolder, Taking
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mmbm_desktop.engine.capturing.interface import CaptureSession, Capturing
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.gui.state.library_calls import LibraryCalls
    from mmbm_desktop.protocol.capture import Shot
    from mmbm_desktop.protocol.events import CaptureChanged

PICTURES_A_SECOND, RECORDING_S = 5.0, 1.0
_FREE_NAMES = 1000


class CaptureDesk(QObject):
    """One device is open at a time; what is taken goes into the chosen class of `folder`.

    Attributes:
        devices: what there is; None while it is looked for.
        kind: what is captured.
        device: which one, "" for the first or the system's own.
        state: of the session; None without one.
        folder: the data folder, "" without a name for one.
        classes: of it, by name.
        chosen: the class that is captured into, "" for none.
        blocked: why nothing can be captured into the folder.
        shots: what was taken since the desk was begun with and not taken back, the latest last.
        pace: pictures a second.
        length_s: of a recording.
    """

    devices_changed = Signal()
    classes_changed = Signal()
    """The folder, its classes, their counts, or which one is chosen."""
    state_changed = Signal()
    shot_taken = Signal(object)
    """A `Shot`."""
    failed = Signal(object)
    """A `Failure` of something that the person asked for."""

    def __init__(self, capturing: Capturing, bridge: EngineBridge, calls: LibraryCalls, parent: QObject) -> None:
        super().__init__(parent)
        self._capturing, self._calls = capturing, calls
        self._session: CaptureSession | None = None
        self._using = False
        self.devices: CaptureDevices | None = None
        self.kind, self.device = CaptureKind.PICTURES, ""
        self.state: CaptureState | None = None
        self.folder, self.chosen = "", ""
        self.classes: tuple[ClassFolder, ...] = ()
        self.blocked: Failure | None = None
        self.shots: list[Shot] = []
        self.pace, self.length_s = PICTURES_A_SECOND, RECORDING_S
        bridge.capture_changed.connect(self._told)

    # --- devices -------------------------------------------------------------------------------------------------

    def begin(self, folder: str, kind: CaptureKind | None = None) -> None:
        """Use the desk for a folder, "" for a new one, and open a device; `kind` None: as before."""
        self._using = True
        if kind is not None and kind is not self.kind:
            self.kind, self.device = kind, ""
        self.shots, self.chosen = [], ""
        self.go_on_with(folder or free_folder())
        self.look()

    def end(self) -> None:
        """Let go of the device."""
        self._using = False
        self._close()

    def look(self) -> None:
        """Look for devices; one is opened when the desk is in use and none is open."""
        self.devices = None
        self.devices_changed.emit()
        self._calls.run(self._capturing.devices, success=self._take_devices, failure=self.failed.emit)

    def names(self, kind: CaptureKind) -> list[tuple[str, str]]:
        """Return (name, device) of what there is."""
        found = self.devices or CaptureDevices()
        if kind is CaptureKind.PICTURES:
            return [(one.name, one.id) for one in found.cameras]
        return [(one.name, one.name) for one in found.microphones]

    def use(self, kind: CaptureKind, device: str = "") -> None:
        """Open another device, the first or the system's own where none is named."""
        same = kind is self.kind
        self._close()
        self.kind, self.device = kind, device
        if found := self.names(kind):
            if kind is CaptureKind.PICTURES:
                self.device = device = device or found[0][1]
            self._session = self._capturing.open(kind, device or None)
            self.state = CaptureState(self._session.id, kind)
        self.state_changed.emit()
        if not same:
            self._list()

    def frame(self) -> object | None:
        """Return what the camera sees, (height, width, 3) in RGB."""
        return self._session.frame() if self._session is not None else None

    def _take_devices(self, devices: CaptureDevices) -> None:
        self.devices = devices
        self.devices_changed.emit()
        kinds = [kind for kind in (self.kind, *CaptureKind) if self.names(kind)]
        if self._using and kinds and (self.state is None or self.state.phase is CapturePhase.ENDED):
            self.use(kinds[0], self.device if kinds[0] is self.kind else "")

    def _close(self) -> None:
        session, self._session, self.state = self._session, None, None
        if session is not None:
            session.close()

    @Slot(object)
    def _told(self, event: CaptureChanged) -> None:
        if event.shot is not None:
            self._count(event.shot.folder, event.shot.label, 1)
            self.shots.append(event.shot)
            self.shot_taken.emit(event.shot)
        if self._session is not None and event.state.session == self._session.id:
            self.state = event.state
            self.state_changed.emit()

    # --- the folder and its classes ------------------------------------------------------------------------------

    def name_folder(self, name: str) -> None:
        """Capture into a new folder of that name among the person's data sets; one that is there is gone on with."""
        try:
            self.go_on_with(str(paths.data_sets_dir() / folder_name(name)))
        except MmbmError:
            self.go_on_with("")

    def go_on_with(self, folder: str) -> None:
        """Capture into a folder."""
        self.folder, self.classes, self.blocked = folder, (), None
        self.classes_changed.emit()
        self._list()

    def choose(self, label: str) -> None:
        """Capture into a class from now on."""
        self.release()
        self.chosen = label
        self.classes_changed.emit()

    def add(self, name: str) -> None:
        """Make a class and choose it."""
        folder, kind = self.folder, self.kind
        self._ask(lambda: self._capturing.add_class(folder, name, kind), self._made)

    def rename(self, label: str, name: str) -> None:
        """Rename an empty class."""
        folder, kind = self.folder, self.kind
        self._ask(lambda: self._capturing.rename_class(folder, label, name, kind), self._made)

    def remove(self, label: str) -> None:
        """Remove an empty class."""
        folder = self.folder
        self._ask(lambda: self._capturing.remove_class(folder, label), self._list)

    def take_back(self) -> None:
        """Delete the latest shot of the chosen class, of those that were taken since the program started."""
        folder, label = self.folder, self.chosen
        self._ask(lambda: self._capturing.take_back(folder, label), self._taken_back)

    def _ask(self, call: Callable[[], object], success: Callable[..., None]) -> None:
        self._calls.run(call, success=success, failure=self.failed.emit)

    def _made(self, label: str) -> None:
        self.chosen = label
        self._list()

    def _taken_back(self, shot: Shot | None) -> None:
        if shot is not None:
            self._count(shot.folder, shot.label, -1)
            self.shots = [one for one in self.shots if one != shot]
            self.classes_changed.emit()

    def _list(self, *_: object) -> None:
        folder, kind = self.folder, self.kind

        def take(classes: Sequence[ClassFolder]) -> None:
            if (folder, kind) == (self.folder, self.kind):
                self.classes, self.blocked = tuple(classes), None
                labels = [one.label for one in classes]
                self.chosen = self.chosen if self.chosen in labels else next(iter(labels), "")
                self.classes_changed.emit()

        def refuse(failure: Failure) -> None:
            if folder == self.folder:
                self.blocked, self.chosen = failure, ""
                self.classes_changed.emit()

        if folder:
            self._calls.run(lambda: self._capturing.classes(folder, kind), success=take, failure=refuse)

    def _count(self, folder: str, label: str, more: int) -> None:
        if folder == self.folder:
            self.classes = tuple(
                replace(one, items=max(0, one.items + more)) if one.label == label else one for one in self.classes
            )

    # --- taking --------------------------------------------------------------------------------------------------

    @property
    def can_take_back(self) -> bool:
        """Whether something of the chosen class was taken that can be deleted again."""
        return any((one.folder, one.label) == (self.folder, self.chosen) for one in self.shots)

    @property
    def ready(self) -> bool:
        """Whether something can be taken."""
        open_now = self.state is not None and self.state.phase not in (CapturePhase.OPENING, CapturePhase.ENDED)
        return open_now and bool(self.chosen) and self.blocked is None

    def press(self) -> None:
        """Begin to take."""
        if self.ready and self._session is not None:
            self._session.take(Taking(self.folder, self.chosen, None, 1 / self.pace, self.length_s))

    def release(self) -> None:
        """Take no more."""
        if self._session is not None:
            self._session.rest()


def free_folder() -> str:
    """Return a data folder that is not there yet."""
    places = (paths.data_sets_dir() / f"my-data{f'-{number}' if number else ''}" for number in range(_FREE_NAMES))
    return str(next((place for place in places if not place.exists()), Path(paths.data_sets_dir() / "my-data")))
