"""A caption decoder that learns from rewards of captions it wrote itself, held near the one it started as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from mmbm_desktop.networks.image_text import caption_decoder
from mmbm_desktop.networks.tensors import Tensor, ops, to_numpy
from mmbm_desktop.training.recipes.caption_sampling import never_written

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from mmbm_desktop.networks.image_text import ImageTextNetwork
    from mmbm_desktop.training.recipes.caption_sampling import Writer

    Rewards = Callable[[npt.NDArray[np.int64], npt.NDArray[np.int32]], npt.NDArray[np.float32]]


class PolicyLearner(keras.Model):
    """The decoder as a policy over sentences, with the decoder as it was at the start beside it.

    Only the decoder learns. The pictures' features and the table of tokens, which search uses too, stay as they are.
    Nothing is dropped while it learns, so that the sentences are drawn from the very policy that is improved.
    """

    def __init__(self, network: ImageTextNetwork, kl: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.network, self.kl = network, kl
        self.before = caption_decoder(network.config, network.tokens, "before")
        self._build_before()
        self._never = never_written(network.config.rules, network.config.vocab)
        for part in (network.tokens, network.image_encoder, network.text_encoder, self.before):
            part.trainable = False
        self.parts = [keras.metrics.Mean(name=name) for name in self.part_names()]
        self.built = True

    def part_names(self) -> tuple[str, ...]:
        """Return the names of the means that a step tells of."""
        return ("kl",)

    def _build_before(self) -> None:
        config = self.network.config
        features = np.zeros((1, config.map_edge**2, config.width), np.float32)
        self.before(np.zeros((1, config.max_tokens), np.int32), features, training=False)
        pairs = zip(self.before.weights, self.network.caption_decoder.weights, strict=True)
        for old, now in pairs:
            old.assign(now)

    def features(self, pixels: Tensor) -> Tensor:
        """Return the maps (B, N, width) of normalised pixels (B, S, S, 3)."""
        return self.network.image_encoder(pixels, training=False)["features"]

    def call(self, inputs: dict[str, Tensor], training: bool | None = None) -> dict[str, Tensor]:
        """Score sentences, `ids` (R, T), of pictures whose maps are `features` (R, N, width).

        Returns:
            `now` and `before`, (R, T - 1, vocab): log-probabilities of each next token.
        """
        ids, features = inputs["ids"][:, :-1], inputs["features"]
        decoders = {"now": self.network.caption_decoder, "before": self.before}
        return {name: self._log_probabilities(one(ids, features, training=False)) for name, one in decoders.items()}

    def _log_probabilities(self, logits: Tensor) -> Tensor:
        return ops.log_softmax(logits + self._never)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        """Return REINFORCE's loss (Williams 1992) with the advantages of `judged`, and the penalty for moving away.

        The penalty is the Kullback-Leibler divergence of each token's distribution from that of the start.
        """
        targets = x["ids"][:, 1:]
        real = ops.cast(ops.not_equal(targets, self.network.config.rules.pad), "float32")
        count = ops.maximum(ops.sum(real), 1.0)
        own = ops.take_along_axis(y_pred["now"], targets[:, :, None], axis=-1)[:, :, 0]
        old = ops.take_along_axis(y_pred["before"], targets[:, :, None], axis=-1)[:, :, 0]
        gained = ops.sum((own - old) * real, axis=1)
        away = ops.sum(ops.exp(y_pred["now"]) * (y_pred["now"] - y_pred["before"]), axis=-1)
        kl = ops.sum(away * real) / count
        told = {**self.judged(y, gained), "kl": kl}
        for part in self.parts:
            part.update_state(told[part.name])
        return self.kl * kl - ops.sum(told["advantage"][:, None] * own * real) / count

    def gained(self, pixels: Any, ids: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        """Return how much the log-probability of sentences (R, T) of pictures (R, S, S, 3) has grown, (R,)."""
        found = self({"ids": ids, "features": self.features(pixels)}, training=False)
        targets = ids[:, 1:]
        grown = ops.take_along_axis(found["now"] - found["before"], targets[:, :, None], axis=-1)[:, :, 0]
        real = targets != self.network.config.rules.pad
        return (to_numpy(grown) * real).sum(axis=1)

    def judged(self, targets: dict[str, Tensor], gained: Tensor) -> dict[str, Tensor]:
        """Return `advantage`, what each sentence's log-probability is worth, and what else the parts are told, (R,).

        Args:
            targets: what `train_on_batch` knows.
            gained: how much each sentence's log-probability has grown since the start.
        """
        del gained
        return targets


class SelfCriticalLearner(PolicyLearner):
    """Self-critical sequence training (Rennie et al. 2017): a drawn caption's reward less that of the greedy one."""

    def __init__(self, writer: Writer, kl: float, rewards: Rewards, **kwargs: Any) -> None:
        super().__init__(writer.network, kl, **kwargs)
        self._write, self._rewards = writer.write, rewards

    def part_names(self) -> tuple[str, ...]:
        """Return the rewards of the drawn and the greedy captions, and the divergence."""
        return ("reward", "greedy", "kl")

    def train_on_batch(self, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Write captions of the pictures, have them judged, and take one step.

        Args:
            x: `pixels` (B, S, S, 3), `pictures` (B,), their places among the train split's, `starts` (B,), the marks
                of the languages to write in, and `chances` (B, K, T - 1), what K captions of each are drawn by.
            y: nothing.
            args: as Keras's own.
            kwargs: as Keras's own.
        """
        del y
        drawn = x["chances"].shape[1]
        features = to_numpy(self.features(x["pixels"]))
        ids = self._written(features, x["starts"], x["chances"])
        rewards = self._rewards(np.tile(x["pictures"], drawn + 1), ids).reshape(drawn + 1, -1)
        targets = {
            "advantage": (rewards[1:] - rewards[0]).ravel(),
            "reward": rewards[1:].ravel(),
            "greedy": np.tile(rewards[0], drawn),
        }
        count = len(x["starts"])
        inputs = {"ids": ids[count:], "features": np.tile(features, (drawn, 1, 1))}
        return super().train_on_batch(inputs, targets, *args, **kwargs)

    def _written(self, features: npt.NDArray[np.float32], starts: Any, chances: Any) -> npt.NDArray[np.int32]:
        """Return the greedy captions of all pictures, then the first drawn ones of all, and so on, (B + B K, T)."""
        drawn = chances.shape[1]
        greedy = np.full_like(chances[:, 0], -1.0)
        every = np.concatenate([greedy, *(chances[:, i] for i in range(drawn))])
        return self._write(np.tile(features, (drawn + 1, 1, 1)), np.tile(starts, drawn + 1), every)


class ThumbsLearner(PolicyLearner):
    """Rated captions become likelier where the person liked them, less likely where not.

    They were not drawn from the policy as it is now: each counts by how likely it is compared with the start, at most
    once (truncated importance sampling, Ionides 2008), so that what was disliked is not pushed down without end.
    """

    def part_names(self) -> tuple[str, ...]:
        """Return the divergence and how much likelier, in log-probability, what was liked became, on the average."""
        return ("kl", "preference")

    def train_on_batch(self, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Take one step with `pixels` (B, S, S, 3), `ids` (B, T) and their `rating` (B,), 1 or -1, in `y`."""
        inputs = {"ids": x["ids"], "features": to_numpy(self.features(x["pixels"]))}
        return super().train_on_batch(inputs, y, *args, **kwargs)

    def judged(self, targets: dict[str, Tensor], gained: Tensor) -> dict[str, Tensor]:
        """Weigh each rating by the sentence's probability over that at the start, which counts at most once."""
        rating = targets["rating"]
        weight = ops.stop_gradient(ops.exp(ops.minimum(gained, 0.0)))
        return {"advantage": rating * weight, "preference": rating * gained}
