"""Turns a traced function into an ONNX structure without weights: they stay in the safetensors file it points into.

The function is traced with the weights as graph inputs (TensorFlow backend only); after the conversion those inputs
become initializers with `external_data`. Nothing is copied and nothing large is ever in memory twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import onnx
import tensorflow as tf
import tf2onnx

from mmbm_desktop.base.errors import BugFault, ErrorCode
from mmbm_desktop.base.files import write_atomically
from mmbm_desktop.bundles.safetensors_header import read_places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from mmbm_desktop.bundles.safetensors_header import TensorPlace

OPSET = 18
_WEIGHT = "weight__"


@dataclass(frozen=True)
class Input:
    """One input of a structure; None in `shape` is an axis of any length."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str = "float32"


@dataclass(frozen=True)
class Structure:
    """What to export: a function of tensors, the file it goes to and the names of what goes in and out.

    `outputs` name the tuple that `function` returns, in order; `axes` names the unknown axes of inputs and outputs.
    """

    file: str
    function: Callable[..., Any]
    inputs: tuple[Input, ...]
    outputs: tuple[str, ...]
    axes: Mapping[str, tuple[str | int, ...]]


def export_structure(structure: Structure, weights: Mapping[str, Any], weights_file: Path) -> Path:
    """Write one structure beside its weights.

    Args:
        structure: what to export.
        weights: published name to Keras variable; all are in `weights_file`, not all need to be used.
        weights_file: the bundle's safetensors file.

    Returns:
        The ONNX file, in the folder of `weights_file`.

    Raises:
        BugFault: a weight is not in the file, or the conversion left an input of unknown origin.
    """
    names = list(weights)
    model = _convert(structure, [weights[name] for name in names])
    _rename(model.graph, structure)
    _point_into(model.graph, names, read_places(weights_file), weights_file.name)
    path = weights_file.parent / structure.file
    write_atomically(path, model.SerializeToString())
    return path


def _convert(structure: Structure, variables: Sequence[Any]) -> onnx.ModelProto:
    inputs = [tf.TensorSpec(i.shape, i.dtype, name=i.name) for i in structure.inputs]
    specs = [tf.TensorSpec(v.shape, v.dtype, name=f"{_WEIGHT}{n}") for n, v in enumerate(variables)]

    def traced(*tensors: Any) -> Any:
        given, values = tensors[: len(inputs)], tensors[len(inputs) :]
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
            return structure.function(*given)

    signature = [*inputs, *specs]
    function = tf.function(traced, input_signature=signature, autograph=False)
    model, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=OPSET)
    return model


def _rename(graph: onnx.GraphProto, structure: Structure) -> None:
    """Give inputs and outputs the names and axes of the contract."""
    if len(graph.output) != len(structure.outputs):
        raise BugFault(ErrorCode.BUG, f"{structure.file}: {len(graph.output)} outputs")
    names = {value.name: value.name.split(":")[0] for value in graph.input}
    names |= {value.name: name for value, name in zip(graph.output, structure.outputs, strict=True)}
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for value in (*graph.input, *graph.output):
        value.name = names[value.name]
        if value.name in structure.axes:
            shape = value.type.tensor_type.shape
            del shape.dim[:]
            for axis in structure.axes[value.name]:
                shape.dim.add(**({"dim_value": axis} if isinstance(axis, int) else {"dim_param": axis}))


def _point_into(graph: onnx.GraphProto, names: Sequence[str], places: Mapping[str, TensorPlace], location: str) -> None:
    """Replace the weights among the graph's inputs by initializers that lie in the file `location`."""
    used = {name for node in graph.node for name in node.input}
    kept = [value for value in graph.input if not value.name.startswith(_WEIGHT)]
    for value in graph.input:
        if not value.name.startswith(_WEIGHT) or value.name not in used:
            continue
        name = names[int(value.name.removeprefix(_WEIGHT))]
        if name not in places:
            raise BugFault(ErrorCode.BUG, f"{name} is not in {location}")
        tensor = onnx.TensorProto(name=value.name, data_type=value.type.tensor_type.elem_type)
        tensor.dims.extend(axis.dim_value for axis in value.type.tensor_type.shape.dim)
        tensor.data_location = onnx.TensorProto.EXTERNAL
        place = {"location": location, "offset": str(places[name].offset), "length": str(places[name].length)}
        for key, text in place.items():
            tensor.external_data.add(key=key, value=text)
        graph.initializer.append(tensor)
    del graph.input[:]
    graph.input.extend(kept)
