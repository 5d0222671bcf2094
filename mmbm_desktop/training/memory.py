"""Tells whether an error means that the memory, the device's or the computer's, did not suffice."""

from __future__ import annotations

_SAYINGS = ("ResourceExhausted", "OutOfMemory")


def memory_ran_out(error: BaseException) -> bool:
    """Whether an exception of any backend of Keras says that memory ran out."""
    names = (kind.__name__ for kind in type(error).__mro__)
    return isinstance(error, MemoryError) or any(name.startswith(_SAYINGS) for name in names)
