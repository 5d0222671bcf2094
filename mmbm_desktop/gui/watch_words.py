"""The words for how changes in a folder are noticed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from mmbm_desktop.protocol.events import WatchFellBack


class WatchWords(QObject):
    """Makes sentences in the language of the moment. Reasons are those of `WatchFellBack`."""

    def reason(self, how: str) -> str:
        """Return why changes are not noticed as they happen; "" where they are, or where nobody asked."""
        return {
            "network-drive": self.tr("A network drive does not tell of changes; it is looked through regularly."),
            "watch-limit": self.tr("The system can watch no more folders; this one is looked through regularly."),
            "events-lost": self.tr("So much changed at once that some of it was missed; the folder is looked through."),
            "unwatchable": self.tr("Changes cannot be noticed here; the folder is looked through regularly."),
            "away": self.tr("This folder is not there just now; its items stay until it is back."),
        }.get(how, "")

    def fell_back(self, event: WatchFellBack) -> str:
        """Return what to say once about a folder."""
        name = Path(event.folder).name or event.folder
        return self.tr("{name}: {reason}").format(name=name, reason=self.reason(event.reason))
