"""Two command recognisers side by side: how many words each writes down right, of corrections and of general clips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.inference.commands import CommandRecogniser
from mmbm_desktop.inference.word_errors import word_error_rate
from mmbm_desktop.protocol.training import ComparedItem, ComparedNumber, Comparison
from mmbm_desktop.training.data.spoken import hear, of_split, read_spoken
from mmbm_desktop.training.improvement.choosing import MOST_GENERAL, examples
from mmbm_desktop.training.improvement.general import contents_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.training import Improves
    from mmbm_desktop.training.data.spoken import SpokenClip

WORDS_RIGHT = "words right"
"""One less the word error rate, so that more is better; below nothing where more is made up than was said."""


def compare_transcripts(improves: Improves, data: Path, new: Path) -> Comparison:
    """See `comparing.compare`."""
    models = (CommandRecogniser(Path(improves.bundle)), CommandRecogniser(new))
    mine = _items(models, of_split(read_spoken(data), "test"), general=False)
    general: tuple[ComparedItem, ...] = ()
    if improves.general:
        general = _items(models, _canary(Path(improves.general), contents_of(data)), general=True)
    numbers = tuple(_number(items, general=of_all) for items, of_all in ((mine, False), (general, True)) if items)
    return Comparison(improves.model, new.name, len(mine), len(general), numbers, examples((*mine, *general)))


def _number(items: Sequence[ComparedItem], *, general: bool) -> ComparedNumber:
    said = [one.truth for one in items]
    old, new = (1 - word_error_rate(said, [getattr(one, which) for one in items]) for which in ("old", "new"))
    return ComparedNumber(WORDS_RIGHT, old, new, general, decides=True)


def _canary(folder: Path, corrected: frozenset[str]) -> list[SpokenClip]:
    """Return general clips that are in no correction, always the same ones."""
    found = []
    for clip in of_split(read_spoken(folder), "test"):
        try:
            digest = sha256_of(clip.path)
        except MmbmError:
            continue
        if digest not in corrected:
            found.append((digest, clip))
    return [clip for _, clip in sorted(found, key=lambda pair: pair[0])[:MOST_GENERAL]]


def _items(
    models: tuple[CommandRecogniser, CommandRecogniser], clips: Sequence[SpokenClip], *, general: bool
) -> tuple[ComparedItem, ...]:
    heard = hear(clips, no_progress)
    written = [[" ".join(word.text for word in model.words(pcm)) for pcm in heard.pcm] for model in models]
    return tuple(
        ComparedItem(str(clip.path), clip.text, old, new, general)
        for clip, old, new in zip(heard.clips, *written, strict=True)
    )
