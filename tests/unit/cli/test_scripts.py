"""What scripts go by: exit statuses, JSON, standard input, and what Ctrl-C leaves behind."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_group
from typer.testing import CliRunner, Result

from kirin.cli import COMPLETE, app, main
from kirin.cli.exits import MEANINGS, ExitStatus
from kirin.cli.lazy import LazyCommand
from support.cards import T2V
from support.client_server import task
from support.loopback import Loopback, Quiet

WITHOUT_JSON = {"serve", "api", "worker", "mcp", "completion"}
"""They go on until they are ended, or speak another language."""


class Canned(Loopback):
    """Gives each path an answer, and remembers what came."""

    def __init__(self) -> None:
        super().__init__(_Canned)
        self.status = 200
        self.body: dict[str, Any] = task()
        self.came: list[tuple[str, str, Any]] = []


class _Canned(Quiet):
    def _answer(self) -> None:
        canned: Canned = self.server.owner  # type: ignore[attr-defined]
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        canned.came.append((self.command, self.path, json.loads(sent) if sent else None))
        self.answer(
            canned.status, json.dumps(canned.body).encode(), Content_Type="application/json"
        )

    do_GET = do_POST = _answer  # noqa: N815  as the base class calls them


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Canned]:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    with Canned() as server:
        monkeypatch.setenv("KIRIN_SERVER", server.url("")[:-1])
        monkeypatch.setenv("KIRIN_API_KEY", "k" * 16)
        # What is tried again is tried at once.
        monkeypatch.setattr("kirin_client.client._sleep", lambda _: None)
        yield server


def run(*words: str, status: int = 0, **options: Any) -> Result:
    result = CliRunner().invoke(app, words, **options)
    assert result.exit_code == status, result.output
    return result


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    loaded = command.load() if isinstance(command, LazyCommand) else command
    below = getattr(loaded, "commands", None)
    if not below:
        yield path, loaded
    for name, each in (below or {}).items():
        yield from commands(each, (*path, name))


def test_json_is_everywhere() -> None:
    for path, command in commands(get_group(app)):
        names = {name for param in command.params for name in param.opts}
        assert ("--json" in names) == (path[0] not in WITHOUT_JSON), path


def test_every_status_has_a_meaning() -> None:
    assert MEANINGS.keys() == set(ExitStatus)


REFUSALS = [
    (400, {"code": "invalid_parameters", "errors": [
        {"param": "mode", "code": "not_an_option", "message": "must be 'std' or 'pro'"}]},
     ExitStatus.REFUSED, "  mode: must be 'std' or 'pro'"),
    (401, {"code": "invalid_api_key"}, ExitStatus.KEY, "look at KIRIN_API_KEY"),
    (403, {"code": "scope_missing"}, ExitStatus.KEY, "scope_missing"),
    (403, {"code": "insufficient_balance", "error_code": 40201}, ExitStatus.BALANCE, "top-up"),
    (404, {"code": "unknown_task"}, ExitStatus.NOT_FOUND, "unknown_task"),
    (409, {"code": "task_finished"}, ExitStatus.REFUSED, "task_finished"),
    (429, {"code": "limit_reached"}, ExitStatus.BUSY, "try again later"),
    (503, {"code": "database_away"}, ExitStatus.BUSY, "database_away"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "exits", "words"), REFUSALS)
def test_a_refusal_has_its_own_status(
    status: int, body: dict[str, Any], exits: ExitStatus, words: str, canned: Canned
) -> None:
    canned.status, canned.body = status, {"message": "No.", "request_id": "r1", **body}
    said = run("generate", T2V, "-p", "prompt=a", status=exits)
    assert words in said.stderr
    assert said.stdout == ""
    said = run("generate", T2V, "-p", "prompt=a", "--json", status=exits)
    error = json.loads(said.stderr)["error"]
    assert (error["exit_status"], error["code"], error["request_id"]) == (exits, body["code"], "r1")
    assert said.stdout == ""


def test_a_server_that_is_down_or_another(canned: Canned) -> None:
    words = ("generate", T2V, "-p", "prompt=a")
    canned.body = {"hello": "world"}
    assert "gave no Created" in run(*words, status=3).stderr
    said = run(*words, "--server", "http://127.0.0.1:9", status=3).stderr
    assert "no server answers at http://127.0.0.1:9/: is 'kirin serve' running there?" in said


def test_a_model_that_does_not_exist_and_no_key(canned: Canned) -> None:
    said = run("generate", "kirin_v9", "-p", "prompt=a", status=6)
    assert "kirin_v9" in said.stderr
    said = run("generate", T2V, "-p", "prompt=a", "--key", "", status=4)
    assert "KIRIN_API_KEY" in said.stderr
    assert canned.came == []


def test_an_output_that_cannot_be_written_makes_no_task(
    canned: Canned, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    said = run("generate", T2V, "-p", "prompt=a", "-o", "out.mp4", status=9).stderr
    assert "nothing can be written to the folder .: No space left on device" in said
    assert canned.came == []


def test_a_prompt_from_standard_input_and_no_waiting(canned: Canned) -> None:
    said = run("generate", T2V, "-p", "prompt=-", "--wait=no", input="雪 and\nrain\n")
    assert said.stdout == "t1\n"
    assert canned.came[0][2]["input"] == [{"params": {"prompt": "雪 and\nrain"}}]
    said = run("generate", T2V, "-p", "prompt=a", "--wait=no", "--json")
    assert json.loads(said.stdout)["task"] == task()


@pytest.mark.parametrize(
    ("option", "said", "calls"),
    [
        ((), "the task goes on; 'kirin tasks watch t1' follows it", 1),
        (("--on-interrupt", "cancel"), "the task t1 is cancelled", 2),
    ],
)
def test_ctrl_c_leaves_or_cancels(
    option: tuple[str, ...],
    said: str,
    calls: int,
    canned: Canned,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("kirin.cli.generate"), "watch_task", interrupt)
    found = run("generate", T2V, "-p", "prompt=a", *option, status=130)
    assert said in " ".join(found.stderr.split())
    assert found.stdout == ""
    assert len(canned.came) == calls
    assert canned.came[-1][1].endswith("/cancel") == (calls == 2)


def test_tasks_are_listed_by_status(canned: Canned) -> None:
    canned.body = {"tasks": [task("failed")], "next_cursor": None}
    said = run("tasks", "list", "--status", "failed", "--stage", "queued", "--json")
    assert json.loads(said.stdout) == canned.body
    assert canned.came[0][1].endswith("task?limit=20&status=failed&stage=queued")
    assert "t1" in run("tasks", "list").stdout
    run("tasks", "list", "--status", "done", status=2)


def test_what_the_administration_prints_as_json(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"), "--json")
    made = json.loads(run("accounts", "create", "Ada", "--discount", "12.5", *data).stdout)
    assert (made["name"], made["discount_percent"]) == ("Ada", "12.5")
    key = json.loads(run("keys", "create", "--account", "Ada", *data).stdout)
    assert key["key"].startswith("kirin_sk_")
    (listed,) = json.loads(run("keys", "list", *data).stdout)["keys"]
    assert listed["id"] == key["id"]
    assert "key" not in listed
    assert json.loads(run("accounts", "top-up", "Ada", "5", *data).stdout)["balance"] == "5.0000"
    (account,) = json.loads(run("accounts", "list", *data).stdout)["accounts"]
    assert account["balance"] == "5.0000"
    paused = json.loads(run("queue", "pause", *data).stdout)["paused"]
    assert [each["queue"] for each in paused] == ["all"]
    assert json.loads(run("queue", "list", *data).stdout)["tasks"] == []
    assert json.loads(run("ledger", "verify", *data).stdout)["problems"] == []
    wrong = run("accounts", "change", "Bob", *data, status=8)
    assert json.loads(wrong.stderr)["error"]["exit_status"] == 8


def test_models_as_json() -> None:
    ids = [each["id"] for each in json.loads(run("models", "--json").stdout)["models"]]
    assert T2V in ids
    told = json.loads(run("models", T2V, "--json").stdout)
    assert "prompt" in [each["path"] for each in told["parameters"]]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("kirin ta", ["tasks"]),
        ("kirin tasks list --st", ["--status", "--stage"]),
        ("kirin tasks list --status ", ["in_progress", "completed", "failed"]),
        ("kirin generate kirin_v1_6_t", [T2V]),
        ("kirin generate kirin_v1_6_t2v -p asp", ["aspect_ratio="]),
    ],
)
def test_the_shell_completes(
    line: str,
    offered: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["kirin"])
    for name, value in {
        COMPLETE: "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().out.split() == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_the_shell(shell: str) -> None:
    script = run("completion", shell).stdout
    assert f"{COMPLETE}=complete_{shell}" in script.replace("  ", " ")
    assert os.environ.get(COMPLETE) is None
