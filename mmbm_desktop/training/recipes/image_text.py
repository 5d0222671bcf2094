"""The image-text recipe: distil a teacher into the image encoder, then train all parts on captioned pictures."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.networks.image_text import build_image_text
from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.calibration import calibrate
from mmbm_desktop.training.card import card_of
from mmbm_desktop.training.data.captioned import LANGUAGES
from mmbm_desktop.training.evaluation.assessing import assess_captions, where_there_is_one
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.export.image_text import image_text_parts
from mmbm_desktop.training.improvement.general import LEAST_STEPS
from mmbm_desktop.training.metrics.recall import text_to_image
from mmbm_desktop.training.publish import publish
from mmbm_desktop.training.recipe_rules import ImageTextOptions, filled
from mmbm_desktop.training.recipes.image_text_data import load_image_text_data
from mmbm_desktop.training.recipes.image_text_goals import choose_trained, finds, tasks_of, writes
from mmbm_desktop.training.recipes.image_text_learner import ImageTextLearner, caption_loss, teacher_loss
from mmbm_desktop.training.recipes.image_text_precision import plain_twin, precision
from mmbm_desktop.training.recipes.image_text_replay import load_replay, picked_ids
from mmbm_desktop.training.recipes.image_text_samples import caption_samples
from mmbm_desktop.training.recipes.image_text_start import read_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.protocol.training import Assessment, Sample
    from mmbm_desktop.training.publish import BundleParts
    from mmbm_desktop.training.recipes.image_text_data import Sentences
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

_AT_ONCE = 100
"""Pictures encoded at once when checking."""


class ImageTextRecipe:
    """Data, network and losses of one image-text run; see `recipes.interface.Recipe`."""

    def __init__(self, spec: TrainSpec, cache: Path, report: ReportProgress) -> None:
        self.spec = spec
        self.options: ImageTextOptions = filled(ImageTextOptions, spec.options)
        self.start = read_start(self.options.start) if self.options.start else None
        sizes: ImageTextConfig = filled(ImageTextConfig, spec.network)
        if self.start:
            sizes = self.start.resized(spec.network)
        known = self.start.tokenizer if self.start else None
        self.data = load_image_text_data(spec, sizes.image_size, sizes.max_tokens, cache, report, known)
        teacher_dim = 0 if self.data.lessons is None else self.data.lessons.features.shape[-1]
        vocab = sizes.vocab if self.start else self.data.tokenizer.get_vocab_size()
        self.config: ImageTextConfig = dataclasses.replace(sizes, vocab=vocab, teacher_dim=teacher_dim)
        self.replay = load_replay(spec, self.config, self.data.tokenizer, cache, report)
        more = self.replay.languages if self.replay else ()
        self.languages = tuple(name for name in LANGUAGES if name in (*self.data.languages, *more))
        keras.utils.set_random_seed(spec.seed)
        with precision(self.options.precision):
            self.network = build_image_text(self.config)
        if self.start:
            self.start.fill(self.network)
        weight = spec.teacher.weight if spec.teacher else 0.0
        self._learner = ImageTextLearner(self.network, len(self.languages), weight, name="learner")

    @property
    def learner(self) -> keras.Model:
        """The network with its losses."""
        return self._learner

    @property
    def unreadable(self) -> dict[str, ErrorCode]:
        """Pictures that could not be read."""
        return dict.fromkeys(self.data.unreadable, ErrorCode.IMAGE_BROKEN)

    def start_phase(self, phase: PhaseSpec) -> None:
        """Choose the parts that the goal is about."""
        choose_trained(self._learner, phase.goal, started=self.start is not None)

    def steps(self, phase: PhaseSpec) -> int:
        """Return the whole batches of an epoch, at least one; a few corrections are gone through several times."""
        return max(LEAST_STEPS if self.spec.improves else 1, self._batches(phase))

    def _batches(self, phase: PhaseSpec) -> int:
        return max(1, self._count(phase) // self._size(phase))

    def _size(self, phase: PhaseSpec) -> int:
        """Return the pictures of the data folder in a batch."""
        return max(1, (phase.batch or self.spec.batch) - self._replayed(phase))

    def _replayed(self, phase: PhaseSpec) -> int:
        share = self.options.replay if self.replay and phase.goal != "distil" else 0.0
        return round(share * (phase.batch or self.spec.batch))

    def _count(self, phase: PhaseSpec) -> int:
        further = self.data.further
        extra = len(further.pixels) if phase.goal == "distil" and further is not None else 0
        return len(self.data.splits["train"].rows) + extra

    def batch(self, phase: PhaseSpec, epoch: int, step: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return a step's crops, sentences and teacher features; seed, epoch and step decide them."""
        again, place = divmod(step, self._batches(phase))
        key = (self.spec.seed, epoch, again) if again else (self.spec.seed, epoch)
        order = np.random.default_rng(key).permutation(self._count(phase))
        size = self._size(phase)
        chosen = order[place * size : (place + 1) * size]
        random = np.random.default_rng((self.spec.seed, epoch, step))
        train = self.data.splits["train"]
        own = len(train.rows)
        outside = len(self.data.pictures.pixels) - own
        rows = np.where(chosen < own, train.rows[np.minimum(chosen, own - 1)], chosen + outside)
        size = phase.size or self.config.image_size
        pixels, features = self.data.crops(rows, size, random)
        inputs: dict[str, Any] = {"pixels": pixels}
        if phase.goal != "distil":
            inputs["ids"] = picked_ids(train, chosen, self.languages, random)
        if self.replay and (count := self._replayed(phase)):
            inputs = self.replay.added(inputs, count, self.languages, size, random)
        return inputs, {} if features is None else {"teacher": features}

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        """Return the val split's teacher loss, or its caption loss and its recall by language, as far as taught."""
        split = self.data.splits["val"]
        return self._validate_distil(split) if phase.goal == "distil" else self._validate_taught(split, phase.goal)

    def _encoded(self, split: Sentences) -> Iterator[tuple[slice, dict[str, Any]]]:
        for begin in range(0, len(split.rows), _AT_ONCE):
            part = slice(begin, min(begin + _AT_ONCE, len(split.rows)))
            pixels = self.data.squares(split.rows[part], self.config.image_size)
            yield part, self.network.image_encoder(pixels, training=False)

    def _validate_distil(self, split: Sentences) -> dict[str, float]:
        assert self.data.lessons is not None  # noqa: S101 - the spec's check refuses distilling without a teacher
        whole = self.data.lessons.features[0]
        losses = [
            float(teacher_loss(outputs["teacher"], whole[split.rows[part]])) * (part.stop - part.start)
            for part, outputs in self._encoded(split)
        ]
        loss = sum(losses) / len(split.rows)
        return {"score": -loss, "teacher": loss}

    def _validate_taught(self, split: Sentences, goal: str) -> dict[str, float]:
        embeddings, losses = [], []
        for part, outputs in self._encoded(split):
            embeddings.append(to_numpy(outputs["embedding"]))
            for language in self.data.languages if writes(goal) else ():
                ids = split.ids[language][split.first[language][part.start : part.stop]]
                logits = self.network.caption_decoder(ids[:, :-1], outputs["features"], training=False)
                losses.append(float(caption_loss(logits, ids[:, 1:], self.config.rules.pad)))
        metrics = {"caption": float(np.mean(losses))} if losses else {}
        if not finds(goal):
            return {**metrics, "score": -metrics["caption"]}
        pictures = np.concatenate(embeddings)
        for language in self.data.languages:
            first = split.first[language]
            owners = np.repeat(np.arange(len(split.rows)), np.diff(first))
            texts = [
                to_numpy(self.network.text_encoder(split.ids[language][i : i + 500], training=False))
                for i in range(0, len(owners), 500)
            ]
            metrics[f"recall@10 {language}"] = text_to_image(pictures, np.concatenate(texts), owners, (10,))[10]
        metrics["score"] = float(np.mean([metrics[f"recall@10 {language}"] for language in self.data.languages]))
        return metrics

    def samples(self) -> Sequence[Sample]:
        """Return captions of a few val pictures; none while only the teacher is learned from."""
        return caption_samples(self.network, self.data) if self.network.caption_decoder.trainable else ()

    def assess(self, bundle: Path) -> Assessment | None:
        """Measure the bundle, and the one it began with, on the test split; an improved one is compared elsewhere."""
        began = self.start if self.spec.improves is None else None
        assess = partial(assess_captions, start=None if began is None else began.folder)
        return where_there_is_one(assess, bundle, self.spec.data)

    def parts(self) -> BundleParts:
        """Return what is published. An improved model only writes: the library's vectors stay those of the old one."""
        goals = (phase.goal for phase in self.spec.phases)
        parts = image_text_parts(plain_twin(self.network), self.data.tokenizer)
        if self.spec.improves and self.start:
            return dataclasses.replace(parts, tasks=("caption",), calibration=self.start.calibration)
        return dataclasses.replace(parts, tasks=tasks_of(goals, started=self.start is not None))

    def publish(self, place: Path, curve: Mapping[str, Any]) -> Path:
        """Write the bundle, and the probabilities that its cosines mean on the val split into its manifest."""
        data = Path(self.spec.data).name
        quality = {f"{name}, {data} val": float(value) for name, value in curve.items() if name != "score"}
        pictures = len(self.data.splits["train"].rows)
        spec = self.start.origin(self.spec) if self.start else self.spec
        languages = {*self.languages, *(self.start.languages if self.start else ())}
        card = card_of(spec, data, pictures, [name for name in LANGUAGES if name in languages], quality)
        parts = self.parts()
        publish(parts, card, place)
        if "embed-image" in parts.tasks:  # without search no cosine means anything
            calibrate(Measuring(place, Path(self.spec.data), "val"))
        return place
