"""Weights lie in the hub's cache, whole or not at all."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kirin.domain.assets import Asset, AssetKind
from kirin.engines.diffusion import tokens
from kirin.engines.diffusion.capabilities import unsupported_features
from kirin.engines.diffusion.engine import SNAPSHOT_SECONDS, DiffusionEngine
from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.models import wan22_t2v_a14b, wan22_ti2v_5b
from kirin.engines.diffusion.tokens import token_counter
from kirin.engines.diffusion.weight_store import WeightStore

MODEL = wan22_ti2v_5b.MODEL
PICTURE = Asset.announced(AssetKind.IMAGE)


@pytest.fixture
def store(tmp_path: Path) -> WeightStore:
    """One with the files of a model, all but empty."""
    home = tmp_path / "models--Wan-AI--Wan2.2-TI2V-5B-Diffusers"
    snapshot = home / "snapshots" / "abc"
    files = {
        "model_index.json": json.dumps(
            {
                "_class_name": "WanPipeline",
                "expand_timesteps": True,
                "transformer": ["diffusers", "WanTransformer3DModel"],
                "transformer_2": [None, None],
                "tokenizer": ["transformers", "T5TokenizerFast"],
            }
        ),
        "transformer/config.json": "{}",
        "transformer/model.safetensors.index.json": json.dumps(
            {"weight_map": {"a": "1.safetensors", "b": "2.safetensors", "c": "2.safetensors"}}
        ),
        "transformer/1.safetensors": "",
        "transformer/2.safetensors": "",
        "tokenizer/tokenizer_config.json": "{}",
    }
    for name, content in files.items():
        path = snapshot / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text("abc\n")
    return WeightStore(tmp_path)


def snapshot(store: WeightStore) -> Path:
    found = store.find(MODEL)
    assert found
    return found


def test_a_whole_model_is_found(store: WeightStore) -> None:
    assert snapshot(store).name == "abc"
    assert store.find(wan22_t2v_a14b.MODEL) is None


@pytest.mark.parametrize(
    "name",
    [
        "model_index.json",
        "transformer/2.safetensors",
        "tokenizer/tokenizer_config.json",
    ],
)
def test_a_missing_file_is_noticed(store: WeightStore, name: str) -> None:
    (snapshot(store) / name).unlink()
    assert store.find(MODEL) is None
    assert "are incomplete" in store.missing_message(MODEL)


def test_a_component_without_weights_is_noticed(store: WeightStore) -> None:
    folder = snapshot(store) / "transformer"
    for file in folder.glob("*.safetensors*"):
        file.unlink()
    assert store.find(MODEL) is None


def test_a_broken_index_is_noticed(store: WeightStore) -> None:
    (snapshot(store) / "model_index.json").write_text("{")
    assert store.find(MODEL) is None


def test_what_is_missing_names_command_and_size(tmp_path: Path) -> None:
    store = WeightStore(tmp_path)
    assert store.missing_message(MODEL) == (
        "the weights of Wan 2.2 TI2V 5B are not on this machine; download them with: "
        "hf download Wan-AI/Wan2.2-TI2V-5B-Diffusers (about 34 GB)"
    )
    elsewhere = WeightStore(tmp_path, is_default=False)
    assert f"--cache-dir {tmp_path}" in elsewhere.download_command(MODEL)


def test_parts_of_other_repositories_are_looked_for_too(store: WeightStore) -> None:
    overrides = replace(MODEL.weights, overrides={"transformer": "someone/better"})
    model = replace(MODEL, weights=overrides)
    for file in (snapshot(store) / "transformer").glob("*.safetensors"):
        file.unlink()
    assert store.find(model) is None
    home = store.folder / "models--someone--better"
    folder = home / "snapshots" / "def"
    folder.mkdir(parents=True)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text("def")
    assert store.find(model) is None
    (folder / "model.safetensors").write_text("")
    assert store.find(model)
    assert store.overrides(model) == {"transformer": folder}
    assert store.download_command(model) == (
        "hf download Wan-AI/Wan2.2-TI2V-5B-Diffusers --exclude 'transformer/*.safetensors' && "
        "hf download someone/better --include '*.safetensors*' (about 34 GB)"
    )


def test_without_a_tokenizer_nothing_is_counted(store: WeightStore) -> None:
    assert token_counter(snapshot(store)) is None


class TestEngine:
    def test_says_that_there_is_no_gpu(self, store: WeightStore, board: Any) -> None:
        (reason,) = DiffusionEngine(store, [MODEL], None).unsupported(board())
        assert (reason.field, "no GPU" in reason.message) == ("model", True)

    def test_says_how_to_get_weights(self, tmp_path: Path, board: Any) -> None:
        (reason,) = DiffusionEngine(WeightStore(tmp_path), [MODEL], 80).unsupported(board())
        assert "hf download Wan-AI/Wan2.2-TI2V-5B-Diffusers" in reason.message

    def test_names_the_weights_that_would_help(self, tmp_path: Path, board: Any) -> None:
        engine = DiffusionEngine(WeightStore(tmp_path), [wan22_t2v_a14b.MODEL, MODEL], 80)
        (reason,) = engine.unsupported(board(first=PICTURE))
        assert "TI2V-5B" in reason.message
        (reason,) = engine.unsupported(board())
        assert "T2V-A14B" in reason.message

    def test_leaves_weights_to_workers_elsewhere(self, tmp_path: Path, board: Any) -> None:
        engine = DiffusionEngine(WeightStore(tmp_path), [MODEL], 80, elsewhere=True)
        assert engine.unsupported(board()) == []

    def test_tells_the_reasons_of_the_nearest_model(self, store: WeightStore, board: Any) -> None:
        models = wan22_t2v_a14b.MODEL, MODEL
        engine = DiffusionEngine(store, models, 80)
        assert engine.unsupported(board()) == []
        (reason,) = engine.unsupported(board(sound=True))
        assert (reason.field, reason.message) == (
            "sound",
            "Wan 2.2 TI2V 5B does not generate sound",
        )

    def test_has_a_reason_without_models(self, store: WeightStore, board: Any) -> None:
        (reason,) = DiffusionEngine(store, [], 80).unsupported(board())
        assert reason.field == "model"

    def test_looks_at_the_disk_once_in_a_while(
        self, store: WeightStore, board: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looks: list[str] = []
        usual = WeightStore.find

        def find(store: WeightStore, model: ModelSpec) -> Path | None:
            looks.append(model.id)
            return usual(store, model)

        monkeypatch.setattr(WeightStore, "find", find)
        time = [100.0]
        engine = DiffusionEngine(store, [MODEL], 80, now=lambda: time[0])
        for _ in range(50):
            assert engine.unsupported(board()) == []
        assert len(looks) == 1
        (snapshot(store) / "transformer" / "2.safetensors").unlink()
        looks.clear()
        time[0] += SNAPSHOT_SECONDS
        assert engine.unsupported(board()) == []
        time[0] += 0.1
        assert engine.unsupported(board())
        assert len(looks) == 1


def test_an_index_that_changed_is_read_anew(store: WeightStore) -> None:
    index = snapshot(store) / "transformer" / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "1.safetensors", "b": "3.safetensors"}}))
    os.utime(index, ns=(1, 1))
    assert store.find(MODEL) is None


class TestTokens:
    @pytest.fixture
    def tokenizer(self, store: WeightStore) -> Path:
        """A tokenizer of words, as the hub's cache has it: a link to its digest."""
        tokenizers = pytest.importorskip("tokenizers")
        words = tokenizers.models.WordLevel({"a": 0, "b": 1, "?": 2}, unk_token="?")
        made = tokenizers.Tokenizer(words)
        made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
        blobs = store.folder / "models--Wan-AI--Wan2.2-TI2V-5B-Diffusers" / "blobs"
        blobs.mkdir()
        made.save(str(blobs / "0123"))
        link = snapshot(store) / "tokenizer" / "tokenizer.json"
        link.symlink_to(blobs / "0123")
        return link

    def test_are_counted(self, store: WeightStore, tokenizer: Path) -> None:
        count = token_counter(snapshot(store))
        assert count
        assert count("a  b\na") == 3

    def test_one_file_is_read_once_for_all_models(
        self, store: WeightStore, tokenizer: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tokens._tokenizer.cache_clear()
        folders = []
        for name in "xyz":
            folder = store.folder / name
            (folder / "blobs").mkdir(parents=True)
            (folder / "tokenizer").mkdir()
            (folder / "blobs" / "0123").write_bytes(tokenizer.read_bytes())
            (folder / "tokenizer" / "tokenizer.json").symlink_to(folder / "blobs" / "0123")
            folders.append(folder)
        for folder in folders * 3:
            count = token_counter(folder)
            assert count
            assert count("a b") == 2
        assert tokens._tokenizer.cache_info().misses == 1

    def test_a_short_prompt_needs_no_tokenizer(self, board: Any) -> None:
        def count(text: str) -> int:
            raise AssertionError(text)

        assert unsupported_features(MODEL, board(prompt="x" * 500), 80, count) == []
        with pytest.raises(AssertionError):
            unsupported_features(MODEL, board(prompt="x" * 520), 80, count)
        with pytest.raises(AssertionError):
            unsupported_features(
                MODEL, board(prompt="ﷺ"), 80, count
            )  # which is eighteen characters to it
