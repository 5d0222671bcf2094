"""Records as plain data and back; what is no such record is refused."""

from __future__ import annotations

import json
import math

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, Fault, InputFault
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.plain import failure_told, plain, record_of, told
from mmbm_desktop.protocol.training import Assessment, ClassNumbers, CurvePoint, RunReport, RunSettings, Sample

RECORDS = [
    CurvePoint(1.5, {"loss": 0.5}, validation=True, phase="joint", resumed=True),
    Sample("text", "鸟/類", "a", "b", 0.5, None),
    RunSettings("sounds", "/d", "n", "small", 3, 0.1, 4, 5, "cpu", {"a": True, "b": 2, "c": 0.5, "d": "x"}),
    RunReport(
        "n", "/b", {"accuracy": 1.0},
        Assessment(
            "test", 2, {"a": 1.0}, (ClassNumbers("x", 1, 1.0, 0.5, 0.6),), ("x", "y"), ((1, 0), (1, 0)),
            (Sample("picture", "/p", "x", "y", 0.9, right=False),),
        ),
        {"/odd": "image-broken"},
    ),
    Failure(ErrorCode.DISK_FULL, Fault.ENVIRONMENT, {"path": "/x", "bytes": 3, "share": 0.5, "none": None}, "detail"),
]  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_from_json_as_it_was(record):
    again = record_of(type(record), json.loads(json.dumps(plain(record))))
    assert again == record
    assert plain(again) == plain(record)


def test_whole_numbers_become_what_the_record_has_and_unknown_keys_are_passed_over():
    point = record_of(CurvePoint, {"epoch": 1, "values": {"loss": 2}, "colour": "red"})
    assert (type(point.epoch), type(point.values["loss"])) == (float, float)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (CurvePoint, None),
        (CurvePoint, [1]),
        (CurvePoint, {"epoch": 1.0}),
        (CurvePoint, {"epoch": "1", "values": {}}),
        (CurvePoint, {"epoch": True, "values": {}}),
        (CurvePoint, {"epoch": 1.0, "values": [1]}),
        (CurvePoint, {"epoch": 1.0, "values": {"loss": "low"}}),
        (Assessment, {"split": "test", "items": 1.5}),
        (Assessment, {"split": "test", "items": 1, "labels": "ab"}),
        (Assessment, {"split": "test", "items": 1, "confusion": [["a"]]}),
        (Failure, {"code": "no-such-code", "fault": "bug"}),
        (RunSettings, {"recipe": "a", "data": "b", "name": "c", "options": {"x": [1]}}),
    ],
)
def test_other_shapes_are_refused(kind, data):
    with pytest.raises(ValueError, match=r"."):
        record_of(kind, data)


def test_an_error_is_told_and_heard_as_the_same_failure():
    for error in (InputFault(ErrorCode.FILE_NOT_FOUND, "x", path="/a"), EnvironmentFault(ErrorCode.DISK_FULL)):
        line = json.loads(json.dumps(told(error)))
        assert failure_told(line) == Failure.of(error)


def test_a_line_of_another_writer_is_understood_as_far_as_possible():
    failure = failure_told({"event": "error", "error": "new-trouble", "path": "/a", "odd": [1], "detail": 3})
    assert (failure.code, failure.fault) == (ErrorCode.TRAINING_FAILED, Fault.INPUT)
    assert failure.params == {"path": "/a"}
    assert failure.detail == "3"
    assert failure_told({"error": "bug"}).fault is Fault.BUG
    assert math.isnan(record_of(CurvePoint, {"epoch": math.nan, "values": {}}).epoch)
