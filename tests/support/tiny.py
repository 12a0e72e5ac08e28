"""Tiny pipelines of the real classes: random weights, tokenizers made in code, no hub.

Each is saved as a folder of the hub's cache, so that tests load it the way real weights are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKLLTX2Audio,
    AutoencoderKLLTX2Video,
    AutoencoderKLWan,
    DiffusionPipeline,
    FlowMatchEulerDiscreteScheduler,
    LTX2Pipeline,
    LTX2VideoTransformer3DModel,
    UniPCMultistepScheduler,
    WanAnimatePipeline,
    WanAnimateTransformer3DModel,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
    WanVACEPipeline,
    WanVACETransformer3DModel,
)
from diffusers.pipelines.ltx2 import LTX2TextConnectors
from diffusers.pipelines.ltx2.vocoder import LTX2Vocoder
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    CLIPImageProcessor,
    CLIPVisionConfig,
    CLIPVisionModel,
    Gemma3Config,
    Gemma3ForConditionalGeneration,
    PreTrainedTokenizerFast,
    UMT5Config,
    UMT5EncoderModel,
)

from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.weight_store import WeightStore

WIDTH = 32
"""Of the text encoder's states."""

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes, and an end: every text has a token for each byte and one more."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = ["<pad>", "</s>", "<unk>", *alphabet]
    made = Tokenizer(models.BPE({word: n for n, word in enumerate(words)}, [], unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )


def text_encoder() -> UMT5EncoderModel:
    torch.manual_seed(0)
    size = {"d_model": WIDTH, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}
    return UMT5EncoderModel(UMT5Config(vocab_size=300, **size)).eval()


def wan_vae(**changes: Any) -> AutoencoderKLWan:
    torch.manual_seed(0)
    usual: dict[str, Any] = {
        "base_dim": 3,
        "z_dim": 16,
        "dim_mult": [1, 1, 1, 1],
        "num_res_blocks": 1,
        "temperal_downsample": [False, True, True],
    }
    return AutoencoderKLWan(**{**usual, **changes}).eval()


WAN: dict[str, Any] = {
    "patch_size": (1, 2, 2),
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "in_channels": 16,
    "out_channels": 16,
    "text_dim": WIDTH,
    "freq_dim": 256,
    "ffn_dim": 32,
    "num_layers": 2,
    "cross_attn_norm": True,
    "qk_norm": "rms_norm_across_heads",
    "rope_max_seq_len": 32,
}


def wan_transformer(seed: int = 0, **changes: Any) -> WanTransformer3DModel:
    torch.manual_seed(seed)
    return WanTransformer3DModel(**{**WAN, **changes}).eval()


def scheduler() -> UniPCMultistepScheduler:
    return UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, num_train_timesteps=1000
    )


def shared() -> dict[str, Any]:
    return {
        "tokenizer": tokenizer(),
        "text_encoder": text_encoder(),
        "vae": wan_vae(),
        "scheduler": scheduler(),
    }


def wan_ti2v() -> WanPipeline:
    """As TI2V 5B: text and pictures by one transformer, each token with a time of its own."""
    return WanPipeline(**shared(), transformer=wan_transformer(), expand_timesteps=True)


def wan_t2v() -> WanPipeline:
    """As T2V A14B: two experts."""
    two = {"transformer": wan_transformer(), "transformer_2": wan_transformer(1)}
    return WanPipeline(**shared(), **two, boundary_ratio=0.875)


def wan_i2v() -> WanImageToVideoPipeline:
    """As I2V A14B: two experts, and the picture beside the noise."""
    two = {
        "transformer": wan_transformer(in_channels=36),
        "transformer_2": wan_transformer(1, in_channels=36),
    }
    return WanImageToVideoPipeline(**shared(), **two, boundary_ratio=0.9)


def wan_flf2v() -> WanImageToVideoPipeline:
    """As FLF2V: an image encoder that looks at both pictures."""
    return _seeing(2 * (4 * 4 + 1))


def wan_i2v_480p() -> WanImageToVideoPipeline:
    """As Wan 2.1 I2V: an image encoder that looks at one picture."""
    return _seeing(None)


def _looking() -> dict[str, Any]:
    """What looks at a picture of 4 x 4 pixels; it follows from the seed that torch has by then."""
    vision = CLIPVisionConfig(
        hidden_size=4,
        projection_dim=4,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=4,
        intermediate_size=16,
        patch_size=1,
    )
    return {
        "image_encoder": CLIPVisionModel(vision).eval(),
        "image_processor": CLIPImageProcessor(crop_size=4, size=4),
    }


