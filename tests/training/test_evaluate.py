"""Measuring a bundle and writing what was measured into it; no TensorFlow is needed for either."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.training.card import card_of, record
from mmbm_desktop.training.evaluate import evaluate, main
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.spec import read_spec


@pytest.fixture
def bundle(tiny_bundle, tmp_path) -> Path:
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundle"))


def test_every_number_of_both_languages_is_measured(bundle, shapes):
    found = evaluate(Measuring(bundle, shapes, "test"))
    assert found.items == 4
    assert len(found.numbers) == 2 * (3 + 3 + 2)
    assert found.numbers["text-to-image R@10, English"] == 1
    assert set(found.answers) == {"en", "zh"}
    assert len(found.answers["en"]) == 4


def test_an_unreadable_picture_is_named_and_the_rest_measured(bundle, shapes):
    (shapes / "green-disc-2.png").unlink(missing_ok=True)
    broken = next(path for path in sorted(shapes.glob("*-2.png")) if path.name.startswith(("red", "blue")))
    broken.write_bytes(b"no picture")
    splits = [evaluate(Measuring(bundle, shapes, split)) for split in ("val", "test")]
    assert str(broken) in {name for found in splits for name in found.unreadable}
    assert all(found.items for found in splits)


def test_a_damaged_bundle_is_refused(bundle, shapes):
    weights = bundle / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\0")
    with pytest.raises(EnvironmentFault) as caught:
        evaluate(Measuring(bundle, shapes, "test"))
    assert caught.value.code == ErrorCode.BUNDLE_DAMAGED


def test_a_split_without_pictures_is_refused(bundle, shapes):
    table = shapes / "metadata.jsonl"
    table.write_text(table.read_text("utf-8").replace('"split": "test"', '"split": "val"'), "utf-8")
    with pytest.raises(InputFault) as caught:
        evaluate(Measuring(bundle, shapes, "test"))
    assert caught.value.code == ErrorCode.DATASET_INVALID


def test_recorded_numbers_are_in_manifest_and_card_and_the_bundle_stays_whole(bundle, shapes, spec_file, capsys):
    card = card_of(read_spec(spec_file), "shapes", 16, ("en", "zh"), {"old number": 0.5}).text
    (bundle / "card.md").write_text(card, "utf-8")
    elsewhere = {"BLEU-4, English, shapes val": 0.25}
    record(bundle, {**elsewhere, "older still, shapes test": 0.5})
    assert verify(bundle).quality["older still, shapes test"] == 0.5
    assert main([str(bundle), "--data", str(shapes), "--record", "--limit", "3", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    quality = verify(bundle).quality
    assert quality.items() >= {**elsewhere, **{f"{n}, shapes test": v for n, v in printed["metrics"].items()}}.items()
    assert "older still, shapes test" not in quality
    text = (bundle / "card.md").read_text("utf-8")
    assert "old number" not in text
    assert "older still" not in text
    assert "| BLEU-4, English, shapes val | 0.250 |" in text
    assert text.count("## Measured") == 1
    assert text.index("## Measured") < text.index("CIDEr-D, English, shapes test") < text.index("## Limits")
    assert text.split("## Limits")[1] == card.split("## Limits")[1]


def test_measuring_imports_neither_tensorflow_nor_keras(bundle, shapes):
    code = (
        "import sys; from mmbm_desktop.training.evaluate import main; "
        f"status = main([{str(bundle)!r}, '--data', {str(shapes)!r}, '--limit', '2']); "
        "loaded = {'tensorflow', 'keras'} & set(sys.modules); sys.exit(9 if loaded else status)"
    )
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0
