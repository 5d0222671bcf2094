"""Where a run computes, with a stand-in for TensorFlow's list of devices: there is not a GPU everywhere."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.training.device import Place, _choose


class Config:
    """Remembers which of its GPUs may be seen and which may grow."""

    def __init__(self, gpus: int) -> None:
        self.gpus = [f"/gpu:{number}" for number in range(gpus)]
        self.seen: list[str] | None = None
        self.growing: list[str] = []
        self.experimental = SimpleNamespace(
            set_memory_growth=lambda gpu, growing: self.growing.append(gpu) if growing else None,
            get_device_details=lambda gpu: {"device_name": f"Card {gpu[-1]}"},
        )

    def list_physical_devices(self, kind: str) -> list[str]:
        assert kind == "GPU"
        return self.gpus

    def set_visible_devices(self, seen: list[str], kind: str) -> None:
        assert kind == "GPU"
        self.seen = seen


@pytest.mark.parametrize(
    ("gpus", "device", "name", "seen"),
    [
        (0, "auto", None, None),
        (0, "cpu", None, None),
        (2, "auto", Place("Card 0 · GPU 0", (0,)), ["/gpu:0"]),
        (2, "gpu:1", Place("Card 1 · GPU 1", (1,)), ["/gpu:1"]),
        (2, "cpu", None, []),
        (2, "all", Place("Card 0, Card 1 · GPU 0, 1", (0, 1)), ["/gpu:0", "/gpu:1"]),
        (1, "all", Place("Card 0 · GPU 0", (0,)), ["/gpu:0"]),
    ],
)
def test_only_what_is_chosen_is_seen_and_takes_only_the_memory_it_needs(gpus, device, name, seen):
    config = Config(gpus)
    assert _choose(SimpleNamespace(config=config), device) == name
    assert config.seen == seen
    assert config.growing == (seen or [])


def test_equal_cards_are_counted():
    config = Config(3)
    config.experimental.get_device_details = lambda gpu: {"device_name": "Card"}
    assert _choose(SimpleNamespace(config=config), "all") == Place("3 × Card · GPU 0, 1, 2", (0, 1, 2))


@pytest.mark.parametrize(("gpus", "device"), [(1, "gpu:1"), (0, "gpu:0"), (0, "all")])
def test_a_gpu_that_is_not_there_is_refused(gpus, device):
    with pytest.raises(InputFault) as caught:
        _choose(SimpleNamespace(config=Config(gpus)), device)
    assert caught.value.params == {"name": "device", "value": device}
