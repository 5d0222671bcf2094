"""The utterances of an epoch: each train clip once, changed; some joined with another, some replaced by other sounds.

What becomes of a clip depends on the seed, the epoch and the clip's own name, not on which other clips there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.training.data.spoken_augment import Changes, changed_utterance
from mmbm_desktop.training.data.wordless import wordless_sound
from mmbm_desktop.training.recipes.speech_commands_data import SPACE

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.training.recipe_rules import SpeechCommandsOptions
    from mmbm_desktop.training.recipes.speech_commands_data import SpeechCommandsData

    Floats = npt.NDArray[np.float32]
    Letters = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Utterances:
    """Makes them one by one.

    Attributes:
        data: of the run.
        options: of the run.
        turn: the run's seed and the epoch.
    """

    data: SpeechCommandsData
    options: SpeechCommandsOptions
    turn: tuple[int, int]

    def lengths(self) -> npt.NDArray[np.int64]:
        """Return about how long each clip's utterance will be, in samples, (clips,)."""
        clips = self.data.splits["train"].pcm
        return np.array([len(pcm) * (1 + self._joined(self._random(row))) for row, pcm in enumerate(clips)])

    def made(self, place: int) -> tuple[Floats, Letters]:
        """Return the frames, (frames, 64), and letters of the utterance that a clip begins.

        A place beyond the clips is another copy of one: what becomes of it is drawn anew.
        """
        copy, row = divmod(int(place), len(self.data.splits["train"].pcm))
        random = self._random(row, copy)
        joined = self._joined(random)
        changes = Changes(speed=self.options.speed, pace=self.options.pace)
        if random.random() < self.options.wordless:
            return changed_utterance([wordless_sound(self.data.talk, random)], random, changes), self.data.numbers("")
        train = self.data.splits["train"]
        said = [row, *random.choice(train.rows_of[train.speakers[row]], int(joined))]
        frames = changed_utterance([train.pcm[clip] for clip in said], random, changes)
        return frames, self.data.numbers(SPACE.join(train.texts[clip] for clip in said))

    def _random(self, row: int, copy: int = 0) -> np.random.Generator:
        copies = (copy,) if copy else ()
        return np.random.default_rng((*self.turn, self.data.splits["train"].keys[row], *copies))

    def _joined(self, random: np.random.Generator) -> bool:
        return bool(random.random() < self.options.joined)
