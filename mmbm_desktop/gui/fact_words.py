"""Short words for numbers about files, the same in every language."""

from __future__ import annotations

from datetime import datetime


def duration_text(seconds: float) -> str:
    """Return a length of time as m:ss or h:mm:ss."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def size_text(size_bytes: int) -> str:
    """Return a file size with its unit."""
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:.0f} kB"


def memory_text(size_bytes: int) -> str:
    """Return an amount of memory with its unit, to about three digits."""
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e9 else f"{size_bytes / 1e6:.0f} MB"


def date_text(seconds: float) -> str:
    """Return a time of the clock on this computer, to the minute."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
