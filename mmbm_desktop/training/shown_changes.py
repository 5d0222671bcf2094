"""What a recipe does to pictures and sounds before it learns from them, by the recipe's own functions. No Keras."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.inference.sound_windows import WindowRules
from mmbm_desktop.media.mel import MEL_BANDS
from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.networks.picture_classifier_config import PictureClassifierConfig
from mmbm_desktop.networks.sound_tagger_config import SoundTaggerConfig
from mmbm_desktop.protocol.preview import Change
from mmbm_desktop.training.data.augment import PIXEL_MEAN, PIXEL_STD, augmented, squared
from mmbm_desktop.training.data.captioned import read_captioned
from mmbm_desktop.training.data.labelled_pictures import list_labelled
from mmbm_desktop.training.data.picture_augment import Changes, changed
from mmbm_desktop.training.data.pictures import PictureSource, load_pictures
from mmbm_desktop.training.data.sound_augment import SILENT, cut
from mmbm_desktop.training.data.sound_frames import load_frames
from mmbm_desktop.training.data.sounds import read_sounds
from mmbm_desktop.training.known_bundles import encoder_folder, picture_size
from mmbm_desktop.training.picture_classes_options import PictureClassesOptions
from mmbm_desktop.training.recipe_rules import CaptionRewardOptions, ImageTextOptions, SoundsOptions, filled
from mmbm_desktop.training.recipes.sounds_batches import SoundBatches
from mmbm_desktop.training.recipes.sounds_data import SILENCE, SoundsData

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from mmbm_desktop.training.spec import TrainSpec

    Pixels = npt.NDArray[np.uint8]
    Make = Callable[[Sequence[Pixels], np.random.Generator], npt.NDArray[np.float32]]
    Shown = tuple[str, Pixels, list[Pixels]]
    """Path, the whole item, its variants, each as 8-bit RGB."""

STORED = 5 / 3
"""Edge of the stored pictures over the network's, as the recipes keep them."""
PICTURES, VARIANTS = 3, 8
SOUNDS, SOUND_VARIANTS = 3, 4
_COLOURS = np.array([[14, 16, 32], [56, 66, 148], [205, 80, 120], [252, 210, 130], [255, 252, 235]], np.float32)
"""From silence to the loudest."""


def shown_changes(spec: TrainSpec, draw: int, cache: Path) -> tuple[Change, int, list[Shown]]:
    """Return what is done, the edge of the network's input, and a few items of the train split with their variants.

    Args:
        spec: of the run.
        draw: decides which items and how they are changed.
        cache: a folder for what is decoded; it may be thrown away.

    Raises:
        InputFault: the data cannot be read.
        EnvironmentFault: the model that the run is built on is missing.
    """
    random = np.random.default_rng((spec.seed, draw))
    if spec.recipe == "sounds":
        return Change.HEARD, 0, _sounds(spec, random, cache)
    change, size, make = _of_pictures(spec)
    sources = _pictures(spec, random)
    array = load_pictures(sources, round(size * STORED), cache, _nothing)
    shown: list[Shown] = []
    for source, place in zip(sources, array.places, strict=True):
        if place >= 0:
            stored = np.asarray(array.pixels[place])
            variants = [] if change is Change.NOTHING else list(_visible(make([stored] * VARIANTS, random)))
            shown.append((str(source.path), _visible(squared([stored], size))[0], variants))
    return change, size, shown


def _of_pictures(spec: TrainSpec) -> tuple[Change, int, Make]:
    """Return what a recipe does to pictures, the size it does it at, and the function that does it."""
    if spec.recipe != "picture-classes":
        start = _start(spec)
        size = picture_size(encoder_folder(start)) if start else filled(ImageTextConfig, spec.network).image_size
        size = spec.phases[0].size or size
        return Change.CROPPED, size, lambda pictures, random: augmented(pictures, size, random)
    options = filled(PictureClassesOptions, spec.options)
    sizes = filled(PictureClassifierConfig, spec.network)
    size = picture_size(encoder_folder(options.encoder)) if sizes.body == "encoder" else sizes.image_size
    changes = Changes(options.augmentation, options.mirror)
    change = Change.MIRRORED if options.mirror else Change.NOTHING
    if sizes.frozen:
        return change, size, lambda pictures, random: _mirrored(pictures, size, random)
    change = Change.CROPPED if options.augmentation else change
    return change, size, lambda pictures, random: changed(pictures, size, changes, random)


