"""What a person did to the library, as steps that can be undone and done again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What a step did."""

    CAPTION = "caption"
    TRANSCRIPT = "transcript"
    REMOVE_FOLDER = "remove-folder"
    REMOVE_ITEMS = "remove-items"
    TAGS = "tags"
    CAPTION_AGAIN = "caption-again"
    TRANSLATE = "translate"
    IMPORT = "import"
    LABEL = "label"
    THUMB = "thumb"


@dataclass(frozen=True)
class Step:
    """One step: what was done to which file or folder.

    `items` is empty for a whole folder, and for classes and ratings, which need no item; `path` is the first's.
    """

    action: Action
    path: str
    items: tuple[int, ...] = ()

    @property
    def changes_items(self) -> bool:
        """Whether the step changes which items there are."""
        return self.action in (Action.REMOVE_FOLDER, Action.REMOVE_ITEMS)
