"""The upstream engine: nothing is ordered twice, whatever goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kirin.domain.assets import AssetKind
from kirin.domain.storyboard import Driving, Orientation, Reference, Shot, Storyboard
from kirin.engines.base import Begun
from kirin.engines.remote.session import Busy, NotReached, Session, Unclear
from kirin.engines.upstream.engine import UpstreamEngine
from kirin.engines.upstream.family import ELEMENTS
from kirin.engines.upstream.order import Order, Phase, State
from kirin.errors import (
    EngineAway,
    FetchFailed,
    InputsRefused,
    NotStarted,
    ResultUnusable,
    StatusUnknown,
    Stopped,
    TaskError,
)
from kirin.media.guard import Guard
from support.errands import BOARD, QUICK, Desk
from support.loopback import FileHost

HD = replace(BOARD, width=1280, height=720)


class Provider:
    """A dialect whose provider does, call by call, what a test has written down.

    Attributes:
        script: by name of the call what happens, one after the other: an error, or a phase; the
            last one goes on for good.
        orders: what was ordered, by the name given to it.
        calls: all calls in order.
    """

    def __init__(self, url: str = "", **script: list[object]) -> None:
        self.url = url
        self.script = {
            "create": [Phase.WAITING],
            "find": [None],
            "look": [Phase.RUNNING, Phase.DONE],
            **script,
        }
        self.orders: dict[str, Order] = {}
        self.calls: list[str] = []
        self.cancelled: list[str] = []
        self.forgotten: list[int] = []

    send = None

    def headers(self) -> Mapping[str, str]:
        return {}

    def create(self, _: Session, order: Order) -> State:
        assert order.name not in self.orders, "ordered twice"
        state = self._next("create", order)
        self.orders[order.name] = order
        assert state is not None
        return state

    def find(self, _: Session, order: Order) -> State | None:
        return self._next("find", order)

    def look(self, _: Session, order: Order, id: str) -> State:
        assert id == f"id of {order.name}"
        state = self._next("look", order)
        assert state is not None
        return state

    def cancel(self, _: Session, __: Order, id: str) -> None:
        self.cancelled.append(id)

    def forget(self, _: Session, element: int) -> None:
        self.forgotten.append(element)

    def _next(self, call: str, order: Order) -> State | None:
        self.calls.append(call)
        script = self.script[call]
        happens = script.pop(0) if len(script) > 1 else script[0]
        if happens is None:
            return None
        if isinstance(happens, Taken):
            self.orders[order.name] = order
            raise happens.error
        if isinstance(happens, Exception):
            raise happens
        assert isinstance(happens, Phase)
        return State(
            id=f"id of {order.name}",
            phase=happens,
            progress=0.5,
            url=self.url if order.model != ELEMENTS else "",
            element=len(self.orders) if order.model == ELEMENTS else 0,
            failure=TaskError("cloud: it broke (7)") if happens is Phase.FAILED else None,
            notes={"upstream_cost": 1},
        )


class Taken:
    """The order is there, although the answer was an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error


@pytest.fixture(scope="module")
def files() -> Iterator[FileHost]:
    with FileHost() as host:
        host.add("video.mp4", b"a video")
        yield host


@pytest.fixture
def url(files: FileHost) -> str:
    return files.url("video.mp4")


def engine(provider: Provider, **settings: object) -> UpstreamEngine:
    usual = {
        "models": [BOARD.model, "kirin_v3_i2v"],
        "guard": Guard(allow=("127.0.0.1",)),
        "linked": True,
        "rhythm": QUICK,
        "most_seconds": 5.0,
        "silence_seconds": 0.1,
    }
    return UpstreamEngine("cloud", "http://127.0.0.1:9", provider, **{**usual, **settings})  # type: ignore[arg-type]


def test_an_order_is_placed_followed_and_fetched(desk: Desk, url: str) -> None:
    provider = Provider(url)
    film = engine(provider).carry(HD, desk.errand())
    assert film.path.read_bytes() == b"a video"
    assert (film.job, film.notes) == ("id of 0123456789abcdef", {"upstream_cost": 1})
    assert provider.calls == ["create", "look", "look"]
    assert desk.told == [0.5, 0.5]


def test_a_later_attempt_finds_the_order_of_the_first(desk: Desk, url: str) -> None:
    provider = Provider(url, find=[Phase.RUNNING])
    film = engine(provider).carry(HD, desk.errand(again=True))
    assert film.path.read_bytes() == b"a video"
    assert provider.calls == ["find", "look", "look"]


def test_a_later_attempt_orders_what_the_first_has_not(desk: Desk, url: str) -> None:
    provider = Provider(url)
    engine(provider).carry(HD, desk.errand(again=True))
    assert provider.calls[:2] == ["find", "create"]


