"""Code on pages of the documentation, run as it stands there.

A page is run from its top to its end, each block in what those before left: variables of the shell,
names of Python, files of the folder. What may differ is said here and nowhere else: addresses of
examples lead to nobody, folders of servers are below the page's own, and prompts say ``tiny``, so
that the engine of the tests draws next to nothing.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import json
import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner

from kirin.cli import app
from kirin.cli.lazy import LazyCommand
from support.pictures import flat_png
from support.videos import video

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)

ONLY_READ = {"serve", "api", "worker", "migrate", "doctor", "mcp", "weights add"}
"""Commands that are held against the command line and not run: servers, and what asks a machine or
a network.
"""

OF_OTHERS = ("helm install ", "hf download ", "kubectl create ", "vllm serve ")
"""How commands of other programs begin."""

FILES = ("photo.jpg", "ada.jpg", "dance.mp4", "street.mp4")
"""What pages send, and readers have."""

SECONDS = 60


@dataclass(frozen=True)
class Snippet:
    """A block of code.

    Attributes:
        language: such as ``sh``; empty for what was printed.
        line: where it is on its page.
    """

    language: str
    code: str
    line: int


def snippets(page: Path) -> list[Snippet]:
    """All of a page."""
    text = page.read_text("utf-8")
    return [
        Snippet(found[2], inspect.cleandoc(found[3]) + "\n", text[: found.start()].count("\n") + 1)
        for found in FENCE.finditer(text)
    ]


def commands(code: str) -> Iterator[str]:
    """The commands of a block for the shell, each in one piece, without comments."""
    kept = ""
    for line in code.splitlines():
        kept += line + "\n"
        try:
            words = shlex.split(kept.replace("\\\n", " "), comments=True)
        except ValueError:  # a quotation goes on
            continue
        if line.endswith("\\"):
            continue
        if words:
            yield kept
        kept = ""
    assert not kept, f"a quotation or a line never ends: {kept}"


@dataclass
class Reader:
    """Who does what a page says.

    Attributes:
        folder: where.
        variables: of the shell; ``ID`` and ``URL`` are those of the latest answer.
        names: of Python.
        answer: the latest of the server, of whichever command.
    """

    folder: Path
    variables: dict[str, str]
    names: dict[str, Any]
    answer: Any = None
    _before: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for name in FILES:
            data = video(size=(720, 720)) if name.endswith(".mp4") else flat_png(400, 300)
            (self.folder / name).write_bytes(data)

    def follow(self, page: Path) -> None:
        """Run all of a page."""
        for snippet in snippets(page):
            run = getattr(self, f"_{snippet.language or 'text'}", None)
            where = f"{page.name}:{snippet.line}"
            assert run, f"{where}: nobody runs {snippet.language}"
            try:
                run(self._here(snippet.code), where)
            except Exception as problem:
                problem.add_note(f"in {where}:\n{snippet.code}")
                raise
            self._before = snippet.language

    def _here(self, code: str) -> str:
        """Code with what differs in tests."""
        code = re.sub(r'("?prompt"?[:=] ?"(?!\$))', r"\1tiny ", code)
        code = code.replace("https://example.com", "http://127.0.0.1:9")
        return re.sub(r"(?<!\S)/(backups|srv|etc)/", rf"{self.folder}/", code)

    def _sh(self, code: str, where: str) -> None:
        for command in commands(code):
            words = shlex.split(command.replace("\\\n", " "), comments=True)
            self._command(command, [self._filled(word) for word in words], where)

    def _filled(self, word: str) -> str:
        word = re.sub(r"\$(\w+)", lambda name: self.variables[name[1]], word)
        return self.variables["KEY"] if word == "key_..." else word

    def _command(self, command: str, words: list[str], where: str) -> None:
        if words[0] == "export" or all("=" in word for word in words):
            self.variables |= {
                name: value.replace("...", "x")
                for name, _, value in (word.partition("=") for word in words if "=" in word)
                if name not in {"KIRIN_SERVER", "KIRIN_API_KEY"}
            }
        elif words[:2] == ["pip", "install"]:
            check_install(words[2:])
        elif command.startswith(OF_OTHERS):
            return  # their names may well be kirin
        elif "kirin" in words:
            self._kirin(words[words.index("kirin") + 1 :])
        elif words[0] == "curl":
            self._curl(command)
        else:
            pytest.fail(f"{where}: nobody runs {words[0]}")

    def _kirin(self, words: list[str]) -> None:
        """Run our own command in this process, or only parse it."""
        if {words[0], " ".join(words[:2])} & ONLY_READ:
            return parse(words)
        if words[0] == "webhooks" and "ID" in self.variables:  # which come at its end
            name = self.variables["ID"]
            while self._ask("GET", f"generation/task/{name}?wait=30")["status"] == "in_progress":
                pass
        with contextlib.chdir(self.folder):
            done = CliRunner().invoke(app, words, env=self.variables)
        assert done.exit_code == 0, done.output
        if words[0] == "generate":
            self._learn(self._ask("GET", "generation/task?limit=1")["tasks"][0])
        if words[:2] == ["keys", "create"]:
            self.variables["KEY"] = newest_key(self.variables)
        return None

    def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """Ask the server as the reader."""
        headers = {"Authorization": f"Bearer {self.variables['KIRIN_API_KEY']}"}
        url = f"{self.variables['KIRIN_SERVER']}/model/v1/{path}"
        answer = httpx.request(method, url, headers=headers, timeout=SECONDS, **request)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def _curl(self, command: str) -> None:
        if "curl -sN " in command and "/events" in command:
            return self._stream(command)
        done = subprocess.run(  # noqa: S603  our own page
            ["/bin/sh", "-c", command.replace("curl ", "curl --fail-with-body ", 1)],
            cwd=self.folder,
            env={**os.environ, **self.variables},
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        text = done.stdout.decode("utf-8", "replace")
        # A page may show what is refused: curl says 22 then, and the answer is JSON like any other.
        assert done.returncode in {0, 22}, (done.returncode, done.stderr)
        try:
            self.answer = json.loads(text)
            if "wait=" in command and self.answer["status"] == "in_progress":
                return self._curl(command)  # as every page says that waits
        except ValueError:
            assert done.returncode == 0, text
            self.answer = None
        else:
            refused = done.returncode == 22
            meant = "seeed" in command  # to be refused
            late = "/cancel" in command and self.answer.get("code") == "task_finished"
            assert not refused or meant or late, text
            self._learn(self.answer)
        return None

    def _stream(self, command: str) -> None:
        """Look at the first line of a stream that does not end by itself."""
        with subprocess.Popen(  # noqa: S603  our own page
            ["/bin/sh", "-c", f"exec {command}"],
            env={**os.environ, **self.variables},
            stdout=subprocess.PIPE,
            text=True,
        ) as stream:
            assert stream.stdout
            assert stream.stdout.readline().startswith(("id:", ":", "retry:"))
            stream.terminate()

    def _learn(self, answer: Any) -> None:
        """Keep what a reader would copy from an answer."""
        if not isinstance(answer, dict):
            return
        if isinstance(answer.get("id"), str):
            self.variables["ID"] = answer["id"]
        if "size" in answer and "url" in answer:
            self.variables["URL"] = answer["url"]
        if answer.get("output"):
            self.variables["URL"] = answer["output"][0]["content"][0]["url"]
        if isinstance(answer.get("result"), dict):  # of a tool for agents
            assert not answer["result"].get("isError"), answer

    def _python(self, code: str, where: str) -> None:
        server = httpx.URL(self.variables["KIRIN_SERVER"])
        code = code.replace("port=8000", f"port={server.port}")
        compiled = compile(code, where, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        with contextlib.chdir(self.folder):
            if compiled.co_flags & inspect.CO_COROUTINE:
                asyncio.run(eval(compiled, self.names))  # noqa: S307  our own page
            else:
                exec(compiled, self.names)  # noqa: S102  our own page

    def _json(self, code: str, where: str) -> None:
        """What an answer looks like, a body to send, or a piece of either."""
        told = json.loads(code if code.lstrip().startswith("{") else f"{{{code}}}")
        if "model" in told and "input" in told:
            if "file:///" not in code:  # the server of the tests allows no folder
                self._ask("POST", "generation", json=told)
        elif self._before == "sh" and self.answer is not None:
            assert_alike(told, self.answer, where)

    def _toml(self, code: str, _where: str) -> None:
        """Tests of prices, engines and plug-ins read what these say."""
        assert tomllib.loads(code)

    def _js(self, code: str, where: str) -> None:
        """Streams in a browser have tests of their own; here it has to be readable."""
        assert code.count("(") == code.count(")"), where

    def _text(self, _code: str, _where: str) -> None:
        """What a program prints."""


def assert_alike(told: Any, answer: Any, where: str) -> None:
    """Assert that an answer has everything that a page shows of it, of the same types."""
    if isinstance(told, dict):
        assert isinstance(answer, dict), where
        missing = told.keys() - answer.keys()
        assert not missing, f"{where}: the answer has no {missing}"
        for name, value in told.items():
            assert_alike(value, answer[name], where)
    elif isinstance(told, list):
        assert isinstance(answer, list), where
        for shown, real in zip(told, answer, strict=False):
            assert_alike(shown, real, where)
    elif told is not None and answer is not None:
        number = isinstance(told, int | float) and isinstance(answer, int | float)
        assert number or isinstance(answer, type(told)), f"{where}: {told!r} is {answer!r}"


def parse(words: list[str]) -> None:
    """Have the command line take a command, without running it."""
    command: Any = typer.main.get_command(app)
    left = list(words)
    while left and left[0] in (below := getattr(command, "commands", {})):
        found = below[left.pop(0)]
        command = found.load() if isinstance(found, LazyCommand) else found
    command.make_context(words[0], left)


def check_install(words: list[str]) -> None:
    """Assert that extras of ours that are installed exist."""
    extras = metadata.metadata("kirin").get_all("Provides-Extra") or []
    for word in words:
        found = re.fullmatch(r"kirin\[(.+)\]", word)
        assert not found or found[1] in extras, f"there is no extra {word}"


def newest_key(variables: dict[str, str]) -> str:
    """The id of the key that was made last."""
    listed = CliRunner().invoke(app, ["keys", "list"], env={**variables, "COLUMNS": "250"})
    found = re.findall(r"key_\w+", listed.output)
    assert found, listed.output
    return str(found[-1])
