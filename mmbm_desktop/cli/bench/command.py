"""The command: runs the named measurements and prints a line each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.cli.bench.library_measurements import library
from mmbm_desktop.cli.bench.measurements import LIBRARY, MEASUREMENTS, RCLIP
from mmbm_desktop.cli.bench.rclip_measurement import rclip
from mmbm_desktop.cli.output import Output

if TYPE_CHECKING:
    import argparse


def bench(arguments: argparse.Namespace) -> int:
    """Run the named measurements, or all but the comparison with rclip, which must be installed, and return 0.

    Raises:
        InputFault: there is no measurement of that name, or no rclip.
    """
    output = Output(as_json=arguments.json)
    measured = {**MEASUREMENTS, LIBRARY: partial(library, arguments.items, arguments.keep)}
    measured[RCLIP] = partial(rclip, arguments.rclip_python)
    for name in arguments.names:
        if name not in measured:
            raise InputFault(ErrorCode.ARGUMENT_INVALID, name="bench", value=name)
    for name in arguments.names or [name for name in measured if name != RCLIP]:
        for measurement in measured[name]():
            output.answer(measurement.record(), measurement.line())
    return output.exit_status
