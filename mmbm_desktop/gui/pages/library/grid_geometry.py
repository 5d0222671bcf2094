"""Where the tiles of the grid lie, by arithmetic alone: no row costs anything before it is asked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRect, QSize

GAP = 10
MIN_TILE_WIDTH = 150
TILE_RATIO = 0.79
DIVIDER_HEIGHT = 40


@dataclass(frozen=True)
class GridGeometry:
    """A grid of equal tiles that fills a width, with a divider before row `boundary`; lengths in pixels.

    A line is a horizontal series of tiles. The tiles after the divider start a line of their own.

    Attributes:
        width: of the viewport.
        count: number of tiles.
        boundary: the first tile after the divider; `count` means that there is no divider.
    """

    width: int
    count: int
    boundary: int

    @cached_property
    def columns(self) -> int:
        """How many tiles lie side by side."""
        return max(1, (self.width + GAP) // (MIN_TILE_WIDTH + GAP))

    @cached_property
    def tile(self) -> QSize:
        """The size of every tile."""
        return QSize(*self._tile_size)

    @cached_property
    def _tile_size(self) -> tuple[int, int]:
        width = max(1, (self.width - GAP * (self.columns - 1)) // self.columns)
        return width, round(width * TILE_RATIO)

    @cached_property
    def divider(self) -> QRect:
        """Where the divider lies; empty where there is none."""
        if self.boundary >= self.count:
            return QRect()
        top = self._lines_before * self._pitch - (GAP if self._lines_before else 0)
        return QRect(0, top, self.width, DIVIDER_HEIGHT)

    @property
    def height(self) -> int:
        """The height of everything."""
        return self.rect(self.count - 1).bottom() + 1 if self.count else 0

    def rect(self, row: int) -> QRect:
        """Return where a tile lies, from the top of the whole grid."""
        return QRect(*self.place(row))

    def place(self, row: int) -> tuple[int, int, int, int]:
        """Return left, top, width and height of a tile, without a call of Qt's."""
        line, column = self._cell(row)
        width, height = self._tile_size
        return column * (width + GAP), self._line_top(line), width, height

    def rows_between(self, top: int, bottom: int) -> range:
        """Return the rows whose line touches the stretch from `top` to `bottom`, both included."""
        lines = range(self._lines)
        first = bisect_left(lines, top, key=self._line_bottom)
        end = bisect_right(lines, bottom, key=self._line_top)
        return range(self._first_row(first), self._first_row(max(first, end)))

    def rows_in(self, area: QRect) -> list[range]:
        """Return the rows whose tile touches `area`, as runs of neighbours: one a line, or one in all."""
        touched = self.rows_between(area.top(), area.bottom())
        if area.left() <= 0 and area.right() >= self.width - 1:
            return [touched] if touched else []
        rows = [row for row in touched if self.rect(row).intersects(area)]
        return [range(row, row + 1) for row in rows]

    def row_at(self, x: int, y: int) -> int | None:
        """Return the tile at a point; None between tiles."""
        return next((row for row in self.rows_between(y, y) if self.rect(row).contains(x, y)), None)

    def row_beside(self, row: int, lines: int) -> int:
        """Return the tile `lines` below (above, where negative), in the same column or the nearest to it."""
        line, column = self._cell(row)
        wanted = min(max(line + lines, 0), self._lines - 1)
        return min(self._first_row(wanted) + column, self._first_row(wanted + 1) - 1)

    @cached_property
    def _pitch(self) -> int:
        return self._tile_size[1] + GAP

    @cached_property
    def _lines_before(self) -> int:
        """How many lines lie before the divider."""
        return -(-self.boundary // self.columns)

    @cached_property
    def _lines(self) -> int:
        return self._lines_before + -(-(self.count - self.boundary) // self.columns)

    def _line_top(self, line: int) -> int:
        beyond = line - self._lines_before
        return line * self._pitch if beyond < 0 else self._divider_end + beyond * self._pitch

    @cached_property
    def _divider_end(self) -> int:
        return self.divider.bottom() + 1

    def _line_bottom(self, line: int) -> int:
        return self._line_top(line) + self._tile_size[1] - 1

    def _first_row(self, line: int) -> int:
        """Return the first tile of a line; of a line past the last one: `count`."""
        beyond = line - self._lines_before
        return line * self.columns if beyond < 0 else min(self.boundary + beyond * self.columns, self.count)

    def _cell(self, row: int) -> tuple[int, int]:
        """Return a tile's line and column."""
        if row < self.boundary:
            return divmod(row, self.columns)
        beyond, column = divmod(row - self.boundary, self.columns)
        return self._lines_before + beyond, column
