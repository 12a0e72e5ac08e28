"""Writes the pages about engines in ``docs/engines/`` from what the engines themselves say.

python scripts/write_engines.py           writes them
python scripts/write_engines.py --check   fails if one is out of date
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pages import DOCS, write

from kirin.catalogue.card import Card
from kirin.catalogue.markdown import table
from kirin.catalogue.probes import provisional
from kirin.catalogue.registry import built_in
from kirin.domain.storyboard import Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.base import UnsupportedFeature
from kirin.engines.diffusion.capabilities import unsupported_features
from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.placement import TIERS_GB, placements
from kirin.engines.diffusion.registry import built_in as open_models
from kirin.engines.diffusion.registry import built_in_loras, select_models
from kirin.engines.diffusion.weight_store import WeightStore
from kirin.engines.engine_file import KirinProvider, KlingProvider, ServerPool
from kirin.engines.servers.capabilities import ServerCapability
from kirin.media.outgoing import Outgoing

MADE = "<!-- Made by scripts/write_engines.py; do not edit. -->\n"

FIRST, LAST = "https://example.com/first.jpg", "https://example.com/last.jpg"
MASK = "https://example.com/mask.png"
PATH = [{"x": 320, "y": 240}, {"x": 420, "y": 260}]
VIDEO = "https://example.com/dance.mp4"

WORDS: dict[str, Any] = {"prompt": "Rain on a harbour at night"}
PICTURE: dict[str, Any] = {"image": FIRST, **WORDS}
DANCE: dict[str, Any] = {
    "image_url": FIRST,
    "video_url": VIDEO,
    "character_orientation": "image",
    "mode": "std",
}
SUBJECTS: dict[str, Any] = {"image_list": [{"image": FIRST}, {"image": LAST}], **WORDS}

PRO: dict[str, Any] = {**PICTURE, "mode": "pro"}
BRUSH: dict[str, Any] = {"dynamic_masks": [{"mask": MASK, "trajectories": PATH}]}
ZOOM: dict[str, Any] = {"camera_control": {"type": "simple", "config": {"zoom": -5}}}

ONE_PICTURE = {"first frame": PICTURE}
TWO_PICTURES = {**ONE_PICTURE, "first and last frame": {**PRO, "image_tail": LAST}}

PROBES: dict[str, dict[str, dict[str, Any]]] = {
    "kirin_v1_t2v": {"text": WORDS, "camera control": {**WORDS, **ZOOM}},
    "kirin_v1_5_i2v": {
        **TWO_PICTURES,
        "motion brush": {**PRO, **BRUSH},
        "camera control": {**PRO, **ZOOM},
    },
    "kirin_v1_6_i2v": {
        **TWO_PICTURES,
        "last frame alone": {"image_tail": LAST, **WORDS, "mode": "pro"},
    },
    "kirin_v2_master_t2v": {"text": WORDS},
    "kirin_v2_master_i2v": ONE_PICTURE,
    "kirin_v2_1_i2v": TWO_PICTURES,
    "kirin_v2_1_master_t2v": {"text": WORDS},
    "kirin_v2_1_master_i2v": ONE_PICTURE,
    "kirin_v2_5_turbo_t2v": {"text": WORDS},
    "kirin_v2_5_turbo_i2v": TWO_PICTURES,
    "kirin_v2_6_t2v": {"text": WORDS, "sound": {**WORDS, "mode": "pro", "sound": "on"}},
    "kirin_v2_6_i2v": {**TWO_PICTURES, "sound": {**PRO, "sound": "on"}},
    "kirin_v3_t2v": {
        "text": WORDS,
        "several shots": built_in().get("kirin_v3_t2v").examples[1],
        "sound": {**WORDS, "sound": "on"},
    },
    "kirin_v1_6_t2v": {
        "text": WORDS,
        "negative prompt, guidance": {**WORDS, "negative_prompt": "fog", "cfg_scale": 0.9},
        "10 s": {**WORDS, "duration": "10"},
        "1080p": {**WORDS, "mode": "pro"},
    },
    "kirin_v1_i2v": {
        "first frame": PICTURE,
        "10 s": {**PICTURE, "duration": 10},
        "first and last frame": {**PICTURE, "image_tail": LAST},
        "motion brush": {**PICTURE, **BRUSH},
        "static mask": {**PICTURE, "static_mask": MASK},
    },
    "kirin_duration_extension": {"5 s more": {"video_id": "-", **WORDS}},
    "kirin_v1_6_multi_i2v": {"subjects": SUBJECTS},
    "kirin_v3_i2v": {
        "first frame": PICTURE,
        "15 s": {**PICTURE, "duration": "15"},
        "first and last frame": {**PICTURE, "image_tail": LAST},
        "last frame alone": {"image_tail": LAST, **WORDS},
        "subjects": {**PICTURE, "element_list": [{"element_id": 1}]},
        "several shots": built_in().get("kirin_v3_i2v").examples[1],
        "sound": {**PICTURE, "sound": "on"},
    },
    "kirin_v3_motion_control": {"driving video": DANCE},
}
"""Features of each model, with a request that uses each; other models have their examples."""

Answer = Callable[[Storyboard], str]


def probes(card: Card) -> Iterator[tuple[str, Storyboard]]:
    """A model's features, each with the storyboard of a request that uses it."""
    usual = {f"example {number}": params for number, params in enumerate(card.examples, 1)}
    for feature, params in PROBES.get(card.id, usual).items():
        plan = provisional(card, params)
        if isinstance(plan, Storyboard):
            yield feature, plan


