"""A transcript whose words can be clicked to be heard, and light up while they are."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.results import Segment

DOUBTFUL = 0.5
"""Words of less confidence are underlined."""
_TALLEST, _EDGE = 220, 10


@dataclass(frozen=True)
class Span:
    """A stretch of the text, from letter `first` to before `last`, that is said from `start_s` on."""

    first: int
    last: int
    start_s: float
    end_s: float
    doubtful: bool = False


def spans_of(segments: Sequence[Segment]) -> tuple[str, tuple[Span, ...]]:
    """Return a text with a line for each segment, and where its words lie in it; a segment without words is one."""
    lines: list[str] = []
    spans: list[Span] = []
    at = 0
    for segment in segments:
        if segment.words:
            for number, word in enumerate(segment.words):
                first = at + sum(len(one.text) + 1 for one in segment.words[:number])
                doubtful = word.confidence < DOUBTFUL
                spans.append(Span(first, first + len(word.text), word.start_s, word.end_s, doubtful))
            lines.append(" ".join(word.text for word in segment.words))
        else:
            spans.append(Span(at, at + len(segment.text), segment.start_s, segment.end_s))
            lines.append(segment.text)
        at += len(lines[-1]) + 1
    return "\n".join(lines), tuple(spans)


class TranscriptView(QTextEdit):
    """Shows segments; `play_asked` carries the second at which a clicked word begins."""

    play_asked = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spans: tuple[Span, ...] = ()
        self._lit: int | None = None
        self.setReadOnly(True)
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(0)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._light_again)

    @property
    def lit(self) -> str:
        """The word that is lit; empty where none is."""
        if self._lit is None:
            return ""
        span = self._spans[self._lit]
        return self.toPlainText()[span.first : span.last]

    def show_segments(self, segments: Sequence[Segment]) -> None:
        """Show another transcript."""
        text, self._spans = spans_of(segments)
        self._lit = None
        self.setExtraSelections([])
        self.setPlainText(text)
        underlined = QTextCharFormat()
        underlined.setFontUnderline(True)
        for span in self._spans:
            if span.doubtful:
                self._cursor(span).mergeCharFormat(underlined)
        self._fit()

    def set_position(self, seconds: float | None) -> None:
        """Light the word that is said at a moment; None lights nothing."""
        number = None
        if seconds is not None and self._spans:
            found = bisect_right(self._spans, seconds, key=lambda span: span.start_s) - 1
            number = found if found >= 0 and seconds <= self._spans[found].end_s + 0.5 else None
        if number != self._lit:
            self._lit = number
            self._light_again()

    @Slot()
    def _light_again(self) -> None:
        if self._lit is None:
            self.setExtraSelections([])
            return
        selection = QTextEdit.ExtraSelection()
        selection.cursor = self._cursor(self._spans[self._lit])  # pyright: ignore[reportAttributeAccessIssue]
        selection.format.setBackground(self._theme.colour("accent"))  # pyright: ignore[reportAttributeAccessIssue]
        selection.format.setForeground(self._theme.colour("on_accent"))  # pyright: ignore[reportAttributeAccessIssue]
        self.setExtraSelections([selection])
        caret = QTextCursor(self.document())
        caret.setPosition(self._spans[self._lit].first)
        self.setTextCursor(caret)
        self.ensureCursorVisible()

    def _cursor(self, span: Span) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(span.first)
        cursor.setPosition(span.last, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _play_at(self, letter: int) -> None:
        number = bisect_right(self._spans, letter, key=lambda span: span.first) - 1
        if number >= 0:
            self.play_asked.emit(self._spans[number].start_s)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self._play_at(self.cursorForPosition(event.position().toPoint()).position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._play_at(self.textCursor().position())
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(min(_TALLEST, round(self.document().size().height()) + _EDGE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())
