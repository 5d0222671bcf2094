"""The lock pins everything with hashes and names no host."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
WANTED = (ROOT / "packaging" / "requirements.in").read_text(encoding="utf-8")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_address_is_in_the_lock() -> None:
    assert re.findall(r"https?:|--index-url|--extra-index|--find-links|file:", LOCK) == []


def test_every_pin_is_exact_and_hashed() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())

    assert len(entries) > 40
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==[^ ]+( ;.*?)? \\\n", entry), entry[:80]
        assert "--hash=sha256:" in entry


def test_every_wanted_package_is_locked_at_the_wanted_version() -> None:
    locked = {
        (normal(name), version) for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ]+)", LOCK, re.MULTILINE)
    }
    names = {name for name, _ in locked}

    for line in WANTED.splitlines():
        requirement = line.split("#")[0].split(";")[0].strip()
        if requirement:
            name, _, version = requirement.partition("==")
            assert normal(name) in names
            assert not version or (normal(name), version) in locked


def test_the_architecture_gives_a_reason_for_every_wanted_package() -> None:
    reasons = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").lower()

    names = [line.partition("==")[0].strip() for line in WANTED.splitlines() if line and not line.startswith("#")]
    assert [name for name in names if name.lower() not in reasons] == []