def refusal(found: Sequence[UnsupportedFeature]) -> str:
    """A cell with the messages of unsupported features."""
    return "no: " + "; ".join(dict.fromkeys(feature.message for feature in found))


def support_of(unsupported: Callable[[Storyboard], Sequence[UnsupportedFeature]]) -> Answer:
    """Yes, or the engine's own messages."""

    def answer(board: Storyboard) -> str:
        found = unsupported(board)
        return refusal(found) if found else "yes"

    return answer


def support_of_models(models: Sequence[ModelSpec], gpu_gb: float) -> Answer:
    """The open model that generates it, or the messages of the one that comes closest."""

    def answer(board: Storyboard) -> str:
        found = [(model, unsupported_features(model, board, gpu_gb)) for model in models]
        able = next((model for model, unsupported in found if not unsupported), None)
        if able:
            return able.name
        return refusal(min((unsupported for _, unsupported in found), key=len))

    return answer


def engines() -> dict[str, Answer]:
    """Every engine that an operator can choose, configured with all that it can have."""
    kirin = KirinProvider(kind="kirin", url="https://kirin.example", key="-")
    kling = KlingProvider(kind="kling", access_key="-", secret_key="-")  # noqa: S106  opens nothing
    pool = ServerPool(
        kind="vllm-omni",
        urls=("http://gpu.example",),
        takes=frozenset(ServerCapability),
        fps=24,
        guidance=(2.0, 8.0),
        most_seconds=5,
    )
    largest = TIERS_GB[-1]
    every = [model.id for model in open_models()]
    return {
        "animatic": support_of(AnimaticEngine().unsupported),
        f"diffusion, {largest} GB": support_of_models(select_models((), ()), largest),
        "and LTX-2 accepted": support_of_models(select_models((), every), largest),
        "servers (a 720p model)": support_of(
            pool.engine("the pool", (), True, Outgoing()).unsupported
        ),
        "another Kirin": support_of(
            kirin.engine("the other server", (), True, Outgoing()).unsupported
        ),
        "Kling": support_of(kling.engine("kling", (), True, Outgoing()).unsupported),
    }


