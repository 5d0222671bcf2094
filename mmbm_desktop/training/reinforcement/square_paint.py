"""Paints worlds made of squares: ice and holes, a cliff, a taxi's streets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from mmbm_desktop.training.reinforcement.worlds import Squares

_GROUND = {
    "S": "#d6e6d2",
    "F": "#e4eef8",
    "H": "#22344d",
    "C": "#7a4a2c",
    "G": "#f2c94c",
    "R": "#f3e3c0",
}
_LINE, _AGENT, _WALL, _PASSENGER, _TARGET = "#ffffff", "#3262e6", "#1b1f27", "#a65508", "#12805c"
_RANKS = ((0, 0), (0, 4), (4, 0), (4, 3))
"""Row and column of a taxi's ranks, in Gymnasium's order."""
_WALLS = ((0, 1), (1, 1), (3, 0), (4, 0), (3, 2), (4, 2))
"""Row and column of squares with a wall on their right."""
_IN_TAXI = 4


def paint_squares(squares: Squares, state: int, side: int) -> Image.Image:
    """Return the squares, `side` pixels each, with the agent on one of them."""
    image = Image.new("RGB", (squares.columns * side, squares.rows * side), _LINE)
    draw = ImageDraw.Draw(image)
    for index, mark in enumerate(squares.marks):
        left, top = index % squares.columns * side, index // squares.columns * side
        draw.rectangle((left, top, left + side - 2, top + side - 2), fill=_GROUND[mark])
    square, rest = divmod(state, squares.stride)
    if squares.stride > 1:
        _paint_passenger(draw, side, *divmod(rest, len(_RANKS)))
    row, column = divmod(square, squares.columns)
    _disc(draw, row, column, side, 0.32, _AGENT)
    if squares.stride > 1 and rest // len(_RANKS) == _IN_TAXI:
        _disc(draw, row, column, side, 0.16, _PASSENGER)
    return image


def _paint_passenger(draw: ImageDraw.ImageDraw, side: int, passenger: int, target: int) -> None:
    row, column = _RANKS[target]
    box = (column * side + 2, row * side + 2, (column + 1) * side - 4, (row + 1) * side - 4)
    draw.rectangle(box, outline=_TARGET, width=max(1, side // 12))
    if passenger != _IN_TAXI:
        _disc(draw, *_RANKS[passenger], side, 0.2, _PASSENGER)
    for row, column in _WALLS:
        edge = (column + 1) * side - 1
        draw.line((edge, row * side, edge, (row + 1) * side), fill=_WALL, width=max(2, side // 12))


def _disc(draw: ImageDraw.ImageDraw, row: int, column: int, side: int, radius: float, colour: str) -> None:
    x, y, reach = (column + 0.5) * side - 1, (row + 0.5) * side - 1, radius * side
    draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)
