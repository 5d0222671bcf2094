"""The store lists good and bad bundles, prefers the first folder, and lets no bad bundle hide a whole one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.manifest import MANIFEST_FILE
from mmbm_desktop.bundles.store import bundle_folder, find_bundles

Rewrite = Callable[..., None]


def test_good_and_bad_bundles_are_listed(bundle: Path, rewrite: Rewrite, tmp_path: Path) -> None:
    more = tmp_path / "more"
    broken = Path(shutil.copytree(bundle, more / "broken"))
    (broken / MANIFEST_FILE).write_text("{", encoding="utf-8")
    cut = Path(shutil.copytree(bundle, more / "cut"))
    rewrite(cut, name="cut")
    (cut / "model.safetensors").write_bytes(b"short")
    shutil.copytree(bundle, more / ".half-made")

    found = {i.name: i for i in find_bundles([bundle.parent, more, tmp_path / "none"], built_in=bundle.parent)}

    assert {name: info.problem for name, info in found.items()} == {
        "tiny": "",
        "broken": "bundle-invalid",
        "cut": "bundle-damaged",
    }
    assert [info.name for info in found.values() if info.built_in] == ["tiny"]
    assert found["tiny"].card


def test_of_two_whole_bundles_the_first_folders_counts(bundle: Path, rewrite: Rewrite, tmp_path: Path) -> None:
    newer = Path(shutil.copytree(bundle, tmp_path / "installed" / "tiny"))
    rewrite(newer, version="9")

    assert [info.version for info in find_bundles([newer.parent, bundle.parent])] == ["9"]
    assert bundle_folder("tiny", [bundle.parent, newer.parent]) == bundle
    with pytest.raises(EnvironmentFault) as caught:
        bundle_folder("nobody", [bundle.parent])
    assert caught.value.code is ErrorCode.MODEL_MISSING


@pytest.mark.parametrize("spoilt", [MANIFEST_FILE, "model.safetensors"])
def test_a_bad_bundle_does_not_hide_a_whole_one_of_its_name(bundle: Path, tmp_path: Path, spoilt: str) -> None:
    bad = Path(shutil.copytree(bundle, tmp_path / "installed" / "tiny"))
    (bad / spoilt).write_bytes(b"?")

    for folders in ([bad.parent, bundle.parent], [bundle.parent, bad.parent]):
        assert [(info.path, info.problem) for info in find_bundles(folders)] == [(str(bundle), "")]
