"""Which files a structure points into, held against the `onnx` package and against forged structures."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.inference.external_data import ExternalData, external_data, require_inside


def outside(location: str, offset: int | None = 0, length: int | None = 4, name: str = "w") -> TensorProto:
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    entries = (("location", location), ("offset", offset), ("length", length))
    for key, value in entries:
        if value is not None:
            tensor.external_data.add(key=key, value=str(value))
    return tensor


def structure(*initializers: TensorProto, nodes: tuple[onnx.NodeProto, ...] = ()) -> onnx.ModelProto:
    graph = helper.make_graph(list(nodes), "g", [], [], initializer=list(initializers))
    return helper.make_model(graph)


@pytest.mark.parametrize("name", ["image_encoder", "text_encoder", "caption_memory", "caption_step"])
def test_all_tensors_of_a_real_structure_are_found(tiny_bundle: Path, name: str) -> None:
    path = tiny_bundle / f"{name}.onnx"
    model = onnx.load(str(path), load_external_data=False)
    expected = []
    for tensor in model.graph.initializer:
        if tensor.data_location == TensorProto.EXTERNAL:
            entries = {entry.key: entry.value for entry in tensor.external_data}
            expected.append(ExternalData(entries["location"], int(entries["offset"]), int(entries["length"])))
    assert expected
    assert list(external_data(path.read_bytes())) == expected


@pytest.mark.parametrize(
    "location",
    ["../secret.bin", "/etc/passwd", "other.safetensors", "", "sub/model.safetensors", "model.safetensors/."],
)
def test_a_place_the_manifest_does_not_list_is_refused(location: str) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        require_inside(structure(outside(location)).SerializeToString(), "x.onnx", {"model.safetensors": 100})
    assert caught.value.code is ErrorCode.BUNDLE_INVALID
    assert caught.value.params["file"] == "x.onnx"


@pytest.mark.parametrize(("offset", "length"), [(97, 4), (200, None), (-4, 4), (0, -4), (10**30, 4)])
def test_a_place_outside_the_file_is_refused(offset: int, length: int | None) -> None:
    model = structure(outside("model.safetensors", offset, length))
    with pytest.raises(EnvironmentFault):
        require_inside(model.SerializeToString(), "x.onnx", {"model.safetensors": 100})


def test_a_place_inside_is_accepted() -> None:
    model = structure(outside("model.safetensors", 96, 4), outside("model.safetensors", None, None))
    require_inside(model.SerializeToString(), "x.onnx", {"model.safetensors": 100})


def test_tensors_hidden_in_attributes_subgraphs_and_functions_are_found() -> None:
    constant = helper.make_node("Constant", [], ["c"], value=outside("attribute.bin"))
    inner = helper.make_graph([constant], "inner", [], [], initializer=[outside("subgraph.bin")])
    branch = helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner)
    many = helper.make_node("Odd", [], ["z"], domain="d", tensors=[outside("list.bin")])
    sparse = onnx.SparseTensorProto(values=outside("values.bin"), indices=outside("indices.bin"), dims=[1])
    model = structure(nodes=(branch, many))
    model.graph.sparse_initializer.append(sparse)
    function = helper.make_function(
        "d", "f", [], ["o"], [helper.make_node("Constant", [], ["o"], value=outside("f.bin"))], []
    )
    model.functions.append(function)
    found = {data.location for data in external_data(model.SerializeToString())}
    assert found == {"attribute.bin", "subgraph.bin", "list.bin", "values.bin", "indices.bin", "f.bin"}


def test_saying_twice_where_a_tensor_lies_is_refused() -> None:
    tensor = outside("model.safetensors")
    tensor.external_data.add(key="location", value="../secret.bin")
    with pytest.raises(EnvironmentFault, match="twice"):
        require_inside(structure(tensor).SerializeToString(), "x.onnx", {"model.safetensors": 100})


@pytest.mark.parametrize(
    "content", [b"garbage, not protobuf", b"\x3a", b"\x3a\xff\x01abc", b"\xff" * 20, b"\x3a\x05\x2a"]
)
def test_what_is_no_structure_is_refused(content: bytes) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        require_inside(content, "x.onnx", {"model.safetensors": 100})
    assert caught.value.code is ErrorCode.BUNDLE_INVALID


def test_endless_nesting_is_refused() -> None:
    def wrapped(number: int, content: bytes) -> bytes:
        size = len(content)
        return bytes([number << 3 | 2, 0x80 | size & 0x7F, size >> 7]) + content

    graph = b""
    for _ in range(50):
        graph = wrapped(1, wrapped(5, wrapped(6, graph)))
    with pytest.raises(EnvironmentFault, match="deep"):
        require_inside(wrapped(7, graph), "x.onnx", {})
