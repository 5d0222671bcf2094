"""The grid's arithmetic agrees with itself at every size."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRect

from mmbm_desktop.gui.pages.library.grid_geometry import GridGeometry

SHAPES = [
    GridGeometry(width, count, boundary)
    for width, count, share in itertools.product((90, 320, 680, 1500), (0, 1, 4, 5, 23), (0.0, 0.3, 1.0))
    for boundary in [int(count * share)]
]


@pytest.mark.parametrize("grid", SHAPES)
def test_tiles_stay_inside_and_never_touch(grid):
    rects = [grid.rect(row) for row in range(grid.count)]
    for rect in rects:
        assert rect.left() >= 0
        assert rect.right() < grid.width
        assert rect.bottom() < grid.height
        assert not rect.intersects(grid.divider)
    for one, other in itertools.combinations(rects, 2):
        assert not one.intersects(other)


@pytest.mark.parametrize("grid", SHAPES)
def test_a_tile_is_found_where_it_lies(grid):
    for row in range(grid.count):
        centre = grid.rect(row).center()
        assert grid.row_at(centre.x(), centre.y()) == row
        assert row in grid.rows_between(centre.y(), centre.y())


@pytest.mark.parametrize("grid", SHAPES)
def test_the_rows_between_two_heights_are_those_that_touch_them(grid):
    for top, depth in itertools.product(range(0, grid.height + 50, 37), (0, 60, 400)):
        touching = [
            row for row in range(grid.count) if grid.rect(row).top() <= top + depth and grid.rect(row).bottom() >= top
        ]
        assert list(grid.rows_between(top, top + depth)) == touching


def test_the_divider_separates_the_unlikely():
    grid = GridGeometry(680, 10, 5)
    assert grid.columns == 4
    assert grid.rect(4).bottom() < grid.divider.top()
    assert grid.rect(5).top() > grid.divider.bottom()
    assert grid.rect(5).left() == 0


def test_there_is_no_divider_when_all_are_likely():
    assert GridGeometry(680, 10, 10).divider.isEmpty()


def test_steps_down_and_up_keep_the_column_across_the_divider():
    grid = GridGeometry(680, 11, 6)
    assert grid.row_beside(1, 1) == 5
    assert grid.row_beside(3, 1) == 5
    assert grid.row_beside(5, 1) == 7
    assert grid.row_beside(7, -1) == 5
    assert grid.row_beside(10, 1) == 10
    assert grid.row_beside(0, -1) == 0
    assert grid.row_beside(0, 99) == 10


def test_a_rubber_band_takes_only_the_tiles_it_touches():
    grid = GridGeometry(680, 12, 12)
    band = grid.rect(1).united(grid.rect(6)).adjusted(5, 5, -5, -5)
    assert [row for run in grid.rows_in(band) for row in run] == [1, 2, 5, 6]
    assert grid.rows_in(QRect(0, 0, 680, grid.height)) == [range(12)]


def test_a_hundred_thousand_tiles_cost_no_more_than_ten():
    grid = GridGeometry(680, 100_000, 100_000)
    last = grid.rect(99_999)
    assert grid.row_at(last.center().x(), last.center().y()) == 99_999
    assert len(grid.rows_between(grid.height - 800, grid.height)) < 40
