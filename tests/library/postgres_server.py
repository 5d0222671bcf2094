"""A PostgreSQL server with pgvector for tests: `python tests/library/postgres_server.py`; it ends with its input.

The package `pgserver` brings the programs; it is not imported, as it would change the rights of folders above the
server's. PostgreSQL refuses to run as root: then the programs are copied to where the user `nobody` may run them. A
pytest that is killed closes the pipe, and nothing of the server is left. It is no child of pytest, as other tests look
whether a program of theirs is left behind.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "log_min_messages": "panic",
}
_READY_S = 60.0


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; None where the package is not there for this system."""
    spec = importlib.util.find_spec("pgserver")
    return Path(spec.origin).parent / "pginstall" if spec and spec.origin else None


class Server:
    """A server in processes of its own."""

    def __init__(self) -> None:
        launcher = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert launcher.stdin is not None
        assert launcher.stdout is not None
        self._life, self._words = launcher.stdin, launcher.stdout
        self.address = self._words.readline().decode().strip()
        launcher.wait()
        if not self.address:
            self.close()
            raise RuntimeError("the server did not start")

    def close(self) -> None:
        """End the server and wait for it."""
        self._life.close()
        self._words.read()
        self._words.close()


def main() -> None:
    if len(sys.argv) == 1:
        subprocess.Popen([sys.executable, __file__, "stay"])
        return
    home = Path(tempfile.mkdtemp(prefix="mmbm-pg-"))
    try:
        serve(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def serve(home: Path) -> None:
    installed, way = programs(), as_somebody(home)
    assert installed is not None
    if way:
        installed = copied(installed, home)
    data, login = home / "data", ["-U", "postgres"]
    initdb = [installed / "bin" / "initdb", "-D", data, *login, "--auth=trust", "--encoding=UTF8", "--locale=C"]
    subprocess.run([*initdb, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=home, **way)
    options = {**OPTIONS, **where(home)}
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [installed / "bin" / "postgres", "-D", data, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=home,
        **way,
    )
    try:
        wait_until_ready(data / "postmaster.pid", server)
        place = f"127.0.0.1:{options['port']}/postgres?" if "port" in options else f"/postgres?host={home}"
        print(f"postgresql://postgres@{place}", flush=True)
        sys.stdin.read()
    finally:
        stop = [installed / "bin" / "pg_ctl", "-D", data, "-m", "immediate", "-s", "stop"]
        subprocess.run(stop, check=False, cwd=home, **way)
        server.wait()


def copied(installed: Path, home: Path) -> Path:
    """Copy the programs, and the libraries that the wheel has beside its package, to where everybody may read."""
    package = installed.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, home / folder.name, ignore=shutil.ignore_patterns("include", "doc", "*.py"))
    return home / package.name / installed.name


def as_somebody(home: Path) -> dict[str, Any]:
    """Return how to start programs as another user than root, whose the folder becomes."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def where(home: Path) -> dict[str, str]:
    """Return the options that say where the server listens: at a socket in its folder, or at a free port."""
    if sys.platform != "win32":
        return {"listen_addresses": "", "unix_socket_directories": str(home)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return {"listen_addresses": "127.0.0.1", "port": str(free.getsockname()[1])}


def wait_until_ready(note: Path, server: subprocess.Popen[bytes]) -> None:
    began = time.monotonic()
    while not note.exists() or "ready" not in note.read_text():
        if server.poll() is not None or time.monotonic() - began > _READY_S:
            raise RuntimeError("PostgreSQL did not start")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
