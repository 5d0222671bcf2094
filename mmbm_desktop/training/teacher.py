"""A finished picture classifier as a teacher: the features before its last layer, one row a picture.

The teacher is read with TensorFlow Lite, which is an input here, not a network of ours; it never ships.
"""

from __future__ import annotations

import struct
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.training.data.augment import Box

_AGREEMENT = 0.3
"""Largest distance of two interpreters' features over their length; quantised kernels differ by about a tenth."""

_MODEL_SUBGRAPHS = 8
_SUBGRAPH_OUTPUTS = 8
"""FlatBuffers vtable slots of `Model.subgraphs` and `SubGraph.outputs` (tensorflow/lite/schema/schema.fbs)."""


class Teacher:
    """MobileNet v2 (uint8 TensorFlow Lite): the 7 x 7 x 1280 map before its classifier, averaged."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        files = sorted(folder.glob("mobilenet*.tflite"))
        if not files:
            raise EnvironmentFault(ErrorCode.MODEL_MISSING, "no mobilenet*.tflite there", path=str(folder))
        with os_errors_sorted(files[0]):
            model = bytearray(files[0].read_bytes())
        set_output(model, _last_map(_open(model, threads, fast=True)))
        self._interpreter = ready_interpreter(model, threads, fast=True)
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]
        self.size = int(self._input["shape"][1])
        self.dim = int(self._output["shape"][-1])
        self._trust_or_replace(model, threads)

    def _trust_or_replace(self, model: bytearray, threads: int) -> None:
        """Keep the fast interpreter only if it agrees with the plain one.

        XNNPACK, its delegate, leaves some tensors unwritten that the file did not name as outputs; the plain one is
        right and eight times slower.
        """
        noise = np.random.default_rng(0).integers(0, 256, (self.size, self.size, 3), dtype=np.uint8)
        quick = self.features(noise)
        fast, self._interpreter = self._interpreter, ready_interpreter(model, threads, fast=False)
        right = self.features(noise)
        if np.linalg.norm(quick - right) < _AGREEMENT * np.linalg.norm(right):
            self._interpreter = fast

    def features(self, picture: npt.NDArray[np.uint8], box: Box = (0.0, 0.0, 1.0, 1.0)) -> npt.NDArray[np.float32]:
        """Return the averaged features, (dim,), of a part of an RGB picture, squashed to a square.

        Args:
            picture: (height, width, 3).
            box: the part's left, top, right and bottom, as shares of the picture's sides.
        """
        height, width = picture.shape[:2]
        part = (box[0] * width, box[1] * height, box[2] * width, box[3] * height)
        image = Image.fromarray(picture).resize((self.size, self.size), Image.Resampling.BICUBIC, part)
        self._interpreter.set_tensor(self._input["index"], np.asarray(image)[None])
        self._interpreter.invoke()
        scale, zero = self._output["quantization"]
        spatial = self._interpreter.get_tensor(self._output["index"]).astype(np.float32)
        return ((spatial - zero) * scale).mean((0, 1, 2))


def ready_interpreter(model: bytearray, threads: int, *, fast: bool) -> Any:
    """Return an interpreter of a TensorFlow Lite file's bytes with its tensors allocated; `fast` takes XNNPACK."""
    interpreter = _open(model, threads, fast=fast)
    interpreter.allocate_tensors()
    return interpreter


def _open(model: bytearray, threads: int, *, fast: bool):  # noqa: ANN202 - the class is private to TensorFlow
    import tensorflow as tf

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"[\s\S]*Interpreter is deprecated", category=UserWarning)
        resolvers = tf.lite.experimental.OpResolverType
        resolver = resolvers.AUTO if fast else resolvers.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        return tf.lite.Interpreter(
            model_content=bytes(model), num_threads=threads, experimental_op_resolver_type=resolver
        )


def _last_map(interpreter) -> int:  # noqa: ANN001
    """Return the index of the last tensor shaped like a spatial map, (1, n, n, channels) with n > 1."""
    maps = [t["index"] for t in interpreter.get_tensor_details() if len(t["shape"]) == 4 and t["shape"][0] == 1]
    spatial = [i for i in maps if _details(interpreter, i)["shape"][1] > 1]
    return spatial[-1]


def _details(interpreter, index: int) -> dict:  # noqa: ANN001
    return next(t for t in interpreter.get_tensor_details() if t["index"] == index)


def set_output(model: bytearray, tensor: int) -> None:
    """Make `tensor` the first subgraph's only output, in place, so that the interpreter keeps it."""

    def u32(at: int) -> int:
        return struct.unpack_from("<I", model, at)[0]

    def field(table: int, slot: int) -> int:
        vtable = table - struct.unpack_from("<i", model, table)[0]
        at = table + struct.unpack_from("<H", model, vtable + slot)[0]
        return at + u32(at)

    subgraphs = field(u32(0), _MODEL_SUBGRAPHS)
    first = subgraphs + 4
    outputs = field(first + u32(first), _SUBGRAPH_OUTPUTS)
    struct.pack_into("<i", model, outputs + 4, tensor)