def test_after_an_unclear_answer_the_order_is_looked_for(desk: Desk, url: str) -> None:
    provider = Provider(url, create=[Taken(Unclear("cut off"))], find=[Phase.WAITING])
    engine(provider).carry(HD, desk.errand())
    assert provider.calls == ["create", "find", "look", "look"]


def test_it_is_looked_for_until_it_is_clear(desk: Desk, url: str) -> None:
    provider = Provider(
        url, create=[Taken(Unclear("x"))], find=[Unclear("x"), NotReached("x"), Phase.WAITING]
    )
    engine(provider).carry(HD, desk.errand())
    assert provider.calls.count("create") == 1


def test_while_it_stays_unclear_nothing_is_ordered_again(desk: Desk, url: str) -> None:
    provider = Provider(url, create=[Taken(Unclear("cut off"))], find=[Unclear("cut off")])
    with pytest.raises(StatusUnknown, match="not repeated"):
        engine(provider).carry(HD, desk.errand())
    assert provider.calls.count("create") == 1


def test_an_order_that_is_not_there_after_all_is_placed_again(desk: Desk, url: str) -> None:
    provider = Provider(url, create=[Unclear("cut off"), Phase.WAITING])
    engine(provider).carry(HD, desk.errand())
    assert provider.calls[:3] == ["create", "find", "create"]


@pytest.mark.parametrize("error", [NotReached("no line"), Busy("later", 0.01), Unclear("cut off")])
def test_what_never_began_is_away(desk: Desk, error: Exception) -> None:
    provider = Provider(create=[error])
    with pytest.raises(EngineAway):
        engine(provider).carry(HD, desk.errand())
    assert provider.calls.count("create") == 3


@pytest.mark.parametrize("error", [InputsRefused("no"), NotStarted("no such model")])
def test_a_refusal_is_passed_on_at_once(desk: Desk, error: TaskError) -> None:
    provider = Provider(create=[error])
    with pytest.raises(type(error)):
        engine(provider).carry(HD, desk.errand())
    assert provider.calls == ["create"]


def test_a_failure_there_is_the_tasks(desk: Desk) -> None:
    provider = Provider(look=[Phase.FAILED])
    with pytest.raises(TaskError, match=r"cloud: it broke \(7\)"):
        engine(provider).carry(HD, desk.errand())


def test_a_short_silence_is_borne(desk: Desk, url: str) -> None:
    provider = Provider(url, look=[NotReached("x"), Unclear("x"), Busy("x", None), Phase.DONE])
    assert engine(provider).carry(HD, desk.errand()).path.exists()


def test_a_long_silence_ends_the_task(desk: Desk) -> None:
    provider = Provider(look=[NotReached("cloud cannot be reached")])
    with pytest.raises(StatusUnknown, match="cannot be reached"):
        engine(provider).carry(HD, desk.errand())


def test_what_takes_too_long_is_cancelled_there(desk: Desk) -> None:
    provider = Provider(look=[Phase.RUNNING])
    with pytest.raises(StatusUnknown, match=r"not done after 0\.05 s"):
        engine(provider, most_seconds=0.05).carry(HD, desk.errand())
    assert provider.cancelled == ["id of 0123456789abcdef"]


def test_a_cancelled_task_is_cancelled_there(desk: Desk) -> None:
    def cancel(_: float) -> None:
        desk.over = desk.ended = True

    provider = Provider(look=[Phase.RUNNING])
    with pytest.raises(Stopped):
        engine(provider).carry(HD, desk.errand(progress=cancel))
    assert provider.cancelled == ["id of 0123456789abcdef"]


def test_one_cancelled_before_it_was_clear_is_looked_for_and_cancelled(desk: Desk) -> None:
    def cancelled() -> bool:
        return "find" in provider.calls

    desk.ended = True
    provider = Provider(create=[Taken(Unclear("x"))], find=[Unclear("x"), Phase.RUNNING])
    with pytest.raises(Stopped):
        engine(provider).carry(HD, desk.errand(cancelled=cancelled))
    assert provider.cancelled == ["id of 0123456789abcdef"]


def test_a_worker_that_goes_down_leaves_the_order(desk: Desk) -> None:
    def stop(_: float) -> None:
        desk.over = True

    provider = Provider(look=[Phase.RUNNING])
    with pytest.raises(Stopped):
        engine(provider).carry(HD, desk.errand(progress=stop))
    assert provider.cancelled == []


def test_a_result_that_cannot_be_had_is_told(desk: Desk, files: FileHost) -> None:
    provider = Provider(files.url("nothing.mp4"), look=[Phase.DONE])
    with pytest.raises(FetchFailed, match="the video of cloud could not be fetched"):
        engine(provider).carry(HD, desk.errand())
    assert provider.calls.count("look") == 6  # perhaps with a fresh link


