"""Writes the pages about engines in ``docs/engines/`` by asking the engines themselves.

python scripts/write_engines.py           writes them
python scripts/write_engines.py --check   fails if one is not up to date
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pages import DOCS, table, write

from kirin.catalogue.card import Card
from kirin.catalogue.probes import provisional
from kirin.catalogue.registry import built_in
from kirin.domain.storyboard import Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.base import Reason
from kirin.engines.diffusion.ability import reasons
from kirin.engines.diffusion.facts import OpenModel
from kirin.engines.diffusion.placement import TIERS_GB, placements
from kirin.engines.diffusion.registry import built_in as open_models
from kirin.engines.diffusion.registry import built_in_loras, offered
from kirin.engines.diffusion.weights import Shelf
from kirin.engines.engine_file import KirinProvider, KlingProvider, Pool
from kirin.engines.servers.ability import Gift

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

PROBES: dict[str, dict[str, dict[str, Any]]] = {
    "kirin_v1_6_t2v": {
        "words": WORDS,
        "negative prompt, guidance": {**WORDS, "negative_prompt": "fog", "cfg_scale": 0.9},
        "10 s": {**WORDS, "duration": "10"},
        "1080p": {**WORDS, "mode": "pro"},
    },
    "kirin_v1_i2v": {
        "first frame": PICTURE,
        "10 s": {**PICTURE, "duration": 10},
        "first and last frame": {**PICTURE, "image_tail": LAST},
        "motion brush": {**PICTURE, "dynamic_masks": [{"mask": MASK, "trajectories": PATH}]},
        "a part that holds still": {**PICTURE, "static_mask": MASK},
    },
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
    "kirin_v3_motion_control": {"a person to follow": DANCE},
}
"""What each model can be asked for; models that are not named are asked for their examples."""

Answer = Callable[[Storyboard], str]


def probes(card: Card) -> Iterator[tuple[str, Storyboard]]:
    """What a model can be asked for, and the storyboards of it."""
    usual = {f"example {number}": params for number, params in enumerate(card.examples, 1)}
    for feature, params in PROBES.get(card.id, usual).items():
        plan = provisional(card, params)
        if isinstance(plan, Storyboard):
            yield feature, plan


def refusal(found: Sequence[Reason]) -> str:
    """Reasons in a cell."""
    return "no: " + "; ".join(dict.fromkeys(reason.message for reason in found))


def asking(unsupported: Callable[[Storyboard], Sequence[Reason]]) -> Answer:
    """Yes or the engine's own words."""

    def answer(board: Storyboard) -> str:
        found = unsupported(board)
        return refusal(found) if found else "yes"

    return answer


def generating(models: Sequence[OpenModel], gpu_gb: float) -> Answer:
    """The open model that makes it, or the words of the one that comes nearest."""

    def answer(board: Storyboard) -> str:
        found = [(model, reasons(model, board, gpu_gb)) for model in models]
        able = next((model for model, against in found if not against), None)
        return able.name if able else refusal(min((against for _, against in found), key=len))

    return answer


def engines() -> dict[str, Answer]:
    """Every engine, set up with all that it can have."""
    kirin = KirinProvider(kind="kirin", url="https://kirin.example", key="-")
    kling = KlingProvider(kind="kling", access_key="-", secret_key="-")  # noqa: S106  opens nothing
    pool = Pool(
        kind="vllm-omni",
        urls=("http://gpu.example",),
        takes=frozenset(Gift),
        fps=24,
        guidance=(2.0, 8.0),
        most_seconds=5,
    )
    largest = TIERS_GB[-1]
    every = [model.id for model in open_models()]
    return {
        "animatic": asking(AnimaticEngine().unsupported),
        f"diffusion, {largest} GB": generating(offered((), ()), largest),
        "and LTX-2 accepted": generating(offered((), every), largest),
        "servers (a 720p model)": asking(pool.engine("the pool", (), True).unsupported),
        "another Kirin": asking(kirin.engine("the other server", (), True).unsupported),
        "Kling": asking(kling.engine("kling", (), True).unsupported),
    }


