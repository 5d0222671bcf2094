"""An agent that learned by trying, from its bundle: what it sees to the value of every action and the best of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.inference.opened import OpenedBundle

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

FAMILY = "mmbm-q-agent"
STRUCTURE = "q_agent.onnx"


class QAgent(OpenedBundle):
    """A verified bundle of the agents' family. One thread at a time.

    Attributes:
        environment: name of the world it learned in.
        slippery: whether its ground was.
        observation: how what it sees is to be prepared; read by `training.reinforcement.eyes`.
        actions: names, in the order of the values.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Verify the bundle and read its world.

        Raises:
            EnvironmentFault: BUNDLE_INVALID, BUNDLE_DAMAGED.
            MmbmError: a file cannot be read.
        """
        super().__init__(folder, threads)
        self.require_family(FAMILY)
        try:
            stored = self.manifest.preprocessing
            self.environment = str(stored["environment"]["name"])
            self.slippery = bool(stored["environment"]["slippery"])
            self.observation: dict[str, Any] = dict(stored["observation"])
            self.actions = tuple(str(name) for name in stored["actions"])
        except (KeyError, TypeError, ValueError) as error:
            raise self._invalid("preprocessing", repr(error)) from error

    def _invalid(self, field: str, detail: str) -> EnvironmentFault:
        return EnvironmentFault(ErrorCode.BUNDLE_INVALID, detail, name=self.manifest.name, field=field)

    def values(self, observations: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Return what is expected of each action, (B, actions), for what is seen, (B, …).

        Raises:
            EnvironmentFault: the structure cannot be run, or knows other actions (BUNDLE_INVALID).
        """
        return self._run(observations)["values"]

    def choose(self, observations: npt.NDArray[Any]) -> npt.NDArray[np.integer[Any]]:
        """Return the number of the best action, (B,), for what is seen, (B, …).

        Raises:
            EnvironmentFault: the structure cannot be run, or knows other actions (BUNDLE_INVALID).
        """
        return self._run(observations)["actions"]

    def _run(self, observations: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
        outputs = self.sessions.run(STRUCTURE, {"observations": observations})
        shape = outputs["values"].shape
        if shape != (len(observations), len(self.actions)):
            raise self._invalid(STRUCTURE, f"values {shape}")
        return outputs
