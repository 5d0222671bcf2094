"""Sets Keras and its backend up before anything imports them: which backend, how many threads, how quiet."""

from __future__ import annotations

import os
import warnings


def set_up(threads: int | None = None) -> None:
    """Choose the backend and its threads; call it before Keras is imported for the first time.

    Args:
        threads: cores to compute on; every core where None.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    if os.environ["KERAS_BACKEND"] == "tensorflow" and threads is not None:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
