"""LTX-2 19B: video and sound in one pass, from text, a first and a last frame."""

from fractions import Fraction

from kirin.engines.diffusion.model_spec import (
    Capability,
    FrameLimits,
    Guidance,
    ModelSpec,
    PipelineFamily,
    SizeLimits,
    Weights,
)

MODEL = ModelSpec(
    id="ltx-2-19b",
    name="LTX-2 19B",
    licence="LTX-2 Community License",
    weights=Weights(
        repository="Lightricks/LTX-2",
        download_gb=90,
        component_gb={
            "text_encoder": 24.4,
            "connectors": 2.9,
            "transformer": 37.8,
            "vae": 2.4,
            "audio_vae": 0.1,
            "vocoder": 0.1,
        },
        workspace_gb=14,
    ),
    pipeline=PipelineFamily.LTX2,
    # 20 s at 24 fps; the frame rate is an input of the model.
    frames=FrameLimits(step=8, max_count=481, fps=Fraction(24), max_fps=Fraction(50)),
    sizes=SizeLimits(step=32, max_pixels=1920 * 1088),
    steps=40,
    guidance=Guidance(low=2.0, default=4.0, high=7.0),
    prompt_tokens=1024,
    capabilities=frozenset(
        {
            Capability.TEXT,
            Capability.FIRST_FRAME,
            Capability.FIRST_AND_LAST_FRAME,
            Capability.LAST_FRAME_ALONE,
            Capability.NEGATIVE_PROMPT,
            Capability.SOUND,
        }
    ),
    rank=60,
    needs_attention_mask=True,
    # The same guidance for video and audio, and no other kind, as in its authors' first example;
    # the pipeline's defaults are those of the model's successor.
    options={
        "stg_scale": 0.0,
        "modality_scale": 1.0,
        "guidance_rescale": 0.0,
        "use_cross_timestep": False,
    },
    sources=(
        "https://huggingface.co/docs/diffusers/api/pipelines/ltx2",
        "https://huggingface.co/Lightricks/LTX-2",
    ),
)
