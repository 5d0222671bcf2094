"""What goes into a translation bundle: two structures, the tokenizer and two word lists."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from mmbm_desktop.inference.spelling import CHARACTERS_FILE, NAMES_FILE
from mmbm_desktop.inference.translate import ENCODER, FAMILY, STEP
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.training.export.decoder import attention_axes, decoder_step
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
    return (_encoder(network), decoder_step(STEP, network.decoder, network.config, "S"))


def _encoder(network: TranslationNetwork) -> Structure:
    def encode(ids: Any) -> tuple[Any, Any]:
        return network.decoder.memory(network.encoder(ids, training=False))

    memory = attention_axes(network.config, "S")
    axes = {"ids": ("B", "S"), "memory_k": memory, "memory_v": memory}
    return Structure(ENCODER, encode, (Input("ids", (None, None), "int32"),), ("memory_k", "memory_v"), axes)
