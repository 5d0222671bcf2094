"""Set-up for every test: a home folder of its own, no screen, no network."""

from __future__ import annotations

import gc
import os
import sqlite3  # noqa: F401 - before TensorFlow, whose own copy lacks full-text search

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["HF_HUB_OFFLINE"] = "1"

import socket
from pathlib import Path

import pytest

from tests.library.postgres_fixtures import library_address, server, tables  # noqa: F401 - fixtures

TESTS = Path(__file__).parent
DATA = TESTS / "data"


@pytest.fixture(scope="module", autouse=True)
def older_objects_set_apart() -> None:
    """Let collections look only at what the tests of a module make: with everything a run loads, one takes a second."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def mmbm_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test data, settings, cache and log folders of its own."""
    home = tmp_path_factory.mktemp("mmbm-home")
    monkeypatch.setenv("MMBM_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections that leave this machine."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0] if isinstance(address, tuple) else ""
            assert host in ("127.0.0.1", "::1", "localhost"), f"a test tried to reach {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture
def data() -> Path:
    """Return the folder of small files that travel with the tests."""
    return DATA


@pytest.fixture(scope="session")
def tiny_bundle() -> Path:
    """Return the image-text bundle with random weights."""
    return DATA / "bundles" / "tiny"


@pytest.fixture(scope="session")
def tiny_translation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a translation bundle with random weights."""
    from mmbm_desktop.training.tiny_translation import make_tiny_translation

    return make_tiny_translation(tmp_path_factory.mktemp("bundles") / "tiny-translation")


@pytest.fixture(scope="session")
def tiny_sounds_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sounds bundle with random weights, made now."""
    from mmbm_desktop.training.tiny_bundle import make_tiny_sounds_bundle

    return make_tiny_sounds_bundle(tmp_path_factory.mktemp("bundles") / "tiny-sounds")


@pytest.fixture(scope="session")
def tiny_classifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a picture-classes bundle with random weights, made now."""
    from mmbm_desktop.training.tiny_bundle import make_tiny_classifier

    return make_tiny_classifier(tmp_path_factory.mktemp("bundles") / "tiny-classifier")
