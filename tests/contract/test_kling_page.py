"""The page of the dialect is of one mind with the code."""

from __future__ import annotations

import re
from pathlib import Path

from kirin import errors
from kirin.http.dialects.kling.answers import KlingElementJson, KlingTaskJson
from kirin.http.dialects.kling.errors import CODES, ERRORS, service_code
from kirin.http.dialects.kling.routes import ROUTES
from kirin.wire import kling

PAGE = (Path(__file__).parents[2] / "docs" / "dialects" / "kling.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The rows of the page's table with a heading, without code marks."""
    table = PAGE.split(f"{heading}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


def test_the_page_lists_the_addresses() -> None:
    listed = [(method, path) for method, path, _ in rows("| method | path | what it does |")]
    assert sorted(listed) == sorted((route.method, route.path) for route in ROUTES)


def test_the_page_lists_the_models() -> None:
    listed = {id: (path, name) for path, name, id in rows("| path | `model_name` | model |")}
    assert listed == {
        id: (each.path, each.model_name or "") for id, each in kling.ENDPOINTS.items()
    }
    for name in kling.DEFAULT_NAMES.values():
        assert f"`{name}`" in PAGE


def test_the_page_lists_the_fields() -> None:
    listed = {name for name, _ in rows("| field of a task | what it is |")}
    assert listed == {*KlingTaskJson.__required_keys__, *KlingTaskJson.__optional_keys__}
    for name in (*KlingElementJson.__required_keys__, *KlingElementJson.__optional_keys__):
        assert f"`{name}`" in PAGE


def test_the_page_lists_the_codes() -> None:
    listed = {
        int(code): {int(each) for each in re.findall(r"\d+", statuses)}
        for code, statuses, _ in rows("| code | status | what it means here |")
    }
    classes = [
        each
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.ApiError)
    ]
    told: dict[int, set[int]] = {}
    for each in classes:
        if each in NATIVE_ALONE:
            continue
        error = each([]) if each is errors.InvalidParameters else each()
        told.setdefault(service_code(error), set()).add(ERRORS.status_of(each))
    told[kling.TOO_MANY_REQUESTS] = {429}  # of a limit that is named
    assert listed == told
    assert set(CODES) <= set(classes)


NATIVE_ALONE = {
    errors.AlreadyThere,
    errors.BatchFinished,
    errors.HeadTooLarge,
    errors.MalformedRequest,
    errors.NotWaiting,
    errors.NoVideo,
    errors.OriginRefused,
    errors.PreconditionFailed,
    errors.RangeRefused,
    errors.ResultExpired,
    errors.SignatureRefused,
    errors.TaskFinished,
    errors.TaskUnfinished,
    errors.UnknownAccount,
    errors.UnknownKey,
    errors.UnknownWebhook,
    errors.UnsupportedTransferCoding,
    errors.VideoNotReady,
}
"""What no address of this dialect answers, or what has no address yet."""
