"""The image-text recipe: distil a teacher into the image encoder, then train all parts on captioned pictures."""

from __future__ import annotations

import dataclasses
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
from mmbm_desktop.training.evaluation.interface import Measuring
from mmbm_desktop.training.export.image_text import image_text_parts
from mmbm_desktop.training.metrics.recall import text_to_image
from mmbm_desktop.training.publish import publish
from mmbm_desktop.training.recipe_rules import ImageTextOptions, filled
from mmbm_desktop.training.recipes.image_text_data import load_image_text_data
from mmbm_desktop.training.recipes.image_text_learner import ImageTextLearner, caption_loss, teacher_loss
from mmbm_desktop.training.recipes.image_text_weights import plain_twin, precision, take_weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.recipes.image_text_data import Sentences
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

_AT_ONCE = 100
"""Pictures encoded at once when checking."""


class ImageTextRecipe:
    """Data, network and losses of one image-text run; see `recipes.interface.Recipe`."""

    def __init__(self, spec: TrainSpec, cache: Path, report: ReportProgress) -> None:
        self.spec = spec
        sizes: ImageTextConfig = filled(ImageTextConfig, spec.network)
        options: ImageTextOptions = filled(ImageTextOptions, spec.options)
        self.data = load_image_text_data(spec, sizes.image_size, sizes.max_tokens, cache, report)
        teacher_dim = 0 if self.data.lessons is None else self.data.lessons.features.shape[-1]
        self.config = dataclasses.replace(sizes, vocab=self.data.tokenizer.get_vocab_size(), teacher_dim=teacher_dim)
        keras.utils.set_random_seed(spec.seed)
        with precision(options.precision):
            self.network = build_image_text(self.config)
        if spec.start:
            take_weights(self.network, Path(spec.start))
        weight = spec.teacher.weight if spec.teacher else 0.0
        self._learner = ImageTextLearner(self.network, len(self.data.languages), weight, name="learner")

    @property
    def learner(self) -> keras.Model:
        """The network with its losses."""
        return self._learner

    @property
    def unreadable(self) -> dict[str, ErrorCode]:
        """Pictures that could not be read."""
        return dict.fromkeys(self.data.unreadable, ErrorCode.IMAGE_BROKEN)

    def start_phase(self, phase: PhaseSpec) -> None:
        """Distilling leaves the text parts alone."""
        joint = phase.goal == "joint"
        self.network.text_encoder.trainable = joint
        self.network.caption_decoder.trainable = joint
        self._learner.scale.trainable = joint
        encoder = self.network.image_encoder
        for part in (encoder.to_features, encoder.features_norm, encoder.to_embedding):
            part.trainable = joint

    def steps(self, phase: PhaseSpec) -> int:
        """Return the whole batches of an epoch, at least one."""
        return max(1, self._count(phase) // self._size(phase))

    def _size(self, phase: PhaseSpec) -> int:
        return phase.batch or self.spec.batch

    def _count(self, phase: PhaseSpec) -> int:
        further = self.data.further
        extra = len(further.pixels) if phase.goal == "distil" and further is not None else 0
        return len(self.data.splits["train"].rows) + extra

    def batch(self, phase: PhaseSpec, epoch: int, step: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return a step's crops, sentences and teacher features; seed, epoch and step decide them."""
        order = np.random.default_rng((self.spec.seed, epoch)).permutation(self._count(phase))
        size = self._size(phase)
        chosen = order[step * size : (step + 1) * size]
        random = np.random.default_rng((self.spec.seed, epoch, step))
        train = self.data.splits["train"]
        own = len(train.rows)
        outside = len(self.data.pictures.pixels) - own
        rows = np.where(chosen < own, train.rows[np.minimum(chosen, own - 1)], chosen + outside)
        pixels, features = self.data.crops(rows, phase.size or self.config.image_size, random)
        inputs: dict[str, Any] = {"pixels": pixels}
        if phase.goal == "joint":
            inputs["ids"] = self._ids(train, chosen, random)
        return inputs, {} if features is None else {"teacher": features}

    def _ids(self, split: Sentences, chosen: Any, random: np.random.Generator) -> Any:
        """Pick one sentence of each language for each chosen picture, (chosen * languages, max_tokens)."""
        picked = []
        for language in self.data.languages:
            first = split.first[language]
            low, high = first[chosen], first[chosen + 1]
            picked.append(split.ids[language][random.integers(low, high)])
        return np.stack(picked, axis=1).reshape(-1, self.config.max_tokens)

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        """Return the val split's teacher loss, or its recall in every language and its caption loss."""
        split = self.data.splits["val"]
        return self._validate_joint(split) if phase.goal == "joint" else self._validate_distil(split)

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

    def _validate_joint(self, split: Sentences) -> dict[str, float]:
        embeddings, losses = [], []
        for part, outputs in self._encoded(split):
            embeddings.append(to_numpy(outputs["embedding"]))
            for language in self.data.languages:
                ids = split.ids[language][split.first[language][part.start : part.stop]]
                logits = self.network.caption_decoder(ids[:, :-1], outputs["features"], training=False)
                losses.append(float(caption_loss(logits, ids[:, 1:], self.config.rules.pad)))
        metrics = {"caption": float(np.mean(losses))}
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

    def publish(self, place: Path, curve: Mapping[str, Any]) -> Path:
        """Write the bundle, and the probabilities that its cosines mean on the val split into its manifest."""
        data = Path(self.spec.data).name
        quality = {f"{name}, {data} val": float(value) for name, value in curve.items() if name != "score"}
        pictures = len(self.data.splits["train"].rows)
        card = card_of(self.spec, data, pictures, self.data.languages, quality)
        publish(image_text_parts(plain_twin(self.network), self.data.tokenizer), card, place)
        calibrate(Measuring(place, Path(self.spec.data), "val"))
        return place
