"""A real PortAudio stream hears real speech from a virtual microphone; missing devices are told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.virtual_microphone import missing_programs, speak_to_file, virtual_microphone

LISTEN = textwrap.dedent("""
    import json, sys, threading
    import numpy as np
    from mmbm_desktop.media.microphone import Microphone, list_microphones
    names = [one.name for one in list_microphones()]
    heard = []
    with Microphone(None) as microphone:
        print("ready", flush=True)
        threading.Timer(4.0, microphone.stop).start()
        for block in microphone:
            heard.append(block)
    sound = np.concatenate(heard)
    print(json.dumps({"names": names, "seconds": len(sound) / 16000, "peak": int(np.abs(sound).max()), "dtype": str(sound.dtype)}))
""")

FAIL = textwrap.dedent("""
    from mmbm_desktop.base.errors import EnvironmentFault
    from mmbm_desktop.media.microphone import Microphone
    import sys
    try:
        Microphone(sys.argv[1] or None)
    except EnvironmentFault as error:
        print(error.code.value)
""")


@pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {missing_programs()}")
def test_speech_played_into_a_virtual_microphone_is_heard(tmp_path: Path) -> None:
    with virtual_microphone() as microphone:
        environment = {**os.environ, **microphone.environment}
        listener = subprocess.Popen(
            [sys.executable, "-c", LISTEN],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            stderr=subprocess.DEVNULL,
        )
        assert listener.stdout is not None
        assert listener.stdout.readline().strip() == "ready"
        microphone.play(speak_to_file("one two three four five", tmp_path / "spoken.wav"))
        heard = json.loads(listener.communicate(timeout=60)[0].splitlines()[-1])

    assert heard["names"]
    assert 2.0 < heard["seconds"] < 6.0
    assert heard["peak"] > 1000
    assert heard["dtype"] == "int16"


@pytest.mark.parametrize("name", ["", "no such microphone"])
def test_a_missing_microphone_is_told(name: str) -> None:
    environment = {**os.environ, "PULSE_SERVER": "unix:/nowhere"}

    child = subprocess.run(
        [sys.executable, "-c", FAIL, name], env=environment, capture_output=True, text=True, check=True
    )

    assert child.stdout.strip() in ("microphone-missing", "audio-library-missing")
