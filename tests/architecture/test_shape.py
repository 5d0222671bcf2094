"""The shape of the code: sizes, names, and words that must not occur."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mmbm_desktop"
MODULES = sorted(PACKAGE.rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "models"}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def tracked() -> list[Path]:
    try:
        listing = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.split("\0") if name]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_small_and_says_what_it_holds(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)

    assert ast.get_docstring(tree), "no sentence at the top"
    assert source.count("\n") <= 400
    assert path.stem not in FORBIDDEN_NAMES
    assert path.parent.name not in FORBIDDEN_NAMES
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        (r"\bprocessEvents\(", ()),
        (r"\.exec\(", ("app.py",)),
        (r"\btr\(\s*f[\"']", ()),
        (r"\bf\"[^\"\n]*\btr\(", ()),
        (r"\bprint\(", ("cli", "training", "app.py")),
        (r"\bos\.fork\(", ()),
        (r"\bpickle\.load", ("protocol",)),
    ],
)
def test_words_that_must_not_occur(pattern: str, allowed: tuple[str, ...]) -> None:
    found = [
        name_of(path)
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0] not in allowed and re.search(pattern, path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_no_path_of_a_machine_and_no_index_host_is_in_the_project() -> None:
    words = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/|pypi\.org|pythonhosted|registry\.npmjs|index-url\s*=")
    here = Path(__file__).resolve()
    found = []
    for path in tracked():
        if path.suffix in {".png", ".safetensors", ".onnx", ".qm", ".wav", ".npz"} or path.resolve() == here:
            continue
        if path.is_file() and words.search(path.read_text(encoding="utf-8", errors="replace")):
            found.append(str(path.relative_to(ROOT)))

    assert found == []
