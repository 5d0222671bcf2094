"""Every kind of picture comes out upright and in the right colours; every kind of broken one is told."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.media.images import image_size, open_image

RED, BLUE = (220, 30, 30), (30, 30, 220)


def two_colours(width: int = 64, height: int = 32) -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def near(pixel: tuple[int, ...], colour: tuple[int, int, int], tolerance: int = 40) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(
    "name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.bmp", "a.tiff", "a.heic", "a.avif", "no suffix", "照片 😀.jpg"]
)
def test_every_format_is_read(tmp_path: Path, name: str) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    formats = {".heic": "HEIF", ".gif": "GIF", "": "PNG"}
    file = tmp_path / name
    two_colours().save(file, format=formats.get(file.suffix))

    picture = open_image(file)

    assert (picture.mode, picture.size) == ("RGB", (64, 32))
    assert near(picture.getpixel((5, 16)), RED)
    assert near(picture.getpixel((60, 16)), BLUE)
    assert image_size(file) == (64, 32)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (64, 32), (5, 16)), (3, (64, 32), (60, 16)), (6, (32, 64), (16, 5)), (8, (32, 64), (16, 60))],
)
@pytest.mark.parametrize("max_edge", [None, 32])
def test_a_turned_photo_is_upright(
    tmp_path: Path, orientation: int, size: tuple[int, int], red_at: tuple[int, int], max_edge: int | None
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = tmp_path / "turned.jpg"
    two_colours().save(file, exif=exif)

    picture = open_image(file, max_edge=max_edge)

    scale = 1 if max_edge is None else 2
    assert picture.size == (size[0] // scale, size[1] // scale)
    assert near(picture.getpixel((red_at[0] // scale, red_at[1] // scale)), RED)
    assert image_size(file) == size


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    grey = Image.fromarray(np.tile(np.linspace(0, 255, 64).astype(np.uint8), (32, 1)))
    picture = (
        Image.fromarray(np.asarray(grey, np.uint16) * 257) if mode == "I;16" else grey.convert("RGB").convert(mode)
    )
    file = tmp_path / ("a.jpg" if mode in ("CMYK", "YCbCr") else "a.png")
    picture.save(file)

    opened = open_image(file)

    assert opened.mode == "RGB"
    assert sum(opened.getpixel((1, 16))) < 120
    assert sum(opened.getpixel((62, 16))) > 640


def test_transparent_parts_are_white(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    picture.putpixel((0, 0), (*RED, 255))
    picture.save(tmp_path / "a.png")

    opened = open_image(tmp_path / "a.png")

    assert opened.getpixel((0, 0)) == RED
    assert opened.getpixel((5, 5)) == (255, 255, 255)


def test_the_first_frame_of_an_animation_is_taken(tmp_path: Path) -> None:
    first, second = Image.new("RGB", (16, 16), RED), Image.new("RGB", (16, 16), BLUE)
    first.save(tmp_path / "a.gif", save_all=True, append_images=[second], duration=50)

    assert near(open_image(tmp_path / "a.gif").getpixel((8, 8)), RED)


def test_a_large_jpeg_is_scaled_to_what_is_needed(tmp_path: Path) -> None:
    two_colours(3000, 1500).save(tmp_path / "large.jpg")

    assert open_image(tmp_path / "large.jpg", max_edge=200).size == (200, 100)


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    ihdr = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", ihdr) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def test_a_huge_header_is_refused_before_anything_is_decoded(tmp_path: Path) -> None:
    file = tmp_path / "bomb.png"
    file.write_bytes(png_header(50_000, 50_000))

    with pytest.raises(InputFault) as caught:
        open_image(file, pixel_limit=512_000_000)

    assert caught.value.code is ErrorCode.IMAGE_TOO_LARGE
    assert (caught.value.params["width"], caught.value.params["height"]) == (50_000, 50_000)


def broken_files(folder: Path) -> dict[str, ErrorCode]:
    two_colours(400, 300).save(folder / "whole.jpg")
    whole = (folder / "whole.jpg").read_bytes()
    (folder / "whole.jpg").unlink()
    contents = {
        "empty.jpg": (b"", ErrorCode.FILE_EMPTY),
        "text.jpg": (b"this is no picture at all", ErrorCode.IMAGE_BROKEN),
        "cut.jpg": (whole[: len(whole) // 2], ErrorCode.IMAGE_BROKEN),
        "start only.png": (b"\x89PNG\r\n\x1a\n", ErrorCode.IMAGE_BROKEN),
        "noise.webp": (b"RIFF\x10\0\0\0WEBPVP8 " + bytes(range(40)), ErrorCode.IMAGE_BROKEN),
        "sound.jpg": (b"RIFF\x24\0\0\0WAVEfmt ", ErrorCode.UNSUPPORTED_TYPE),
        "program.exe": (b"MZ\x90\0" + bytes(60), ErrorCode.UNSUPPORTED_TYPE),
    }
    for name, (content, _) in contents.items():
        (folder / name).write_bytes(content)
    return {name: code for name, (_, code) in contents.items()} | {"missing.jpg": ErrorCode.FILE_NOT_FOUND}


def test_every_broken_file_has_its_reason(tmp_path: Path) -> None:
    expected = broken_files(tmp_path)
    found = {}

    for name in expected:
        with pytest.raises((InputFault, EnvironmentFault)) as caught:
            open_image(tmp_path / name)
        found[name] = caught.value.code

    assert found == expected
