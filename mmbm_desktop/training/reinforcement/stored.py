"""Reads the weights of a bundle, for agents that go on from one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError
from safetensors.numpy import load_file

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.training.publish import WEIGHTS

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt


def stored_arrays(bundle: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the weights of a verified bundle by name.

    Raises:
        EnvironmentFault: they cannot be read (BUNDLE_DAMAGED).
    """
    try:
        return load_file(bundle / WEIGHTS)
    except (SafetensorError, OSError) as error:
        raise EnvironmentFault(ErrorCode.BUNDLE_DAMAGED, str(error), name=bundle.name, file=WEIGHTS) from error
