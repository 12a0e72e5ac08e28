"""Which camera moves prompts ask for, and which they do not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.domain.intent import Direction, Move, Speed
from kirin.prompt.clauses import normalise
from kirin.prompt.direction import read_direction
from support.growth import growth


def direct(prompt: str, negative_prompt: str = "", seed: int = 0) -> Direction:
    return read_direction(normalise(prompt), normalise(negative_prompt), seed)


# Moves as written by `spell`: "move:speed@from-to", a normal speed and the whole time left out.
ASKED = [
    ("push in", "push_in"),
    ("slowly push in", "push_in:slow"),
    ("Slow push-in on the lighthouse", "push_in:slow"),
    ("The camera slowly pushes in", "push_in:slow"),
    ("Sunrise over misty mountains, camera slowly pushes in", "push_in:slow"),
    ("camera zooms in", "zoom_in"),
    ("zoom in slowly on her face", "zoom_in:slow"),
    ("fast zoom out", "zoom_out:fast"),
    ("zoom into the castle", "zoom_in"),
    ("dolly in", "push_in"),
    ("dolly out", "pull_out"),
    ("dolly zoom", "dolly_zoom"),
    ("close-up of a flower", "push_in"),
    ("close-up of a flower, pan left", "pan_left"),
    ("pull out", "pull_out"),
    ("pull back to reveal the city", "pull_out"),
    ("the camera pulls back", "pull_out"),
    ("the camera pulls away from the house", "pull_out"),
    ("pan left", "pan_left"),
    ("panning right", "pan_right"),
    ("a slow pan to the left", "pan_left:slow"),
    ("the camera pans from left to right", "pan_right"),
    ("left to right pan", "pan_right"),
    ("tilt up", "tilt_up"),
    ("the camera tilts down slowly", "tilt_down:slow"),
    ("pan up", "tilt_up"),
    ("truck left", "truck_left"),
    ("track right", "truck_right"),
    ("tracking shot to the left", "truck_left"),
    ("crane up", "crane_up"),
    ("pedestal down", "crane_down"),
    ("crane shot", "crane_up"),
    ("the camera rises above the trees", "crane_up"),
    ("orbit left", "orbit_left"),
    ("stars over the sea, orbit left", "orbit_left"),
    ("orbit around the statue", "orbit_right"),
    ("the camera circles around the statue clockwise", "orbit_left"),
    ("arc right", "orbit_right"),
    ("circle around the tower to the left", "orbit_left"),
    ("the camera spins around her", "orbit_right"),
    ("the camera turns around the man", "orbit_right"),
    ("the camera swings around the car", "orbit_right"),
    ("the camera swirls around the dancer", "orbit_right"),
    ("the camera whirls around them", "orbit_right"),
    ("camera revolves", "orbit_right"),
    ("bullet time", "orbit_right"),
    ("an orbital shot of the statue", "orbit_right"),
    ("roll clockwise", "roll_clockwise"),
    ("the camera rolls counter-clockwise", "roll_counter"),
    ("rotate counterclockwise", "roll_counter"),
    ("handheld", "handheld"),
    ("handheld camera follows a runner", "follow handheld"),
    ("shaky cam footage of a riot", "handheld"),
    ("static shot", "static"),
    ("static camera", "static"),
    ("A cat sleeping. Fixed camera.", "static"),
    ("locked-off shot of a street", "static"),
    ("the camera remains still", "static"),
    ("the camera is completely static", "static"),
    ("tripod static wide shot of a lake", "static"),
    ("slowly push in while panning left", "push_in:slow pan_left"),
    ("Slowly push in and pan left", "push_in:slow pan_left:slow"),
    ("pan left then zoom in", "pan_left@0-0.5 zoom_in@0.5-1"),
    (
        "Pan left, then tilt up, then zoom out fast",
        "pan_left@0-0.33 tilt_up@0.33-0.67 zoom_out:fast@0.67-1",
    ),
    ("pan left then right", "pan_left@0-0.5 pan_right@0.5-1"),
    ("pan left and up", "pan_left tilt_up"),
    ("zoom in and out", "zoom_in@0-0.5 zoom_out@0.5-1"),
    ("The camera pans left. Then it zooms in.", "pan_left@0-0.5 zoom_in@0.5-1"),
    ("The camera moves forward quickly through the forest", "push_in:fast"),
    ("camera moves to the left", "truck_left"),
    ("camera movement: slow pan right", "pan_right:slow"),
    ("move the camera slowly to the right", "truck_right:slow"),
    ("tilt the camera up", "tilt_up"),
    ("the camera glides forward", "push_in"),
    ("as the camera pulls out, tilt down", "pull_out tilt_down"),
    ("A lake at dawn with a slow zoom in", "zoom_in:slow"),
    ("Handheld, zoom in", "zoom_in handheld"),
    ("very slow push in", "push_in:very_slow"),
    ("mountains at sunset slow zoom in", "zoom_in:slow"),
    ("zoom in to a close-up of his eye", "zoom_in"),
    ("whip pan right", "pan_right:whip"),
    ("desert dunes at noon, pan right", "pan_right"),
    ("pan left, slowly", "pan_left:slow"),
    ("slow, steady push in", "push_in:slow"),
    ("rise and pull back", "crane_up pull_out"),
    ("the camera pans right to follow the car", "pan_right"),
    ("dolly shot moving left", "truck_left"),
    ('"Pan left over the lake"', "pan_left"),
]

NEGATED = [
    ("no camera movement", "static"),
    ("A lake, no camera movement", "static"),
    ("without camera motion", "static"),
    ("don't move the camera", "static"),
    ("the camera does not move", "static"),
    ("no camera movement, push in", "push_in"),
    ("without zoom", "default"),
    ("don't pan", "default"),
    ("push in without zoom", "push_in"),
    ("no zoom, pan left", "pan_left"),
    ("pan left, no zoom", "pan_left"),
    ("no pan or zoom, push in", "push_in"),
    ("avoid panning. zoom in", "zoom_in"),
    ("don't zoom in", "default"),
    ("no panning, zooming or tilting", "default"),
    ("no handheld shake", "default"),
]

TRAPS = [
    "a frying pan on the left",
    "a frying pan left on the stove",
    "a pan left on the stove",
    "she is on a zoom call",
    "a zoom call in the office",
    "a roll of paper",
    "rolling hills under clouds",
    "he pulls out a knife",
    "he turns around and pulls out a knife",
    "Pull out a chair, he says",
    "they laugh and pull out chairs",
    "the left bank of the river",
    "turn left at the corner",
    "a truck left the depot",
    "the truck drives left",
    "a construction crane over the harbour",
    "a crane flies up from the lake",
    "birds circle around the tower",
    "a satellite orbits around the earth",
    "planets in orbit around a star",
    "the man turns around",
    "she swings around the pole",
    "leaves swirl around her",
    "a dancer whirls around",
    "the planets revolve",
    "a bowling ball rolls to the left",
    "cars zooming out of a tunnel",
    "train tracks lead to the right",
    "a man pushes in the door",
    "a girl spins around",
    "the static of an old radio",
    "static electricity",
    "still water, still life",
    "the lake is perfectly still",
    "handheld fan",
    "a man holding a camera pans for gold",
    "she looks at the camera",
    "slow motion of a runner",
    "people move forward",
    "the sun rises",
    "a boat drifts left",
    "a shot of a man who pulls out a knife",
    "fixed gaze",
    "look up at the stars",
    "the dancer tilts her head to the left",
    "peter pan right behind wendy",
    "push the boundaries",
    "stock photos in a camera roll",
    "in the frame on the left a cat",
    "she steps back and looks up",
    "rise and shine",
    "a spider creeps up the wall",
    "a skater glides forward across the ice",
    "kids slide down a water slide",
    "people rush through a train station",
    "a cat enters the room and looks around",
    "a hawk hovers over a field",
    "move fast and break things",
    "a spiral galaxy spinning",
    "a dutch windmill",
    "low angle sunlight in a forest",
    "overhead power lines",
    "a highway flyover at night",
    'she says "pan left" and smiles',
]

ASKED_ZH = [
    ("镜头推进", "push_in"),
    ("缓慢推进", "push_in:slow"),
    ("镜头慢慢推近", "push_in:slow"),
    ("镜头拉远", "pull_out"),
    ("拉镜头", "pull_out"),
    ("左摇", "pan_left"),
    ("镜头右摇", "pan_right"),
    ("镜头向左平移", "truck_left"),
    ("向左平移", "truck_left"),
    ("夜晚的城市天际线,下雨,镜头缓慢向右平移", "truck_right:slow"),
    ("夜晚的城市天际线，下雨，镜头缓慢向右平移", "truck_right:slow"),
    ("向右移动镜头", "truck_right"),
    ("上摇", "tilt_up"),
    ("镜头下摇", "tilt_down"),
    ("俯仰", "tilt_up"),
    ("镜头上升", "crane_up"),
    ("镜头缓缓上移", "crane_up:slow"),
    ("镜头下降", "crane_down"),
    ("升降镜头", "crane_up"),
    ("环绕镜头", "orbit_right"),
    ("镜头环绕人物", "orbit_right"),
    ("镜头顺时针环绕", "orbit_left"),
    ("镜头围绕雕像旋转", "orbit_right"),
    ("镜头绕着她转", "orbit_right"),
    ("镜头旋转", "roll_clockwise"),
    ("镜头逆时针旋转", "roll_counter"),
    ("固定镜头", "static"),
    ("镜头固定不动", "static"),
    ("镜头保持静止", "static"),
    ("手持镜头", "handheld"),
    ("手持拍摄", "handheld"),
    ("镜头快速推进", "push_in:fast"),
    ("快速拉远", "pull_out:fast"),
    ("镜头先推进然后左摇", "push_in@0-0.5 pan_left@0.5-1"),
    ("镜头向左摇，同时缓慢推进", "pan_left push_in:slow"),
    ("镜头缓慢推进并向右摇", "push_in:slow pan_right"),
    ("镜头从左向右移动", "truck_right"),
    ("镜头放大", "zoom_in"),
    ("变焦推近", "zoom_in"),
    ("随着镜头推进，雾散开", "push_in"),
    ("镜头前推", "push_in"),
    ("不要移动镜头", "static"),
    ("镜头不要移动", "static"),
    ("镜头不动", "static"),
    ("无镜头移动", "static"),
    ("不要缩放", "default"),
    ("不要推进，向左摇", "pan_left"),
    ("没有运镜", "static"),
    ("镜头慢慢地向左移动，然后快速拉远", "truck_left:slow@0-0.5 pull_out:fast@0.5-1"),
    ("人物特写", "push_in"),
]

TRAPS_ZH = [
    "平静的湖",
    "群山环绕的湖泊",
    "环绕着雪山的湖泊",
    "旋转木马",
    "女孩旋转跳舞",
    "手持鲜花的女孩",
    "升降机",
    "军队推进到城下",
    "太阳升起",
    "他拉开窗帘",
    "左岸的咖啡馆",
    "她对着镜头旋转",
    "走向镜头",
    "镜头里女孩向左移动",
    "画面中小船向右移动",
    "左摇右晃的小船",
    "无人机在飞",
    "一栋别墅",
    "汽车向左移动",
    "固定在墙上的画",
    "慢镜头奔跑",
    "工人推着车",
    "他俯视着棋盘",
    "孩子们绕着树转圈",
    "火车由远及近驶来",
    "女孩从背后跟随男孩",
    "飞机飞过城市",
]


def spell(direction: Direction) -> str:
    if direction.default:
        return "default"
    words = []
    for step in direction.steps:
        word = step.move.value
        if step.speed is not Speed.NORMAL:
            word += f":{step.speed.value}"
        if (step.start, step.end) != (0.0, 1.0):
            word += f"@{step.start:.2g}-{step.end:.2g}"
        words.append(word)
    return " ".join(words) or "static"


@pytest.mark.parametrize(("prompt", "wanted"), ASKED + NEGATED + ASKED_ZH)
def test_prompt_directs_the_camera(prompt: str, wanted: str) -> None:
    assert spell(direct(prompt)) == wanted


@pytest.mark.parametrize("prompt", TRAPS + TRAPS_ZH)
def test_words_about_other_things_direct_nothing(prompt: str) -> None:
    assert direct(prompt).default


@pytest.mark.parametrize(
    ("prompt", "negative", "wanted"),
    [
        ("push in, pan left", "zoom", "push_in pan_left"),
        ("zoom in, pan left", "zoom", "pan_left"),
        ("zoom in, pan left", "blurry, zooming, low quality", "pan_left"),
        ("handheld, pan left", "camera shake", "pan_left"),
        ("handheld, pan left", "shaky", "pan_left"),
        ("pan left", "camera movement", "static"),
        ("pan left, tilt up", "pan left", "tilt_up"),
        ("镜头推进，左摇", "推进", "pan_left"),
        ("手持镜头", "镜头抖动", "default"),
        ("手持镜头，左摇", "镜头晃动", "pan_left"),
        ("", "镜头移动", "static"),
        ("static shot", "static camera", "default"),
        ("pan left", "a frying pan, people", "pan_left"),
    ],
)
def test_negative_prompt_removes_what_it_names(prompt: str, negative: str, wanted: str) -> None:
    assert spell(direct(prompt, negative)) == wanted


@pytest.mark.parametrize("seed", range(12))
def test_default_avoids_what_is_unwanted(seed: int) -> None:
    moves = {step.move for step in direct("a lake", "zoom", seed).steps}
    assert moves
    assert moves.isdisjoint({Move.PUSH_IN, Move.PULL_OUT, Move.ZOOM_IN, Move.ZOOM_OUT})


def test_default_is_the_seeds_choice() -> None:
    assert direct("a lake", seed=7) == direct("a hill", seed=7)
    assert len({direct("a lake", seed=seed) for seed in range(20)}) > 2
    assert all(
        step.speed in (Speed.SLOW, Speed.VERY_SLOW)
        for seed in range(20)
        for step in direct("", seed=seed).steps
    )


def test_describe_tells_what_was_understood() -> None:
    assert direct("Slowly push in, no zoom").describe() == {
        "moves": [{"move": "push_in", "speed": "slow", "from": 0.0, "to": 1.0}],
        "understood": ["slowly", "push in", "zoom"],
        "avoided": ["zoom_in", "zoom_out"],
        "default": False,
    }
    assert direct("static shot").describe()["moves"] == [{"move": "static", "from": 0.0, "to": 1.0}]


def test_full_width_and_capitals_are_read() -> None:
    assert spell(direct("ＰＡＮ　ＬＥＦＴ")) == "pan_left"


_PIECES = st.sampled_from(
    [
        "push in",
        "pan left",
        "no ",
        "camera ",
        "然后",
        "镜头",
        "向左",
        "推",
        "slowly ",
        ", ",
        ". ",
        "的",
    ]
)


@given(st.one_of(st.text(max_size=2500), st.lists(_PIECES, max_size=300).map("".join)))
def test_any_text_is_allowed(text: str) -> None:
    described = direct(text, text, seed=1).describe()
    json.dumps(described)
    assert all(0.0 <= move["from"] < move["to"] <= 1.0 for move in described["moves"])


@pytest.mark.parametrize(
    "piece",
    ["a", "推", "绕", "zoom ", "no ", "pan left and ", "镜头推进并", "\ufdfa", "环绕", ".", " "],
)
def test_long_text_is_read_in_linear_time(piece: str) -> None:
    assert growth(lambda text: direct(text, text), piece) < 10
