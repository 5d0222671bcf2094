"""A whole bundle passes; one changed byte, one missing file, one path outside are found and named."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.bundles.manifest import MANIFEST_FILE, read_manifest
from mmbm_desktop.bundles.safetensors_header import read_places
from mmbm_desktop.bundles.store import bundle_folder, find_bundles
from mmbm_desktop.bundles.verify import verify


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny bundle that a test may spoil."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundles" / "tiny"))


def rewrite(bundle: Path, **changes: object) -> None:
    file = bundle / MANIFEST_FILE
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**content, **changes}), encoding="utf-8")


def test_a_whole_bundle_passes(bundle: Path) -> None:
    manifest = verify(bundle)

    assert manifest.name == "tiny"
    assert manifest.size_bytes == sum(p.stat().st_size for p in bundle.iterdir() if p.name != MANIFEST_FILE)


@pytest.mark.parametrize("name", ["model.safetensors", "image_encoder.onnx", "tokenizer.json"])
def test_one_flipped_byte_is_found(bundle: Path, name: str) -> None:
    content = bytearray((bundle / name).read_bytes())
    content[len(content) // 2] ^= 1
    (bundle / name).write_bytes(content)

    with pytest.raises(EnvironmentFault) as caught:
        verify(bundle)

    assert caught.value.code is ErrorCode.BUNDLE_DAMAGED
    assert caught.value.params == {"name": "tiny", "file": name}


def test_a_missing_file_a_link_and_an_unlisted_structure_are_found(bundle: Path) -> None:
    (bundle / "more.onnx").write_bytes(b"")
    with pytest.raises(EnvironmentFault, match=r"not in the manifest"):
        verify(bundle)
    (bundle / "more.onnx").unlink()

    elsewhere = bundle.parent / "card.md"
    shutil.move(bundle / "card.md", elsewhere)
    with pytest.raises(EnvironmentFault, match=r"not a plain file"):
        verify(bundle)
    (bundle / "card.md").symlink_to(elsewhere)
    with pytest.raises(EnvironmentFault, match=r"not a plain file"):
        verify(bundle)


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/b", "..", "", "c:\\x", "bundle.json"])
def test_a_manifest_may_not_name_a_path_outside(bundle: Path, name: str) -> None:
    rewrite(bundle, files={name: {"bytes": 0, "sha256": "0" * 64}})

    with pytest.raises(EnvironmentFault) as caught:
        read_manifest(bundle)

    assert caught.value.code is ErrorCode.BUNDLE_INVALID


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 2),
        ("name", "Bad Name!"),
        ("tasks", "caption"),
        ("title", {"en": 3}),
        ("quality", {"R@1": "high"}),
        ("files", {"a": {"bytes": -1, "sha256": "0" * 64}}),
        ("files", {"a": {"bytes": 1}}),
        ("parameters", "many"),
    ],
)
def test_a_field_of_another_type_is_named(bundle: Path, field: str, value: object) -> None:
    rewrite(bundle, **{field: value})

    with pytest.raises(EnvironmentFault) as caught:
        read_manifest(bundle)

    assert str(caught.value.params["field"]).startswith(field)


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(InputFault) as caught:
        read_manifest(tmp_path)

    assert caught.value.code is ErrorCode.FILE_NOT_FOUND


def header(entries: object, body: bytes = b"") -> bytes:
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text + body


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 8,
        header([1, 2]),
        header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, bytes(4)),
        header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}, bytes(8)),
        header({"a": {"dtype": "F99", "shape": [2], "data_offsets": [0, 8]}}, bytes(8)),
        header({"a": {"dtype": "U8", "shape": [-4], "data_offsets": [8, 4]}}, bytes(8)),
        header({n: {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]} for n in "ab"}, bytes(8)),
    ],
)
def test_a_header_that_lies_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(content)

    with pytest.raises(EnvironmentFault) as caught:
        read_places(file)

    assert caught.value.code is ErrorCode.BUNDLE_DAMAGED


def test_a_real_header_gives_each_tensors_bytes(tiny_bundle: Path) -> None:
    import numpy as np
    from safetensors.numpy import load_file

    path = tiny_bundle / "model.safetensors"
    raw = path.read_bytes()
    for name, array in load_file(path).items():
        place = read_places(path)[name]
        assert np.array_equal(
            np.frombuffer(raw[place.offset : place.offset + place.length], "<f4").reshape(place.shape), array
        )


def test_the_store_lists_good_and_bad_bundles_and_prefers_the_first_folder(
    bundle: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(bundle, tmp_path / "more" / "broken"))
    (broken / MANIFEST_FILE).write_text("{", encoding="utf-8")
    cut = Path(shutil.copytree(bundle, tmp_path / "more" / "cut"))
    rewrite(cut, name="cut")
    (cut / "model.safetensors").write_bytes(b"short")
    shutil.copytree(bundle, tmp_path / "more" / "tiny-again")

    found = {
        info.name: info
        for info in find_bundles([bundle.parent, tmp_path / "more", tmp_path / "none"], built_in=bundle.parent)
    }

    assert {name: info.problem for name, info in found.items()} == {
        "tiny": "",
        "broken": "bundle-invalid",
        "cut": "bundle-damaged",
    }
    assert [info.name for info in found.values() if info.built_in] == ["tiny"]
    assert bundle_folder("tiny", [bundle.parent, tmp_path / "more"]) == bundle
    with pytest.raises(EnvironmentFault):
        bundle_folder("nobody", [bundle.parent])
