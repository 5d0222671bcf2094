"""How people call the sounds of public sets, in English and Chinese; other sounds are called by their id."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES: Mapping[str, tuple[str, str]] = {
    "air_conditioner": ("air conditioner", "空调声"),
    "baby_cry": ("baby crying", "婴儿哭声"),
    "car_horn": ("car horn", "汽车喇叭声"),
    "chainsaw": ("chainsaw", "电锯声"),
    "children_playing": ("children playing", "孩子玩耍声"),
    "clock_tick": ("clock ticking", "时钟滴答声"),
    "dog_bark": ("dog barking", "狗叫声"),
    "drilling": ("drilling", "钻孔声"),
    "engine_idling": ("engine idling", "发动机怠速声"),
    "fire_crackling": ("crackling fire", "火焰噼啪声"),
    "gun_shot": ("gunshot", "枪声"),
    "helicopter": ("helicopter", "直升机声"),
    "jackhammer": ("jackhammer", "风镐声"),
    "person_sneeze": ("sneeze", "喷嚏声"),
    "rain": ("rain", "雨声"),
    "rooster": ("rooster", "公鸡打鸣声"),
    "sea_waves": ("sea waves", "海浪声"),
    "silence": ("silence", "安静"),
    "siren": ("siren", "警笛声"),
    "speech": ("speech", "说话声"),
    "street_music": ("street music", "街头音乐"),
}


def sound_names(label: str) -> dict[str, str]:
    """Return `id`, `en` and `zh` of a sound."""
    english, chinese = _NAMES.get(label, (label.replace("_", " "), label.replace("_", " ")))
    return {"id": label, "en": english, "zh": chinese}
