"""A header that lies about its tensors is refused; a true one gives each tensor's bytes."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.safetensors_header import read_places


def framed(text: bytes, body: bytes = b"") -> bytes:
    return struct.pack("<Q", len(text)) + text + body


def header(entries: object, body: bytes = b"") -> bytes:
    return framed(json.dumps(entries).encode(), body)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 8,
        framed(b"[" * 100_000),
        framed(b"\xff\xff"),
        header([1, 2]),
        header({"a": None}),
        header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, bytes(4)),
        header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}, bytes(8)),
        header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8, 9]}}, bytes(8)),
        header({"a": {"dtype": "F99", "shape": [2], "data_offsets": [0, 8]}}, bytes(8)),
        header({"a": {"dtype": "U8", "shape": [-4], "data_offsets": [8, 4]}}, bytes(8)),
        header({"a": {"dtype": "U8", "shape": [True], "data_offsets": [0, 1]}}, bytes(8)),
        header({"a": {"dtype": "U8", "shape": "8", "data_offsets": [0, 8]}}, bytes(8)),
        header({n: {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]} for n in "ab"}, bytes(8)),
    ],
)
def test_a_header_that_lies_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(content)

    with pytest.raises(EnvironmentFault) as caught:
        read_places(file)

    assert caught.value.code is ErrorCode.BUNDLE_DAMAGED
    assert caught.value.params["file"] == "model.safetensors"


def test_a_real_header_gives_each_tensors_bytes(tiny_bundle: Path) -> None:
    path = tiny_bundle / "model.safetensors"
    raw, places = path.read_bytes(), read_places(path)

    tensors = load_file(path)

    assert places.keys() == tensors.keys()
    for name, array in tensors.items():
        place = places[name]
        stored = np.frombuffer(raw[place.offset : place.offset + place.length], "<f4")
        assert np.array_equal(stored.reshape(place.shape), array)
