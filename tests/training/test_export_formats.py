"""A bundle in other formats: each is read back by its own runtime and answers like the bundle, or is deleted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.bundles.manifest import read_manifest
from mmbm_desktop.training import export_formats
from mmbm_desktop.training.card import Card
from mmbm_desktop.training.export.formats import WRITERS
from mmbm_desktop.training.export.q_agent import q_agent_parts, valued_by_table
from mmbm_desktop.training.export.reading_back import differences, tolerance
from mmbm_desktop.training.publish import publish
from mmbm_desktop.training.tiny_bundle import make_tiny_classifier


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_classifier(tmp_path_factory.mktemp("bundles") / "tiny")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    preprocessing = {"environment": {"name": "frozen-lake-4x4"}, "observation": {"kind": "state", "states": 16}}
    parts = q_agent_parts(valued_by_table(np.arange(64.0).reshape(16, 4)), preprocessing)
    card = Card("walker", "0.0.1", {"en": "Walker"}, "MIT", "numbers", "# Walker\n")
    return publish(parts, card, tmp_path_factory.mktemp("bundles") / "walker")


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_answers_like_the_bundle(bundle, tmp_path, kind):
    WRITERS[kind](bundle, tmp_path)
    found = differences(bundle, tmp_path, kind)
    assert set(found) == {"picture_classifier.onnx"}
    assert max(found.values()) < 1e-5 < tolerance(bundle)


def test_each_graph_of_a_bundle_of_several_is_a_file(tiny_bundle, tmp_path):
    WRITERS["onnx"](tiny_bundle, tmp_path)
    graphs = {name for name in read_manifest(tiny_bundle).files if name.endswith(".onnx")}
    assert {path.name for path in tmp_path.iterdir()} == graphs
    found = differences(tiny_bundle, tmp_path, "onnx")
    assert set(found) == graphs
    assert max(found.values()) < 1e-5


def test_an_export_is_checked_by_a_process_of_its_own_and_brings_what_is_needed(bundle, tmp_path, capsys):
    place = tmp_path / "out" / "鸟"
    assert export_formats.main([str(bundle), "--format", "onnx", "--to", str(place)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == ["card.md", "export.json", "labels.json", "picture_classifier.onnx"]
    about = json.loads((place / "export.json").read_text("utf-8"))
    assert about["max_abs_difference"] == {"picture_classifier.onnx": 0.0} == told["max_abs_difference"]
    assert about["preprocessing"]["image"]["size"] == 16
    model = onnx.load(place / "picture_classifier.onnx", load_external_data=False)
    assert not [one for one in model.graph.initializer if one.external_data]
    with pytest.raises(InputFault) as caught:
        export_formats.export(bundle, "onnx", place)
    assert caught.value.code is ErrorCode.FILE_EXISTS


def _wrong(bundle: Path, place: Path) -> None:
    model = onnx.load(bundle / "picture_classifier.onnx")
    for one in model.graph.initializer:
        if one.data_type == onnx.TensorProto.FLOAT:
            one.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(one) + 1, one.name))
    onnx.save(model, place / "picture_classifier.onnx")


def _broken(bundle: Path, place: Path) -> None:
    (place / "picture_classifier.onnx").write_bytes(b"no graph")


def _refused(bundle: Path, place: Path) -> None:
    raise RuntimeError("an operation is not known")


@pytest.mark.parametrize(
    ("writer", "reason"),
    [(_wrong, "export-differs"), (_broken, "export-unreadable"), (_refused, "not-convertible")],
)
def test_an_export_that_fails_is_deleted_and_said(bundle, tmp_path, monkeypatch, writer, reason):
    monkeypatch.setitem(WRITERS, "onnx", writer)
    with pytest.raises(EnvironmentFault) as caught:
        export_formats.export(bundle, "onnx", tmp_path / "out")
    assert (caught.value.code, caught.value.params["reason"]) == (ErrorCode.EXPORT_FAILED, reason)
    assert list(tmp_path.iterdir()) == []


def test_a_table_is_no_keras_network_but_a_saved_model(table, tmp_path):
    with pytest.raises(EnvironmentFault) as caught:
        WRITERS["keras"](table, tmp_path)
    assert caught.value.params["reason"] == "no-network"
    WRITERS["savedmodel"](table, tmp_path)
    assert differences(table, tmp_path, "savedmodel") == {"q_agent.onnx": 0.0}