def _start(spec: TrainSpec) -> str:
    """Return the bundle that an image-text run goes on from, "" for none."""
    if spec.recipe == "caption-reward":
        return filled(CaptionRewardOptions, spec.options).start
    return filled(ImageTextOptions, spec.options).start


def _mirrored(pictures: Sequence[Pixels], size: int, random: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return whole pictures, half of them mirrored: the two views whose features a frozen encoder's head learns."""
    whole = squared(pictures, size)
    turned = random.random(len(whole)) < 0.5
    whole[turned] = whole[turned, :, ::-1]
    return whole


def _pictures(spec: TrainSpec, random: np.random.Generator) -> list[PictureSource]:
    """Return a few pictures to train on, each of another class as far as there are so many."""
    folder = Path(spec.data)
    if spec.recipe == "picture-classes":
        chosen = filled(PictureClassesOptions, spec.options).classes
        listed = [(one.source, one.label) for one in list_labelled(folder) if one.split in ("", "train")]
        listed = [one for one in listed if not chosen or one[1] in chosen]
    else:
        captioned = [one for one in read_captioned(folder) if one.split == "train"]
        listed = [(PictureSource(one.path), str(one.path)) for one in captioned]
    by_label: dict[str, list[PictureSource]] = {}
    for place in random.permutation(len(listed)):
        source, label = listed[place]
        by_label.setdefault(label, []).append(source)
    spread = [source for row in range(PICTURES) for found in by_label.values() for source in found[row : row + 1]]
    return spread[:PICTURES]


def _visible(pixels: npt.NDArray[np.float32]) -> Pixels:
    """Undo `normalised`: (B, size, size, 3) of 8 bits; what is too bright or too dark to be shown is cut off."""
    shown = pixels * np.asarray(PIXEL_STD, np.float32) + np.asarray(PIXEL_MEAN, np.float32)
    return np.clip(np.rint(shown * 255), 0, 255).astype(np.uint8)


def _sounds(spec: TrainSpec, random: np.random.Generator, cache: Path) -> list[Shown]:
    """Return a few recordings' windows as spectrograms, and what batches of labelled sounds make of them."""
    listed = read_sounds(Path(spec.data))
    train = [sound for sound in listed if sound.split == "train"]
    chosen = [train[place] for place in random.permutation(len(train))[:SOUNDS]]
    if not chosen:
        return []
    array = load_frames([sound.path for sound in chosen], cache, _nothing)
    chosen = [sound for sound in chosen if sound.path in array.stretches]
    classes = (*sorted({sound.label for sound in listed} - {SILENCE}), SILENCE)
    data = SoundsData(tuple(chosen), len(chosen), classes, array)
    options, sizes = filled(SoundsOptions, spec.options), filled(SoundTaggerConfig, spec.network)
    window = options.window_patches * sizes.patch_frames
    rules = WindowRules(sizes.patch_frames, window, window // 2)
    rows = np.repeat(np.arange(len(chosen)), SOUND_VARIANTS)
    patches, _ = SoundBatches(data, rules, options, None).changed(rows, random)
    windows = patches.reshape(len(chosen), SOUND_VARIANTS, window, MEL_BANDS)
    wholes = [cut(data.frames(row), 0, window) for row in range(len(chosen))]
    return [
        (str(sound.path), spectrogram(whole, whole.max()), [spectrogram(one, whole.max()) for one in variants])
        for sound, whole, variants in zip(chosen, wholes, windows, strict=True)
    ]


def spectrogram(frames: npt.NDArray[np.float32], loudest: float) -> Pixels:
    """Draw log-mel frames, (T, bands): time to the right, pitch upwards, (bands, T, 3); what is louder is as bright."""
    loud = np.clip((frames.T[::-1] - SILENT) / max(loudest - SILENT, 1e-6), 0, 1) * (len(_COLOURS) - 1)
    low = np.minimum(loud.astype(np.int64), len(_COLOURS) - 2)
    share = (loud - low)[..., None]
    return np.rint(_COLOURS[low] * (1 - share) + _COLOURS[low + 1] * share).astype(np.uint8)


def _nothing(done: int, total: int | None) -> None:
    """Hear of progress and do nothing."""
    del done, total
