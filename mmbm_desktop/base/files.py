"""Safe file operations: whole-or-nothing writing, hashing, and sorting of operating-system errors."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
import tempfile
from collections.abc import Generator
from pathlib import Path

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault, MmbmError

_CHUNK_BYTES = 1 << 20


def sorted_os_error(error: OSError, path: Path) -> MmbmError:
    """Return the typed error for an `OSError` met while reading or writing `path`."""
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, FileNotFoundError):
        return InputFault(ErrorCode.FILE_NOT_FOUND, detail, path=str(path))
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return EnvironmentFault(ErrorCode.DISK_FULL, detail, path=str(path))
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return EnvironmentFault(ErrorCode.PERMISSION_DENIED, detail, path=str(path))
    return InputFault(ErrorCode.FILE_UNREADABLE, detail, path=str(path))


@contextlib.contextmanager
def os_errors_sorted(path: Path) -> Generator[None]:
    """Turn any `OSError` of the block into a typed error about `path`.

    Raises:
        MmbmError: see `sorted_os_error`.
    """
    try:
        yield
    except OSError as error:
        raise sorted_os_error(error, path) from error


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` so that `path` holds either the old bytes or all the new ones, whatever happens meanwhile.

    The file is for the person alone; see `write_beside` for files among a person's own.

    Raises:
        MmbmError: the disk is full or the folder cannot be written.
    """
    with os_errors_sorted(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def write_beside(path: Path, data: bytes) -> None:
    """Write like `write_atomically`, into a folder that is there, a file with the rights that any file gets there.

    A file that is replaced keeps its rights; of a link, what it leads to is replaced.

    Raises:
        MmbmError: the disk is full, or the folder is gone or cannot be written.
    """
    with os_errors_sorted(path):
        real = path.resolve()
        rights = stat.S_IMODE(real.stat().st_mode) if real.exists() else None
        temporary = real.with_name(f".{secrets.token_hex(8)}.part")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if rights is not None:
                temporary.chmod(rights)
            temporary.replace(real)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def new_folder(parent: Path, stem: str) -> Path:
    """Make a folder that was not there, called `stem`, or `stem-2` and so on where that is taken, and return it.

    Raises:
        MmbmError: it cannot be made.
    """
    with os_errors_sorted(parent):
        parent.mkdir(parents=True, exist_ok=True)
        number = 1
        while (folder := parent / (stem if number == 1 else f"{stem}-{number}")).exists():
            number += 1
        folder.mkdir()
    return folder


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits, reading 1 MiB at a time.

    Raises:
        MmbmError: the file cannot be read.
    """
    digest = hashlib.sha256()
    with os_errors_sorted(path), path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
