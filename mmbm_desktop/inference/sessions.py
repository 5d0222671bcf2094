"""ONNX Runtime sessions over a bundle's hollow structures, opened when first needed. Nothing here knows a task."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

import onnxruntime

from mmbm_desktop.base.errors import BugFault, EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.inference.external_data import require_inside

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.bundles.manifest import Manifest

_ERRORS_ONLY = 3
_PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
_native = importlib.import_module("onnxruntime.capi.onnxruntime_pybind11_state")
_BAD_STRUCTURE: tuple[type[Exception], ...] = (
    _native.Fail,
    _native.InvalidArgument,
    _native.InvalidGraph,
    _native.InvalidProtobuf,
    _native.NoModel,
    _native.NoSuchFile,
    _native.NotImplemented,
)
_ORT_ERRORS: tuple[type[Exception], ...] = (
    *_BAD_STRUCTURE,
    _native.EPFail,
    _native.EngineError,
    _native.RuntimeException,
)

Arrays = dict[str, "npt.NDArray[Any]"]


def usual_threads() -> int:
    """Return how many threads models use unless told: all cores but one, which the window keeps."""
    return max(1, (os.cpu_count() or 2) - 1)


class Sessions:
    """The sessions of one verified bundle; one thread at a time may run them."""

    def __init__(self, folder: Path, manifest: Manifest, threads: int = 0) -> None:
        self._folder = folder
        self._manifest = manifest
        self._threads = threads or usual_threads()
        self._opened: dict[str, onnxruntime.InferenceSession] = {}

    @property
    def device(self) -> str:
        """Where the opened sessions compute: "CUDA:0" or "CPU"."""
        first = {session.get_providers()[0] for session in self._opened.values()}
        return "CUDA:0" if "CUDAExecutionProvider" in first else "CPU"

    def run(self, structure: str, feed: Mapping[str, npt.NDArray[Any]]) -> Arrays:
        """Run a structure and return its outputs by name.

        Raises:
            EnvironmentFault: it is missing, points outside its folder, is no valid structure or does not take these
                inputs (BUNDLE_INVALID), or memory ran out (OUT_OF_MEMORY).
        """
        session = self._session(structure)
        names = [output.name for output in session.get_outputs()]
        try:
            outputs: list[Any] = list(session.run(names, dict(feed)))
        except (*_ORT_ERRORS, ValueError) as error:
            raise self._sorted(error, structure) from error
        return dict(zip(names, outputs, strict=True))

    def _session(self, structure: str) -> onnxruntime.InferenceSession:
        if structure not in self._opened:
            self._opened[structure] = self._open(structure)
        return self._opened[structure]

    def _open(self, structure: str) -> onnxruntime.InferenceSession:
        if structure not in self._manifest.files:
            raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, name=self._manifest.name, field=structure)
        path = self._folder / structure
        with os_errors_sorted(path):
            content = path.read_bytes()
        require_inside(content, structure, {name: entry.size_bytes for name, entry in self._manifest.files.items()})
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads must not burn a core
        available = onnxruntime.get_available_providers()
        providers = [provider for provider in _PROVIDERS if provider in available]
        try:
            return onnxruntime.InferenceSession(str(path), options, providers=providers)
        except _ORT_ERRORS as error:
            raise self._sorted(error, structure) from error

    def _sorted(self, error: Exception, structure: str) -> MmbmError:
        detail = f"{structure}: {type(error).__name__}: {error}"
        if "allocate memory" in str(error) or "bad_alloc" in str(error):
            return EnvironmentFault(ErrorCode.OUT_OF_MEMORY, detail)
        if isinstance(error, (*_BAD_STRUCTURE, ValueError)):
            return EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=self._manifest.name, field=structure)
        return BugFault(ErrorCode.BUG, detail)
