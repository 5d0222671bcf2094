"""Makes requirements.lock from requirements.in: exact versions and hashes for every platform, no index host.

Run it with uv installed anywhere on the PATH: `python packaging/lock.py`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--no-annotate",
    "--quiet",
)


def main() -> int:
    """Write the lock and return the exit status."""
    uv = shutil.which("uv")
    if uv is None:
        print("uv is needed: python -m pip install uv", file=sys.stderr)
        return 1
    source, lock = HERE / "requirements.in", HERE / "requirements.lock"
    return subprocess.call([uv, "pip", "compile", *OPTIONS, str(source), "--output-file", str(lock)])


if __name__ == "__main__":
    sys.exit(main())
