"""The caption-reward recipe: a finished bundle's captions get better by rewards; its search stays as it is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.networks.image_text import build_image_text
from mmbm_desktop.training.calibration import calibrate
from mmbm_desktop.training.card import card_of
from mmbm_desktop.training.data.augment import augmented
from mmbm_desktop.training.data.captioned import of_split
from mmbm_desktop.training.evaluation.assessing import assess_captions, where_there_is_one
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.export.image_text import image_text_parts
from mmbm_desktop.training.publish import publish
from mmbm_desktop.training.recipe_rules import CaptionRewardOptions, filled
from mmbm_desktop.training.recipes.caption_judge import Judge
from mmbm_desktop.training.recipes.caption_rated import Rated, load_rated
from mmbm_desktop.training.recipes.caption_reward_learner import SelfCriticalLearner, ThumbsLearner
from mmbm_desktop.training.recipes.caption_sampling import Writer
from mmbm_desktop.training.recipes.caption_watch import CaptionWatch
from mmbm_desktop.training.recipes.image_text_data import load_image_text_data
from mmbm_desktop.training.recipes.image_text_start import read_start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.protocol.training import Assessment, Sample
    from mmbm_desktop.training.recipes.caption_reward_learner import PolicyLearner
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

    Batch = tuple[dict[str, Any], dict[str, Any]]

_AT_ONCE = 50
"""Pictures encoded at once when checking."""


class CaptionRewardRecipe:
    """Data, network and rewards of one run; see `recipes.interface.Recipe`."""

    def __init__(self, spec: TrainSpec, cache: Path, report: ReportProgress) -> None:
        self.spec = spec
        options: CaptionRewardOptions = filled(CaptionRewardOptions, spec.options)
        self.start = read_start(options.start)
        self.config = self.start.config
        size, length = self.config.image_size, self.config.max_tokens
        self.data = load_image_text_data(spec, size, length, cache, report, self.start.tokenizer)
        keras.utils.set_random_seed(spec.seed)
        self.network = build_image_text(self.config)
        self.start.fill(self.network)
        self._writer = Writer(self.network, spec.batch * (options.drawn + 1))
        self._watch = CaptionWatch(self._writer, self.data)
        self._drawn = options.drawn
        self._rated = load_rated(spec.data, self.data, length) if options.reward == "thumbs" else {}
        self._learner = self._thumbs(options) if self._rated else self._self_critical(options)

    def _thumbs(self, options: CaptionRewardOptions) -> PolicyLearner:
        return ThumbsLearner(self.network, options.kl, name="learner")

    def _self_critical(self, options: CaptionRewardOptions) -> PolicyLearner:
        pictures, tokenizer = of_split(self.data.kept, "train"), self.data.tokenizer
        judge = Judge(pictures, self.data.languages, tokenizer, self.config.rules)
        return SelfCriticalLearner(self._writer, options.kl, judge.rewards, name="learner")

    @property
    def learner(self) -> keras.Model:
        """The decoder as a policy, with its losses."""
        return self._learner

    @property
    def unreadable(self) -> dict[str, ErrorCode]:
        """Pictures that could not be read."""
        return dict.fromkeys(self.data.unreadable, ErrorCode.IMAGE_BROKEN)

    def start_phase(self, phase: PhaseSpec) -> None:
        """Do nothing: all phases train the decoder."""

    def steps(self, phase: PhaseSpec) -> int:
        """Return the whole batches of an epoch, at least one."""
        return max(1, self._count() // (phase.batch or self.spec.batch))

    def _count(self) -> int:
        return len(self._rated["train"].rows if self._rated else self.data.splits["train"].rows)

    def batch(self, phase: PhaseSpec, epoch: int, step: int) -> Batch:
        """Return a step's crops with what captions of them are drawn by, or with rated captions.

        Seed, epoch and step decide them. A picture is captioned in one language in an epoch, in the next one after it.
        """
        size = phase.batch or self.spec.batch
        order = np.random.default_rng((self.spec.seed, epoch)).permutation(self._count())
        chosen = order[step * size : (step + 1) * size]
        random = np.random.default_rng((self.spec.seed, epoch, step))
        if self._rated:
            return self._rated_batch(self._rated["train"], chosen, random)
        marks = {"en": self.config.rules.bos_en, "zh": self.config.rules.bos_zh}
        starts = np.array([marks[language] for language in self.data.languages], np.int32)
        rows = self.data.splits["train"].rows[chosen]
        inputs = {
            "pixels": self._crops(rows, random),
            "pictures": chosen,
            "starts": starts[(chosen + epoch) % len(starts)],
            "chances": random.random((len(chosen), self._drawn, self.config.max_tokens - 1)),
        }
        return inputs, {}

    def _rated_batch(self, rated: Rated, chosen: Any, random: np.random.Generator) -> Batch:
        return {"pixels": self._crops(rated.rows[chosen], random), "ids": rated.ids[chosen]}, {
            "rating": rated.ratings[chosen]
        }

    def _crops(self, rows: Any, random: np.random.Generator) -> Any:
        return augmented((self.data.picture(int(row)) for row in rows), self.config.image_size, random)

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        """Return how good greedy captions of val pictures are and, given ratings, how well those are followed."""
        numbers = self._watch.numbers()
        if not self._rated:
            return numbers
        preference = self._preference(self._rated.get("val", self._rated["train"]))
        return {**numbers, "preference": preference, "score": preference}

    def _preference(self, rated: Rated) -> float:
        """Return how much the log-probability of captions has grown, less where they are disliked, on the average."""
        parts = [slice(i, i + _AT_ONCE) for i in range(0, len(rated.rows), _AT_ONCE)]
        squares = (self.data.squares(rated.rows[part], self.config.image_size) for part in parts)
        grown = [self._learner.gained(pixels, rated.ids[part]) for part, pixels in zip(parts, squares, strict=True)]
        return float(np.mean(np.concatenate(grown) * rated.ratings))

    def samples(self) -> Sequence[Sample]:
        """Return the first val pictures and their captions as they are now."""
        return self._watch.samples()

    def publish(self, place: Path, curve: Mapping[str, Any]) -> Path:
        """Write the bundle, and the probabilities that its cosines mean on the val split into its manifest."""
        data = Path(self.spec.data).name
        quality = {f"{name}, {data} val": float(value) for name, value in curve.items() if name != "score"}
        pictures = len(self.data.splits["train"].rows)
        card = card_of(self.start.origin(self.spec), data, pictures, self.start.languages, quality)
        publish(image_text_parts(self.network, self.data.tokenizer), card, place)
        calibrate(Measuring(place, Path(self.spec.data), "val"))
        return place

    def assess(self, bundle: Path) -> Assessment | None:
        """Measure the bundle, and the one it began with, on the test split, where the data have one."""
        assess = partial(assess_captions, start=self.start.folder)
        return where_there_is_one(assess, bundle, self.spec.data)
