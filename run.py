"""Sets everything up and opens the window, runs the tests, or reaches the command line. Standard library only.

python3 run.py              the window
python3 run.py test [...]   every check and test; further words go to pytest
python3 run.py mmbm [...]   the command line
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "packaging" / "requirements.lock"
STAMP = VENV / "installed.sha256"
OLDEST, NEWEST = (3, 11), (3, 13)

# The library Qt or PortAudio loads at run time -> the Debian package that has it.
SYSTEM_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libportaudio.so.2": "libportaudio2",
}
# Half of what the window shows may be Chinese; a Linux without such a font would show boxes.
CHINESE_FONT = ("fontconfig", "fonts-noto-cjk")
# Programs that only some tests need -> their Debian packages. Without them those tests are skipped and say so.
TEST_PROGRAMS = {
    "Xvfb": ("xvfb",),
    "pulseaudio": ("pulseaudio", "libasound2-plugins"),
    "pactl": ("pulseaudio-utils",),
    "espeak-ng": ("espeak-ng",),
    "exiftool": ("libimage-exiftool-perl",),
}
OTHER_SYSTEMS = {
    "dnf": "mesa-libEGL mesa-libGL libxkbcommon-x11 dbus-libs fontconfig xcb-util-cursor xcb-util-wm xcb-util-image "
    "xcb-util-keysyms xcb-util-renderutil portaudio google-noto-sans-cjk-fonts",
    "pacman": "libglvnd libxkbcommon-x11 dbus fontconfig xcb-util-cursor xcb-util-wm xcb-util-image xcb-util-keysyms "
    "xcb-util-renderutil portaudio noto-fonts-cjk",
    "zypper": "Mesa-libEGL1 Mesa-libGL1 libxkbcommon-x11-0 libdbus-1-3 fontconfig libxcb-cursor0 libportaudio2 "
    "google-noto-sans-cjk-fonts",
}


def main(argv: list[str]) -> int:
    """Set up, then run what `argv` asks for; return the exit status."""
    command, rest = (argv[0], argv[1:]) if argv else ("", [])
    if command not in ("", "test", "mmbm"):
        print(__doc__)
        return 0 if command in ("-h", "--help") else 2
    problem = python_problem(sys.version_info[:2])
    if problem:
        print(problem, file=sys.stderr)
        return 2
    if not install_packages():
        return 1
    ensure_system_libraries(for_tests=command == "test")
    if command == "test":
        return run_checks(rest)
    return start(rest if command == "mmbm" else [])


def python_problem(version: tuple[int, int]) -> str:
    """Return why this Python cannot run the program, or ""."""
    if OLDEST <= version <= NEWEST:
        return ""
    newest = ".".join(map(str, NEWEST))
    return (
        f"MMBM Desktop needs Python 3.11 to {newest}; this is {version[0]}.{version[1]}.\n"
        f"Install one of them and run it by name, for example: python{newest} run.py"
    )


# --- the Python packages -----------------------------------------------------------------------------------------


def wanted_stamp() -> str:
    """Return what the stamp says once everything in the lock is installed for this Python."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{digest} {sys.version_info[0]}.{sys.version_info[1]}"


def is_installed() -> bool:
    """Whether the virtual environment holds what the lock names. Takes milliseconds and no network."""
    return venv_python().exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted_stamp()


