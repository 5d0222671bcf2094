"""A published image-text bundle answering through ONNX Runtime: what is measured is what people will run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.bundles.verify import verify
from mmbm_desktop.inference.decoding import DecodingOptions, decode
from mmbm_desktop.networks.image_text_config import TextRules
from mmbm_desktop.training.data.augment import squared
from mmbm_desktop.training.tokenizer import encode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.bundles.manifest import Manifest

    Floats = npt.NDArray[np.float32]

_AT_ONCE = 64


@dataclass(frozen=True)
class BundleAnswers:
    """Embeddings and captions of the bundle in `folder`, on the CPU."""

    folder: Path

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest of the bundle, whose files are all as it says.

        Raises:
            EnvironmentFault: it is missing or damaged, or not one of an image-text bundle.
        """
        if not self.folder.is_dir():
            raise EnvironmentFault(ErrorCode.MODEL_MISSING, path=str(self.folder), name=self.folder.name)
        manifest = verify(self.folder)
        if manifest.family != "mmbm-image-text":
            raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, manifest.family, name=manifest.name, field="family")
        return manifest

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return Tokenizer.from_file(str(self.folder / "tokenizer.json"))

    def _session(self, name: str) -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(self.folder / f"{name}.onnx", providers=["CPUExecutionProvider"])

    @cached_property
    def _step(self) -> onnxruntime.InferenceSession:
        return self._session("caption_step")

    @cached_property
    def _memory(self) -> onnxruntime.InferenceSession:
        return self._session("caption_memory")

    def pictures(self, pictures: Sequence[npt.NDArray[np.uint8]]) -> tuple[Floats, Floats]:
        """Return features (pictures, N, D) and unit embeddings (pictures, E) of 8-bit RGB pictures."""
        size, session = self.manifest.preprocessing["image"]["size"], self._session("image_encoder")
        parts = [
            session.run(["features", "embedding"], {"pixels": squared(pictures[i : i + _AT_ONCE], size)})
            for i in range(0, len(pictures), _AT_ONCE)
        ]
        features, embeddings = zip(*parts, strict=True)
        return np.concatenate(features), np.concatenate(embeddings)

    def texts(self, texts: Sequence[str]) -> Floats:
        """Return unit embeddings, (texts, E)."""
        session, longest = self._session("text_encoder"), self.manifest.preprocessing["text"]["max_tokens"]
        ids = encode(self._tokenizer, texts, longest)
        parts = [session.run(["embedding"], {"ids": ids[i : i + _AT_ONCE]})[0] for i in range(0, len(ids), _AT_ONCE)]
        return np.concatenate([np.asarray(part) for part in parts])

    def caption(self, features: Floats, language: str, beam: int = 3) -> str:
        """Return the best caption of one picture's features (N, D) as plain text."""
        rules, text = TextRules(), self.manifest.preprocessing["text"]
        start = text["bos"][language]
        banned = (rules.pad, rules.bos_en, rules.bos_zh, rules.unk)
        options = DecodingOptions(beam=beam, max_tokens=text["max_tokens"] - 2, banned=banned, eos=text["eos"])
        best = decode(self._steps(features), [start], options)[0][0]
        return self._tokenizer.decode(list(best.tokens)).strip()

    def _steps(self, features: Floats) -> _Steps:
        memory = self._memory.run(["memory_k", "memory_v"], {"features": features[None]})
        return _Steps(self._step, np.asarray(memory[0]), np.asarray(memory[1]))


class _Steps:
    """`inference.decoding.Step` over the caption structures of one picture."""

    def __init__(self, session: onnxruntime.InferenceSession, memory_k: Floats, memory_v: Floats) -> None:
        self._session = session
        self._memory = (memory_k, memory_v)
        layers, _, heads, _, depth = memory_k.shape
        self._cache = (np.zeros((layers, 1, heads, 0, depth), np.float32),) * 2

    def __call__(self, parents: npt.NDArray[np.int64], tokens: npt.NDArray[np.int64]) -> Floats:
        rows = len(tokens)
        feed = {
            "tokens": tokens.astype(np.int32),
            "position": np.array([self._cache[0].shape[3]], np.int32),
            "cache_k": self._cache[0][:, parents],
            "cache_v": self._cache[1][:, parents],
            "memory_k": np.repeat(self._memory[0], rows, axis=1),
            "memory_v": np.repeat(self._memory[1], rows, axis=1),
        }
        logits, keys, values = self._session.run(["logits", "new_cache_k", "new_cache_v"], feed)
        self._cache = (np.asarray(keys), np.asarray(values))
        return np.asarray(logits)
