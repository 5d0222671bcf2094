"""Sets Keras's backend up: which one, how many threads, how quiet. Call it before Keras is first imported."""

from __future__ import annotations

import contextlib
import os


def set_up(threads: int | None = None) -> None:
    """Choose the backend (`KERAS_BACKEND`, TensorFlow where it is not set) and its threads.

    Args:
        threads: cores to compute on; every core where None. A backend that already runs keeps the number it has.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if threads is None:
        return
    if os.environ["KERAS_BACKEND"] == "tensorflow":
        import tensorflow as tf

        with contextlib.suppress(RuntimeError):  # TensorFlow's word for "too late"
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(1)
    elif os.environ["KERAS_BACKEND"] == "torch":
        import torch  # pyright: ignore[reportMissingImports] - installed by whoever chooses this backend

        torch.set_num_threads(threads)
