"""What networks and patch searches answered before: many tests ask them of the same pictures."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import blake2b
from threading import Lock
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest

from kirin.engines.animatic.photo import border
from kirin.engines.animatic.puppet import part_layers
from kirin.vision import analysis
from kirin.vision.inpainting import background, holes
from kirin.vision.matting.segmenter import Segmenter, SubjectMask
from kirin.vision.matting.subjects import find_subjects
from kirin.vision.onnx_session import WEIGHTS
from kirin.vision.planes import Rgb

_MOST = 256 << 20  # bytes kept, least recently used first out
_PATCH_SEARCHES = (
    (border, "patch_match"),
    (part_layers, "inpaint"),
    (background, "inpaint"),
    (holes, "patch_match"),
)


class Remembered:
    """Answers by what was asked, of functions whose answers depend on nothing else.

    Attributes:
        asleep: while set, everything is computed anew, and nothing is kept.
    """

    def __init__(self) -> None:
        self.asleep = False
        self._answers: OrderedDict[bytes, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def answer(self, question: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
        """The answer to a question, computed where it was not asked before; a copy of its own.

        Args:
            question: arrays, texts, numbers, and tuples and dicts of them.
            compute: answers with an array, a mask, or a list or tuple of them.
        """
        if self.asleep:
            return compute()
        digest = blake2b(digest_size=20)
        _digest(question, digest.update)
        key = digest.digest()
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return _copied(self._answers[key][0])
        found = compute()
        self._keep(key, _copied(found), _size(found))
        return found

    def _keep(self, key: bytes, found: Any, size: int) -> None:
        with self._lock:
            if key not in self._answers:
                self._answers[key] = found, size
                self._bytes += size
            while self._bytes > _MOST:
                self._bytes -= self._answers.popitem(last=False)[1][1]


def _digest(value: Any, add: Callable[[bytes | memoryview], None]) -> None:
    if isinstance(value, np.ndarray):
        add(f"{value.dtype}{value.shape}".encode())
        add(np.ascontiguousarray(value).data.cast("B") if value.size else b"")
    elif isinstance(value, tuple | list):
        add(f"({len(value)}".encode())
        for each in value:
            _digest(each, add)
    elif isinstance(value, dict):
        _digest(sorted(value.items()), add)
    else:
        assert value is None or isinstance(value, str | int | float | np.generic), type(value)
        add(f"{type(value).__name__} {value!r};".encode())


def _copied(found: Any) -> Any:
    if isinstance(found, SubjectMask):
        return replace(found, alpha=found.alpha.copy())
    if isinstance(found, list | tuple):
        return type(found)(map(_copied, found))
    return found.copy()


def _size(found: Any) -> int:
    if isinstance(found, SubjectMask):
        return found.alpha.nbytes
    return sum(map(_size, found)) if isinstance(found, list | tuple) else int(found.nbytes)


@contextmanager
def remembering(memory: Remembered) -> Iterator[None]:
    """The networks that ship with the package, and searches for patches, answer from memory.

    Networks that are made by tests, or that somebody has installed, do not.
    """
    run, find = ort.InferenceSession.run, Segmenter.find

    def remembered_run(
        session: Any, outputs: Any, feed: dict[str, Any], options: Any = None
    ) -> list[Any]:
        path = session._model_path or ""
        if not path.startswith(str(WEIGHTS)):
            return list(run(session, outputs, feed, options))
        # On more threads sums may be added in another order.
        threads = session._sess_options.intra_op_num_threads
        question = ("run", path, threads, outputs, feed)
        answer: list[Any] = memory.answer(question, lambda: run(session, outputs, feed, options))
        return answer

    def remembered_find(segmenter: Segmenter, rgb: Rgb) -> SubjectMask:
        if segmenter._fine:
            return find(segmenter, rgb)
        mask: SubjectMask = memory.answer(("find", rgb), lambda: find(segmenter, rgb))
        return mask

    def remembered_subjects(work: Rgb, segmenter: Segmenter) -> tuple[SubjectMask, ...]:
        if type(segmenter) is not Segmenter or segmenter._fine:
            return find_subjects(work, segmenter)
        threads = segmenter._session._sess_options.intra_op_num_threads
        question = ("subjects", work, threads)
        masks: tuple[SubjectMask, ...] = memory.answer(
            question, lambda: find_subjects(work, segmenter)
        )
        return masks

    def remembered_search(search: Callable[..., Any]) -> Callable[..., Any]:
        def answered(*arguments: Any, **options: Any) -> Any:
            question = ("search", arguments, options)
            return memory.answer(question, lambda: search(*arguments, **options))

        return answered

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ort.InferenceSession, "run", remembered_run)
        patch.setattr(Segmenter, "find", remembered_find)
        patch.setattr(analysis, "find_subjects", remembered_subjects)
        for module, name in _PATCH_SEARCHES:
            patch.setattr(module, name, remembered_search(getattr(module, name)))
        yield
