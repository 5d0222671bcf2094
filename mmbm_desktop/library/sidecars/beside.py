"""Captions of one picture, just made, beside it: a .txt, an XMP, or rows in the folder's captions.jsonl or .csv."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import write_beside
from mmbm_desktop.library.sidecars.described import Described
from mmbm_desktop.library.sidecars.encoded import read_text
from mmbm_desktop.library.sidecars.plan import EXISTS, Planner, apply
from mmbm_desktop.library.sidecars.tables import CAPTION_COLUMNS, caption_rows, encoded_rows
from mmbm_desktop.protocol.failure import ItemFailure
from mmbm_desktop.protocol.sidecars import Existing, SidecarForm
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.results import Caption

FORMATS = ("txt", "xmp", "jsonl", "csv")


def write_captions(picture: Path, captions: Sequence[Caption], form: str) -> Path:
    """Write captions of `picture` in one of `FORMATS` and return the file.

    A .txt that holds something else stays as it is; XMP gets what it has not; rows are added to .jsonl and .csv.

    Raises:
        InputFault: FILE_EXISTS, a .txt with other content is there; SIDECAR_INVALID, the file there is of another kind.
        EnvironmentFault: the folder cannot be written.
    """
    if form in ("jsonl", "csv"):
        target = picture.parent / f"captions.{form}"
        rows = caption_rows(picture.name, captions)
        write_beside(target, encoded_rows(rows, CAPTION_COLUMNS, f".{form}", read_text(target)))
        return target
    words = tuple((one.language, one.text) for one in captions)
    planner = Planner((SidecarForm(form),), Existing.KEEP)
    for proposal in planner.proposals(Described(str(picture), MediaKind.PHOTO, words)):
        if isinstance(proposal, ItemFailure):
            raise proposal.failure.as_error()
        if proposal.planned.reason == EXISTS:
            raise InputFault(ErrorCode.FILE_EXISTS, path=proposal.planned.path)
        return Path(apply(proposal).path)
    raise InputFault(ErrorCode.FILE_EMPTY, "no caption", path=str(picture))
