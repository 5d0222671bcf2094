"""What batches and edits of tags do to the items of `FakeEngine`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.batches import BatchAction, BatchResult
from mmbm_desktop.protocol.filter_values import FilterValues, ValueCount
from mmbm_desktop.protocol.history import CaptionEntry, ItemHistory, TagCount, TranscriptEntry
from mmbm_desktop.protocol.results import Segment, Word
from mmbm_desktop.protocol.tags import once
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mmbm_desktop.protocol.batches import BatchRequest
    from mmbm_desktop.protocol.results import Item

_MODEL = "image-text-small 0.2.0"


def batch_result(request: BatchRequest, stored: Sequence[Item]) -> BatchResult:
    """Return what a batch over a library of `stored` items did: all but what models cannot do to recordings."""
    chosen = [item for item in stored if item.id in set(request.items)]
    models = request.action in (BatchAction.CAPTION, BatchAction.TRANSLATE)
    done = sum(not models or item.kind is MediaKind.PHOTO for item in chosen)
    return BatchResult(done, len(chosen) - done, ())


def applied(request: BatchRequest, library: dict[int, Item]) -> dict[int, Item]:
    """Return the items after a batch; captions stay as they are."""
    if request.action is BatchAction.REMOVE:
        return {key: item for key, item in library.items() if key not in set(request.items)}
    if request.action is BatchAction.TAG:
        return tagged(library, request.items, request.add, request.remove)
    return library


def tagged(
    library: dict[int, Item], items: Iterable[int], add: Iterable[str], remove: Iterable[str]
) -> dict[int, Item]:
    """Return the items after an edit of tags."""
    unwanted = {tag.casefold() for tag in remove}
    changed = dict(library)
    for key in items:
        kept = (tag for tag in library[key].tags if tag.casefold() not in unwanted)
        changed[key] = replace(library[key], tags=tuple(sorted(once((*kept, *add)), key=str.casefold)))
    return changed


def counted(stored: Iterable[Item]) -> tuple[TagCount, ...]:
    """Return the tags of `stored`, the most used first."""
    counts: dict[str, int] = {}
    for item in stored:
        for tag in item.tags:
            counts[tag] = counts.get(tag, 0) + 1
    return tuple(TagCount(tag, counts[tag]) for tag in sorted(counts, key=lambda tag: (-counts[tag], tag)))


def values_in(stored: Iterable[Item]) -> FilterValues:
    """Return the sounds, the folders and the models of `stored`, the most frequent first."""
    items = list(stored)
    sounds = {one.label: one for item in items for one in item.sounds}
    heard = Counter(label for item in items for label in {one.label for one in item.sounds})
    folders = Counter(PurePath(item.path).parent.name for item in items)
    models = Counter(model for item in items for model in {one.model.rpartition(" ")[0] for one in item.answers})
    return FilterValues(
        tuple(ValueCount(key, many, sounds[key].name_en, sounds[key].name_zh) for key, many in heard.most_common()),
        tuple(ValueCount(name, many) for name, many in folders.most_common()),
        tuple(ValueCount(name, many) for name, many in models.most_common()),
    )


def history(item: Item | None) -> ItemHistory:
    """Return a past for an item: what it shows now, and one older caption of a model."""
    if item is None:
        return ItemHistory()
    captions = [
        CaptionEntry(text, language, 0.6, _MODEL, "model", item.modified_s)
        for text, language in ((item.caption_en, "en"), (item.caption_zh, "zh"))
        if text
    ]
    if item.kind is MediaKind.PHOTO:
        captions.append(CaptionEntry("An older caption.", "en", 0.4, "image-text-small 0.1.0", "model", 1.6e9))
        return ItemHistory(tuple(captions))
    words = tuple(Word(text, n / 3, (n + 1) / 3, 0.8) for n, text in enumerate(item.transcript.split()))
    segments = (Segment(item.transcript, 0.0, len(words) / 3, 0.8, words),) if words else ()
    entry = TranscriptEntry(item.transcript, "en", segments, 0.8, "pocketsphinx-en 5.0.4", "model", item.modified_s)
    return ItemHistory((), (entry,) if words else ())
