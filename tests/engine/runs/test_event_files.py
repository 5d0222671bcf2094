"""Event files as TensorFlow itself reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmbm_desktop.engine.runs.event_files import write_event_files
from mmbm_desktop.protocol.training import CurvePoint

POINTS = (
    CurvePoint(0.25, {"loss": 2.5, "损失": -1.0}),
    CurvePoint(1.0, {"loss": 1.5}, resumed=True),
    CurvePoint(1.0, {"accuracy": 0.75}, validation=True),
    CurvePoint(400.0, {"loss": 1e-7}),
)


def test_tensorflow_reads_the_curve_back(tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    folder = tmp_path / "logs"
    write_event_files(POINTS[:1], folder)
    files = write_event_files(POINTS, folder)

    read = {}
    for file in files:
        records = tf.data.TFRecordDataset(str(file)).as_numpy_iterator()
        events = [tf.compat.v1.Event.FromString(record) for record in records]
        assert events[0].file_version == "brain.Event:2"
        read[file.parent.name] = [
            (event.step, value.tag, value.simple_value) for event in events[1:] for value in event.summary.value
        ]
    assert read == {
        "train": [(250, "loss", 2.5), (250, "损失", -1.0), (1000, "loss", 1.5), (400_000, "loss", pytest.approx(1e-7))],
        "val": [(1000, "accuracy", 0.75)],
    }


def test_a_curve_without_validation_has_one_file(tmp_path: Path) -> None:
    assert write_event_files(POINTS[:2], tmp_path) == (tmp_path / "train" / "events.out.tfevents.0.mmbm",)
    assert write_event_files((), tmp_path / "none") == ()
    assert not (tmp_path / "none").exists()
