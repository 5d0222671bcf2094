"""Errors keep their code, parameters and fault on every way they travel."""

from __future__ import annotations

import pickle

import pytest

from mmbm_desktop.base.errors import BugFault, EnvironmentFault, ErrorCode, Fault, InputFault


@pytest.mark.parametrize(
    ("kind", "fault"),
    [(InputFault, Fault.INPUT), (EnvironmentFault, Fault.ENVIRONMENT), (BugFault, Fault.BUG)],
)
def test_an_error_survives_pickling(kind: type[InputFault], fault: Fault) -> None:
    error = kind(ErrorCode.FILE_EMPTY, "zero bytes", path="/a b/照片.jpg", size=0)

    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is kind
    assert copy.fault is fault
    assert (copy.code, copy.detail, dict(copy.params)) == (error.code, error.detail, dict(error.params))


def test_codes_are_distinct_lower_case_words() -> None:
    values = [code.value for code in ErrorCode]

    assert len(values) == len(set(values))
    assert all(value == value.lower() and " " not in value for value in values)
