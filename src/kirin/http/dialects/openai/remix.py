"""Remixes: the request of a task once more, with other words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.structures import unknown_names
from kirin.domain.request import TaskRequest
from kirin.domain.task import Task
from kirin.errors import InvalidParameters, Problem
from kirin.http.bodies import parse_object
from kirin.http.dialects.openai.create_request import NAME
from kirin.http.dialects.openai.video_json import REMIXED_FROM
from kirin.http.protocols.kirin import Presenter
from kirin.http.protocols.kirin_request import read_request


@dataclass(frozen=True)
class RemixReader:
    """Reads the words of a remix.

    Attributes:
        task: that it repeats.
        base_url: of links to its pictures.
    """

    task: Task
    card: Card
    catalogue: Catalogue
    presenter: Presenter
    base_url: str

    def __call__(self, body: bytes) -> tuple[TaskRequest, tuple[bytes, ...]]:
        """What a body asks for, and what only a repetition of it shares with it.

        Raises:
            MalformedBody: it is no JSON object.
            InvalidParameters: with what is wrong.
        """
        told = parse_object(body)
        extra = [name for name in told if name != "prompt"]
        problems = list(unknown_names(extra, "", lambda _: "a remix takes a prompt alone", ()))
        if told.get("prompt") in (None, ""):
            problems.append(Problem("prompt", "required", "missing; it takes the new words"))
        again: dict[str, Any] = {**self.presenter.request(self.task, self.card, self.base_url)}
        params = {**again["input"][0]["params"], "prompt": told.get("prompt")}
        if "prompt" in self.card.check(params).ignored:
            message = "this video was made of several shots, whose words a remix does not reach"
            problems.append(Problem("prompt", "not_in_this_combination", message))
        if problems:
            raise InvalidParameters(problems)
        asked = read_request({**again, "input": [{"params": params}]}, self.catalogue)
        origin = {"dialect": NAME, REMIXED_FROM: self.task.id}
        asked = replace(asked, options=replace(asked.options, origin=origin))
        return asked, (f"remix {self.task.id}\n".encode(), body)