def support_page() -> str:
    """What each engine makes of each model."""
    columns = engines()

    def rows() -> Iterator[tuple[str, ...]]:
        for card in built_in():
            for feature, board in probes(card):
                answers = (answer(board) for answer in columns.values())
                yield f"`{card.id}`", feature, *answers

    return (
        f"{MADE}# What the engines can\n\nEach engine was asked; a refusal is in its own words. "
        "A request goes to the first engine of `KIRIN_ENGINES` that has nothing against it; `yes` "
        "means that this engine has not.\n\n" + table(("model", "asked for", *columns), rows())
    )


def diffusion_page() -> str:
    """The open models."""
    shelf = Shelf(Path())

    def facts() -> Iterator[tuple[str, ...]]:
        for model in open_models():
            frames, guidance = model.frames, model.guidance
            rate = (
                f"{frames.fps}" if frames.fastest is None else f"{frames.fps} to {frames.fastest}"
            )
            yield (
                f"`{model.id}`",
                model.name,
                model.licence,
                ", ".join(sorted(model.takes)),
                f"{model.sizes.most_pixels / 1e6:.2g}",
                rate,
                f"{frames.step}k + 1, {frames.most} at once",
                f"{model.steps}",
                f"{guidance.low:g}, {guidance.usual:g}, {guidance.high:g}" if guidance else "none",
                f"{model.prompt_tokens}",
                ", ".join(sorted(model.caches)) or "none",
            )

    def tiers() -> Iterator[tuple[str, ...]]:
        for model in open_models():
            found = (placements(model, model.sizes.most_pixels, size) for size in TIERS_GB)
            yield (
                f"`{model.id}`",
                *(places[0].value if places else "no" for places in found),
                f"`{shelf.command(model).partition(' (')[0]}`",
                f"{model.weights.download_gb:.0f} GB",
            )

    def loras() -> Iterator[tuple[str, ...]]:
        for lora in built_in_loras():
            yield (
                f"`{lora.id}`",
                f"`{lora.model}`",
                lora.licence,
                f"{lora.steps}",
                f"`hf download {lora.repository} {' '.join(lora.files.values())}`",
                f"{lora.download_gb:.1f} GB",
            )

    known = (*open_models(), *built_in_loras())
    sources = "".join(
        f"- `{each.id}`: {', '.join(f'<{source}>' for source in each.sources)}\n" for each in known
    )
    heads = (
        *("id", "name", "licence", "honours", "megapixels", "frames a second", "frames"),
        *("steps", "guidance at 0, 0.5, 1", "prompt tokens", "caches"),
    )
    places = ("id", *(f"{size} GB" for size in TIERS_GB), "weights", "download")
    return (
        f"{MADE}# The diffusion engine\n\n"
        "```sh\npip install 'kirin[gpu]'\nhf download Wan-AI/Wan2.2-TI2V-5B-Diffusers\n"
        "KIRIN_ENGINES=diffusion,animatic kirin serve\n```\n\n"
        "Without a GPU, `KIRIN_DEVICE=cpu` lets a model run on the processor, for trying: a video "
        "takes hours, and weights twice the memory.\n\n"
        "`kirin doctor` tells which models this machine's GPU can serve and which weights are "
        "missing. Nothing is ever downloaded by itself. What an engine cannot do goes to the next "
        "one; the [table of engines](support.md) shows what that is.\n\n"
        "## The open models\n\nOf two that can do the same, the upper one is taken, unless it has "
        "to be streamed and the other not. Licences other than Apache-2.0 need their model's id in "
        "`KIRIN_DIFFUSION_ACCEPT`.\n\n"
        + table(heads, facts())
        + "\n## Memory\n\nWhere the weights lie at the largest size: `resident` on the GPU, "
        "`offloaded` with one component at a time on it, `streamed` layer by layer. If memory runs "
        "out, the video is begun again one place further right in that list, once. These follow "
        "from the sizes of the weights and an estimate of what a generation takes beside them; "
        "they were not measured.\n\n"
        + table(places, tiers())
        + "\n## Speed\n\n"
        + SPEED
        + table(("id", "for", "licence", "steps", "file", "download"), loras())
        + "\n## What becomes of a storyboard\n\n"
        + TRANSLATION
        + f"\n## Sources\n\n{sources}"
    )


