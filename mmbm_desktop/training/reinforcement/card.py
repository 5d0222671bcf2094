"""The words of an agent's card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.training.card import Card, closing, measured

if TYPE_CHECKING:
    from mmbm_desktop.training.reinforcement.worlds import WorldInfo
    from mmbm_desktop.training.spec import TrainSpec

_TERMS = "MIT"


def agent_card(spec: TrainSpec, info: WorldInfo, mean_return: float, episodes: int) -> Card:
    """Return the card of a run's agent.

    Args:
        spec: what the run was told to do.
        info: its world.
        mean_return: of the greedy episodes that chose which agent was kept.
        episodes: how many they were.
    """
    terms = spec.terms or _TERMS
    sources = spec.sources or ({"name": f"episodes in {info.id} of Gymnasium", "terms": _TERMS},)
    quality = {f"mean return, {info.id}, {episodes} episodes it was chosen by": mean_return}
    text = f"""# {spec.title.get("en", spec.name)}

Acts in {info.id}: {", ".join(info.actions)}. `mmbm play {spec.name}` shows it.

{measured(quality)}
## Limits

* It knows this one world with these settings and nothing else.
* {info.solved:g} and more counts as solved. The number above chose which agent was kept, so it is a little too good;
  `report.json` of the run has the mean of a hundred episodes that chose nothing.

{closing(spec, terms, sources)}"""
    return Card(
        name=spec.name,
        version="0.1.0",
        title=spec.title or {"en": spec.name, "zh": spec.name},
        licence=terms,
        source=f"trained with MMBM Desktop, recipe {spec.recipe}",
        languages=(),
        training_data=sources,
        quality=quality,
        text=text,
    )
