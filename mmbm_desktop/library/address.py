"""The address of a library on a server, as it is typed and as it may be shown. No database is imported here."""

from __future__ import annotations

import re
from urllib.parse import unquote

_SERVER = re.compile(r"postgres(ql)?://", re.IGNORECASE)
_OPTION = re.compile(r"(?<=[?&])(ssl)?password=(?P<password>[^&]*)&?", re.IGNORECASE)


def is_server(place: str) -> bool:
    """Whether a library's place is a server's address, and not a file."""
    return _SERVER.match(place) is not None


def without_password(address: str) -> str:
    """Return an address that may be shown and logged."""
    scheme, user, _, rest = _parts(address)
    shown = _OPTION.sub("", rest).rstrip("?&")
    return f"{scheme}{user}@{shown}" if user else f"{scheme}{shown}"


def redacted(text: str, address: str) -> str:
    """Return a driver's message without the password of `address`, as it was typed and as it was meant."""
    _, _, password, rest = _parts(address)
    for secret in filter(None, (password, *(found["password"] for found in _OPTION.finditer(rest)))):
        for written in (secret, unquote(secret)):
            text = text.replace(written, "***")
    return text


def _parts(address: str) -> tuple[str, str, str, str]:
    """Return (scheme, user, password, what follows); a password may hold any character but a question mark."""
    found = _SERVER.match(address)
    scheme, body = (found[0], address[found.end() :]) if found else ("", address)
    place, mark, options = body.partition("?")
    login, _, host = place.rpartition("@") if scheme else ("", "", place)
    user, _, password = login.partition(":")
    return scheme, user, password, f"{host}{mark}{options}"