def test_results_come_from_allowed_addresses_only(desk: Desk, url: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        engine(Provider(url), guard=Guard()).carry(HD, desk.errand())
    assert "not a public address" in str(caught.value.__cause__)
    assert "127.0.0.1" not in str(caught.value)


def test_no_result_at_all_is_unusable(desk: Desk) -> None:
    with pytest.raises(ResultUnusable, match="gave no video"):
        engine(Provider()).carry(HD, desk.errand())


def cast(desk: Desk) -> Storyboard:
    subjects = tuple(
        Reference(name, (desk.asset(name.encode()), desk.asset(name[::-1].encode())))
        for name in ("Ada", "Rex")
    )
    first = desk.asset(b"first")
    shots = (Shot("<<<element_1>>>", 5, first=first, references=subjects),)
    return replace(HD, model="kirin_v3_i2v", shots=shots)


def test_subjects_are_made_there_first_and_forgotten_after(desk: Desk, url: str) -> None:
    provider = Provider(url, look=[Phase.DONE])
    engine(provider).carry(cast(desk), desk.errand())
    *subjects, video = provider.orders.values()
    assert [s.params["element_name"] for s in subjects] == ["Ada", "Rex"]
    assert len({order.name for order in provider.orders.values()}) == 3
    assert video.params["element_list"] == [{"element_id": 1}, {"element_id": 2}]
    assert provider.forgotten == [1, 2]


def test_subjects_stay_for_the_next_attempt(desk: Desk) -> None:
    def stop(_: float) -> None:
        desk.over = True

    provider = Provider(look=[Phase.DONE, Phase.DONE, Phase.RUNNING])
    with pytest.raises(Stopped):
        engine(provider).carry(cast(desk), desk.errand(progress=stop))
    assert provider.forgotten == []


@pytest.mark.parametrize(
    ("phase", "cancelled"), [(Phase.RUNNING, True), (Phase.DONE, False), (None, False)]
)
def test_what_a_dead_worker_has_ordered_is_cancelled_if_it_goes_on(
    phase: Phase | None, cancelled: bool
) -> None:
    provider = Provider(find=[phase])
    engine(provider).call_off(Begun(BOARD.model, "task-1", None))
    assert provider.cancelled == (["id of task-1"] if cancelled else [])
    assert provider.calls == ["find"]


def test_its_subjects_are_forgotten() -> None:
    provider = Provider(find=[Phase.RUNNING, Phase.DONE, Phase.DONE, None])
    provider.orders = dict.fromkeys(("a", "b"))  # whose number is an element's id
    engine(provider).call_off(Begun("kirin_v3_i2v", "task-1", None))
    assert provider.cancelled == ["id of task-1"]
    assert provider.forgotten == [2, 2]


def test_a_look_tells_whether_it_can_be_used() -> None:
    assert engine(Provider()).trouble() is None
    assert engine(Provider(find=[NotReached("cloud cannot be reached")])).trouble() == (
        "cloud cannot be reached"
    )


def test_files_are_sent_ahead_until_they_are_there(desk: Desk, url: str) -> None:
    """Whoever takes files needs no way to this server."""
    tries: list[Path] = []

    class Taking(Provider):
        def send(self, _: Session, path: Path) -> str:  # type: ignore[override]
            tries.append(path)
            if len(tries) == 1:
                raise Unclear("cloud broke off its answer")
            return "https://cloud/dance.mp4"

    film = desk.asset(b"dance", kind=AssetKind.VIDEO, seconds=5.0)
    driving = Driving(film, Orientation.IMAGE, True)
    shot = replace(BOARD.shots[0], first=desk.asset(b"ada"))
    board = replace(BOARD, model="kirin_v3_motion_control", shots=(shot,), driving=driving)
    provider = Taking(url)
    upstream = engine(provider, linked=False, models=[board.model])
    assert upstream.unsupported(board) == []
    assert engine(Provider(url), linked=False, models=[board.model]).unsupported(board) != []
    upstream.carry(board, desk.errand())
    (order,) = provider.orders.values()
    assert order.params["video_url"] == "https://cloud/dance.mp4"
    assert [path.read_bytes() for path in tries] == [b"dance"] * 2


def test_other_models_are_refused_by_name() -> None:
    (reason,) = engine(Provider()).unsupported(replace(BOARD, model="kirin_v1_i2v"))
    assert (reason.field, reason.message) == ("model", "cloud does not make kirin_v1_i2v")


def test_a_refusal_may_mean_that_the_first_try_arrived_late(desk: Desk, url: str) -> None:
    refused = InputsRefused("external_task_id is used")
    provider = Provider(url, create=[Unclear("x"), refused], find=[None, Phase.WAITING])
    assert engine(provider).carry(HD, desk.errand()).job == "id of 0123456789abcdef"
