"""The words for what agents do and for the squares of their worlds."""

from __future__ import annotations

from PySide6.QtCore import QObject


class AgentWords(QObject):
    """Names actions and squares in the language of the moment."""

    def action(self, name: str) -> str:
        """Return what people call an action; its own name where there is none."""
        return {
            "left": self.tr("left"),
            "right": self.tr("right"),
            "up": self.tr("up"),
            "down": self.tr("down"),
            "pick up": self.tr("pick up"),
            "drop off": self.tr("drop off"),
            "coast": self.tr("coast"),
            "clockwise": self.tr("clockwise"),
            "anticlockwise": self.tr("anticlockwise"),
        }.get(name, name)

    def square(self, mark: str) -> str:
        """Return what people call a square of a `ValueGrid` by its letter; "" for an ordinary one."""
        return {
            "S": self.tr("start"),
            "H": self.tr("hole"),
            "C": self.tr("cliff"),
            "G": self.tr("goal"),
            "R": self.tr("taxi rank"),
        }.get(mark, "")
