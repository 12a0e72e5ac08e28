"""Camera cues in Chinese: a move counts where 镜头 does it, or where nothing else can."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from kirin.prompt.cues import MOVING, Clause, Cue, Link, Move, Speed, families


class _Trust(Enum):
    """What a term needs around it to be about the camera."""

    CERTAIN = 0
    """Nothing: it says so itself (推镜头)."""
    ALONE = 1
    """The camera as its subject, or a clause that names nothing else (缓慢推进)."""
    CAMERA = 2
    """The camera as its subject (上升, which the sun does too)."""
    FRAMING = 3
    """Nothing, but it is a framing and no move."""


_LEFT = r"(?:[向往朝]?左(?:侧|边|方)?(?:缓缓|缓慢|慢慢|快速|轻轻|地)*)"
_RIGHT = _LEFT.replace("左", "右")
_UP = r"(?:[向往朝]?上(?:方)?(?:缓缓|缓慢|慢慢|快速|轻轻|地)*)"
_DOWN = _UP.replace("上", "下")
_AHEAD = r"(?:[向往朝]?前(?:方)?(?:缓缓|缓慢|慢慢|快速|轻轻|地)*)"
_BACK = _AHEAD.replace("前", "后")
_LENS = r"(?:镜头|机位|画面|摄像机|摄影机|相机|视角)"
_TURN = r"(?:平?摇摄?|转动?|摆动?)"
_GO = r"(?:平?移动?|横移|滑动?|运动)"

_TERMS: tuple[tuple[str, _Trust, tuple[Move, ...], bool], ...] = (
    # pattern, trust, moves, whether a negation covers the opposites too
    (
        rf"固定{_LENS}|定镜头?|定机位|(?:静态|静止|锁定){_LENS}|{_LENS}(?:保持)?(?:固定|静止|不动|锁定)"
        rf"|{_LENS}保持(?:静态|稳定不动)",
        _Trust.CERTAIN,
        (Move.STATIC,),
        False,
    ),
    (rf"手持(?:{_LENS}|拍摄|摄影|感|效果|晃动)", _Trust.CERTAIN, (Move.HANDHELD,), False),
    (r"(?:希区柯克|滑动)变焦", _Trust.CERTAIN, (Move.PUSH_IN, Move.ZOOM_OUT), False),
    (r"变焦拉远|变焦缩小", _Trust.CERTAIN, (Move.ZOOM_OUT,), False),
    (r"变焦推[近进]|变焦放大", _Trust.CERTAIN, (Move.ZOOM_IN,), False),
    (r"变焦|缩放", _Trust.ALONE, (Move.ZOOM_IN,), True),
    (r"从左[向往到至]?右(?:平移|移动|横移)", _Trust.ALONE, (Move.TRUCK_RIGHT,), False),
    (r"从右[向往到至]?左(?:平移|移动|横移)", _Trust.ALONE, (Move.TRUCK_LEFT,), False),
    (rf"从左[向往到至]?右{_TURN}", _Trust.ALONE, (Move.PAN_RIGHT,), False),
    (rf"从右[向往到至]?左{_TURN}", _Trust.ALONE, (Move.PAN_LEFT,), False),
    (rf"推镜头?|推轨|{_AHEAD}推[近进]", _Trust.CERTAIN, (Move.PUSH_IN,), True),
    (r"推近|推进|推入", _Trust.ALONE, (Move.PUSH_IN,), True),
    (rf"推向|前推|拉近|靠近|逼近|前进|{_AHEAD}{_GO}|推", _Trust.CAMERA, (Move.PUSH_IN,), True),
    (r"放大", _Trust.CAMERA, (Move.ZOOM_IN,), True),
    (r"缩小", _Trust.CAMERA, (Move.ZOOM_OUT,), True),
    (r"拉镜头?|拉远", _Trust.CERTAIN, (Move.PULL_OUT,), True),
    (rf"{_BACK}拉远?|拉出", _Trust.ALONE, (Move.PULL_OUT,), True),
    (rf"后退|远离|拉开|后撤|{_BACK}{_GO}|拉", _Trust.CAMERA, (Move.PULL_OUT,), True),
    (rf"{_LEFT}{_TURN}(?!右)|摇向左", _Trust.ALONE, (Move.PAN_LEFT,), False),
    (rf"{_RIGHT}{_TURN}(?!左)|摇向右", _Trust.ALONE, (Move.PAN_RIGHT,), False),
    (rf"{_LEFT}{_GO}|{_LEFT}横移", _Trust.ALONE, (Move.TRUCK_LEFT,), False),
    (rf"{_RIGHT}{_GO}|{_RIGHT}横移", _Trust.ALONE, (Move.TRUCK_RIGHT,), False),
    (rf"{_UP}(?:摇|仰|抬头?|倾斜)", _Trust.ALONE, (Move.TILT_UP,), False),
    (rf"{_DOWN}(?:摇|俯|倾斜)", _Trust.ALONE, (Move.TILT_DOWN,), False),
    (r"俯仰", _Trust.ALONE, (Move.TILT_UP,), True),
    (r"升镜头?|升降镜头?|摇臂上升", _Trust.CERTAIN, (Move.CRANE_UP,), True),
    (r"降镜头|摇臂下降", _Trust.CERTAIN, (Move.CRANE_DOWN,), True),
    (rf"{_UP}(?:升起?|{_GO})|升起|升高|抬升|拉升|升降", _Trust.CAMERA, (Move.CRANE_UP,), False),
    (rf"{_DOWN}(?:降|沉|{_GO})|降低|下落", _Trust.CAMERA, (Move.CRANE_DOWN,), False),
    (
        r"(?:向左|顺时针)(?:缓慢|快速|缓缓)?(?:环绕|围绕|绕)|左环绕",
        _Trust.ALONE,
        (Move.ORBIT_LEFT,),
        False,
    ),
    (
        r"(?:向右|逆时针)(?:缓慢|快速|缓缓)?(?:环绕|围绕|绕)|右环绕",
        _Trust.ALONE,
        (Move.ORBIT_RIGHT,),
        False,
    ),
    (
        r"环绕(?:镜头|拍摄|运镜|运动)|环拍|弧形(?:运镜|移动)|(?:围绕|绕)(?:着)?[^,。]{0,8}?(?:旋转|拍摄)",
        _Trust.ALONE,
        (Move.ORBIT_RIGHT,),
        True,
    ),
    (r"环绕|围绕", _Trust.ALONE, (Move.ORBIT_RIGHT,), True),
    (r"顺时针(?:缓慢|快速|缓缓)?(?:旋转|转动|翻滚)", _Trust.ALONE, (Move.ROLL_CLOCKWISE,), False),
    (r"逆时针(?:缓慢|快速|缓缓)?(?:旋转|转动|翻滚)", _Trust.ALONE, (Move.ROLL_COUNTER,), False),
    (r"旋转镜头", _Trust.CERTAIN, (Move.ROLL_CLOCKWISE,), True),
    (r"旋转|翻滚|转动", _Trust.ALONE, (Move.ROLL_CLOCKWISE,), True),
    (r"横摇|摇镜头?|摇摄", _Trust.CERTAIN, (Move.PAN_RIGHT,), True),
    (r"横移镜头?|移镜头", _Trust.CERTAIN, (Move.TRUCK_RIGHT,), True),
    (r"平移", _Trust.ALONE, (Move.TRUCK_RIGHT,), True),
    (r"手持", _Trust.ALONE, (Move.HANDHELD,), False),
    (r"抖动|晃动|摇晃|颤抖", _Trust.CAMERA, (Move.HANDHELD,), False),
    (r"静止|不动|固定", _Trust.CAMERA, (Move.STATIC,), False),
    (r"特写", _Trust.FRAMING, (Move.PUSH_IN,), False),
    (r"运镜|移动|运动|晃", _Trust.CAMERA, (), False),
)
_TERM = re.compile("|".join(f"(?P<t{i}>{term[0]})" for i, term in enumerate(_TERMS)))

_CAMERA = re.compile(
    # "towards the camera" and "in the picture" have another subject ...
    rf"(?:(?<![向着对朝视])|(?<=随着))(?:{_LENS}|运镜)(?!里|内|外|中(?!景))"
    # ... but 镜头上摇, 镜头下移 and 镜头前推 do not
    r"(?!前(?![推进移行])(?!方))(?!下(?![移降摇拉俯滑沉倾方]))(?!上(?![升移摇仰抬拉扬倾方]))"
)
_NEAR = 16
"""Characters around a term in which its negation, its speed and its object stand."""
_DESCRIBING = re.compile(r"的[\u4e00-\u9fff]")
"""After a term: it describes a noun (环绕着雪山的湖泊)."""
_WATCHING = re.compile(r"捕捉|拍摄|记录|展[现示]|呈现|显示|聚焦|对准|里面?有|看到")
_NEGATION = re.compile(
    r"(?:不要有?|不能|不可|不得|不会|不需要|不用|不(?![断停同远久仅时锈夜动到得])|没有|无需|切勿|请勿"
    r"|无(?!人机|数|尽|边|限|垠|比|声)|别(?!墅|致|人)|勿|禁止|避免|去掉|防止)"
)
_SPEEDS: tuple[tuple[re.Pattern[str], Speed], ...] = (
    (re.compile(r"非常缓慢|极其?缓?慢|微微|轻微|略微|稍微"), Speed.VERY_SLOW),
    (re.compile(r"慢慢|缓慢|缓缓|徐徐|轻轻|渐渐|逐渐|逐步|慢速|舒缓|慢(?!动作|镜头)"), Speed.SLOW),
    (
        re.compile(r"快速|迅速|飞快|急速|高速|猛然|猛地|突然|急(?=推|拉|摇)|快(?![乐门])"),
        Speed.FAST,
    ),
)
_FILLER = re.compile(
    rf"{_LENS}|非常|极其|慢慢|缓慢|缓缓|徐徐|轻轻|渐渐|逐渐|逐步|慢速|快速|迅速|飞快|急速|高速|突然"
    r"|轻微|微微|略微|稍微|平稳|稳定|流畅|平滑|匀速|持续|不断|始终|一直|整体|全程|开始|首先|进行|使用"
    r"|采用|运用|做|有|任何|让|使|把|将|请|先|又|地|得|的|着|了|一个|一点|会|要|并|从|由远及近|由近及远"
    r"|电影感?|[a-z0-9\s'\-%°度.]"
)
_AFTER = re.compile(
    rf"(?:$|{_FILLER.pattern}|{_LENS}|[到至向对进往过拍效运方]|一周|一圈|主体|人物|主角|被摄|它|他|她)"
)


def _camera_free(text: str) -> bool:
    """Whether nothing but fillers and other terms stands here, so that no one else is meant."""
    return not _FILLER.sub("", _NEGATION.sub("", _TERM.sub("", text))).strip()


@dataclass(slots=True)
class _Reader:
    unwanted: bool
    camera: bool = False
    speed: tuple[Speed, str] | None = None

    def read(self, clause: Clause) -> Iterator[Cue]:
        """The cues of one clause; call it for the clauses of a text in their order."""
        text = clause.text
        if clause.link is Link.SENTENCE:
            self.camera, self.speed = False, None
        subject = _CAMERA.search(text)
        clear, reached, told = True, 0, 0
        for found in _TERM.finditer(text):
            _, trust, moves, is_family = _TERMS[int(str(found.lastgroup)[1:])]
            clear = clear and _is_filler(text[reached : found.start()])
            reached = found.end()
            before = text[max(told, found.start() - _NEAR) : found.start()]
            negated = self.unwanted or bool(_NEGATION.search(before))
            if not (moves or negated) or not self._is_about_camera(text, found, subject, clear):
                continue
            if negated:
                moves = (families(moves) if is_family else moves) or tuple(sorted(MOVING))
            speed = _speed(before + found.group()) or _speed(text[reached : reached + 5])
            if speed is None and (told or clause.link is Link.AND):
                speed = self.speed
            told, self.speed = found.end(), speed
            yield Cue(
                moves,
                found.group(),
                clause.position + found.start(),
                clause.link,
                speed=speed[0] if speed else None,
                speed_text=speed[1] if speed else "",
                negated=negated,
                framing=trust is _Trust.FRAMING,
            )
        if subject:
            self.camera = True
        elif not (clear and _is_filler(text[reached:])):
            self.camera = False

    def _is_about_camera(
        self, text: str, found: re.Match[str], subject: re.Match[str] | None, clear: bool
    ) -> bool:
        """Whether a term is about the camera, given its clause and those before it.

        ``clear`` tells that nothing before it in the clause could be doing it instead.
        """
        trust = _TERMS[int(str(found.lastgroup)[1:])][1]
        if trust in (_Trust.CERTAIN, _Trust.FRAMING):
            return True
        if subject and subject.start() < found.start():
            return not _WATCHING.search(text, subject.end(), found.start())
        if subject and _is_filler(text[found.end() : subject.start()][:_NEAR]):
            return True
        if not clear or not (self.camera or self.unwanted or trust is _Trust.ALONE):
            return False
        after = text[found.end() :]
        return (
            self.camera
            or self.unwanted
            or (_AFTER.match(after) is not None and _DESCRIBING.search(after) is None)
        )


def _is_filler(text: str) -> bool:
    """Whether nothing stands here that could do or undergo a move in the camera's place."""
    return not _FILLER.sub("", _NEGATION.sub("", text)).strip()


def _speed(text: str) -> tuple[Speed, str] | None:
    for pattern, speed in _SPEEDS:
        if found := pattern.search(text):
            return speed, found.group()
    return None


def chinese_cues(clauses: Sequence[Clause], *, unwanted: bool = False) -> Iterator[Cue]:
    """What Chinese clauses of one text say about the camera.

    Args:
        clauses: of a normalised text, in order; other languages in them are passed over.
        unwanted: whether it is a negative prompt, so that each cue is negated.
    """
    reader = _Reader(unwanted)
    for clause in clauses:
        yield from reader.read(clause)
