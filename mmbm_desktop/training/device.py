"""Sets Keras's backend up: which one, where, how many threads, how quiet. Call it before Keras is first imported."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import ErrorCode, InputFault

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Place:
    """Where a run computes: in words for people ("CPU · 2 threads"), and the numbers of its GPUs."""

    name: str
    gpus: tuple[int, ...] = ()

    def told(self, asked: str) -> dict[str, Any]:
        """Return the line that tells it."""
        return {"event": "device", "name": self.name, "gpu": bool(self.gpus), "gpus": self.gpus, "asked": asked}


def set_up(threads: int | None = None, device: str = "auto") -> Place:
    """Choose the backend (`KERAS_BACKEND`, TensorFlow where it is not set), its device and its threads.

    Args:
        threads: cores to compute on; every core where None. A backend that already runs keeps the number it has.
        device: "auto" (the first GPU where there is one), "cpu", "gpu:0", … or "all" for every GPU.

    Raises:
        InputFault: there is no such GPU.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_DEVICE_ORDER", "PCI_BUS_ID")  # the numbers that NVIDIA's own tools use
    on_cpu = f"CPU · {threads or os.cpu_count() or 1} threads"
    if os.environ["KERAS_BACKEND"] == "tensorflow":
        import tensorflow as tf

        if threads is not None:
            with contextlib.suppress(RuntimeError):  # TensorFlow's word for "too late"
                tf.config.threading.set_intra_op_parallelism_threads(threads)
                tf.config.threading.set_inter_op_parallelism_threads(1)
        return _choose(tf, device) or Place(on_cpu)
    if os.environ["KERAS_BACKEND"] == "torch":
        import torch  # pyright: ignore[reportMissingImports] - installed by whoever chooses this backend

        torch.set_num_threads(threads or torch.get_num_threads())
    return Place(on_cpu)


def _choose(tf: Any, device: str) -> Place | None:
    """Let TensorFlow see one GPU, all of them or none; None for the CPU."""
    gpus: Sequence[Any] = tf.config.list_physical_devices("GPU")
    numbers = _numbers(device, len(gpus))
    seen = [gpus[number] for number in numbers]
    if gpus:
        with contextlib.suppress(RuntimeError):
            tf.config.set_visible_devices(seen, "GPU")
            for gpu in seen:
                tf.config.experimental.set_memory_growth(gpu, True)
    if not seen:
        return None
    names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in seen]
    name = names[0] if len(set(names)) == 1 else ", ".join(names)
    count = f"{len(seen)} × " if len(seen) > 1 and len(set(names)) == 1 else ""
    return Place(f"{count}{name} · GPU {', '.join(map(str, numbers))}", numbers)


def _numbers(device: str, gpus: int) -> tuple[int, ...]:
    """Return the numbers of the GPUs to compute on.

    Raises:
        InputFault: there is no such GPU.
    """
    if device == "cpu" or (device == "auto" and not gpus):
        return ()
    if device == "all" and gpus:
        return tuple(range(gpus))
    number = 0 if device == "auto" else int(device.partition(":")[2] or gpus)
    if number >= gpus:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, f"{gpus} GPUs", name="device", value=device)
    return (number,)


def gpu_count() -> int:
    """Return how many GPUs TensorFlow can use; importing it takes seconds."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    return len(tf.config.list_physical_devices("GPU"))


if __name__ == "__main__":
    sys.stdout.write(f"{gpu_count()}\n")
