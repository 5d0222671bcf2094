"""Which parts of an image-text network each goal of the image-text recipe trains, and what is then worth publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mmbm_desktop.training.recipes.image_text_learner import ImageTextLearner

_SEARCH = ("joint", "contrast")
_CAPTIONS = ("joint", "caption")


def choose_trained(learner: ImageTextLearner, goal: str, started: bool) -> None:
    """Let the parts learn that a goal is about.

    Args:
        learner: whose network it is.
        goal: "distil" teaches the image encoder alone; "contrast" search and "caption" captions; "joint" both.
        started: whether the network is a finished bundle's. Then "contrast" leaves its captions as they are and
            "caption" its search: what both use, the convolutions and the table of tokens, stays.
    """
    network, learner.goal = learner.network, goal
    encoder = network.image_encoder
    common = goal == "joint" or not started
    for part in (*encoder.stem, *encoder.blocks, encoder.last):
        part.trainable = common or goal == "distil"
    encoder.to_features.trainable = encoder.features_norm.trainable = goal in _CAPTIONS
    encoder.to_embedding.trainable = network.text_encoder.trainable = goal in _SEARCH
    network.caption_decoder.trainable = goal in _CAPTIONS
    network.tokens.trainable = common and goal != "distil"
    learner.scale.trainable = goal in _SEARCH


def tasks_of(goals: Iterable[str], started: bool) -> tuple[str, ...]:
    """Return what a bundle can do after these goals; one that was started from keeps what it could."""
    taught = set(goals)
    captions = ("caption",) if started or taught & set(_CAPTIONS) else ()
    search = ("embed-image", "embed-text") if started or taught & set(_SEARCH) else ()
    return captions + search


def writes(goal: str) -> bool:
    """Whether a goal teaches captions."""
    return goal in _CAPTIONS


def finds(goal: str) -> bool:
    """Whether a goal teaches search."""
    return goal in _SEARCH
