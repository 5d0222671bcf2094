"""A sounds run's bundle: calibrated on what was held out, measured on the folds that were left out, with its card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.training.card import Card, listed, measured, phases_in_words, record
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.evaluation.sounds import evaluate_sounds
from mmbm_desktop.training.export.sounds import sounds_parts
from mmbm_desktop.training.publish import publish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmbm_desktop.inference.sound_windows import WindowRules
    from mmbm_desktop.networks.sound_tagger import SoundTagger
    from mmbm_desktop.training.recipe_rules import SoundsOptions
    from mmbm_desktop.training.recipes.sounds_data import SoundsData
    from mmbm_desktop.training.recipes.sounds_held_out import HeldOut
    from mmbm_desktop.training.spec import TrainSpec


def publish_sounds(
    place: Path,
    spec: TrainSpec,
    data: SoundsData,
    network: SoundTagger,
    rules: WindowRules,
    held_out: HeldOut,
    options: SoundsOptions,
) -> Path:
    """Write the bundle to the folder `place`, measure it as people will use it, and return it.

    Raises:
        MmbmError: it cannot be written, or a folder that was left out cannot be read.
    """
    calibration = held_out.calibration(data)
    folds = any(phase.goal == "fold" for phase in spec.phases)
    about = f"{Path(spec.data).name} {'test folds' if folds else 'val'}"
    quality = {f"{name}, {about}": value for name, value in held_out.numbers(data).items()}
    quality[f"expected calibration error from 0.1 on, all {'test folds' if folds else 'val'}"] = calibration[
        "expected_error"
    ]
    publish(sounds_parts(network, rules, calibration), card_of_sounds(spec, data, quality), place)
    for folder, fold in _left_out(spec, options):
        found = evaluate_sounds(Measuring(place, folder, fold))
        quality |= {f"{name}, {folder.name} test {fold}": value for name, value in found.numbers.items()}
    record(place, quality)
    return place


def _left_out(spec: TrainSpec, options: SoundsOptions) -> list[tuple[Path, str]]:
    folders = [Path(spec.data), *(Path(one.folder) for one in spec.further)]
    named = [one.partition(":") for one in options.left_out]
    return [(folder, fold) for name, _, fold in named for folder in folders if folder.name == name]


def card_of_sounds(spec: TrainSpec, data: SoundsData, quality: Mapping[str, float]) -> Card:
    """Return the card of a run's bundle.

    Args:
        spec: what the run was told to do.
        data: what it learned from.
        quality: measured numbers, by a name that says of what, on what.
    """
    terms = spec.terms or "those of the recordings it was trained on"
    sources = spec.sources or ({"name": Path(spec.data).name, "terms": terms},)
    text = f"""# {spec.title.get("en", spec.name)}

Says which of {len(data.classes)} sounds are heard in a recording, and when.

{measured(quality)}
## Limits

* It knows only this: {", ".join(name.replace("_", " ") for name in data.classes)}.
  Whatever else it hears it passes over, or calls by the name of what sounds like it.
* It learned from {len(data.sounds):,} recordings, most of one sound at a time; of sounds at once it hears the loud.
* It hears windows of about five seconds: a sound's times are those of the windows it is heard in.
* A score is a probability among recordings like those it was fitted on, which training held out. Where a sound is rarer
  than there, it is rarer among those that are called by its name, too.

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
        training_data=tuple(sources),
        quality=quality,
        text=text,
    )