def support_page() -> str:
    """Which engine supports which feature of which model."""
    columns = engines()

    def rows() -> Iterator[tuple[str, ...]]:
        for card in built_in():
            for feature, board in probes(card):
                answers = (answer(board) for answer in columns.values())
                yield f"`{card.id}`", feature, *answers

    return (
        f"{MADE}# What the engines support\n\nA request goes to the first engine of "
        "`KIRIN_ENGINES` that supports everything in it. The cells are the engines' own answers: "
        "`yes`, the open model that generates the video, or what is unsupported.\n\n"
        + table(("model", "feature", *columns), rows())
    )


def diffusion_page() -> str:
    """The open models."""
    known = (*open_models(), *built_in_loras())
    sources = "".join(
        f"- `{each.id}`: {', '.join(f'<{source}>' for source in each.sources)}\n" for each in known
    )
    heads = (
        *("id", "name", "licence", "supports", "megapixels", "fps", "frames"),
        *("steps", "guidance at 0, 0.5, 1", "prompt tokens", "step caches"),
    )
    places = ("id", *(f"{size} GB" for size in TIERS_GB), "weights", "download")
    return (
        f"{MADE}# The diffusion engine\n\n"
        "```sh\npip install 'kirin[gpu]'\nhf download Wan-AI/Wan2.2-TI2V-5B-Diffusers\n"
        "KIRIN_ENGINES=diffusion,animatic kirin serve\n```\n\n"
        "Without a GPU, `KIRIN_DEVICE=cpu` runs a model on the CPU, to try it out: a video takes "
        "hours, and weights take twice the memory.\n\n"
        "`kirin doctor` shows which models this machine's GPU can serve and which weights are "
        "missing. Nothing is downloaded automatically. What an engine does not support goes to "
        "the next one; see the [table of engines](support.md).\n\n"
        "## The open models\n\nOf several models that support a request, the first in this table "
        "is used, unless its weights have to be streamed and another's need not. A licence other "
        "than Apache-2.0 has to be accepted by the model's id in `KIRIN_DIFFUSION_ACCEPT`.\n\n"
        + table(heads, model_rows())
        + "\n## Memory\n\nWhere the weights are placed at the largest size: `resident` on the "
        "GPU, `offloaded` to main memory with one component on the GPU at a time, or `streamed` "
        "layer by layer. If GPU memory runs out, the generation is repeated once with the next "
        "placement. These figures follow from the sizes of the checkpoints and an estimated "
        "workspace; they were not measured.\n\n"
        + table(places, placement_rows())
        + "\n## Speed\n\n"
        + SPEED
        + table(("id", "for", "licence", "steps", "file", "download"), lora_rows())
        + "\n## How a storyboard is generated\n\n"
        + TRANSLATION
        + f"\n## Sources\n\n{sources}"
    )


def model_rows() -> Iterator[tuple[str, ...]]:
    """The open models' specifications."""
    for model in open_models():
        frames, guidance = model.frames, model.guidance
        rate = f"{frames.fps}" if frames.max_fps is None else f"{frames.fps} to {frames.max_fps}"
        yield (
            f"`{model.id}`",
            model.name,
            model.licence,
            ", ".join(sorted(model.capabilities)),
            f"{model.sizes.max_pixels / 1e6:.2g}",
            rate,
            f"{frames.step}k + 1, up to {frames.max_count}",
            f"{model.steps}",
            f"{guidance.low:g}, {guidance.default:g}, {guidance.high:g}" if guidance else "none",
            f"{model.prompt_tokens}",
            ", ".join(sorted(model.step_caches)) or "none",
        )


def placement_rows() -> Iterator[tuple[str, ...]]:
    """Where the open models' weights are placed on GPUs of several sizes."""
    store = WeightStore(Path())
    for model in open_models():
        found = (placements(model, model.sizes.max_pixels, size) for size in TIERS_GB)
        yield (
            f"`{model.id}`",
            *(places[0].value if places else "no" for places in found),
            f"`{store.download_command(model).partition(' (')[0]}`",
            f"{model.weights.download_gb:.0f} GB",
        )


