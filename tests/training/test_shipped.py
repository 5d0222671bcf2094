"""The bundles that ship: whole, small, sourced, and honest in the same numbers everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.bundles.verify import verify

MODELS = Path(__file__).parents[2] / "models"
SHIPPED = sorted(path.parent for path in MODELS.glob("*/bundle.json"))
LARGEST_BYTES = 60_000_000
SPLITS = ("test", "val", "speaker-")


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_shipped_bundle_is_whole_and_says_where_it_comes_from(folder):
    manifest = verify(folder)
    assert manifest.name == folder.name
    assert {path.name for path in folder.iterdir()} == {"bundle.json", *manifest.files}
    assert manifest.training_data
    assert all(entry["name"] and entry["terms"] for entry in manifest.training_data)
    assert manifest.title.keys() >= {"en", "zh"}
    assert (MODELS / "specs" / f"{folder.name}.toml").is_file()


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_the_numbers_of_a_shipped_bundle_are_those_of_its_card_and_of_the_overview(folder):
    quality = verify(folder).quality
    card, overview = ((folder / "card.md").read_text("utf-8"), (MODELS / "README.md").read_text("utf-8"))
    assert quality
    for name, value in quality.items():
        assert any(f" {split}" in name for split in SPLITS), "a number says which split it was measured on"
        assert f"| {name} | {value:.3f} |" in card
        assert f"{value:.3f}" in overview
    assert folder.name in overview


def test_the_shipped_bundles_are_small():
    assert sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file()) <= LARGEST_BYTES
