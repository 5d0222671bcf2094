"""The words of a bundle's card, made from the spec and the measured numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.training.publish import Card

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mmbm_desktop.training.spec import TrainSpec

_OWN_DATA = "the terms of the pictures and captions it was trained on"


def card_of(spec: TrainSpec, curve: Mapping[str, Any], languages: Sequence[str]) -> Card:
    """Return the card of a run's bundle; `curve` holds the val split's last numbers by name."""
    data = Path(spec.data).name
    terms = spec.terms or _OWN_DATA
    quality = {f"{name}, {data} val": float(value) for name, value in curve.items() if name != "score"}
    lines = [
        f"# {spec.title.get('en', spec.name)}",
        "",
        f"Captions and picture search ({', '.join(languages)}), trained with the recipe `{spec.recipe}` on `{data}`.",
        "",
        *(f"* {name}: {value:.3f}" for name, value in quality.items()),
        "",
        f"Terms: {terms}",
        "",
    ]
    return Card(
        name=spec.name,
        version="0.1.0",
        title=spec.title or {"en": spec.name, "zh": spec.name},
        licence=terms,
        source=f"trained with MMBM Desktop, recipe {spec.recipe}",
        training_data=({"name": data, "terms": terms},),
        quality=quality,
        text="\n".join(lines),
    )
