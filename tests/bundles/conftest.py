"""A bundle that a test may spoil."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mmbm_desktop.bundles.manifest import MANIFEST_FILE


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    """Return a copy of the tiny bundle."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundles" / "tiny"))


@pytest.fixture
def rewrite() -> Callable[..., None]:
    """Return a function that changes fields of a bundle's manifest."""

    def change(bundle: Path, **changes: object) -> None:
        file = bundle / MANIFEST_FILE
        content = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps({**content, **changes}), encoding="utf-8")

    return change
