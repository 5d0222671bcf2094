"""What goes into a translation bundle: two structures, the tokenizer and two word lists."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from mmbm_desktop.inference.spelling import CHARACTERS_FILE, NAMES_FILE
from mmbm_desktop.inference.translate import ENCODER, FAMILY, STEP
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.training.export.hollow import Input, Structure
from mmbm_desktop.training.export.translation_check import check_translation
from mmbm_desktop.training.publish import BundleParts

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from mmbm_desktop.inference.spelling import Spelling
    from mmbm_desktop.networks.translation import TranslationNetwork


def translation_parts(network: TranslationNetwork, tokenizer: Tokenizer, spelling: Spelling) -> BundleParts:
    """Return what is to be published."""
    preprocessing = {"text": _text(network)}
    characters = [f"{chr(long)}{short}" for long, short in sorted(spelling.simplified.items())]
    return BundleParts(
        family=FAMILY,
        tasks=("translate",),
        weights=weight_names(network),
        structures=structures(network),
        files={
            "tokenizer.json": tokenizer.to_str(pretty=True).encode(),
            NAMES_FILE: _lines(sorted(spelling.names.values())),
            CHARACTERS_FILE: _lines(characters),
        },
        network=asdict(network.config),
        preprocessing=preprocessing,
        check=partial(check_translation, network=network, preprocessing=preprocessing),
    )


def _lines(entries: list[str]) -> bytes:
    return "".join(f"{entry}\n" for entry in entries).encode()


def _text(network: TranslationNetwork) -> dict[str, Any]:
    rules = network.config.rules
    return {
        "max_tokens": network.config.max_tokens,
        "pad": rules.pad,
        "bos": {"en": rules.bos_en, "zh": rules.bos_zh},
        "eos": rules.eos,
        "unk": rules.unk,
        "lowercase": True,
    }


def structures(network: TranslationNetwork) -> tuple[Structure, ...]:
    """Return what to export of `network`; B is the batch, S the length of the source, P the tokens so far."""
    return (_encoder(network), _step(network))


def _heads(network: TranslationNetwork, length: str) -> tuple[str | int, ...]:
    config = network.config
    return (config.decoder_layers, "B", config.heads, length, config.head_dim)


def _encoder(network: TranslationNetwork) -> Structure:
    def encode(ids: Any) -> tuple[Any, Any]:
        return network.decoder.memory(network.encoder(ids, training=False))

    memory = _heads(network, "S")
    axes = {"ids": ("B", "S"), "memory_k": memory, "memory_v": memory}
    return Structure(ENCODER, encode, (Input("ids", (None, None), "int32"),), ("memory_k", "memory_v"), axes)


def _step(network: TranslationNetwork) -> Structure:
    config = network.config

    def step(tokens: Any, position: Any, cache_k: Any, cache_v: Any, memory_k: Any, memory_v: Any) -> Any:
        return network.decoder.step(tokens, position, (cache_k, cache_v), (memory_k, memory_v))

    shape = (config.decoder_layers, None, config.heads, None, config.head_dim)
    inputs = (
        Input("tokens", (None,), "int32"),
        Input("position", (1,), "int32"),
        *(Input(name, shape) for name in ("cache_k", "cache_v", "memory_k", "memory_v")),
    )
    cache, memory, grown = _heads(network, "P"), _heads(network, "S"), _heads(network, "P + 1")
    axes = {
        "tokens": ("B",),
        "cache_k": cache,
        "cache_v": cache,
        "memory_k": memory,
        "memory_v": memory,
        "logits": ("B", config.vocab),
        "new_cache_k": grown,
        "new_cache_v": grown,
    }
    return Structure(STEP, step, inputs, ("logits", "new_cache_k", "new_cache_v"), axes)
