"""A manifest is read strictly: what is wrong is named, and what is written is read back the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.bundles.manifest import MANIFEST_FILE, read_manifest, write_manifest

Rewrite = Callable[..., None]


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "a/b", "..", ".", "", "c:\\x", "a\0b", "bundle.json", "\\\\host\\x"]
)
def test_a_manifest_may_not_name_a_path_outside(bundle: Path, rewrite: Rewrite, name: str) -> None:
    rewrite(bundle, files={name: {"bytes": 0, "sha256": "0" * 64}})

    with pytest.raises(EnvironmentFault) as caught:
        read_manifest(bundle)

    assert caught.value.code is ErrorCode.BUNDLE_INVALID
    assert caught.value.params["field"] == f"files/{name}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 2),
        ("name", "Bad Name!"),
        ("name", ".."),
        ("version", 1),
        ("tasks", "caption"),
        ("tasks", ["caption", 3]),
        ("title", {"en": 3}),
        ("quality", {"R@1": "high"}),
        ("quality", {"R@1": True}),
        ("quality", {"R@1": float("nan")}),
        ("training_data", ["flickr8k"]),
        ("training_data", [{"name": 8}]),
        ("network", []),
        ("files", {"a": {"bytes": -1, "sha256": "0" * 64}}),
        ("files", {"a": {"bytes": True, "sha256": "0" * 64}}),
        ("files", {"a": {"bytes": 1, "sha256": "0" * 63}}),
        ("files", {"a": {"bytes": 1}}),
        ("files", {"a": None}),
        ("parameters", "many"),
        ("parameters", True),
    ],
)
def test_a_field_of_another_type_is_named(bundle: Path, rewrite: Rewrite, field: str, value: object) -> None:
    rewrite(bundle, **{field: value})

    with pytest.raises(EnvironmentFault) as caught:
        read_manifest(bundle)

    assert caught.value.code is ErrorCode.BUNDLE_INVALID
    assert str(caught.value.params["field"]).startswith(field)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 200_000, b'{"format": 1}'])
def test_what_is_no_manifest_is_refused(bundle: Path, content: bytes) -> None:
    (bundle / MANIFEST_FILE).write_bytes(content)

    with pytest.raises(EnvironmentFault) as caught:
        read_manifest(bundle)

    assert caught.value.code is ErrorCode.BUNDLE_INVALID


def test_a_manifest_of_many_megabytes_is_not_read(bundle: Path) -> None:
    with (bundle / MANIFEST_FILE).open("ab") as file:
        file.truncate(5 << 20)

    with pytest.raises(EnvironmentFault) as caught:
        read_manifest(bundle)

    assert caught.value.params["field"] == "size"


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(InputFault) as caught:
        read_manifest(tmp_path)

    assert caught.value.code is ErrorCode.FILE_NOT_FOUND


def test_what_is_written_is_read_back_the_same(bundle: Path, tmp_path: Path) -> None:
    manifest = replace(read_manifest(bundle), title={"en": "Tiny", "zh": "微型"}, quality={"R@10": 0.25})

    write_manifest(tmp_path, manifest)

    assert read_manifest(tmp_path) == manifest
    written = json.loads((tmp_path / MANIFEST_FILE).read_text(encoding="utf-8"))
    original = json.loads((bundle / MANIFEST_FILE).read_text(encoding="utf-8"))
    assert written.keys() == original.keys()
    assert written["files"] == original["files"]


def test_a_number_json_cannot_hold_is_not_written(bundle: Path) -> None:
    before = (bundle / MANIFEST_FILE).read_bytes()

    with pytest.raises(ValueError, match="not JSON compliant"):
        write_manifest(bundle, replace(read_manifest(bundle), quality={"R@10": float("inf")}))

    assert (bundle / MANIFEST_FILE).read_bytes() == before
