"""Cards, buttons, badges and labels: thin wrappers that choose a look and an accessible name."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCompleter, QFrame, QLabel, QPushButton, QSizePolicy, QWidget


def set_kind(widget: QWidget, kind: str) -> None:
    """Give a widget another look of the style sheet."""
    if widget.property("kind") == kind:
        return
    widget.setProperty("kind", kind)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def dress_offers(completer: QCompleter) -> None:
    """Give a completer's list, which is a window of its own, the look of a menu."""
    popup = completer.popup()
    if popup is not None:
        set_kind(popup, "offers")


class Card(QFrame):
    """A panel with rounded corners and a thin line."""

    def __init__(self, parent: QWidget | None = None, kind: str = "card") -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.setFrameShape(QFrame.Shape.NoFrame)


class Button(QPushButton):
    """A push button; `kind` is "" (secondary), "primary", "quiet", "chip" or "danger"."""

    def __init__(self, text: str = "", kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)


_LONG, _BREAK = 24, "\u200b"
"""Letters of a word from which on it may be broken, and what allows it: a space without a width."""


class Label(QLabel):
    """A label; `kind` is a look of the style sheet. Text is plain, never read as HTML."""

    def __init__(self, text: str = "", kind: str = "", parent: QWidget | None = None, *, wrap: bool = False) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)


def breakable(text: str) -> str:
    """Return a text whose very long words may be broken, so that a wrapped label is not as wide as they are."""
    return " ".join(_BREAK.join(word[i : i + _LONG] for i in range(0, len(word), _LONG)) for word in text.split(" "))


class Badge(Label):
    """A pill with a short fact; the tooltip explains it."""

    def __init__(self, text: str = "", kind: str = "badge", tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, kind, parent)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


class ElidedLabel(Label):
    """One line that ends in … when there is no room; the tooltip has the whole text."""

    def __init__(self, text: str = "", kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, kind, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setToolTip(self.text() if self._shown() != self.text() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.contentsRect(), int(self.alignment()), self._shown())

    def _shown(self) -> str:
        metrics = QFontMetrics(self.font())
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())


class Line(QFrame):
    """A thin horizontal line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "line")
        self.setFixedHeight(1)