def _seeing(places: int | None) -> WanImageToVideoPipeline:
    torch.manual_seed(0)
    picture: dict[str, Any] = {"pos_embed_seq_len": places, "image_dim": 4, "added_kv_proj_dim": 24}
    return WanImageToVideoPipeline(
        **shared(),
        transformer=wan_transformer(in_channels=36, **picture),
        **_looking(),
    )


def wan_animate() -> WanAnimatePipeline:
    """As Animate: an image encoder, and encoders for poses and faces."""
    torch.manual_seed(0)
    changes = {
        "in_channels": 36,
        "latent_channels": 16,
        "image_dim": 4,
        "motion_encoder_channel_sizes": {"4": 16, "8": 16, "16": 16},
        "motion_encoder_size": 16,
        "motion_style_dim": 8,
        "motion_dim": 4,
        "motion_encoder_dim": 16,
        "face_encoder_hidden_dim": 16,
        "face_encoder_num_heads": 2,
        "inject_face_latents_blocks": 2,
    }
    transformer = WanAnimateTransformer3DModel(**{**WAN, **changes}).eval()
    with torch.no_grad():  # so that poses and faces count as much as noise
        transformer.pose_patch_embedding.weight.mul_(20)
        transformer.face_adapter.requires_grad_(False)
    return WanAnimatePipeline(
        **shared(),
        transformer=transformer,
        **_looking(),
    )


def wan_vace() -> WanVACEPipeline:
    """As VACE."""
    torch.manual_seed(0)
    changes = {"num_layers": 3, "vace_layers": [0, 2], "vace_in_channels": 96}
    transformer = WanVACETransformer3DModel(**{**WAN, **changes}).eval()
    with torch.no_grad():  # so that pictures count as much as noise
        transformer.vace_patch_embedding.weight.mul_(50)
        for block in transformer.vace_blocks:
            block.proj_out.weight.mul_(10)
    return WanVACEPipeline(**shared(), transformer=transformer)


def gemma() -> Gemma3ForConditionalGeneration:
    torch.manual_seed(0)
    size = {"hidden_size": WIDTH, "intermediate_size": 16, "num_hidden_layers": 2}
    text = {
        **size,
        "vocab_size": 300,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 8,
    }
    vision = {**size, "num_attention_heads": 2, "image_size": 16, "patch_size": 8}
    return Gemma3ForConditionalGeneration(
        Gemma3Config(text_config=text, vision_config=vision, mm_tokens_per_image=4)
    ).eval()


def ltx2() -> LTX2Pipeline:
    """As LTX-2: pictures and sound."""
    encoder = gemma()
    torch.manual_seed(0)
    transformer = LTX2VideoTransformer3DModel(
        in_channels=4,
        out_channels=4,
        patch_size=1,
        patch_size_t=1,
        num_attention_heads=2,
        attention_head_dim=8,
        cross_attention_dim=16,
        audio_in_channels=4,
        audio_out_channels=4,
        audio_num_attention_heads=2,
        audio_attention_head_dim=4,
        audio_cross_attention_dim=8,
        num_layers=2,
        qk_norm="rms_norm_across_heads",
        caption_channels=WIDTH,
        rope_double_precision=False,
        rope_type="split",
    )
    connectors = LTX2TextConnectors(
        caption_channels=WIDTH,
        text_proj_in_factor=3,
        video_connector_num_attention_heads=4,
        video_connector_attention_head_dim=8,
        video_connector_num_layers=1,
        video_connector_num_learnable_registers=None,
        audio_connector_num_attention_heads=4,
        audio_connector_attention_head_dim=8,
        audio_connector_num_layers=1,
        audio_connector_num_learnable_registers=None,
        connector_rope_base_seq_len=32,
        rope_theta=10000.0,
        rope_double_precision=False,
        causal_temporal_positioning=False,
        rope_type="split",
    )
    video = AutoencoderKLLTX2Video(
        in_channels=3,
        out_channels=3,
        latent_channels=4,
        block_out_channels=(8,),
        decoder_block_out_channels=(8,),
        layers_per_block=(1,),
        decoder_layers_per_block=(1, 1),
        spatio_temporal_scaling=(True,),
        decoder_spatio_temporal_scaling=(True,),
        decoder_inject_noise=(False, False),
        downsample_type=("spatial",),
        upsample_residual=(False,),
        upsample_factor=(1,),
        timestep_conditioning=False,
        patch_size=4,
        patch_size_t=1,
        encoder_causal=True,
        decoder_causal=False,
    )
    audio = AutoencoderKLLTX2Audio(
        base_channels=4,
        output_channels=2,
        ch_mult=(1,),
        num_res_blocks=1,
        attn_resolutions=None,
        in_channels=2,
        resolution=32,
        latent_channels=2,
        norm_type="pixel",
        causality_axis="height",
        dropout=0.0,
        mid_block_add_attention=False,
        sample_rate=16000,
        mel_hop_length=160,
        is_causal=True,
        mel_bins=8,
    )
    vocoder = LTX2Vocoder(
        in_channels=16,
        hidden_channels=32,
        out_channels=2,
        upsample_kernel_sizes=[4, 4],
        upsample_factors=[2, 2],
        resnet_kernel_sizes=[3],
        resnet_dilations=[[1, 3, 5]],
        leaky_relu_negative_slope=0.1,
        output_sampling_rate=16000,
    )
    return LTX2Pipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=video.eval(),
        audio_vae=audio.eval(),
        text_encoder=encoder,
        tokenizer=tokenizer(),
        connectors=connectors.eval(),
        transformer=transformer.eval(),
        vocoder=vocoder.eval(),
    )


