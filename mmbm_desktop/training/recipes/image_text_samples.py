"""Captions that an image-text network writes of a few val pictures while it learns: greedy, in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.inference.chrf import corpus_chrf
from mmbm_desktop.inference.tidy import tidy_caption
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.protocol.training import Sample

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.networks.image_text import ImageTextNetwork
    from mmbm_desktop.networks.tensors import Tensor
    from mmbm_desktop.training.recipes.image_text_data import ImageTextData

    Ids = npt.NDArray[np.int32]

_PICTURES = 4


def caption_samples(network: ImageTextNetwork, data: ImageTextData) -> list[Sample]:
    """Return the first val pictures with people's first sentence and the network's; the score is their chrF."""
    split = data.splits["val"]
    rows = split.rows[:_PICTURES]
    features = network.image_encoder(data.squares(rows, network.config.image_size), training=False)["features"]
    found = []
    for language in data.languages:
        right = split.ids[language][split.first[language][: len(rows)]]
        written = greedy_captions(network, features, int(right[0, 0]))
        for row, truth, guess in zip(rows, right, written, strict=True):
            texts = [tidy_caption(_plain(data, network, ids), language) for ids in (truth[1:], guess)]
            score = corpus_chrf([texts[1]], [texts[0]])
            found.append(Sample("picture", data.paths[int(row)], texts[0], texts[1], round(score, 4)))
    return found


def _plain(data: ImageTextData, network: ImageTextNetwork, ids: Ids) -> str:
    """Return the text up to the end's mark."""
    row, end = ids.tolist(), network.config.rules.eos
    return data.tokenizer.decode(row[: row.index(end)] if end in row else row, skip_special_tokens=True)


def greedy_captions(network: ImageTextNetwork, features: Tensor, start: int) -> Ids:
    """Return the likeliest next token again and again, ids (B, max_tokens - 1) without the first mark.

    Args:
        network: whose decoder scores whole rows, so that any decoder will do.
        features: of the pictures, (B, N, width).
        start: the language's mark.
    """
    config = network.config
    ids = np.full((len(features), config.max_tokens), config.rules.pad, np.int32)
    ids[:, 0] = start
    for place in range(1, config.max_tokens):
        logits = to_numpy(network.caption_decoder(ids[:, :-1], features, training=False))
        ids[:, place] = logits[:, place - 1].argmax(axis=-1)
        if (ids[:, 1 : place + 1] == config.rules.eos).any(axis=1).all():
            break
    return ids[:, 1:]
