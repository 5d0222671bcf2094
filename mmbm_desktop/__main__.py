"""The one entry point: no arguments open the window, anything else is the command line. Imports as little as it can."""

from __future__ import annotations

import sys
from multiprocessing import freeze_support


def main(argv: list[str] | None = None) -> int:
    """Run the window or the command line and return the exit status."""
    freeze_support()
    arguments = sys.argv[1:] if argv is None else argv
    if arguments and arguments[0] != "--self-test":
        from mmbm_desktop.cli.main import main as run_command

        return run_command(arguments)
    from mmbm_desktop.app import main as open_window

    return open_window(arguments)


if __name__ == "__main__":
    sys.exit(main())