def put(store: WeightStore, model: ModelSpec, pipe: Any) -> Path:
    """Save a pipeline as the hub's own tools would have left it; its folder."""
    snapshot = room(store, model.weights.repository)
    pipe.save_pretrained(str(snapshot))
    for part, repository in model.weights.overrides.items():
        for file in (snapshot / part).glob("*.safetensors"):
            file.unlink()
        torch.manual_seed(9)
        config = getattr(pipe, part).config
        tensors = WanTransformer3DModel.from_config(config).state_dict()
        save_file(
            {as_its_makers_have_it(name): tensor for name, tensor in tensors.items()},
            room(store, repository) / "diffusion_pytorch_model.safetensors",
        )
    return snapshot


def room(store: WeightStore, repository: str) -> Path:
    """An empty folder where the hub would have put a repository."""
    home = store.folder / f"models--{repository.replace('/', '--')}"
    snapshot = home / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text(COMMIT)
    return snapshot


NAMES = {
    "condition_embedder.time_embedder.linear_1": "time_embedding.0",
    "condition_embedder.time_embedder.linear_2": "time_embedding.2",
    "condition_embedder.text_embedder.linear_1": "text_embedding.0",
    "condition_embedder.text_embedder.linear_2": "text_embedding.2",
    "condition_embedder.time_proj": "time_projection.1",
    "condition_embedder.image_embedder.norm1": "img_emb.proj.0",
    "condition_embedder.image_embedder.ff.net.0.proj": "img_emb.proj.1",
    "condition_embedder.image_embedder.ff.net.2": "img_emb.proj.3",
    "condition_embedder.image_embedder.norm2": "img_emb.proj.4",
    "attn1": "self_attn",
    "attn2": "cross_attn",
    ".to_out.0.": ".o.",
    ".to_q.": ".q.",
    ".to_k.": ".k.",
    ".to_v.": ".v.",
    ".add_k_proj.": ".k_img.",
    ".add_v_proj.": ".v_img.",
    ".norm_added_k.": ".norm_k_img.",
    "ffn.net.0.proj": "ffn.0",
    "ffn.net.2": "ffn.2",
    ".norm2.": ".norm__3.",
    ".norm3.": ".norm2.",
    ".norm__3.": ".norm3.",
    ".scale_shift_table": ".modulation",
}
"""Parts of names of Wan's tensors: in diffusers, and at its makers."""


def as_its_makers_have_it(name: str) -> str:
    """The name of a tensor of Wan's transformer in the files of its makers."""
    if name == "scale_shift_table":
        return "head.modulation"
    if name.startswith("proj_out."):
        return f"head.head.{name.removeprefix('proj_out.')}"
    for ours, theirs in NAMES.items():
        name = name.replace(ours, theirs)
    return name


PIPELINES: dict[str, Callable[[], DiffusionPipeline]] = {
    "wan2.2-ti2v-5b": wan_ti2v,
    "wan2.2-t2v-a14b": wan_t2v,
    "wan2.2-i2v-a14b": wan_i2v,
    "wan2.1-flf2v-14b": wan_flf2v,
    "wan2.1-vace-14b": wan_vace,
    "wan2.1-vace-1.3b": wan_vace,
    "ltx-2-19b": ltx2,
    "wan-move-14b": wan_i2v_480p,
    "wan2.2-animate-14b": wan_animate,
}
"""By id of the open model that they stand for."""
