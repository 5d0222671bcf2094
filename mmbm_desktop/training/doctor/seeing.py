"""The installed model that the doctor sees pictures with: any image-text bundle, through ONNX Runtime alone."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.bundles.store import find_bundles
from mmbm_desktop.inference.pixels import encoder_input
from mmbm_desktop.protocol.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.inference.image_text import ImageTextBundle

log = logging.getLogger(__name__)


class Seer:
    """Pictures to vectors."""

    def __init__(self, bundle: ImageTextBundle) -> None:
        self._bundle = bundle
        self.size = bundle.image_rules.size

    def vectors(self, pictures: Sequence[npt.NDArray[np.uint8]]) -> npt.NDArray[np.float32]:
        """Return the unit vectors of pictures, each uint8 (size, size, 3): float32 (pictures, dim).

        Raises:
            EnvironmentFault: the bundle cannot be run.
        """
        return self._bundle.encode_pictures(encoder_input(pictures, self._bundle.image_rules))[1]


def find_seer(threads: int = 0) -> Seer | None:
    """Return the largest whole image-text bundle among the built-in and the installed ones, None without any."""
    from mmbm_desktop.inference.families import open_bundle
    from mmbm_desktop.inference.image_text import ImageTextBundle

    folders = (paths.installed_models_dir(), paths.shipped_models_dir())
    known = [model for model in find_bundles(folders) if Task.EMBED_IMAGE in model.tasks and not model.problem]
    for model in sorted(known, key=lambda model: -model.size_bytes):
        try:
            bundle = open_bundle(Path(model.path), threads)
        except MmbmError as error:
            log.warning("the model %s cannot be opened: %s", model.name, error)
            continue
        if isinstance(bundle, ImageTextBundle):
            return Seer(bundle)
    return None
