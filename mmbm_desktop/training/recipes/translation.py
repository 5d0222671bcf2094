"""The translation recipe: pairs both ways at once, one network; checked by translating the val split greedily."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.inference.chrf import corpus_chrf
from mmbm_desktop.networks.tensors import Tensor, ops, to_numpy
from mmbm_desktop.networks.translation import build_translation
from mmbm_desktop.networks.translation_config import TranslationConfig
from mmbm_desktop.protocol.training import Sample
from mmbm_desktop.training.evaluation.assessing import agreement, assess_translation, where_there_is_one
from mmbm_desktop.training.export.translation import translation_parts
from mmbm_desktop.training.publish import publish
from mmbm_desktop.training.recipe_rules import TranslationOptions, filled
from mmbm_desktop.training.recipes.translation_card import translation_card
from mmbm_desktop.training.recipes.translation_data import load_translation_data
from mmbm_desktop.training.recipes.translation_learner import TranslationLearner
from mmbm_desktop.training.tokenizer import encode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mmbm_desktop.base.errors import ErrorCode
    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.protocol.training import Assessment
    from mmbm_desktop.training.data.pairs import Kind
    from mmbm_desktop.training.recipes.translation_data import Group
    from mmbm_desktop.training.spec import PhaseSpec, TrainSpec

WAYS = (("en", "zh"), ("zh", "en"))
_SAMPLES = 4
_CHECKED = 300
"""Pairs of the val split that an epoch is judged by."""


class TranslationRecipe:
    """Data, network and losses of one translation run; see `recipes.interface.Recipe`."""

    def __init__(self, spec: TrainSpec, report: ReportProgress) -> None:
        self.spec = spec
        sizes = filled(TranslationConfig, spec.network)
        options = filled(TranslationOptions, spec.options)
        self._per_epoch: dict[Kind, int] = {"caption": options.captions, "word": options.words}
        self.data = load_translation_data(Path(spec.data), spec.vocab, sizes.max_tokens, self._per_epoch)
        self.config = dataclasses.replace(sizes, vocab=self.data.tokenizer.get_vocab_size())
        keras.utils.set_random_seed(spec.seed)
        self.network = build_translation(self.config)
        self._learner = TranslationLearner(self.network, name="learner")
        self._plan: tuple[tuple[int, int], list[tuple[Group, Any]]] = ((-1, -1), [])
        report(1, 1)

    @property
    def learner(self) -> keras.Model:
        """The network with its loss."""
        return self._learner

    @property
    def unreadable(self) -> Mapping[str, ErrorCode]:
        """Nothing: a table that cannot be read stops the run."""
        return {}

    def start_phase(self, phase: PhaseSpec) -> None:
        """Every phase trains everything."""

    def steps(self, phase: PhaseSpec) -> int:
        """Return the batches of an epoch, those of every length together."""
        return sum(group.steps(phase.batch or self.spec.batch) for group in self.data.groups)

    def batch(self, phase: PhaseSpec, epoch: int, step: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return a step's pairs, of one length, English to Chinese and then the same ones back."""
        size = phase.batch or self.spec.batch
        if self._plan[0] != (epoch, size):
            self._plan = ((epoch, size), self._planned(epoch, size))
        group, rows = self._plan[1][step]
        en, zh = group.en[rows], group.zh[rows]
        return {"source": np.concatenate([en, zh]), "target": np.concatenate([zh, en])}, {}

    def _planned(self, epoch: int, batch: int) -> list[tuple[Group, Any]]:
        """Return an epoch's batches in order; the last of each length is filled up from its first."""
        plan = []
        for group in self.data.groups:
            rows, size = group.chosen(self.spec.seed, epoch), group.size(batch)
            rows = np.resize(rows, group.steps(batch) * size)
            plan += [(group, part) for part in rows.reshape(-1, size)]
        order = np.random.default_rng((self.spec.seed, epoch)).permutation(len(plan))
        return [plan[place] for place in order]

    def validate(self, phase: PhaseSpec) -> dict[str, float]:
        """Return chrF of greedy translations of the val split each way, in small letters, and the loss per token."""
        texts = {side: [getattr(pair, side) for pair in self.data.val[:_CHECKED]] for side in ("en", "zh")}
        rows = {side: encode(self.data.tokenizer, texts[side], self.config.max_tokens) for side in texts}
        metrics: dict[str, float] = {"token": self._loss(rows["en"], rows["zh"])}
        for source, target in WAYS:
            right = [self._plain(row[1:]) for row in rows[target]]
            written = [self._plain(row) for row in greedy(self.network, rows[source], target)]
            metrics[f"chrF {source}-{target}"] = corpus_chrf(written, right)
        metrics["score"] = float(np.mean([metrics[f"chrF {source}-{target}"] for source, target in WAYS]))
        return metrics

    def _loss(self, en: Any, zh: Any) -> float:
        losses = []
        for source, target in ((en, zh), (zh, en)):
            outputs = self._learner({"source": source, "target": target}, training=False)
            losses.append(float(self._learner.losses(outputs, target[:, 1:])[0]))
        return float(np.mean(losses))

    def _plain(self, ids: Sequence[int]) -> str:
        """Return the text up to the end's mark."""
        row = [int(token) for token in ids]
        end = row.index(self.config.rules.eos) if self.config.rules.eos in row else len(row)
        return self.data.tokenizer.decode(row[:end], skip_special_tokens=True)

    def samples(self) -> Sequence[Sample]:
        """Return greedy translations of a few val pairs, each way, with the one that people wrote."""
        pairs = self.data.val[:_SAMPLES]
        found = []
        for source, target in WAYS:
            texts = [getattr(pair, source) for pair in pairs]
            rows = encode(self.data.tokenizer, texts, self.config.max_tokens)
            for pair, row in zip(pairs, greedy(self.network, rows, target), strict=True):
                truth, guess = getattr(pair, target), self._plain(row)
                found.append(Sample("text", getattr(pair, source), truth, guess, agreement(guess, [truth])))
        return found

    def assess(self, bundle: Path) -> Assessment | None:
        """Measure the bundle on the test split."""
        return where_there_is_one(assess_translation, bundle, self.spec.data)

    def publish(self, place: Path, curve: Mapping[str, Any]) -> Path:
        """Write the bundle."""
        data = Path(self.spec.data).name
        quality = {f"{name}, {data} val": float(value) for name, value in curve.items() if name != "score"}
        card = translation_card(self.spec, data, self._seen(), quality)
        return publish(translation_parts(self.network, self.data.tokenizer, self.data.spelling), card, place)

    def _seen(self) -> dict[Kind, int]:
        """Return how many pairs of each kind the whole run comes by."""
        epochs = sum(phase.epochs for phase in self.spec.phases)
        return {kind: min(count, epochs * self._per_epoch.get(kind, count)) for kind, count in self.data.counts.items()}


def greedy(network: Any, source: Any, language: str) -> Any:
    """Return the likeliest next token again and again, ids (B, max_tokens) without the first mark.

    Args:
        network: see `networks.translation`.
        source: ids, (B, S).
        language: to translate to.
    """
    config, decoder = network.config, network.decoder
    features = network.encoder(source, training=False)
    seen, memory = network.encoder.seen(source), decoder.memory(features)
    start = config.rules.bos_zh if language == "zh" else config.rules.bos_en
    tokens: Tensor = ops.full((len(source),), start, "int32")
    cache = ops.zeros((config.decoder_layers, len(source), config.heads, 0, config.head_dim))
    kept, rows = (cache, cache), []
    for position in range(config.max_tokens - 1):
        at = ops.full((1,), position, "int32")
        logits, *grown = decoder.step(tokens, at, kept, memory, seen)
        kept = (grown[0], grown[1])
        tokens = ops.cast(ops.argmax(logits, axis=-1), "int32")
        rows.append(to_numpy(tokens))
        if all((row == config.rules.eos).any() for row in np.stack(rows, axis=1)):
            break
    return np.stack(rows, axis=1)
