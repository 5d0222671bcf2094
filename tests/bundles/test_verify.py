"""A whole bundle passes; one changed byte, a missing file, a link or an unlisted structure is found and named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.manifest import MANIFEST_FILE
from mmbm_desktop.bundles.verify import verify


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


def test_a_manifest_that_is_a_link_is_refused(bundle: Path) -> None:
    elsewhere = bundle.parent / MANIFEST_FILE
    shutil.move(bundle / MANIFEST_FILE, elsewhere)
    (bundle / MANIFEST_FILE).symlink_to(elsewhere)

    with pytest.raises(EnvironmentFault) as caught:
        verify(bundle)

    assert caught.value.params["file"] == MANIFEST_FILE
