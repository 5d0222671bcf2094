"""A picture folder made in code: coloured squares and discs with captions in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

COLOURS = {
    "red": ("红色", "#d02020"),
    "green": ("绿色", "#20a020"),
    "blue": ("蓝色", "#2030d0"),
    "black": ("黑色", "#101010"),
}
SHAPES = {"square": "方块", "disc": "圆盘"}


def _draw(colour: str, shape: str, shift: int) -> Image.Image:
    image = Image.new("RGB", (48, 40), "#f0f0e0")
    box = (6 + shift, 6, 32 + shift, 32)
    draw = ImageDraw.Draw(image)
    (draw.rectangle if shape == "square" else draw.ellipse)(box, fill=colour)
    return image


def make_shapes(folder: Path) -> Path:
    """Write 24 pictures, 16 of them for training, with one English and one Chinese caption each."""
    folder.mkdir(parents=True)
    lines = []
    for number, (name, (chinese, colour)) in enumerate(COLOURS.items()):
        for shape, chinese_shape in SHAPES.items():
            for shift, split in enumerate(("train", "train", ("val", "test")[number % 2])):
                file = f"{name}-{shape}-{shift}.png"
                _draw(colour, shape, shift).save(folder / file)
                captions = {
                    "caption": f"A {name} {shape} on paper .",
                    "caption_zh": f"纸上有一个{chinese}的{chinese_shape}。",
                }
                lines.append(json.dumps({"file_name": file, "split": split, **captions}, ensure_ascii=False))
    (folder / "metadata.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    return make_shapes(tmp_path / "shapes")


SPEC = """
recipe = "image-text"
name = "shapes"
data = "shapes"
seed = 5
batch = 4
vocab = 80
checkpoint_steps = 1
terms = "made by a test"

[network]
image_size = 32
stem_widths = [8, 8]
widths = [8, 16]
blocks = [1, 1]
pooled_width = 16
width = 16
embed_dim = 16
heads = 2
decoder_layers = 1
max_tokens = 12

[[phases]]
goal = "joint"
epochs = 4
learning_rate = 0.005
"""


@pytest.fixture
def spec_file(shapes: Path) -> Path:
    file = shapes.parent / "spec.toml"
    file.write_text(SPEC, "utf-8")
    return file
