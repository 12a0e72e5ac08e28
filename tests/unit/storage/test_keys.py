"""Keys of inputs and results."""

from __future__ import annotations

import hashlib

import pytest

from kirin.storage.keys import input_key, result_key


def test_inputs_are_found_by_content() -> None:
    digest = hashlib.sha256(b"picture").hexdigest()
    assert input_key(digest) == f"inputs/{digest[:2]}/{digest}"


@pytest.mark.parametrize("digest", ["", "ab", "A" * 64, "g" * 64, "a" * 65, "../" + "a" * 61])
def test_what_is_no_digest(digest: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        input_key(digest)


def test_results_of_attempts_are_apart() -> None:
    assert result_key("task-1", 2, "video.mp4") == "results/task-1/2/video.mp4"
    with pytest.raises(ValueError, match="key"):
        result_key("../task", 1, "video.mp4")
