"""Reading the manifest's preprocessing."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.manifest import Manifest, read_manifest
from mmbm_desktop.inference.rules import read_rules


@pytest.fixture
def manifest(tiny_bundle: Path) -> Manifest:
    return read_manifest(tiny_bundle)


def test_the_rules_of_a_real_bundle_are_read(manifest: Manifest, tiny_bundle: Path) -> None:
    image, text = read_rules(manifest)
    stored = json.loads((tiny_bundle / "bundle.json").read_text())["preprocessing"]
    assert image.size == stored["image"]["size"]
    assert list(image.mean) == stored["image"]["mean"]
    assert text.bos == stored["text"]["bos"]
    assert (text.pad, text.eos, text.unk) == (0, 3, 4)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("image",), None),
        (("image", "size"), 0),
        (("image", "size"), 10**9),
        (("image", "size"), "big"),
        (("image", "std"), [0.2, 0.0, 0.2]),
        (("image", "mean"), [0.5]),
        (("image", "resize"), "crop"),
        (("text", "bos"), {}),
        (("text", "bos"), [1, 2]),
        (("text", "max_tokens"), 2),
        (("text", "eos"), None),
    ],
)
def test_unusable_rules_are_refused(manifest: Manifest, place: tuple[str, ...], value: Any) -> None:
    changed = copy.deepcopy(manifest.preprocessing)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises(EnvironmentFault) as caught:
        read_rules(replace(manifest, preprocessing=changed))
    assert caught.value.code is ErrorCode.BUNDLE_INVALID


def test_another_family_is_refused(manifest: Manifest) -> None:
    with pytest.raises(EnvironmentFault):
        read_rules(replace(manifest, family="something-else"))
