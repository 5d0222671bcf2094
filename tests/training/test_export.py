"""Hollow export: nothing is copied, nothing is left over, and a structure that answers wrongly is refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime
import pytest

from mmbm_desktop.base.errors import BugFault
from mmbm_desktop.bundles.safetensors_header import read_places
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.networks.image_text import build_image_text
from mmbm_desktop.training.export.check import TOLERANCE, compare
from mmbm_desktop.training.export.image_text import image_text_parts
from mmbm_desktop.training.export.image_text_check import check_image_text
from mmbm_desktop.training.publish import publish
from mmbm_desktop.training.tiny_bundle import make_tiny_bundle, tiny_config

STRUCTURES = ("image_encoder", "text_encoder", "caption_memory", "caption_step")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_bundle(tmp_path_factory.mktemp("bundles") / "tiny")


def _manifest(folder: Path) -> dict:
    return json.loads((folder / "bundle.json").read_text("utf-8"))


def test_every_structure_answers_like_the_network(bundle):
    probe = _manifest(bundle)["probe"]
    assert set(probe["max_abs_difference"]) == {f"{name}.onnx" for name in STRUCTURES}
    assert max(probe["max_abs_difference"].values()) < probe["tolerance"] == TOLERANCE


def test_structures_hold_no_weights_and_point_into_the_one_file(bundle):
    places = {(p.offset, p.length) for p in read_places(bundle / "model.safetensors").values()}
    pointed = set()
    for name in STRUCTURES:
        model = onnx.load(bundle / f"{name}.onnx", load_external_data=False)
        onnx.checker.check_model(bundle / f"{name}.onnx")
        assert {(entry.domain, entry.version) for entry in model.opset_import} >= {("", 18)}
        for tensor in model.graph.initializer:
            external = {entry.key: entry.value for entry in tensor.external_data}
            if not external:
                assert np.prod(tensor.dims) <= 32
                continue
            assert external["location"] == "model.safetensors"
            pointed.add((int(external["offset"]), int(external["length"])))
    assert pointed == places


def test_the_manifest_lists_every_file_with_its_hash_and_the_networks_sizes(bundle):
    manifest = _manifest(bundle)
    assert verify(bundle).name == "tiny"
    files = {path.name for path in bundle.iterdir()} - {"bundle.json"}
    assert set(manifest["files"]) == files
    for name, entry in manifest["files"].items():
        data = (bundle / name).read_bytes()
        assert entry == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert manifest["parameters"] * 4 < manifest["files"]["model.safetensors"]["bytes"]


def test_the_tests_bundle_is_the_one_this_code_makes(bundle, tiny_bundle):
    """Versions of TensorFlow may lay a graph out differently; weights, words and answers stay."""
    fresh, kept = _manifest(bundle), _manifest(tiny_bundle)
    assert fresh["files"]["model.safetensors"] == kept["files"]["model.safetensors"]
    assert fresh["network"] == kept["network"]
    assert fresh["preprocessing"] == kept["preprocessing"]
    for file, outputs in fresh["probe"]["expected"].items():
        np.testing.assert_allclose(outputs["embedding"], kept["probe"]["expected"][file]["embedding"], atol=1e-5)


def test_an_export_that_answers_wrongly_is_refused(bundle):
    keras.utils.set_random_seed(8)
    another = build_image_text(tiny_config(_manifest(bundle)["network"]["vocab"]))
    with pytest.raises(BugFault, match="differs from the network"):
        check_image_text(bundle, another, _manifest(bundle)["preprocessing"])


def test_large_answers_may_differ_by_steps_of_a_32_bit_number_and_small_ones_by_little():
    def differing(value: float, other: float) -> dict:
        return compare({"a": {"x": np.array([[value]])}}, {"a": {"x": np.array([[other]])}}, {"a": "x"})

    assert differing(5000.0, 5000.0 + 2**-11)["tolerance"] == pytest.approx(5e-3)
    for value, other in ((1.0, 1.0 + 2**-11), (5000.0, 5000.01), (1.0, np.nan), (np.inf, np.inf)):
        with np.errstate(invalid="ignore"), pytest.raises(BugFault, match="differs from the network"):
            differing(value, other)


def test_a_failed_publishing_leaves_the_old_bundle_and_no_rubbish(bundle, tmp_path):
    from tokenizers import Tokenizer

    from mmbm_desktop.training.card import Card

    place = tmp_path / "mine"
    place.mkdir()
    (place / "old").write_text("old", "utf-8")
    tokenizer = Tokenizer.from_file(str(bundle / "tokenizer.json"))
    network = build_image_text(tiny_config(tokenizer.get_vocab_size()))
    weight = next(v for v in network.weights if v.path.endswith("to_embedding/kernel"))
    weight.assign(np.full(weight.shape, np.nan, np.float32))
    with pytest.raises(BugFault):
        publish(image_text_parts(network, tokenizer), Card("mine", "1", {}, "", ""), place)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert (place / "old").read_text("utf-8") == "old"


def test_a_caption_starts_from_an_empty_cache(bundle):
    step = onnxruntime.InferenceSession(bundle / "caption_step.onnx", providers=["CPUExecutionProvider"])
    sizes = _manifest(bundle)["network"]
    heads, depth = sizes["heads"], sizes["width"] // sizes["heads"]
    empty = np.zeros((sizes["decoder_layers"], 3, heads, 0, depth), np.float32)
    memory = np.zeros((sizes["decoder_layers"], 3, heads, 16, depth), np.float32)
    feed = {"tokens": np.array([1, 2, 1], np.int32), "position": np.array([0], np.int32)}
    feed |= {"cache_k": empty, "cache_v": empty, "memory_k": memory, "memory_v": memory}
    logits, keys, values = step.run(None, feed)
    assert logits.shape == (3, sizes["vocab"])
    assert keys.shape == values.shape == (sizes["decoder_layers"], 3, heads, 1, depth)
    np.testing.assert_allclose(logits[0], logits[2], atol=1e-6)
