"""Sentence embeddings: what a text is about where no keyword says so.

Optional: it needs the ``text`` extra, whose package carries the network's weights. The network
is all-MiniLM-L6-v2 (Reimers and Gurevych, Sentence-BERT, 2019; Apache-2.0): six layers of BERT
(Devlin et al., 2018) and the mean over the tokens. It is trained on English.
"""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

PACKAGE: Final = "all_minilm_l6_v2"
"""The package with the weights, imported here only."""

MIN_SIMILARITY: Final = 0.32
"""Least cosine similarity at which a text is about something; unrelated texts reach 0.29."""

MIN_MARGIN: Final = 0.03
"""By how much the nearest kind must be more similar than the second nearest."""

_MAX_TOKENS: Final = 256  # max_seq_length of all-MiniLM-L6-v2; longer texts are truncated
_HEADS: Final = 12  # num_attention_heads of all-MiniLM-L6-v2

_Vectors = NDArray[np.float32]
_Kind = TypeVar("_Kind")


class SentenceEmbedder:
    """Compares texts by what they mean."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Load the network.

        Args:
            archive: the model as sentence-transformers saves it.
        """
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        self._weights = load(archive.read("model.safetensors"))
        self._tokenizer = Tokenizer.from_str(archive.read("tokenizer.json").decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        config = json.loads(archive.read("config.json"))
        self._layers: int = config["num_hidden_layers"]
        self._epsilon: float = config["layer_norm_eps"]
        self._embeddings: dict[str, _Vectors] = {}

    def embed(self, text: str) -> _Vectors:
        """The embedding of a text: shape (384,), length 1; similar texts have similar vectors."""
        tokens = self._weights["embeddings.word_embeddings.weight"]
        positions = self._weights["embeddings.position_embeddings.weight"]
        segments = self._weights["embeddings.token_type_embeddings.weight"]
        ids = self._tokenizer.encode(text).ids
        x = self._norm(tokens[ids] + positions[: len(ids)] + segments[0], "embeddings")
        for number in range(self._layers):
            layer = f"encoder.layer.{number}"
            attended = self._attend(x, f"{layer}.attention.self")
            attended = self._dense(attended, f"{layer}.attention.output.dense")
            x = self._norm(x + attended, f"{layer}.attention.output")
            inner = self._dense(x, f"{layer}.intermediate.dense")
            inner = inner * (0.5 * (1 + erf(inner / np.float32(np.sqrt(2)))))  # GELU
            x = self._norm(x + self._dense(inner, f"{layer}.output.dense"), f"{layer}.output")
        mean = x.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def nearest(self, text: str, kinds: Mapping[_Kind, Iterable[str]]) -> _Kind | None:
        """The kind that a text is about, or None where that is not clear.

        Args:
            text: in English.
            kinds: for each kind the sentences that stand for it; their embeddings are cached.
        """
        if not kinds or not text.strip():
            return None
        embedding = self.embed(text)
        scores = {
            kind: max(float(self._cached(line) @ embedding) for line in lines)
            for kind, lines in kinds.items()
        }
        best, *others = sorted(scores, key=scores.__getitem__, reverse=True)
        clear = not others or scores[best] - scores[others[0]] >= MIN_MARGIN
        return best if clear and scores[best] >= MIN_SIMILARITY else None

    def _cached(self, line: str) -> _Vectors:
        if line not in self._embeddings:
            self._embeddings[line] = self.embed(line)
        return self._embeddings[line]

    def _attend(self, x: _Vectors, name: str) -> _Vectors:
        count, width = x.shape
        query, key, value = (
            self._dense(x, f"{name}.{part}").reshape(count, _HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(width // _HEADS))
        attention = np.exp(scores - scores.max(axis=-1, keepdims=True))
        attention /= attention.sum(axis=-1, keepdims=True)
        return np.asarray((attention @ value).transpose(1, 0, 2).reshape(count, width))

    def _dense(self, x: _Vectors, name: str) -> _Vectors:
        return np.asarray(x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"])

    def _norm(self, x: _Vectors, name: str) -> _Vectors:
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + self._epsilon)
        weight, bias = (self._weights[f"{name}.LayerNorm.{part}"] for part in ("weight", "bias"))
        return np.asarray(x * weight + bias, np.float32)


@cache
def sentence_embedder() -> SentenceEmbedder | None:
    """The embedder, loaded once a process; None where the ``text`` extra is not installed."""
    if any(find_spec(name) is None for name in (PACKAGE, "safetensors", "tokenizers")):
        return None
    with contextlib.redirect_stdout(io.StringIO()):  # it prints a greeting when imported
        package = import_module(PACKAGE)
    with zipfile.ZipFile(package.get_model_zip_path()) as archive:
        return SentenceEmbedder(archive)


def erf(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """The error function, to 1.5e-7: formula 7.1.26 of Abramowitz and Stegun (1964)."""
    size = np.abs(x)
    t = 1 / (1 + np.float32(0.3275911) * size)
    sum_ = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        sum_ = (sum_ + np.float32(factor)) * t
    return np.asarray(np.copysign(1 - sum_ * np.exp(-size * size), x), np.float32)
