"""Sorts PostgreSQL's errors once: the server's or the network's fault, or a bug of ours. No password leaves here."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import psycopg

from mmbm_desktop.base.errors import BugFault, EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.library.address import redacted, without_password

if TYPE_CHECKING:
    from collections.abc import Generator

_CODES = {
    "25006": ErrorCode.LIBRARY_READ_ONLY,  # a standby server
    "3D000": ErrorCode.SERVER_REFUSED,
    "42501": ErrorCode.PERMISSION_DENIED,
    "40001": ErrorCode.LIBRARY_LOCKED,
    "40P01": ErrorCode.LIBRARY_LOCKED,
    "55P03": ErrorCode.LIBRARY_LOCKED,
    "53100": ErrorCode.DISK_FULL,
    "53200": ErrorCode.OUT_OF_MEMORY,
    "53300": ErrorCode.SERVER_REFUSED,
    "58030": ErrorCode.LIBRARY_DAMAGED,
    "XX001": ErrorCode.LIBRARY_DAMAGED,
    "XX002": ErrorCode.LIBRARY_DAMAGED,
}
_CLASSES = {
    "08": ErrorCode.SERVER_UNREACHABLE,
    "28": ErrorCode.SERVER_REFUSED,
    "57": ErrorCode.SERVER_UNREACHABLE,
}


def sorted_postgres_error(error: psycopg.Error, address: str) -> MmbmError:
    """Return the typed error for one of PostgreSQL's (https://www.postgresql.org/docs/current/errcodes-appendix.html).

    An error without a code is a connection's: where the server itself said FATAL it refused, else it was not reached.
    """
    state = error.sqlstate
    detail = redacted(f"{type(error).__name__} {state or ''}: {error}", address)
    place = without_password(address)
    if state is None and isinstance(error, psycopg.OperationalError):
        refused = "FATAL" in str(error)
        return EnvironmentFault(
            ErrorCode.SERVER_REFUSED if refused else ErrorCode.SERVER_UNREACHABLE, detail, path=place
        )
    code = _CODES.get(state or "", _CLASSES.get((state or "")[:2]))
    if code is None:
        return BugFault(ErrorCode.BUG, detail)
    return EnvironmentFault(code, detail, path=place)


def invalid_address(error: psycopg.Error, address: str) -> MmbmError:
    """Return the typed error for an address that the driver cannot read."""
    return InputFault(ErrorCode.ADDRESS_INVALID, redacted(str(error), address), path=without_password(address))


@contextlib.contextmanager
def postgres_errors_sorted(address: str) -> Generator[None]:
    """Turn any `psycopg.Error` of the block into a typed one; its own text, which may hold the address, goes nowhere.

    Raises:
        MmbmError: see `sorted_postgres_error`.
    """
    try:
        yield
    except psycopg.Error as error:
        raise sorted_postgres_error(error, address) from None
