"""A manifest's curves: what they make of a cosine, and what is refused."""

from __future__ import annotations

import math

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.calibration import Line, read_calibration

WHOLE = {
    "search": {"en": [10, -6.0], "zh": [12.5, -8.0]},
    "caption": {"en": [7.0, -5.0]},
    "nothing_below": 0.07,
    "agreement": {"en": 0.33},
    "fitted_on": "flickr8k val",
}


def test_a_curve_is_the_logistic_function_of_its_line():
    line = Line(10.0, -6.0)
    assert line.probability(0.6) == pytest.approx(0.5)
    assert line.probability(0.8) == pytest.approx(1 / (1 + math.exp(-2)))
    assert line.probability(0.4) == pytest.approx(1 - line.probability(0.8))


def test_no_cosine_is_too_much_for_a_steep_curve():
    line = Line(1e6, 0.0)
    assert (line.probability(-1.0), line.probability(1.0)) == (0.0, 1.0)


def test_what_is_written_is_read():
    found = read_calibration(WHOLE, "m")
    assert found.search == {"en": Line(10.0, -6.0), "zh": Line(12.5, -8.0)}
    assert found.caption == {"en": Line(7.0, -5.0)}
    assert (found.nothing_below, found.agreement) == (0.07, {"en": 0.33})


def test_a_model_without_calibration_has_no_curves():
    found = read_calibration({}, "m")
    assert not found.search
    assert not found.caption
    assert found.nothing_below is None


@pytest.mark.parametrize(
    "bad",
    [
        {"search": {"en": [1.0]}},
        {"search": {"en": ["1", 2.0]}},
        {"search": {"en": [True, 2.0]}},
        {"search": {"en": [10**400, 2.0]}},
        {"search": [[1.0, 2.0]]},
        {"caption": {"en": 3}},
        {"caption": {"en": [math.nan, 0.0]}},
        {"nothing_below": "low"},
        {"agreement": {"en": None}},
    ],
)
def test_what_is_unusable_is_refused(bad):
    with pytest.raises(EnvironmentFault) as caught:
        read_calibration(bad, "m")
    assert caught.value.code is ErrorCode.BUNDLE_INVALID
    assert caught.value.params == {"name": "m", "field": "calibration"}
