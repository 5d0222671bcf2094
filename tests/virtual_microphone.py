"""A microphone made of software: a private PulseAudio server whose null sink's monitor is the default source."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("pulseaudio", "pactl", "paplay", "espeak-ng")


def missing_programs() -> list[str]:
    """Return the programs of this list that are not installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@dataclass(frozen=True)
class VirtualMicrophone:
    """A running server; `environment` makes a process hear it as the default microphone."""

    environment: dict[str, str]

    def play(self, wav: Path) -> None:
        """Play a file into the microphone and wait until it is over."""
        subprocess.run(
            ["paplay", "--device=speaker", wav], env={**os.environ, **self.environment}, check=True, timeout=120
        )


def speak_to_file(text: str, wav: Path) -> Path:
    """Write `text` spoken by espeak-ng.

    Of its voices this one is understood best: "seven hundred thousand" in 60 of 60 recordings that began at different
    moments, where the usual one was understood in half of them.
    """
    subprocess.run(["espeak-ng", "-v", "en-us+f2", "-s", "140", "-w", wav, text], check=True, timeout=60)
    return wav


@contextmanager
def virtual_microphone() -> Iterator[VirtualMicrophone]:
    """Start the server, give the microphone, and stop the server."""
    with tempfile.TemporaryDirectory(prefix="pulse-") as name:
        folder = Path(name)
        environment = _environment(folder)
        server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes",
             "--load=module-native-protocol-unix", "--load=module-null-sink sink_name=speaker rate=16000 channels=1"],
            env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_until_ready({**os.environ, **environment}, server)
            yield VirtualMicrophone(environment)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _environment(folder: Path) -> dict[str, str]:
    (folder / "home").mkdir()
    folder.chmod(0o700)
    asound = folder / "asound.conf"
    asound.write_text("pcm.!default { type pulse }\nctl.!default { type pulse }\n", encoding="utf-8")
    system = Path("/usr/share/alsa/alsa.conf")
    config = folder / "alsa.conf"
    config.write_text(f"<{system}>\n<{asound}>\n", encoding="utf-8")
    return {
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_RUNTIME_PATH": str(folder),
        "PULSE_SERVER": f"unix:{folder}/native",
        "PULSE_SOURCE": "speaker.monitor",
        "PULSE_STATE_PATH": str(folder),
        "PULSE_COOKIE": str(folder / "cookie"),
        "ALSA_CONFIG_PATH": str(config),
    }


def _wait_until_ready(environment: dict[str, str], server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        answer = subprocess.run(
            ["pactl", "list", "short", "sources"], env=environment, capture_output=True, text=True, check=False
        )
        if "speaker.monitor" in answer.stdout:
            return
        time.sleep(0.1)
    raise RuntimeError("pulseaudio did not start")
