"""`python -m mmbm_desktop.training.export_check BUNDLE PLACE FORMAT`: an export read back, one JSON object on stdout.

A process of its own: nothing that was in memory while the export was made can make it look better.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> int:
    """Print the differences by graph; an export that cannot be read ends in a traceback."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    from mmbm_desktop.training.export.reading_back import differences

    bundle, place, kind = sys.argv[1:]
    sys.stdout.write(json.dumps(differences(Path(bundle), Path(place), kind)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
