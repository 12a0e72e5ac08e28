"""LTX-2 19B: pictures and sound in one pass, with a first and a last frame."""

from fractions import Fraction

from kirin.engines.diffusion.facts import (
    FormName,
    Frames,
    Gift,
    Guidance,
    OpenModel,
    Sizes,
    Weights,
)

MODEL = OpenModel(
    id="ltx-2-19b",
    name="LTX-2 19B",
    licence="LTX-2 Community License",
    weights=Weights(
        repository="Lightricks/LTX-2",
        download_gb=90,
        parts={
            "text_encoder": 24.4,
            "connectors": 2.9,
            "transformer": 37.8,
            "vae": 2.4,
            "audio_vae": 0.1,
            "vocoder": 0.1,
        },
        workspace_gb=14,
    ),
    form=FormName.LTX2,
    # Twenty seconds at 24 frames a second; the model is told the rate.
    frames=Frames(step=8, most=481, fps=Fraction(24), fastest=Fraction(50)),
    sizes=Sizes(step=32, most_pixels=1920 * 1088),
    steps=40,
    guidance=Guidance(low=2.0, usual=4.0, high=7.0),
    prompt_tokens=1024,
    takes=frozenset(
        {
            Gift.TEXT,
            Gift.FIRST,
            Gift.BOTH,
            Gift.LAST,
            Gift.NEGATIVE,
            Gift.SOUND,
        }
    ),
    rank=60,
    masks=True,
    # One guidance for both media and none beside it, as its makers' first example has it: the
    # defaults of the pipeline are those of its successor.
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
