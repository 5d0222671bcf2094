"""Pictures drawn in code, for tests and for the README: small landscapes that belong to nobody else."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WIDTH, HEIGHT = 960, 720
_SCALE = 2
Colour = tuple[int, int, int]
Point = tuple[float, float]


class Canvas:
    """A picture of 960 x 720 units with the few strokes the scenes need; drawn at twice the size, then reduced."""

    def __init__(self, top: Colour, bottom: Colour, seed: int) -> None:
        self.chance = random.Random(seed)
        self.image = _gradient(WIDTH * _SCALE, HEIGHT * _SCALE, top, bottom)
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    def polygon(self, points: list[Point], colour: Colour, alpha: int = 255) -> None:
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], (*colour, alpha))

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: int = 255) -> None:
        box = [(x - rx) * _SCALE, (y - ry) * _SCALE, (x + rx) * _SCALE, (y + ry) * _SCALE]
        self._draw.ellipse(box, (*colour, alpha))

    def line(self, points: list[Point], colour: Colour, width: float, alpha: int = 255) -> None:
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, (*colour, alpha), round(width * _SCALE), joint="curve")

    def box(self, x: float, y: float, width: float, height: float, colour: Colour, alpha: int = 255) -> None:
        self.polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour, alpha)

    def band(self, y: float, top: Colour, bottom: Colour) -> None:
        """Fill everything below `y` with a gradient."""
        part = _gradient(WIDTH * _SCALE, round((HEIGHT - y) * _SCALE), top, bottom)
        self.image.paste(part, (0, round(y * _SCALE)))

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: int = 200) -> None:
        light = Image.new("RGBA", self.image.size, (*colour, 0))
        ImageDraw.Draw(light).ellipse(
            [(x - radius) * _SCALE, (y - radius) * _SCALE, (x + radius) * _SCALE, (y + radius) * _SCALE],
            (*colour, strength),
        )
        light = light.filter(ImageFilter.GaussianBlur(radius * _SCALE * 0.45))
        self.image.paste(light, (0, 0), light)

    def hills(self, y: float, height: float, colour: Colour, waves: float, phase: float) -> None:
        """A soft ridge of hills, filled down to the lower edge."""
        ridge = [
            (
                x,
                y
                - height
                * (0.6 * math.sin(x / WIDTH * waves + phase) + 0.4 * math.sin(x / WIDTH * waves * 2.7 + phase)),
            )
            for x in range(-10, WIDTH + 11, 6)
        ]
        self.polygon([*ridge, (WIDTH + 10, HEIGHT), (-10, HEIGHT)], colour)

    def finished(self) -> Image.Image:
        """Return the picture with a little grain, as a camera would give it."""
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        pixels = np.asarray(small, np.float32)
        grain = np.random.default_rng(self.chance.randrange(1 << 30)).normal(0.0, 3.0, pixels.shape[:2])
        return Image.fromarray(np.clip(pixels + grain[..., None], 0, 255).astype(np.uint8))


def _gradient(width: int, height: int, top: Colour, bottom: Colour) -> Image.Image:
    share = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None, None]
    rows = np.asarray(top, np.float32) * (1 - share) + np.asarray(bottom, np.float32) * share
    return Image.fromarray(np.broadcast_to(rows, (height, width, 3)).astype(np.uint8))


def beach_at_sunset() -> Image.Image:
    c = Canvas((58, 42, 98), (255, 178, 102), 1)
    c.glow(480, 400, 210, (255, 206, 120), 230)
    c.ellipse(480, 402, 62, 62, (255, 240, 190))
    c.band(430, (198, 110, 96), (52, 60, 110))
    for n in range(70):
        y = 436 + n * 2.4
        half = 30 + c.chance.random() * (20 + n * 1.6)
        c.line([(480 - half, y), (480 + half, y)], (255, 214, 150), 1.6, 150)
    c.polygon([(0, 640), (240, 590), (560, 612), (960, 560), (960, 720), (0, 720)], (120, 84, 72))
    c.polygon([(0, 660), (300, 625), (620, 640), (960, 600), (960, 720), (0, 720)], (84, 56, 56))
    person(c, 250, 620, 1.0, (30, 22, 34))
    return c.finished()


def dog_on_grass() -> Image.Image:
    c = Canvas((124, 186, 240), (222, 240, 250), 2)
    cloud(c, 210, 130, 1.0)
    cloud(c, 700, 90, 1.3)
    c.hills(420, 40, (110, 160, 96), 5, 0.4)
    c.band(430, (112, 176, 78), (58, 120, 48))
    grass(c, 440, (78, 148, 58))
    dog(c, 470, 560, 1.7, (128, 78, 40), (92, 54, 28))
    return c.finished()


def two_dogs_in_snow() -> Image.Image:
    c = Canvas((150, 178, 210), (228, 236, 246), 3)
    for x in range(-20, 980, 74):
        pine(
            c,
            x + c.chance.randint(-14, 14),
            420 + c.chance.randint(-10, 20),
            0.9 + c.chance.random() * 0.5,
            (58, 84, 92),
        )
    c.band(420, (244, 248, 252), (212, 224, 238))
    dog(c, 330, 570, 1.35, (44, 40, 42), (28, 26, 28))
    dog(c, 640, 590, 1.5, (190, 150, 104), (150, 112, 72), facing=-1)
    for _ in range(240):
        size = 1.5 + c.chance.random() * 3
        c.ellipse(c.chance.random() * WIDTH, c.chance.random() * HEIGHT, size, size, (255, 255, 255), 220)
    return c.finished()


def mountain_lake() -> Image.Image:
    c = Canvas((70, 130, 200), (206, 228, 244), 4)
    cloud(c, 760, 120, 1.1)
    for points, colour in (
        ([(-40, 430), (180, 170), (330, 300), (480, 120), (700, 330), (820, 230), (1010, 430)], (96, 112, 140)),
        ([(-40, 440), (120, 330), (300, 400), (520, 300), (760, 400), (900, 340), (1010, 440)], (64, 84, 104)),
    ):
        c.polygon(points, colour)
    c.polygon([(180, 170), (140, 222), (190, 210), (214, 236), (232, 216)], (244, 248, 252))
    c.polygon([(480, 120), (420, 196), (470, 182), (500, 214), (548, 186)], (244, 248, 252))
    c.band(430, (108, 160, 190), (30, 74, 110))
    for _ in range(90):
        x, y = c.chance.random() * WIDTH, 440 + c.chance.random() * 270
        c.line([(x, y), (x + 20 + c.chance.random() * 70, y)], (200, 226, 240), 1.6, 90)
    c.polygon([(560, 560), (760, 560), (728, 592), (588, 592)], (142, 62, 44))
    person(c, 650, 566, 0.62, (38, 34, 44))
    c.line([(610, 520), (560, 590)], (80, 54, 36), 4)
    return c.finished()


def city_at_night() -> Image.Image:
    c = Canvas((12, 16, 44), (64, 50, 98), 5)
    c.ellipse(780, 120, 44, 44, (248, 240, 214))
    c.glow(780, 120, 90, (248, 240, 214), 70)
    for x in range(-10, 960, 82):
        height = 220 + c.chance.randint(0, 260)
        shade = 22 + c.chance.randint(0, 18)
        c.box(x, 640 - height, 78, height + 80, (shade, shade + 4, shade + 22))
        for wx in range(x + 10, x + 70, 16):
            for wy in range(640 - height + 14, 620, 22):
                if c.chance.random() < 0.45:
                    c.box(wx, wy, 8, 11, (255, 214, 128), 220)
    c.band(640, (28, 28, 42), (14, 14, 24))
    for x in range(60, 960, 150):
        c.glow(x, 664, 46, (255, 196, 110), 150)
    return c.finished()


def campfire() -> Image.Image:
    c = Canvas((8, 10, 26), (34, 26, 34), 6)
    for _ in range(120):
        c.ellipse(c.chance.random() * WIDTH, c.chance.random() * 380, 1.2, 1.2, (240, 240, 255), 200)
    for x in range(-20, 980, 66):
        pine(c, x, 470 + c.chance.randint(-10, 20), 1.3 + c.chance.random() * 0.6, (10, 16, 22))
    c.band(500, (38, 28, 26), (18, 14, 16))
    c.glow(480, 560, 260, (255, 130, 40), 190)
    for spread, tall, colour in ((76, 190, (240, 92, 30)), (52, 140, (255, 158, 44)), (28, 88, (255, 230, 140))):
        c.polygon(
            [
                (480 - spread, 610),
                (480 - spread * 0.5, 610 - tall * 0.6),
                (480, 610 - tall),
                (480 + spread * 0.6, 610 - tall * 0.5),
                (480 + spread, 610),
            ],
            colour,
        )
    c.line([(390, 632), (570, 600)], (74, 46, 30), 20)
    c.line([(390, 600), (570, 632)], (60, 38, 26), 20)
    person(c, 250, 640, 1.15, (14, 12, 16), sitting=True)
    person(c, 710, 640, 1.15, (14, 12, 16), sitting=True)
    return c.finished()


def sailing_boat() -> Image.Image:
    c = Canvas((88, 160, 226), (214, 234, 248), 7)
    cloud(c, 200, 140, 1.2)
    c.hills(420, 26, (108, 140, 150), 4, 1.1)
    c.band(420, (48, 122, 172), (16, 62, 108))
    for _ in range(110):
        x, y = c.chance.random() * WIDTH, 430 + c.chance.random() * 280
        c.line([(x, y), (x + 16 + c.chance.random() * 60, y)], (190, 222, 240), 2, 110)
    c.polygon([(500, 150), (500, 470), (690, 470)], (250, 250, 246))
    c.polygon([(486, 200), (486, 470), (360, 470)], (226, 74, 62))
    c.line([(493, 140), (493, 500)], (92, 66, 46), 7)
    c.polygon([(330, 492), (700, 492), (650, 548), (380, 548)], (122, 70, 42))
    return c.finished()


def balloons() -> Image.Image:
    c = Canvas((104, 172, 236), (238, 238, 226), 8)
    cloud(c, 160, 500, 1.2)
    cloud(c, 800, 430, 1.0)
    c.hills(640, 30, (118, 168, 104), 4, 0)
    c.hills(676, 22, (86, 138, 78), 6, 2)
    for x, y, size, one, other in (
        (330, 250, 1.5, (222, 66, 60), (250, 200, 70)),
        (660, 190, 1.0, (64, 110, 214), (240, 240, 244)),
        (790, 390, 0.7, (60, 160, 110), (250, 220, 110)),
    ):
        balloon(c, x, y, size, one, other)
    return c.finished()


def autumn_forest() -> Image.Image:
    c = Canvas((244, 214, 160), (226, 160, 96), 9)
    for _ in range(300):
        shade = c.chance.choice([(206, 98, 40), (228, 146, 48), (184, 70, 36), (236, 182, 74)])
        size = 24 + c.chance.random() * 40
        c.ellipse(c.chance.random() * WIDTH, c.chance.random() * 400, size, size * 0.8, shade, 150)
    for x in (90, 210, 350, 560, 720, 860):
        width = 18 + c.chance.randint(0, 22)
        c.polygon([(x, 120), (x + width, 120), (x + width + 10, 600), (x - 10, 600)], (74, 50, 40))
    c.band(560, (176, 108, 56), (110, 64, 40))
    c.polygon([(430, 560), (520, 560), (720, 720), (240, 720)], (206, 158, 104))
    person(c, 476, 640, 0.9, (60, 60, 96))
    return c.finished()


def red_ball_on_meadow() -> Image.Image:
    c = Canvas((140, 200, 244), (230, 244, 250), 10)
    cloud(c, 620, 130, 1.2)
    c.band(380, (124, 190, 84), (62, 128, 52))
    grass(c, 390, (88, 156, 62))
    c.ellipse(620, 606, 92, 20, (40, 84, 36), 120)
    c.ellipse(620, 530, 84, 84, (214, 48, 44))
    c.ellipse(594, 498, 26, 20, (248, 150, 140), 200)
    person(c, 330, 590, 1.5, (54, 92, 178))
    return c.finished()


def lighthouse() -> Image.Image:
    c = Canvas((66, 96, 150), (242, 200, 170), 11)
    c.band(470, (70, 110, 150), (28, 52, 90))
    c.polygon([(560, 520), (690, 430), (960, 410), (960, 720), (480, 720)], (84, 78, 76))
    c.polygon([(706, 430), (734, 150), (806, 150), (834, 430)], (244, 240, 234))
    for y in (210, 310):
        c.polygon(
            [
                (734 - (y - 150) * 0.1, y),
                (806 + (y - 150) * 0.1, y),
                (812 + (y - 150) * 0.1, y + 50),
                (728 - (y - 150) * 0.1, y + 50),
            ],
            (206, 58, 52),
        )
    c.box(740, 106, 60, 46, (52, 52, 60))
    c.polygon([(732, 108), (770, 72), (808, 108)], (206, 58, 52))
    c.polygon([(742, 128), (0, 30), (0, 210)], (255, 244, 190), 90)
    c.glow(770, 128, 46, (255, 240, 170), 220)
    return c.finished()


def desert_dunes() -> Image.Image:
    c = Canvas((98, 170, 226), (250, 232, 200), 12)
    c.ellipse(180, 130, 46, 46, (255, 246, 214))
    c.hills(430, 60, (232, 176, 106), 5, 0.2)
    c.hills(540, 70, (214, 150, 84), 4, 2.1)
    c.hills(640, 60, (186, 120, 66), 5, 4.0)
    for n in range(3):
        person(c, 520 + n * 70, 484 - n * 6, 0.5, (66, 44, 40))
    return c.finished()


def person(c: Canvas, x: float, y: float, size: float, colour: Colour, *, sitting: bool = False) -> None:
    """A simple figure whose feet stand at (x, y)."""
    hip = y - (34 if sitting else 72) * size
    c.ellipse(x, hip - 76 * size, 15 * size, 17 * size, colour)
    c.polygon(
        [
            (x - 17 * size, hip - 61 * size),
            (x + 17 * size, hip - 61 * size),
            (x + 14 * size, hip),
            (x - 14 * size, hip),
        ],
        colour,
    )
    for side in (-1, 1):
        c.line([(x + side * 14 * size, hip - 48 * size), (x + side * 28 * size, hip - 14 * size)], colour, 9 * size)
        foot = (x + side * 34 * size, y - 6 * size) if sitting else (x + side * 12 * size, y)
        c.line([(x + side * 7 * size, hip - 4 * size), foot], colour, 12 * size)


def dog(c: Canvas, x: float, y: float, size: float, colour: Colour, dark: Colour, *, facing: int = 1) -> None:
    """A dog in profile whose feet stand at y."""
    f = facing * size
    c.ellipse(x, y + 4 * size, 100 * size, 12 * size, (30, 40, 30), 70)
    for lx in (-62, -42, 44, 62):
        c.line([(x + lx * f, y - 54 * size), (x + (lx + 4) * f, y)], dark if lx in (-42, 44) else colour, 15 * size)
    c.ellipse(x, y - 72 * size, 84 * size, 36 * size, colour)
    c.polygon(
        [
            (x + 44 * f, y - 92 * size),
            (x + 76 * f, y - 138 * size),
            (x + 112 * f, y - 112 * size),
            (x + 78 * f, y - 58 * size),
        ],
        colour,
    )
    c.ellipse(x + 94 * f, y - 126 * size, 30 * size, 25 * size, colour)
    c.ellipse(x + 124 * f, y - 118 * size, 22 * size, 13 * size, colour)
    c.ellipse(x + 142 * f, y - 121 * size, 6 * size, 5 * size, (20, 18, 20))
    c.ellipse(x + 102 * f, y - 134 * size, 4 * size, 4 * size, (20, 18, 20))
    c.ellipse(x + 78 * f, y - 120 * size, 11 * size, 25 * size, dark)
    c.line(
        [(x - 76 * f, y - 84 * size), (x - 104 * f, y - 112 * size), (x - 112 * f, y - 142 * size)], colour, 12 * size
    )


def cloud(c: Canvas, x: float, y: float, size: float) -> None:
    for dx, dy, r in ((-60, 8, 34), (-22, -12, 46), (30, -6, 42), (68, 10, 30), (0, 14, 50)):
        c.ellipse(x + dx * size, y + dy * size, r * size * 1.25, r * size * 0.8, (255, 255, 255), 235)


def pine(c: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    c.box(x - 5 * size, y - 16 * size, 10 * size, 24 * size, (60, 44, 36))
    for n in range(3):
        half, low = (46 - n * 10) * size, y - (10 + n * 40) * size
        c.polygon([(x - half, low), (x, low - 76 * size), (x + half, low)], colour)


def grass(c: Canvas, y: float, colour: Colour) -> None:
    for _ in range(700):
        gx, gy = c.chance.random() * WIDTH, y + c.chance.random() * (HEIGHT - y)
        tall = 8 + (gy - y) * 0.06
        c.line([(gx, gy), (gx + c.chance.uniform(-5, 5), gy - tall)], colour, 2, 170)


def balloon(c: Canvas, x: float, y: float, size: float, one: Colour, other: Colour) -> None:
    c.ellipse(x, y, 92 * size, 104 * size, one)
    c.ellipse(x, y, 56 * size, 104 * size, other)
    c.ellipse(x, y, 22 * size, 104 * size, one)
    c.polygon(
        [
            (x - 62 * size, y + 76 * size),
            (x + 62 * size, y + 76 * size),
            (x + 20 * size, y + 140 * size),
            (x - 20 * size, y + 140 * size),
        ],
        one,
    )
    for side in (-1, 1):
        c.line([(x + side * 18 * size, y + 138 * size), (x + side * 14 * size, y + 172 * size)], (70, 54, 44), 2)
    c.box(x - 18 * size, y + 170 * size, 36 * size, 26 * size, (112, 74, 46))


SCENES: dict[str, Callable[[], Image.Image]] = {
    "beach at sunset": beach_at_sunset,
    "dog on grass": dog_on_grass,
    "two dogs in the snow": two_dogs_in_snow,
    "mountain lake": mountain_lake,
    "city at night": city_at_night,
    "campfire": campfire,
    "sailing boat": sailing_boat,
    "balloons": balloons,
    "autumn forest": autumn_forest,
    "red ball on a meadow": red_ball_on_meadow,
    "lighthouse": lighthouse,
    "desert dunes": desert_dunes,
}


def draw_scenes(folder: Path) -> list[Path]:
    """Draw every scene into a folder and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, draw in SCENES.items():
        file = folder / f"{name}.jpg"
        draw().save(file, quality=90)
        files.append(file)
    return files


def draw_classes(folder: Path) -> Path:
    """Draw scenes into a folder for each of three classes, each scene in several cuts, and return `folder`."""
    classes = {
        "water": (beach_at_sunset, sailing_boat, mountain_lake, lighthouse),
        "night": (city_at_night, campfire),
        "meadow": (dog_on_grass, red_ball_on_meadow, autumn_forest),
    }
    for label, scenes in classes.items():
        (folder / label).mkdir(parents=True, exist_ok=True)
        for scene in scenes:
            picture = scene()
            for number in range(8):
                left, top = picture.width * number // 40, picture.height * (number % 3) // 20
                cut = picture.crop((left, top, left + picture.width * 4 // 5, top + picture.height * 4 // 5))
                side = ImageOps.mirror(cut) if number % 2 else cut
                light = ImageEnhance.Brightness(side).enhance(0.8 + 0.05 * number)
                light.save(folder / label / f"{scene.__name__}_{number}.jpg", quality=90)
    return folder
