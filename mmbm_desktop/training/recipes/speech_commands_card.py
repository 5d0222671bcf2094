"""The words of a speech-command bundle's card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.training.card import Card, listed, measured, phases_in_words
from mmbm_desktop.training.data.synthesised import PROGRAM
from mmbm_desktop.training.recipe_rules import SpeechCommandsOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmbm_desktop.training.recipes.speech_commands_data import SpeechCommandsData
    from mmbm_desktop.training.spec import TrainSpec

_FEW_WORDS = 40


def speech_commands_card(spec: TrainSpec, data: SpeechCommandsData, quality: Mapping[str, float]) -> Card:
    """Return the card of a run's bundle.

    Args:
        spec: what the run was told to do.
        data: what it learned from.
        quality: measured numbers, by a name that says of what, on what.
    """
    name = Path(spec.data).name
    terms = spec.terms or "those of the recordings it was trained on"
    sources = spec.sources or ({"name": name, "terms": terms},)
    train = data.splits["train"]
    speakers = sorted(set(train.speakers[: data.recorded]) - {""})
    begun = "" if data.start is None else f" It went on from {data.start.name}."
    held_out = spec.options.get("held_out_speakers", ())
    absent = f" Never trained on: speaker {', '.join(held_out)}." if held_out else ""
    text = f"""# {spec.title.get("en", spec.name)}

Writes down {_vocabulary(data.words)}, said alone or one after the other, and nothing else.

{measured(quality)}
## Limits

* It knows {len(data.words):,} words. Anything else that is said comes out as one of them, or not at all: it is no
  dictation. {_noises(spec)}
* It has heard {data.recorded:,} short clips (`{name}`){_of(speakers)}.{begun}{_synthesised(data)}{absent}
  Other voices, accents, rooms and microphones cost accuracy.
* Words said quickly, without a pause between them, are often run together.

## Data and terms

Use of the weights: {terms}.

{listed(sources)}

## How it was made

Recipe `{spec.recipe}`, seed {spec.seed}: {phases_in_words(spec)}. `spec.toml` of the run says the rest.
"""
    return Card(
        name=spec.name,
        version=spec.version,
        title=spec.title or {"en": spec.name, "zh": spec.name},
        licence=terms,
        source=f"trained with MMBM Desktop, recipe {spec.recipe}",
        languages=(data.language,),
        training_data=sources,
        quality=quality,
        text=text,
    )


def _noises(spec: TrainSpec) -> str:
    if spec.options.get("wordless", SpeechCommandsOptions.wordless):
        return "It learned to write nothing of tones, noises and other talk, but does not always."
    return "Tones, music and noises may come out as words too."


def _synthesised(data: SpeechCommandsData) -> str:
    train = data.splits["train"]
    made = train.speakers[data.recorded : len(train.pcm) - data.replayed]
    count, voices = len(made), len(set(made))
    return f" {count:,} more were said by {voices} voices of a synthesiser, {PROGRAM}." if count else ""


def _vocabulary(words: tuple[str, ...]) -> str:
    if len(words) <= _FEW_WORDS:
        return f"the words *{', '.join(words)}*"
    return f"{len(words):,} words"


def _of(speakers: list[str]) -> str:
    return f" of {len(speakers)} speakers ({', '.join(speakers)})" if 0 < len(speakers) <= _FEW_WORDS else ""
