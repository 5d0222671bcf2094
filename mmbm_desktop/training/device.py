"""Sets Keras's backend up: which one, where, how many threads, how quiet. Call it before Keras is first imported."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import ErrorCode, InputFault

if TYPE_CHECKING:
    from collections.abc import Sequence


def set_up(threads: int | None = None, device: str = "auto") -> str:
    """Choose the backend (`KERAS_BACKEND`, TensorFlow where it is not set), its device and its threads.

    Args:
        threads: cores to compute on; every core where None. A backend that already runs keeps the number it has.
        device: "auto" (the first GPU where there is one), "cpu" or "gpu:0", …

    Returns:
        Where it computes, in words for people: "CPU · 2 threads".

    Raises:
        InputFault: there is no such GPU.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    on_cpu = f"CPU · {threads or os.cpu_count() or 1} threads"
    if os.environ["KERAS_BACKEND"] == "tensorflow":
        import tensorflow as tf

        if threads is not None:
            with contextlib.suppress(RuntimeError):  # TensorFlow's word for "too late"
                tf.config.threading.set_intra_op_parallelism_threads(threads)
                tf.config.threading.set_inter_op_parallelism_threads(1)
        return _choose(tf, device) or on_cpu
    if os.environ["KERAS_BACKEND"] == "torch":
        import torch  # pyright: ignore[reportMissingImports] - installed by whoever chooses this backend

        torch.set_num_threads(threads or torch.get_num_threads())
    return on_cpu


def _choose(tf: Any, device: str) -> str:
    """Let TensorFlow see one GPU, or none; return the GPU's name, "" for the CPU."""
    gpus: Sequence[Any] = tf.config.list_physical_devices("GPU")
    number = None if device == "cpu" else 0 if device == "auto" else int(device.partition(":")[2])
    if device not in ("auto", "cpu") and (number or 0) >= len(gpus):
        raise InputFault(ErrorCode.ARGUMENT_INVALID, f"{len(gpus)} GPUs", name="device", value=device)
    seen = [] if number is None else list(gpus[number : number + 1])
    if gpus:
        with contextlib.suppress(RuntimeError):
            tf.config.set_visible_devices(seen, "GPU")
            for gpu in seen:
                tf.config.experimental.set_memory_growth(gpu, True)
    if not seen:
        return ""
    name = tf.config.experimental.get_device_details(seen[0]).get("device_name", "GPU")
    return f"{name} · GPU {number}"


def gpu_count() -> int:
    """Return how many GPUs TensorFlow can use; importing it takes seconds."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    return len(tf.config.list_physical_devices("GPU"))


if __name__ == "__main__":
    sys.stdout.write(f"{gpu_count()}\n")
