"""A file is let go when it has stayed the same for a while."""

from __future__ import annotations

from pathlib import Path

from mmbm_desktop.engine.settling import Settling


def test_a_file_still_being_written_waits(tmp_path: Path) -> None:
    settling, file = Settling(1.0), tmp_path / "a.jpg"
    file.write_bytes(b"1")
    settling.touch(str(file), 0.0)
    assert settling.ready(0.9) == []
    file.write_bytes(b"12")  # no event told of this
    assert settling.ready(1.1) == []
    settling.touch(str(file), 1.5)
    assert settling.ready(2.4) == []
    assert len(settling) == 1

    assert settling.ready(2.5) == [str(file)]

    assert settling.ready(9.0) == []
    assert len(settling) == 0


def test_what_is_gone_settles_too_and_others_do_not_wait_for_it(tmp_path: Path) -> None:
    settling, file = Settling(1.0), tmp_path / "a.jpg"
    settling.touch(str(tmp_path / "gone.jpg"), 0.0)
    file.touch()
    settling.touch(str(file), 0.5)

    assert settling.ready(1.0) == [str(tmp_path / "gone.jpg")]
    assert settling.ready(1.5) == [str(file)]


def test_a_file_replaced_meanwhile_waits_anew(tmp_path: Path) -> None:
    settling, file = Settling(1.0), tmp_path / "a.jpg"
    file.write_bytes(b"1")
    settling.touch(str(file), 0.0)
    file.unlink()
    assert settling.ready(1.0) == []
    file.write_bytes(b"new")
    assert settling.ready(1.5) == []

    assert settling.ready(2.5) == [str(file)]
