"""What goes into an image-text bundle: four structures, the tokenizer, and how to prepare pictures and sentences."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.recurrent_decoder import RecurrentDecoder
from mmbm_desktop.training.data.augment import PIXEL_MEAN, PIXEL_STD
from mmbm_desktop.training.export.decoder import attention_axes, decoder_step, recurrent_step
from mmbm_desktop.training.export.hollow import Input, Structure
from mmbm_desktop.training.export.image_text_check import check_image_text
from mmbm_desktop.training.publish import BundleParts

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from mmbm_desktop.networks.image_text import ImageTextNetwork


def image_text_parts(network: ImageTextNetwork, tokenizer: Tokenizer) -> BundleParts:
    """Return what is to be published; the projection that only the teacher's lessons used is left out."""
    preprocessing = _preprocessing(network)
    return BundleParts(
        family="mmbm-image-text",
        tasks=("caption", "embed-image", "embed-text"),
        weights={name: one for name, one in weight_names(network).items() if "to_teacher" not in name},
        structures=structures(network),
        files={"tokenizer.json": tokenizer.to_str(pretty=True).encode()},
        network=asdict(network.config),
        preprocessing=preprocessing,
        check=partial(check_image_text, network=network, preprocessing=preprocessing),
    )


def _preprocessing(network: ImageTextNetwork) -> dict[str, Any]:
    config = network.config
    rules = config.rules
    text = {
        "max_tokens": config.max_tokens,
        "pad": rules.pad,
        "bos": {"en": rules.bos_en, "zh": rules.bos_zh},
        "eos": rules.eos,
        "unk": rules.unk,
        "lowercase": True,
    }
    image = {
        "size": config.image_size,
        "resize": "squash",
        "filter": "bilinear-antialias",
        "mean": PIXEL_MEAN,
        "std": PIXEL_STD,
    }
    state = {"state": {"state": (config.decoder_layers, config.width)}} if config.recurrent else {}
    return {"image": image, "text": text, **({"caption_step": state} if state else {})}


def structures(network: ImageTextNetwork) -> tuple[Structure, ...]:
    """Return what to export of `network`; B is the batch, P the tokens so far, T the length of a text."""
    return (_image_encoder(network), _text_encoder(network), _caption_memory(network), _caption_step(network))


def _image_encoder(network: ImageTextNetwork) -> Structure:
    config = network.config

    def encode(pixels: Any) -> tuple[Any, Any]:
        outputs = network.image_encoder(pixels, training=False)
        return outputs["features"], outputs["embedding"]

    size, cells = config.image_size, config.map_edge**2
    axes = {
        "pixels": ("B", size, size, 3),
        "features": ("B", cells, config.width),
        "embedding": ("B", config.embed_dim),
    }
    pixels = Input("pixels", (None, size, size, 3))
    return Structure("image_encoder.onnx", encode, (pixels,), ("features", "embedding"), axes)


def _text_encoder(network: ImageTextNetwork) -> Structure:
    def encode(ids: Any) -> tuple[Any]:
        return (network.text_encoder(ids, training=False),)

    axes = {"ids": ("B", "T"), "embedding": ("B", network.config.embed_dim)}
    return Structure("text_encoder.onnx", encode, (Input("ids", (None, None), "int32"),), ("embedding",), axes)


def _caption_memory(network: ImageTextNetwork) -> Structure:
    cells, width = network.config.map_edge**2, network.config.width
    layers = attention_axes(network.config, cells)
    memory = (1, *layers[1:]) if network.config.recurrent else layers
    axes = {"features": ("B", cells, width), "memory_k": memory, "memory_v": memory}
    features = Input("features", (None, cells, width))
    return Structure("caption_memory.onnx", network.caption_decoder.memory, (features,), ("memory_k", "memory_v"), axes)


def _caption_step(network: ImageTextNetwork) -> Structure:
    config, decoder = network.config, network.caption_decoder
    if isinstance(decoder, RecurrentDecoder):
        return recurrent_step("caption_step.onnx", decoder, config, config.map_edge**2)
    return decoder_step("caption_step.onnx", decoder, config, config.map_edge**2)
