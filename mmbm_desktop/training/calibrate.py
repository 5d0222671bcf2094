"""`python -m mmbm_desktop.training.calibrate BUNDLE --data FOLDER`: fit and write a bundle's probabilities."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.bundles.manifest import MANIFEST_FILE
from mmbm_desktop.training.calibration import calibrate
from mmbm_desktop.training.evaluation.interface import Measuring

if TYPE_CHECKING:
    from collections.abc import Sequence


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mmbm_desktop.training.calibrate", description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="val", help="never the one that is evaluated (default: val)")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was written as JSON; return the exit status (1 after an error, which is printed as an object too)."""
    options = _arguments(argv)
    try:
        if not (options.bundle / MANIFEST_FILE).is_file():
            raise EnvironmentFault(ErrorCode.MODEL_MISSING, path=str(options.bundle), name=options.bundle.name)
        fitted = calibrate(Measuring(options.bundle, options.data, options.split))
    except MmbmError as error:
        event = {"event": "error", "error": str(error.code), **error.params, "detail": error.detail}
        sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
        return 1
    sys.stdout.write(json.dumps({"event": "calibrated", "calibration": fitted}, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
