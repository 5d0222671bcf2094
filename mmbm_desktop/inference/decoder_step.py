"""An exported decoder as `decoding.Step`, whatever it looks at: a picture's cells or a sentence's tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from mmbm_desktop.inference.sessions import Sessions

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

MEMORY = ("memory_k", "memory_v")
CACHES = ("cache_k", "cache_v")


class DecoderStep:
    """Keeps what each row's next step needs, and copies it as rows branch: keys and values, or a recurrent state."""

    def __init__(
        self,
        sessions: Sessions,
        structure: str,
        memory: Mapping[str, Floats],
        items: Ints,
        states: Mapping[str, tuple[int, ...]] | None = None,
    ) -> None:
        """Prepare for decoding.

        Args:
            sessions: of the bundle.
            structure: the decoder's file.
            memory: `memory_k` and `memory_v` of what is looked at, each (layers, B, heads, N, depth).
            items: shape (starts,): which of the B each start token looks at.
            states: of a recurrent decoder, the shape of each state tensor without its second axis, that of the rows.
        """
        self._sessions = sessions
        self._structure = structure
        self._memory = {name: memory[name] for name in MEMORY}
        self._seen = self._memory
        self._items = items
        layers, _, heads, _, depth = memory["memory_k"].shape
        self._recurrent = states is not None
        shapes = states or dict.fromkeys(CACHES, (layers, heads, 0, depth))
        self._caches = {
            name: np.zeros((first, len(items), *rest), np.float32) for name, (first, *rest) in shapes.items()
        }
        self._position = 0

    def __call__(self, parents: Ints, tokens: Ints) -> Floats:
        """Return logits, shape (rows, vocabulary); see `decoding.Step`."""
        self._branch(parents)
        place = {} if self._recurrent else {"position": np.array([self._position], np.int32)}
        feed = {"tokens": tokens.astype(np.int32), **place}
        outputs = self._sessions.run(self._structure, {**feed, **self._caches, **self._seen})
        self._caches = {name: outputs[f"new_{name}"] for name in self._caches}
        self._position += 1
        return outputs["logits"]

    def _branch(self, parents: Ints) -> None:
        items = self._items[parents]
        if self._position == 0 or not np.array_equal(items, self._items):
            self._seen = {name: np.ascontiguousarray(kept[:, items]) for name, kept in self._memory.items()}
        self._items = items
        if not np.array_equal(parents, np.arange(next(iter(self._caches.values())).shape[1])):
            self._caches = {name: np.ascontiguousarray(kept[:, parents]) for name, kept in self._caches.items()}
