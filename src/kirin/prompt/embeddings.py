"""Meaning: what a text is about when no keyword says so, by sentence embeddings.

An extra: it works where the package with the network's weights is installed. The network is
all-MiniLM-L6-v2 (Reimers and Gurevych, Sentence-BERT, 2019; Apache-2.0), six layers of BERT
(Devlin et al., 2018) and a mean over the tokens; it knows English.
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
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

PACKAGE = "all_minilm_l6_v2"
"""What carries the weights; imported here only, where it is installed."""

LEAST = 0.32
"""Cosine below which a text is not about something: unrelated ones reach 0.29."""

LEAD = 0.03
"""By how much the nearest kind must be nearer than the next one, to be meant."""

_MOST_TOKENS = 256  # what the network was trained on; the rest of a text is not read
_HEADS = 12

_Vectors = NDArray[np.float32]
_Kind = TypeVar("_Kind")


class Meaning:
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
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        config = json.loads(archive.read("config.json"))
        self._layers: int = config["num_hidden_layers"]
        self._epsilon: float = config["layer_norm_eps"]
        self._known: dict[str, _Vectors] = {}

    def embed(self, text: str) -> _Vectors:
        """A text as a vector of length 1, shape (384,); near vectors mean like things."""
        words = self._weights["embeddings.word_embeddings.weight"]
        places = self._weights["embeddings.position_embeddings.weight"]
        kinds = self._weights["embeddings.token_type_embeddings.weight"]
        ids = self._tokenizer.encode(text).ids
        x = self._norm(words[ids] + places[: len(ids)] + kinds[0], "embeddings")
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
            kinds: sentences that stand for each kind; their vectors are kept.
        """
        if not kinds or not text.strip():
            return None
        seen = self.embed(text)
        scores = {
            kind: max(float(self._kept(line) @ seen) for line in lines)
            for kind, lines in kinds.items()
        }
        best, *others = sorted(scores, key=scores.__getitem__, reverse=True)
        clear = not others or scores[best] - scores[others[0]] >= LEAD
        return best if clear and scores[best] >= LEAST else None

    def _kept(self, line: str) -> _Vectors:
        if line not in self._known:
            self._known[line] = self.embed(line)
        return self._known[line]

    def _attend(self, x: _Vectors, name: str) -> _Vectors:
        count, width = x.shape
        query, key, value = (
            self._dense(x, f"{name}.{part}").reshape(count, _HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(width // _HEADS))
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        return np.asarray((shares @ value).transpose(1, 0, 2).reshape(count, width))

    def _dense(self, x: _Vectors, name: str) -> _Vectors:
        return np.asarray(x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"])

    def _norm(self, x: _Vectors, name: str) -> _Vectors:
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + self._epsilon)
        weight, bias = (self._weights[f"{name}.LayerNorm.{part}"] for part in ("weight", "bias"))
        return np.asarray(x * weight + bias, np.float32)


@cache
def meaning() -> Meaning | None:
    """The network, loaded once in a process; None where the extra is not installed."""
    if any(find_spec(name) is None for name in (PACKAGE, "safetensors", "tokenizers")):
        return None
    with contextlib.redirect_stdout(io.StringIO()):  # it greets whoever imports it
        package = import_module(PACKAGE)
    with zipfile.ZipFile(package.get_model_zip_path()) as archive:
        return Meaning(archive)
