"""Keras's operations and tensors as this floor's modules know them.

Keras 3.15's own annotations make many of its operations return None or a backend's tensor in the eyes of a type
checker; here they are simply untyped. Shapes stand in the docstrings.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Tensor = Any
"""A tensor of whichever backend Keras runs on."""

ops: Any = keras.ops


def to_numpy(tensor: Tensor) -> npt.NDArray[Any]:
    """Return a tensor's or a variable's values."""
    with warnings.catch_warnings():
        # Keras 3.15's variables on TensorFlow do not know the `copy` argument that NumPy 2 offers them.
        warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
        return np.asarray(ops.convert_to_numpy(tensor))
