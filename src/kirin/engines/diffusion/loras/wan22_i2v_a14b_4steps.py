"""Wan 2.2 I2V A14B in four steps, by LightX2V."""

from kirin.engines.diffusion.model_spec import APACHE, Lora

LORA = Lora(
    id="wan2.2-i2v-a14b-4steps",
    model="wan2.2-i2v-a14b",
    licence=APACHE,
    repository="lightx2v/Wan2.2-Distill-Loras",
    files={
        "transformer": "wan2.2_i2v_A14b_high_noise_lora_rank64_lightx2v_4step_1022.safetensors",
        "transformer_2": "wan2.2_i2v_A14b_low_noise_lora_rank64_lightx2v_4step_1022.safetensors",
    },
    download_gb=1.3,
    steps=4,
    shift=5.0,
    sources=(
        "https://huggingface.co/lightx2v/Wan2.2-Distill-Loras",
        "https://github.com/ModelTC/LightX2V/tree/main/configs",
    ),
)
