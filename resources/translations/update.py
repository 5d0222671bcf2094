"""Reads the window's texts into the .ts files and compiles the .qm files: `python resources/translations/update.py`.

Texts without a translation are listed, and the exit status is then 1.
"""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "mmbm_desktop"
TOOLS = Path(sys.executable).parent
LANGUAGES = ("en", "zh_CN")
"""English is there for its plural forms only."""


def main() -> int:
    """Update, compile, and return 1 while a Chinese text is missing."""
    sources = sorted(str(path) for path in (PACKAGE / "gui").rglob("*.py"))
    for language in LANGUAGES:
        ts = HERE / f"mmbm_{language}.ts"
        options = ["-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", language]
        plural = ["-pluralonly"] if language == "en" else []
        subprocess.check_call([TOOLS / "pyside6-lupdate", *sources, *options, *plural, "-ts", ts])
        subprocess.check_call([TOOLS / "pyside6-lrelease", "-silent", ts, "-qm", ts.with_suffix(".qm")])
    missing = untranslated(HERE / "mmbm_zh_CN.ts") + untranslated(HERE / "mmbm_en.ts")
    print("\n".join(f"not translated: {text}" for text in missing))
    return 1 if missing else 0


def untranslated(ts: Path) -> list[str]:
    """Return the source texts of a .ts file that have no finished translation."""
    return [
        message.findtext("source", "")
        for message in ET.parse(ts).iter("message")  # noqa: S314 - our own file
        if message.find("translation") is None or message.find("translation").get("type") == "unfinished"
    ]


if __name__ == "__main__":
    sys.exit(main())
