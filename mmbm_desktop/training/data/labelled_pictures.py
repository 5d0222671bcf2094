"""Folders of pictures with labels: which pictures, which classes, which split. Hashes files and decodes nothing.

Known are a folder a class, maybe inside folders called train, val and test; and a table (`metadata.jsonl` and
`metadata.csv` as in Hugging Face's imagefolder, or `labels.jsonl`) with `file_name` or `file`, `label` and maybe
`split`, whose pictures lie beside it or in an `images.zip`.
"""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.media.formats import FileKind, recognise
from mmbm_desktop.media.scan import ScannedFile, scan
from mmbm_desktop.protocol.tasks import MediaKind
from mmbm_desktop.training.data.pictures import PictureSource
from mmbm_desktop.training.data.splitting import carved
from mmbm_desktop.training.data.tables import file_of, invalid, named_split, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mmbm_desktop.base.progress import ReportProgress

TABLES = ("metadata.jsonl", "metadata.csv", "labels.jsonl")
ARCHIVE = "images.zip"
FEWEST_CLASSES = 2


@dataclass(frozen=True)
class LabelledPicture:
    """A picture, its class, its split and the hash of its bytes ("" before it was read)."""

    source: PictureSource
    label: str
    split: str
    content: str = ""


@dataclass(frozen=True)
class LabelledPictures:
    """All of a folder's pictures that are files of pictures, and why the others are not. `skipped`: name to code."""

    pictures: tuple[LabelledPicture, ...]
    skipped: Mapping[str, ErrorCode] = field(default_factory=dict)

    def of_split(self, split: str) -> tuple[LabelledPicture, ...]:
        """Return the pictures of a split; of all for "all"."""
        return self.pictures if split == "all" else tuple(one for one in self.pictures if one.split == split)


def read_labelled_pictures(
    folder: Path,
    report: ReportProgress,
    *,
    classes: Sequence[str] = (),
    test_split: str = "test",
    fewest: int = FEWEST_CLASSES,
    carve: bool = True,
) -> LabelledPictures:
    """Return the pictures of a data folder, each in a split; the folder's own splits are kept, missing ones carved.

    Args:
        folder: the data folder.
        report: hears how many pictures were hashed.
        classes: only these; all where empty.
        test_split: the folder's split that counts as "test".
        fewest: classes that there must be.
        carve: whether missing splits are carved.

    Raises:
        InputFault: the folder is missing, has neither a table nor folders of pictures, its table cannot be read or
            names a file outside it, or there are fewer than `fewest` classes.
    """
    listed = [one for one in list_labelled(folder) if not classes or one.label in classes]
    labels = {one.label for one in listed}
    if not listed and fewest:
        raise invalid(folder, "no-classes", f"no {', '.join(TABLES)} with labels, and no folders of pictures")
    if len(labels) < fewest:
        raise invalid(folder, "one-class", f"only {labels}")
    hashed, skipped = _hashed(listed, report)
    named = ["test" if one.split == test_split else one.split for one in hashed]
    splits = carved([one.label for one in hashed], [one.content for one in hashed], named) if carve else named
    return LabelledPictures(tuple(replace(one, split=s) for one, s in zip(hashed, splits, strict=True)), skipped)


def list_labelled(folder: Path) -> Iterator[LabelledPicture]:
    """Yield every picture with its label and the split that the folder itself says, "" where it says none.

    Raises:
        InputFault: the folder is missing, or its table cannot be read or names a file outside it.
    """
    if not folder.is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(folder))
    if _has_table(folder):
        yield from _by_table(folder, "")
        return
    inner = _folders(folder)
    if inner and all(named_split(one.name) and (_has_table(one) or _folders(one)) for one in inner):
        for one in inner:
            yield from (_by_table if _has_table(one) else _by_class)(one, named_split(one.name))
    else:
        yield from _by_class(folder, "")


def _has_table(folder: Path) -> bool:
    return any((folder / name).is_file() for name in TABLES)


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))


def _by_class(folder: Path, split: str) -> Iterator[LabelledPicture]:
    for one in _folders(folder):
        for found in scan(one):
            if isinstance(found, ScannedFile) and found.kind is MediaKind.PHOTO:
                yield LabelledPicture(PictureSource(Path(found.path).absolute()), _label(one.name), split)


def _by_table(folder: Path, split: str) -> Iterator[LabelledPicture]:
    archive = folder / ARCHIVE
    packed = archive.is_file()
    rows = list(read_rows(folder, TABLES))
    for row in rows:
        path, label = file_of(folder, row), _label(row.get("label"))
        if path is None or not label:
            continue
        member = path.relative_to(folder.resolve()).as_posix() if packed and not path.is_file() else ""
        source = PictureSource(archive, member) if member else PictureSource(path)
        yield LabelledPicture(source, label, split or named_split(str(row.get("split") or "")))


def _label(value: Any) -> str:
    """Return a class's name, the same whether accents were written as one character or two; "" for none."""
    return "" if value is None else unicodedata.normalize("NFC", str(value)).strip()


def _hashed(
    listed: Sequence[LabelledPicture], report: ReportProgress
) -> tuple[list[LabelledPicture], dict[str, ErrorCode]]:
    kept: list[LabelledPicture] = []
    skipped: dict[str, ErrorCode] = {}
    archives: dict[Path, zipfile.ZipFile] = {}
    with ExitStack() as stack:
        for number, one in enumerate(listed, start=1):
            try:
                kept.append(replace(one, content=_content(one.source, archives, stack)))
            except MmbmError as error:
                skipped[one.source.name] = error.code
            report(number, len(listed))
    return kept, skipped


def _content(source: PictureSource, archives: dict[Path, zipfile.ZipFile], stack: ExitStack) -> str:
    """Return the SHA-256 of a picture's bytes.

    Raises:
        MmbmError: it is missing, empty, unreadable or no picture.
    """
    if not source.member:
        if recognise(source.path) is not FileKind.PHOTO:
            raise InputFault(ErrorCode.UNSUPPORTED_TYPE, path=str(source.path), suffix=source.path.suffix.lower())
        return sha256_of(source.path)
    try:
        if source.path not in archives:
            archives[source.path] = stack.enter_context(zipfile.ZipFile(source.path))
        return hashlib.sha256(archives[source.path].read(source.member)).hexdigest()
    except KeyError as error:
        raise InputFault(ErrorCode.FILE_NOT_FOUND, str(error), path=source.name) from error
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
        raise InputFault(ErrorCode.IMAGE_BROKEN, str(error), path=source.name) from error
