"""The words of a bundle's card, and writing measured numbers into a bundle that is already there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.files import os_errors_sorted, sha256_of, write_atomically
from mmbm_desktop.bundles.manifest import MANIFEST_FILE
from mmbm_desktop.bundles.store import CARD_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mmbm_desktop.training.spec import TrainSpec

_MEASURED = "## Measured"
_LANGUAGES = {"en": "English", "zh": "Chinese"}


@dataclass(frozen=True)
class Card:
    """What a bundle says about itself.

    Attributes:
        name: the bundle's folder name.
        version: of the bundle.
        title: language to the name people read.
        licence: of the weights.
        source: where they come from.
        languages: that it writes and understands.
        training_data: sets with their terms.
        quality: measured numbers, by a name that says of what, on what.
        text: the card itself, Markdown.
    """

    name: str
    version: str
    title: Mapping[str, str]
    licence: str
    source: str
    languages: Sequence[str] = ("en", "zh")
    training_data: tuple[Mapping[str, str], ...] = ()
    quality: Mapping[str, float] = field(default_factory=dict)
    text: str = ""


def card_of(spec: TrainSpec, data: str, pictures: int, languages: Sequence[str], quality: Mapping[str, float]) -> Card:
    """Return the card of a run's bundle.

    Args:
        spec: what the run was told to do.
        data: name of the data folder.
        pictures: in its train split.
        languages: that all of them have sentences in.
        quality: measured numbers, by a name that says of what, on what.
    """
    terms = spec.terms or "those of the pictures and captions it was trained on"
    sources = spec.sources or ({"name": data, "terms": terms},)
    spoken = " and ".join(_LANGUAGES[language] for language in languages)
    text = f"""# {spec.title.get("en", spec.name)}

Writes one-sentence captions and finds pictures by words, in {spoken}.

{measured(quality)}
## Limits

* It has seen {pictures:,} captioned pictures (`{data}`). What is not among them it calls by the name of something
  that looks like it.
* Its scores say how sure it was of its words, not whether they are true. Colours, numbers of people and actions are
  often wrong; names, places and written text are beyond it.
* It squashes every picture to a small square; small things are lost.

{closing(spec, terms, sources)}"""
    return Card(
        name=spec.name,
        version=spec.version,
        title=spec.title or {"en": spec.name, "zh": spec.name},
        licence=terms,
        source=f"trained with MMBM Desktop, recipe {spec.recipe}",
        languages=tuple(languages),
        training_data=sources,
        quality=quality,
        text=text,
    )


def closing(spec: TrainSpec, terms: str, sources: Sequence[Mapping[str, str]]) -> str:
    """Return the sections that end every card: where the weights come from, and how they were made."""
    start = spec.options.get("start")
    before = f", going on from the bundle `{Path(start).name}`" if start else ""
    return f"""## Data and terms

Use of the weights: {terms}.

{listed(sources)}

## How it was made

Recipe `{spec.recipe}`, seed {spec.seed}: {phases_in_words(spec)}{before}. `spec.toml` of the run says the rest.
"""


def listed(sources: Sequence[Mapping[str, str]]) -> str:
    """Return sets with their terms, a line each."""
    return "\n".join(f"* {source['name']}: {source['terms']}" for source in sources)


def phases_in_words(spec: TrainSpec) -> str:
    """Return what a run did, in order."""
    return ", then ".join(f"{phase.epochs} epochs of {phase.goal}" for phase in spec.phases)


def measured(quality: Mapping[str, float], details: str = "") -> str:
    """Return the card's section of numbers, with the Markdown that is to follow them."""
    lines = [f"| {name} | {value:.3f} |" for name, value in quality.items()]
    return "\n".join([_MEASURED, "", "| what | value |", "|---|---|", *lines, "", *([details] if details else [])])


def record(bundle: Path, numbers: Mapping[str, float], details: str = "") -> None:
    """Write numbers into a whole bundle's manifest and card, and `details` into its card.

    What it had of the same splits goes, what was measured on others stays before them: a number's name ends with its
    split, as in "BLEU-4, English, flickr8k test". Of details there is one, the latest.

    Raises:
        MmbmError: the bundle cannot be read or written.
    """
    manifest_file, card_file = bundle / MANIFEST_FILE, bundle / CARD_FILE
    with os_errors_sorted(bundle):
        manifest = json.loads(manifest_file.read_text("utf-8"))
        card = card_file.read_text("utf-8")
    before, _, rest = card.partition(_MEASURED)
    after = rest[rest.index("\n## ") + 1 :] if "\n## " in rest else ""
    splits = {_split_of(name) for name in numbers}
    others = {name: value for name, value in manifest["quality"].items() if _split_of(name) not in splits}
    manifest["quality"] = {**others, **numbers}
    write_atomically(card_file, f"{before}{measured(manifest['quality'], details)}\n{after}".encode())
    manifest["files"][CARD_FILE] = {"bytes": card_file.stat().st_size, "sha256": sha256_of(card_file)}
    write_atomically(manifest_file, (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())


def _split_of(name: str) -> str:
    return name.rpartition(", ")[2]
