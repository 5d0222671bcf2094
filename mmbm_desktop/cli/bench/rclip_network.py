"""Our image encoder in the shape of rclip's network, so that both programs run the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from onnx import ValueInfoProto

_RCLIP_EDGE, _RCLIP_WIDTH = 256, 512


def write_rclip_network(bundle: Path, file: Path) -> None:
    """Write a network from (N, 3, 256, 256) to (N, 512) that does what a bundle's image encoder does.

    The picture is made smaller inside, without filtering; the vector is padded with itself. Both cost next to nothing.
    """
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(bundle / "image_encoder.onnx")
    graph = model.graph
    pixels, embedding = graph.input[0], next(one for one in graph.output if one.name == "embedding")
    edge, width = _length(pixels, 1), _length(embedding, 1)
    scales = np.array([1, 1, edge / _RCLIP_EDGE, edge / _RCLIP_EDGE], np.float32)
    graph.initializer.append(numpy_helper.from_array(scales, "rclip_scales"))
    first = [
        helper.make_node("Resize", ["input", "", "rclip_scales"], ["rclip_small"], mode="linear"),
        helper.make_node("Transpose", ["rclip_small"], [pixels.name], perm=[0, 2, 3, 1]),
    ]
    last = helper.make_node("Concat", ["embedding"] * (_RCLIP_WIDTH // width), ["output"], axis=1)
    nodes = [*first, *graph.node, last]
    del graph.node[:], graph.input[:], graph.output[:]
    graph.node.extend(nodes)
    graph.input.append(helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", 3, _RCLIP_EDGE, _RCLIP_EDGE]))
    graph.output.append(helper.make_tensor_value_info("output", TensorProto.FLOAT, ["N", _RCLIP_WIDTH]))
    onnx.save(model, file)


def _length(value: ValueInfoProto, axis: int) -> int:
    return value.type.tensor_type.shape.dim[axis].dim_value
