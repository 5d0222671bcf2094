"""Opens any picture as upright 8-bit RGB within a pixel limit. Nothing here knows what a model wants."""

from __future__ import annotations

import io
import struct
import warnings
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.media.formats import FileKind, recognise

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_PIXEL_LIMIT = 512_000_000
Image.MAX_IMAGE_PIXELS = None  # the header is checked against our own limit before anything is decoded
_SIXTEEN_BIT = {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}
warnings.filterwarnings("ignore", module=r"PIL\.")
_EXIF_AT_THE_END = {"PNG", "GIF", "BMP", "PPM"}
"""Formats whose EXIF is behind the pixels, or that have none: reading it would decode the whole picture."""
_heif_ready = False


def image_size(path: Path) -> tuple[int, int]:
    """Return (width, height) in pixels as seen upright, from the header alone.

    Raises:
        InputFault: see `open_image`.
    """
    with _opened(path) as image:
        width, height = image.size
        turned = image.format not in _EXIF_AT_THE_END and image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (height, width) if turned else (width, height)


def open_image(path: Path, *, pixel_limit: int = DEFAULT_PIXEL_LIMIT, max_edge: int | None = None) -> Image.Image:
    """Decode the first frame of a picture as upright RGB; transparent parts become white.

    Args:
        path: JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC, AVIF and what else Pillow reads.
        pixel_limit: largest width x height that is decoded.
        max_edge: the caller needs no edge longer than this: JPEGs are then decoded at a fraction of their size (never
            smaller than needed) and the result is scaled so that its longer edge is at most `max_edge`.

    Raises:
        InputFault: FILE_NOT_FOUND, FILE_EMPTY, UNSUPPORTED_TYPE, IMAGE_TOO_LARGE (with `width`, `height`,
            `limit`), IMAGE_BROKEN.
        EnvironmentFault: PERMISSION_DENIED, OUT_OF_MEMORY.
    """
    with _opened(path) as image:
        width, height = image.size
        if width * height > pixel_limit:
            raise InputFault(ErrorCode.IMAGE_TOO_LARGE, path=str(path), width=width, height=height, limit=pixel_limit)
        if max_edge is not None and image.format == "JPEG":
            scale = max_edge / max(width, height)
            image.draft("RGB", (round(width * scale), round(height * scale)))
        upright = ImageOps.exif_transpose(_rgb(image))
        if max_edge is not None and max(upright.size) > max_edge:
            upright.thumbnail((max_edge, max_edge), Image.Resampling.BICUBIC, reducing_gap=2.0)
        return upright


class _opened:  # noqa: N801 - used as a context manager, like the function it stands for
    """Opens a picture's header; turns every decoding error of the block into a typed one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._image: Image.Image | None = None

    def __enter__(self) -> Image.Image:
        if recognise(self._path) is not FileKind.PHOTO:
            raise InputFault(ErrorCode.UNSUPPORTED_TYPE, path=str(self._path), suffix=self._path.suffix.lower())
        _register_heif()
        with os_errors_sorted(self._path):
            self._image = _open_or_broken(self._path)
        return self._image

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._image is not None:
            self._image.close()
        if isinstance(error, Exception) and not isinstance(error, (MmbmError, MemoryError)):
            raise _broken(self._path, error) from error


def _open_or_broken(path: Path) -> Image.Image:
    try:
        return Image.open(path)
    except (UnidentifiedImageError, ValueError, SyntaxError, struct.error, EOFError) as error:
        raise _broken(path, error) from error
    except OSError as error:
        if error.errno is None:  # a decoder's complaint, not the operating system's
            raise _broken(path, error) from error
        raise


def _broken(path: Path, error: Exception) -> InputFault:
    return InputFault(ErrorCode.IMAGE_BROKEN, f"{type(error).__name__}: {error}", path=str(path))


def _register_heif() -> None:
    global _heif_ready  # noqa: PLW0603 - Pillow's plug-in registry is global too
    if not _heif_ready:
        import pillow_heif

        pillow_heif.register_heif_opener()
        _heif_ready = True


def _rgb(image: Image.Image) -> Image.Image:
    """Return the picture as RGB with its EXIF orientation still to be applied."""
    image.load()
    exif = image.getexif()
    if image.mode in _SIXTEEN_BIT:
        converted = _eight_bit(image).convert("RGB")
    elif image.mode == "CMYK":
        converted = _from_cmyk(image)
    elif image.has_transparency_data:
        layer = image.convert("RGBA")
        converted = Image.new("RGB", layer.size, "white")
        converted.paste(layer, mask=layer.getchannel("A"))
    else:
        converted = image.convert("RGB")
    if exif.get(0x0112, 1) != 1:
        converted.getexif()[0x0112] = exif[0x0112]
    return converted


def _eight_bit(image: Image.Image) -> Image.Image:
    """Scale 16-bit, 32-bit and floating-point grey to 8 bits; values up to 255 (or 1.0) are taken as they are."""
    values = np.nan_to_num(np.asarray(image, np.float64), posinf=0.0, neginf=0.0)
    top = float(values.max(initial=0.0))
    if image.mode == "F" and top <= 1.0:
        full = 1.0
    elif image.mode in ("I", "F") and top <= 255.0:
        full = 255.0
    else:
        full = max(65_535.0, top)
    return Image.fromarray((np.clip(values / full, 0.0, 1.0) * 255.0).round().astype(np.uint8))


def _from_cmyk(image: Image.Image) -> Image.Image:
    """Convert by the embedded colour profile where there is one that works, else by plain arithmetic."""
    profile = image.info.get("icc_profile")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")
