"""Files are written whole or not at all, and operating-system errors are sorted."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.files import sha256_of, sorted_os_error, write_atomically, write_beside


def test_a_write_replaces_the_old_bytes_and_leaves_nothing_beside_them(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "settings.json"
    write_atomically(target, b"old")
    write_atomically(target, b"new")

    assert target.read_bytes() == b"new"
    assert os.listdir(target.parent) == ["settings.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a POSIX thing")
@pytest.mark.parametrize("write", [write_atomically, write_beside])
def test_a_full_disk_keeps_the_old_bytes(tmp_path: Path, write: Callable[[Path, bytes], None]) -> None:
    target = tmp_path / "kept.bin"
    target.write_bytes(b"old")
    script = textwrap.dedent(f"""
        import resource, signal
        from pathlib import Path
        from mmbm_desktop.base.errors import MmbmError
        from mmbm_desktop.base.files import {write.__name__}
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            {write.__name__}(Path({str(target)!r}), bytes(5000))
        except MmbmError as error:
            raise SystemExit(7)
    """)

    child = subprocess.run([sys.executable, "-c", script], check=False)

    assert child.returncode == 7
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["kept.bin"]


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (FileNotFoundError(errno.ENOENT, "gone"), InputFault, ErrorCode.FILE_NOT_FOUND),
        (OSError(errno.ENOSPC, "full"), EnvironmentFault, ErrorCode.DISK_FULL),
        (PermissionError(errno.EACCES, "no"), EnvironmentFault, ErrorCode.PERMISSION_DENIED),
        (OSError(errno.EROFS, "read-only"), EnvironmentFault, ErrorCode.PERMISSION_DENIED),
        (OSError(errno.EIO, "bad sector"), InputFault, ErrorCode.FILE_UNREADABLE),
    ],
)
def test_operating_system_errors_are_sorted(error: OSError, kind: type, code: ErrorCode) -> None:
    found = sorted_os_error(error, Path("/x"))

    assert type(found) is kind
    assert found.code is code
    assert found.params["path"] == "/x"


def test_a_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "big.bin"
    content = os.urandom(3_000_000)
    file.write_bytes(content)

    assert sha256_of(file) == hashlib.sha256(content).hexdigest()


def test_hashing_a_missing_file_is_the_persons_fault(tmp_path: Path) -> None:
    with pytest.raises(InputFault) as caught:
        sha256_of(tmp_path / "none")

    assert caught.value.code is ErrorCode.FILE_NOT_FOUND
