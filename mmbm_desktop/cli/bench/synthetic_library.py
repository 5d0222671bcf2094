"""A library made up for measuring: pictures in clusters, captions of a small grammar, names as cameras give them.

Everything goes through the library's own `store`, in transactions of 5,000 items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.library.interface import FileFacts, IndexedItem, NewCaption
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from mmbm_desktop.library.interface import Library

    Floats = npt.NDArray[np.float32]

MODEL = "bench 1"
DIMENSIONS = 256
"""What the image-text model that ships has."""
_AT_ONCE = 5000
_CLUSTERS = 2000
_DIRECTIONS = 24
_FIRST_S = 1_400_000_000.0
_HOUR_S = 3600.0
_FOLDERS = 400


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return the (English, Chinese) pairs of a list."""
    return tuple((english, chinese) for english, _, chinese in (one.partition(":") for one in text.split(";")))


_NUMBERS = _pairs("a:一;two:两;three:三;several:几")
_QUALITIES = _pairs(
    "small:小;large:大;young:年轻的;old:老;black:黑色的;white:白色的;brown:棕色的;red:红色的;"
    "yellow:黄色的;happy:高兴的;wet:湿的;tired:累的"
)
_THINGS = _pairs(
    "dog:狗;cat:猫;horse:马;bird:鸟;man:男人;woman:女人;boy:男孩;girl:女孩;child:孩子;baby:婴儿;"
    "surfer:冲浪者;climber:登山者;cyclist:骑车人;skier:滑雪者;player:球员;dancer:舞者;"
    "musician:音乐家;tourist:游客;bicycle:自行车;car:汽车;boat:船;train:火车;kite:风筝;"
    "balloon:气球"
)
_DEEDS = _pairs(
    "runs:跑;jumps:跳;sleeps:睡觉;waits:等待;plays:玩;stands:站着;sits:坐着;swims:游泳;"
    "looks up:抬头看;turns around:转身;rolls:滚动"
)
_PLACES = _pairs(
    "on the beach:在海滩上;in the snow:在雪地里;across a field:穿过田野;in a park:在公园里;"
    "near a lake:在湖边;on a rock:在岩石上;in the street:在街上;at night:在夜里;"
    "under a bridge:在桥下;at the market:在市场;in a garden:在花园里;by the window:在窗边;"
    "on a mountain:在山上;in the rain:在雨中;at a station:在车站;in the kitchen:在厨房里"
)
_RARE = ("lighthouse", "accordion", "flamingo", "greenhouse", "typewriter", "lantern", "windmill", "harbour")


class SyntheticLibrary:
    """Draws items and queries; the same ones for the same seed.

    A vector is a topic's centre, a step along the topics' common directions, and noise: neighbours lie in few
    dimensions, as those of trained encoders do, and not all around as random vectors would.
    """

    def __init__(self, seed: int = 0) -> None:
        self._rng = np.random.default_rng(seed)
        self._centres = _unit(self._rng.standard_normal((_CLUSTERS, DIMENSIONS)))
        self._directions = _unit(self._rng.standard_normal((_DIRECTIONS, DIMENSIONS)))

    def fill(self, library: Library, count: int) -> Iterator[int]:
        """Store `count` items, and yield how many there are after each transaction."""
        for start in range(0, count, _AT_ONCE):
            size = min(_AT_ONCE, count - start)
            vectors = self.vectors(size)
            library.store([self._item(start + row, vectors[row]) for row in range(size)])
            yield start + size

    def vectors(self, count: int, noise: float = 0.5) -> Floats:
        """Return unit vectors, float32, shape (count, 256); queries are noisier than pictures."""
        rng = self._rng
        steps = rng.standard_normal((count, _DIRECTIONS)).astype(np.float32) / np.sqrt(_DIRECTIONS).astype(np.float32)
        around = rng.standard_normal((count, DIMENSIONS)).astype(np.float32) / np.sqrt(DIMENSIONS).astype(np.float32)
        centres = self._centres[rng.integers(0, _CLUSTERS, count)]
        return _unit(centres + 0.8 * steps @ self._directions + noise * around)

    def words(self) -> str:
        """Return what a person might type: a phrase of a caption in either language, a word, a name."""
        english, chinese = self._sentence()
        parts = english.rstrip(".").split(" ")
        start = int(self._rng.integers(0, max(1, len(parts) - 2)))
        phrases = (" ".join(parts[start : start + 2]), " ".join(parts[-3:]), english[:-1], parts[-1])
        others = (chinese[2:5], chinese[-4:-1], str(self._rng.choice(_RARE)), f"img_{int(self._rng.integers(1000))}")
        return str(self._rng.choice((*phrases, *others)))

    def _item(self, number: int, vector: Floats) -> IndexedItem:
        english, chinese = self._sentence()
        modified = _FIRST_S + number * _HOUR_S / 10
        path = f"/pictures/{number % _FOLDERS:03}/IMG_{number:07}.jpg"
        facts = FileFacts(path, MediaKind.PHOTO, f"{number:064x}", 2_000_000, modified, number + 1, 4032, 3024)
        captions = (NewCaption(english, "en", 0.5, MODEL), NewCaption(chinese, "zh", 0.5, MODEL))
        return IndexedItem(facts, vector, MODEL, captions)

    def _sentence(self) -> tuple[str, str]:
        number, quality, thing, deed, place = (
            table[int(self._rng.integers(len(table)))] for table in (_NUMBERS, _QUALITIES, _THINGS, _DEEDS, _PLACES)
        )
        rare = f" with a {self._rng.choice(_RARE)}" if self._rng.random() < 0.002 else ""
        english = f"{number[0].capitalize()} {quality[0]} {thing[0]}{rare} {deed[0]} {place[0]}."
        return english, f"{number[1]}个{quality[1]}{thing[1]}{place[1]}{deed[1]}。"


def _unit(vectors: npt.NDArray[np.floating]) -> Floats:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
