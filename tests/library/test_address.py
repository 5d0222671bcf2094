"""Addresses of servers are told from files, and shown without their passwords."""

from __future__ import annotations

import pytest

from mmbm_desktop.library.address import is_server, redacted, without_password


def test_an_address_is_no_file() -> None:
    assert is_server("postgresql://host/db")
    assert is_server("POSTGRES://host/db")
    assert not is_server("/data/postgresql.db")
    assert not is_server("C:\\library.db")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ann:pw@host:5432/db", "postgresql://ann@host:5432/db"),
        ("postgresql://ann:p:w/@x@host/db?sslmode=require", "postgresql://ann@host/db?sslmode=require"),
        ("postgresql://ann@host/db?password=pw&sslmode=require", "postgresql://ann@host/db?sslmode=require"),
        ("postgres://ann@/db?host=/run&password=pw", "postgres://ann@/db?host=/run"),
        ("postgresql://host/db", "postgresql://host/db"),
        ("/data/ann@here/library.db", "/data/ann@here/library.db"),
    ],
)
def test_a_password_is_not_shown(address: str, shown: str) -> None:
    assert without_password(address) == shown


def test_a_password_is_taken_out_of_a_drivers_words() -> None:
    address = "postgresql://ann:p%40ss@host/db?sslpassword=other"
    assert redacted('p%40ss, p@ss or other in "host"', address) == '***, *** or *** in "host"'
