"""The step of a caption decoder, which also writes translations, as `inference.decoder_step` runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mmbm_desktop.training.export.hollow import Input, Structure

if TYPE_CHECKING:
    from mmbm_desktop.networks.caption_decoder import CaptionDecoder
    from mmbm_desktop.networks.image_text_config import ImageTextConfig
    from mmbm_desktop.networks.recurrent_decoder import RecurrentDecoder
    from mmbm_desktop.networks.translation_config import TranslationConfig

    Config = ImageTextConfig | TranslationConfig


def attention_axes(config: Config, length: str | int) -> tuple[str | int, ...]:
    """Return the axes of keys or values: (layers, B, heads, length, head_dim)."""
    return (config.decoder_layers, "B", config.heads, length, config.head_dim)


def recurrent_step(file: str, decoder: RecurrentDecoder, config: ImageTextConfig, memory: int) -> Structure:
    """Return the structure that scores the next token from a state; arguments as of `decoder_step`."""

    def step(tokens: Any, state: Any, memory_k: Any, memory_v: Any) -> Any:
        return decoder.step(tokens, None, (state,), (memory_k, memory_v))

    layers, width = config.decoder_layers, config.width
    seen = (1, None, config.heads, memory, config.head_dim)
    inputs = (
        Input("tokens", (None,), "int32"),
        Input("state", (layers, None, width)),
        Input("memory_k", seen),
        Input("memory_v", seen),
    )
    held = (1, "B", config.heads, memory, config.head_dim)
    axes = {
        "tokens": ("B",),
        "state": (layers, "B", width),
        "memory_k": held,
        "memory_v": held,
        "logits": ("B", config.vocab),
        "new_state": (layers, "B", width),
    }
    return Structure(file, step, inputs, ("logits", "new_state"), axes)


def decoder_step(file: str, decoder: CaptionDecoder, config: Config, memory: str | int) -> Structure:
    """Return the structure that scores the next token.

    Args:
        file: where it goes.
        decoder: whose step it is.
        config: its sizes.
        memory: how many places the decoder looks at, or the name of that axis where it differs.
    """

    def step(tokens: Any, position: Any, cache_k: Any, cache_v: Any, memory_k: Any, memory_v: Any) -> Any:
        return decoder.step(tokens, position, (cache_k, cache_v), (memory_k, memory_v))

    def held(name: str, length: int | None) -> Input:
        return Input(name, (config.decoder_layers, None, config.heads, length, config.head_dim))

    places = memory if isinstance(memory, int) else None
    inputs = (
        Input("tokens", (None,), "int32"),
        Input("position", (1,), "int32"),
        held("cache_k", None),
        held("cache_v", None),
        held("memory_k", places),
        held("memory_v", places),
    )
    cache, seen, grown = (attention_axes(config, length) for length in ("P", memory, "P + 1"))
    axes = {
        "tokens": ("B",),
        "cache_k": cache,
        "cache_v": cache,
        "memory_k": seen,
        "memory_v": seen,
        "logits": ("B", config.vocab),
        "new_cache_k": grown,
        "new_cache_v": grown,
    }
    return Structure(file, step, inputs, ("logits", "new_cache_k", "new_cache_v"), axes)
