"""Every code that a `Finding` of the data doctor can carry, with the parameters of its words. No words here.

A finding's groups are paths that belong together, at most a few hundred of them; `count` is always the whole number.
A row of a table is named by the table's path, a colon and the number of its line.
"""

from __future__ import annotations

from enum import StrEnum


class FindingCode(StrEnum):
    """What the data doctor can notice. Its usual severity is in brackets."""

    # the folder
    NOTHING_FOUND = "nothing-found"
    """[blocker] No picture, recording or table. No parameters."""
    KIND_UNKNOWN = "kind-unknown"
    """[blocker] Not laid out in a way that a recipe reads. `pictures`, `recordings`: how many there are; `inside`: the
    sub-folder that could be chosen instead, "" where there is none."""
    KINDS_MIXED = "kinds-mixed"
    """[warning] Pictures and recordings; the fewer are left out. `used`: "photo" or "recording"; `count`: left out."""
    TABLE_UNUSABLE = "table-unusable"
    """[blocker] A table that decides cannot be used. `table`: its name; `reason`: as in the words for data errors."""
    FOLDER_UNREADABLE = "folder-unreadable"
    """[warning] Folders that cannot be listed. `count`. Groups: one folder each."""
    LINK_LOOP = "link-loop"
    """[note] Links to a folder that was already visited; not followed. `count`. Groups: one link each."""
    TOO_DEEP = "too-deep"
    """[warning] Files that lie deeper than a recipe looks. `count`. Groups: one file each."""
    UNSORTED = "unsorted"
    """[note] Files beside the folders of classes, which belong to none. `count`. Groups: one file each."""
    IGNORED = "ignored"
    """[note] Files of a kind that is not used. `suffix` (maybe ""), `count`. Groups: one file each."""

    # the items
    TOO_FEW = "too-few"
    """[blocker] `items`: usable ones; `needed`: the fewest to start with."""
    UNREADABLE = "unreadable"
    """[warning] Files that cannot be read. `reason`: an `ErrorCode`; `count`. Groups: one file each."""
    MISSING = "missing"
    """[warning] Files that the table lists and that are not there. `count`. Groups: one path each."""
    UNLISTED = "unlisted"
    """[note] Files that no table lists. `count`. Groups: one file each."""
    ROWS_INCOMPLETE = "rows-incomplete"
    """[warning] Rows without a file or a label. `count`. Groups: one row each."""
    SPLIT_UNKNOWN = "split-unknown"
    """[warning] A split that no recipe uses. `split`: its name; `count`: items in it."""

    # the classes
    ONE_CLASS = "one-class"
    """[blocker] `label`: the only one."""
    CLASS_EMPTY = "class-empty"
    """[warning] Classes without a usable item. `label`: the first; `count`: classes. Groups: one folder each."""
    CLASS_SMALL = "class-small"
    """[warning] `count`: classes with fewer items than `wanted`; `label`, `items`: the smallest one and what it has."""
    CLASS_UNTRAINED = "class-untrained"
    """[warning] Classes that have items, but none in the train split. `label`: the first; `count`: classes."""
    IMBALANCED = "imbalanced"
    """[warning] `largest`, `most`: the largest class and its items; `smallest`, `fewest`: the smallest one's."""
    NAME_ODD = "name-odd"
    """[warning] Strange class names. `label`: the first; `count`: classes; `problem`: "hidden" (begins with a dot and
    was left out), "long", "slash", "spaces" (at its ends), "control" (characters that cannot be seen), "not-text"
    (bytes that are none). Groups: one folder each, where there are folders."""
    NAMES_ALIKE = "names-alike"
    """[warning] Class names that differ only in capitals, spaces or the way of encoding. `first`, `second`; `count`.
    Groups: the folders, or the names, that are alike."""

    # the same thing twice; groups: the files of one content or look each; `count`: groups
    SAME = "same"
    """[warning] Exact duplicates inside a class. `count`, `files`: of all groups."""
    SAME_ACROSS_CLASSES = "same-across-classes"
    """[warning] Exact duplicates with different labels. `count`, `files`."""
    SAME_ACROSS_SPLITS = "same-across-splits"
    """[warning] Exact duplicates in different splits: what is measured was trained on. `count`, `files`."""
    ALIKE = "alike"
    """[note] Pictures that look nearly the same, inside a class. `count`, `files`."""
    ALIKE_ACROSS_CLASSES = "alike-across-classes"
    """[warning] Pictures that look nearly the same with different labels. `count`, `files`."""
    ALIKE_ACROSS_SPLITS = "alike-across-splits"
    """[warning] Pictures that look nearly the same in different splits. `count`, `files`."""

    # likely mislabels
    MISLABELLED = "mislabelled"
    """[note, warning] Items of `label` that look like `other`: a class, or up to three, the most frequent first, with
    ", " between. `count`. Groups: one file each, the likeliest first.
    A note where the installed model is often wrong about these classes itself."""
    MISLABELS_SAMPLED = "mislabels-sampled"
    """[note] Only some were compared with their labels. `items`: compared; `of`."""
    MISLABELS_UNCHECKED = "mislabels-unchecked"
    """[note] Labels were not compared with the pictures. `reason`: "no-model" (no installed model sees pictures), "few"
    (too few pictures), "unsure" (the installed model cannot tell these classes apart)."""

    # recordings; `count`; groups: one recording each
    SILENT = "silent"
    """[warning] Nothing can be heard. `count`."""
    CLIPPED = "clipped"
    """[warning] Recorded too loud: the tops of the waves are cut off. `count`."""
    SHORT = "short"
    """[warning] `count`, `seconds`: shorter than this."""
    LONG = "long"
    """[note, warning] `count`, `seconds`: longer than this; speech commands leave such recordings out."""
    RATES_MIXED = "rates-mixed"
    """[note] `rates`: "16000, 44100", Hz, the most frequent first."""

    # words; `count`; groups: one picture, recording or row each
    TEXT_EMPTY = "text-empty"
    """[warning] No caption, no transcript, or one side of a pair missing. `count`."""
    PAIRS_SAME = "pairs-same"
    """[warning] Both sides of a pair say the same in the same words. `count`."""
    PAIRS_UNUSED = "pairs-unused"
    """[note] Pairs that are not English and Chinese, or not in that order. `count`."""
    PAIRS_REPEATED = "pairs-repeated"
    """[note] Pairs that are listed more than once; learned from once. `count`: rows too many."""
    PAIRS_UNEVEN = "pairs-uneven"
    """[warning] One side is much longer than is usual for the other. `count`."""
    TEXT_ACROSS_SPLITS = "text-across-splits"
    """[warning] The same text in train and in another split. `count`."""
