"""An old model beside the improved one, on held-out corrections and on general items; both answer as for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.training.improvement.captions import compare_captions
from mmbm_desktop.training.improvement.classes import compare_classes
from mmbm_desktop.training.improvement.transcripts import compare_transcripts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mmbm_desktop.protocol.training import Comparison, Improves
    from mmbm_desktop.training.spec import TrainSpec


def compare(spec: TrainSpec, new: Path) -> Comparison | None:
    """Compare the published bundle `new` with what the run improves; None where it improves nothing.

    Raises:
        InputFault: a table is missing or cannot be read.
        EnvironmentFault: a bundle is damaged or cannot be run.
    """
    if spec.improves is None:
        return None
    make = _COMPARING[spec.recipe]
    return make(spec.improves, Path(spec.data), new)


_COMPARING: Mapping[str, Callable[[Improves, Path, Path], Comparison]] = {
    "image-text": compare_captions,
    "picture-classes": compare_classes,
    "speech-commands": compare_transcripts,
}