SPEED = """\
By default nothing is done that changes a video. These [settings](../settings.md) do, and none of
them was measured by us: `python bench/gpu.py` measures all on one's own GPU, against the plain
pipeline. `metadata.speed` tells what was done for a video.

- `KIRIN_DIFFUSION_COMPILE=true`: the blocks of transformers are compiled, each kind once.
- `KIRIN_DIFFUSION_FP8=true`: weights of transformers take one byte a number and are widened layer
  by layer. The table of memory above is without it; `kirin doctor` counts with it.
- `KIRIN_DIFFUSION_ATTENTION=cudnn`: another way to compute attention. LTX-2 needs masks, which
  `flash`, `flash-attn-2`, `flash-attn-3` and `sage` do not know: it keeps to torch's own.
- `KIRIN_DIFFUSION_CACHE=first-block:0.05`: whatever follows a transformer's first block is taken
  from the step before, while that block's output changes by less than this share.
  `taylorseer:5` computes one of five steps and foretells the others. The first table tells which
  models bear which; others work as without.
- `KIRIN_DIFFUSION_LORAS`: weights that make a model need few steps, and no guidance, so that
  negative prompts and `cfg_scale` are refused:

"""

TRANSLATION = """\
- **Length**: frames are made at the model's own rate, rounded up to what it makes, and cut to
  exactly duration times frames a second. With a last frame nothing is cut off: time is stretched
  a little instead, which `metadata.stretched` tells.
- **Frame rate**: where the model's differs from the video's, frames in between are drawn by the
  motion of what is in them (RIFE), which `metadata.interpolation` tells. LTX-2 is told the rate.
- **Size**: the smallest that the model makes and that holds the video; the video is its middle.
- **Guidance**: linear between the three scales above; never as low as 1, where pipelines leave
  negative prompts unheard. A second expert has a share of it.
- **Shots**: a generation each, one after the other, all by one model.
- **Long shots**: generations that go on from the last frame of the one before.
- **Seed**: that of the storyboard, plus the number of the shot, plus 7919 for each further
  generation of it. The same request on the same kind of device gives the same video.
- **Subjects**: all pictures of all subjects of a shot, by VACE's references.
- **Motion brush**: points eight pixels apart in each painted part, which follow its path.
  Wan-Move's frames are smaller than the videos that are asked for, and enlarged, which
  `metadata.enlarged` tells.
- **Motion control**: the person of the driving video is followed by BlazePose, as in the engine
  `animatic`, and drawn in the colours that Wan-Animate was trained on, at the video's own rate of
  16 to 30 frames a second. Angles are the driver's, lengths of bones the character's; who is
  shown whole stays in the picture, who is cut off by it stays in place. The driver's face is cut
  out frame by frame. The makers use ViTPose and 133 points: BlazePose has none for fingers, so
  hands are palms; a face's box is guessed from eyes, mouth and ears. With
  `character_orientation` `image` a driver who faces the other way is mirrored; with `video` the
  character turns. Surroundings are the picture's. A picture in which nobody is found gets the
  driver's pose as it is, which `metadata.retargeted` tells.
- **Prompts**: passed on as they are, with subjects by their names; one with more tokens than the
  encoder reads is refused.
- **Sound**: LTX-2's own, cut to the shot; a driving video's is copied as it is.
"""


if __name__ == "__main__":
    folder = DOCS / "engines"
    write({folder / "support.md": support_page, folder / "diffusion.md": diffusion_page})
