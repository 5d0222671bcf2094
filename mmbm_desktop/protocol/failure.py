"""The record of an error that crosses a thread or a process."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field

from mmbm_desktop.base.errors import (
    BugFault,
    EnvironmentFault,
    ErrorCode,
    Fault,
    InputFault,
    MmbmError,
    ParamValue,
)


@dataclass(frozen=True)
class Failure:
    """An error as data: `code` and `params` make its text, `detail` is for the log and the details box."""

    code: ErrorCode
    fault: Fault
    params: dict[str, ParamValue] = field(default_factory=dict)
    detail: str = ""

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """Return the record of any exception; what is not an `MmbmError` is a bug of ours, or memory running out."""
        if isinstance(error, MmbmError):
            return cls(error.code, error.fault, dict(error.params), error.detail)
        detail = "".join(traceback.format_exception(error))
        if isinstance(error, MemoryError):
            return cls(ErrorCode.OUT_OF_MEMORY, Fault.ENVIRONMENT, {}, detail)
        return cls(ErrorCode.BUG, Fault.BUG, {}, detail)

    def as_error(self) -> MmbmError:
        """Return an exception that carries this record."""
        kinds = {Fault.INPUT: InputFault, Fault.ENVIRONMENT: EnvironmentFault, Fault.BUG: BugFault}
        error = kinds[self.fault](self.code, self.detail)
        error.params = dict(self.params)
        return error


@dataclass(frozen=True)
class ItemFailure:
    """One input of many that could not be used; the others were done."""

    path: str
    failure: Failure