def lora_rows() -> Iterator[tuple[str, ...]]:
    """The few-step LoRAs."""
    for lora in built_in_loras():
        yield (
            f"`{lora.id}`",
            f"`{lora.model}`",
            lora.licence,
            f"{lora.steps}",
            f"`hf download {lora.repository} {' '.join(lora.files.values())}`",
            f"{lora.download_gb:.1f} GB",
        )


SPEED = """\
By default nothing is done that changes a video. The following [settings](../settings.md) trade
exactness for speed or memory. We measured none of them: `python bench/gpu.py` measures all of them
on your GPU, against the plain pipeline. `metadata.speed` lists what was used for a video.

- `KIRIN_DIFFUSION_COMPILE=true`: the repeated blocks of transformers are compiled.
- `KIRIN_DIFFUSION_FP8=true`: the weights of transformers are stored in 8-bit floats and cast layer
  by layer. The table of memory above does not include that; `kirin doctor` does.
- `KIRIN_DIFFUSION_ATTENTION=cudnn`: another attention backend. LTX-2 needs attention masks, which
  `flash`, `flash-attn-2`, `flash-attn-3` and `sage` do not support: it stays with torch's own.
- `KIRIN_DIFFUSION_CACHE=first-block:0.05`: while the output of a transformer's first block changes
  by less than this share, the output of the other blocks is taken from the previous step.
  `taylorseer:5` computes one of five steps and extrapolates the others. The first table lists the
  caches of each model; a model without one runs as usual.
- `KIRIN_DIFFUSION_LORAS`: few-step LoRAs. With one, a model needs few steps and no guidance, so
  negative prompts and `cfg_scale` are refused:

"""

TRANSLATION = """\
- **Length**: frames are generated at the model's own rate, rounded up to a valid count, and cut to
  exactly duration times frame rate. With a last frame, nothing is cut off: time is stretched a
  little instead, and `metadata.stretched` says so.
- **Frame rate**: where the model's rate differs from the video's, frames are interpolated along
  optical flow (RIFE), and `metadata.interpolation` says so. LTX-2 is given the rate.
- **Size**: the smallest valid size that contains the video, which is its centre.
- **Guidance**: linear between the three scales above, and always above 1, since pipelines ignore
  negative prompts at 1 and below. A second expert gets a share of it.
- **Shots**: one generation each, in order, all by the same model.
- **Long shots**: several generations, each from the last frame of the one before.
- **Seed**: the storyboard's, plus the number of the shot, plus 7919 for each further generation of
  it. The same request on the same kind of device gives the same video.
- **Subjects**: all images of all subjects of a shot, as VACE's references.
- **Motion brush**: points eight pixels apart in each painted part, which follow its path. Wan-Move
  generates smaller frames than requests ask for; they are upscaled, and `metadata.enlarged` says
  so.
- **Motion control**: BlazePose tracks the person of the driving video, as in the engine `animatic`.
  The pose is drawn in the colours that Wan-Animate was trained on, at the video's own rate between
  16 and 30 fps. Joint angles are the driver's, bone lengths the character's. A character who is
  shown whole stays inside the picture; one who is cropped stays in place. The driver's face is
  cropped from each frame. The authors use ViTPose with 133 keypoints: BlazePose has none for
  fingers, so hands are palms, and the face box is estimated from eyes, mouth and ears. With
  `character_orientation` `image`, a driver who faces the other way is mirrored; with `video`, the
  character turns. The background is the picture's. If no person is found in the picture, the
  driver's pose is used as it is, and `metadata.retargeted` says so.
- **Prompts**: passed on unchanged, with subjects by name. A prompt with more tokens than the text
  encoder reads is refused.
- **Sound**: LTX-2's own, cut to the shot; the sound of a driving video is copied.
"""


if __name__ == "__main__":
    folder = DOCS / "engines"
    write({folder / "support.md": support_page, folder / "diffusion.md": diffusion_page})
