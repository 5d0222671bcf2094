"""The card of a translation bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.training.card import Card, closing, measured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmbm_desktop.training.data.pairs import Kind
    from mmbm_desktop.training.spec import TrainSpec

_KINDS: Mapping[Kind, str] = {"sentence": "sentences", "caption": "captions of pictures", "word": "words"}


def translation_card(spec: TrainSpec, data: str, counts: Mapping[Kind, int], quality: Mapping[str, float]) -> Card:
    """Return the card of a run's bundle.

    Args:
        spec: what the run was told to do.
        data: name of the data folder.
        counts: pairs it learned from, by kind.
        quality: measured numbers, by a name that says of what, on what.
    """
    terms = spec.terms or "those of the texts it was trained on"
    sources = spec.sources or ({"name": data, "terms": terms},)
    seen = ", ".join(f"{count:,} {_KINDS[kind]}" for kind, count in counts.items() if count)
    text = f"""# {spec.title.get("en", spec.name)}

Translates short everyday sentences between English and Chinese, both ways. Chinese comes out in simplified characters;
traditional ones are understood where the bundle's list has them.

{measured(quality)}
## Limits

* It is for short everyday sentences, and it is small: it learned from pairs of {seen} (`{data}`). Long sentences,
  news, science, law, poems and names of people and places it has not met come out wrong, often fluently.
* Its score says how sure it was of its words, not whether they are right. Translating back shows much of what was lost,
  not all. Let nothing that matters depend on it.
* It takes every sentence by itself: who "he" or "it" is, it does not know from the sentence before.

{closing(spec, terms, sources)}"""
    return Card(
        name=spec.name,
        version=spec.version,
        title=spec.title or {"en": spec.name, "zh": spec.name},
        licence=terms,
        source=f"trained with MMBM Desktop, recipe {spec.recipe}",
        training_data=sources,
        quality=quality,
        text=text,
    )