def install_packages() -> bool:
    """Make `.venv` and install the lock into it unless that was done; return whether it is there.

    The stamp is written last, so an interrupted installation is done again.
    """
    if is_installed():
        return True
    print("First start: installing the program's packages (about 3 GB, a few minutes) …", flush=True)
    if not venv_python().exists() and subprocess.call([sys.executable, "-m", "venv", str(VENV)]) != 0:
        print(
            "Python's venv module is missing. On Debian and Ubuntu: sudo apt-get install python3-venv", file=sys.stderr
        )
        return False
    pip = [str(venv_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.call([*pip, "--require-hashes", "--no-deps", "-r", str(LOCK)]) != 0:
        print(
            "The packages could not be installed. Check the network and the free disk (3 GB) and run this again.",
            file=sys.stderr,
        )
        return False
    STAMP.write_text(wanted_stamp(), encoding="utf-8")
    return True


def venv_python() -> Path:
    """Return the virtual environment's Python."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


# --- the system's libraries --------------------------------------------------------------------------------------


def missing_packages(*, for_tests: bool) -> list[str]:
    """Return the Debian packages whose libraries (and, for the tests, programs) are not there."""
    missing = [package for library, package in SYSTEM_LIBRARIES.items() if not can_load(library)]
    missing += [] if has_chinese_font() else CHINESE_FONT
    if for_tests:
        for program, packages in TEST_PROGRAMS.items():
            missing += [] if shutil.which(program) else packages
    return missing


def can_load(library: str) -> bool:
    """Whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_chinese_font() -> bool:
    """Whether fontconfig is there and knows a font with Chinese characters."""
    fc_list = shutil.which("fc-list")
    return fc_list is not None and bool(
        subprocess.run([fc_list, ":lang=zh", "file"], stdout=subprocess.PIPE, check=False).stdout
    )


def ensure_system_libraries(*, for_tests: bool) -> None:
    """Install what Qt and PortAudio need where that is possible, else print the one command that does."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages(for_tests=for_tests)
    if not missing:
        return
    if shutil.which("apt-get") and os.geteuid() == 0 and apt_install(missing):
        return
    print(
        f"Some system libraries or fonts are missing. Install them with:\n    {install_command(missing)}",
        file=sys.stderr,
    )


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages quietly; return whether that worked."""
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    quiet = subprocess.DEVNULL
    if subprocess.call(install, env=environment, stdout=quiet, stderr=quiet) == 0:
        return True
    subprocess.call(["apt-get", "update", "-qq"], env=environment, stdout=quiet)
    return subprocess.call(install, env=environment, stdout=quiet) == 0


def install_command(packages: list[str]) -> str:
    """Return the one command that installs the missing libraries on this system."""
    for tool, names in OTHER_SYSTEMS.items():
        if shutil.which(tool) and not shutil.which("apt-get"):
            verb = "-S" if tool == "pacman" else "install"
            return f"sudo {tool} {verb} {names}"
    return f"sudo apt-get install {' '.join(packages)}"


# --- what runs ---------------------------------------------------------------------------------------------------


def start(arguments: list[str]) -> int:
    """Open the window, or run the command line when there are arguments."""
    command = [str(venv_python()), "-m", "mmbm_desktop", *arguments]
    search_path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": search_path}
    if os.name == "nt":
        return subprocess.call(command, env=environment)
    os.execve(command[0], command, environment)  # noqa: S606 - our own Python, our own module
    return 0


def run_checks(pytest_arguments: list[str]) -> int:
    """Run every check and the tests, all of them even after a failure; return 0 only if all passed."""
    python = str(venv_python())
    tools = venv_python().parent
    suffix = ".exe" if os.name == "nt" else ""
    checks = {
        "ruff": [str(tools / f"ruff{suffix}"), "check", "--quiet", "."],
        "ruff format": [str(tools / f"ruff{suffix}"), "format", "--check", "--quiet", "."],
        "types": [str(tools / f"basedpyright{suffix}")],
        "imports": [str(tools / f"lint-imports{suffix}")],
        "tests": [python, "-m", "pytest", "--numprocesses=2", "--dist=loadfile", *pytest_arguments],
    }
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    outcome = {}
    for name, command in checks.items():
        print(f"— {name}", flush=True)
        outcome[name] = subprocess.call(command, cwd=ROOT, env=environment)
    print("; ".join(f"{name}: {'ok' if status == 0 else 'FAILED'}" for name, status in outcome.items()), flush=True)
    return 0 if not any(outcome.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
