"""What the tools answer: JSON that agents read, links to results, and errors to act on."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mcp.types import CallToolResult, ContentBlock, ImageContent, ResourceLink, TextContent
from pydantic_core import to_json

from kirin.client import KirinApiError
from kirin.errors import InvalidParameters
from kirin.mcp.posters import MEDIA_TYPE

KINDS = {"video": ("video/mp4", "mp4"), "image": ("image/png", "png")}
"""Media type and suffix of what tasks make, by the type of the content."""

ADVICE = {
    401: "the API key of this connection is not valid: its owner has to set another",
    403: "the API key or the account may not do this: tell its owner",
    404: "list_tasks and list_models tell what there is",
    429: "wait before you try again",
}
"""What to do about a refusal, by HTTP status; problems of parameters say so themselves."""


def answer(data: Mapping[str, Any], more: Sequence[ContentBlock] = ()) -> CallToolResult:
    """The answer of a tool: an object, as text and as structured content."""
    text = TextContent(text=to_json(data).decode())
    return CallToolResult(content=[text, *more], structured_content=dict(data))


def task_answer(
    task: Mapping[str, Any], poster: bytes | None = None, note: str | None = None
) -> CallToolResult:
    """A task with links to its results and its poster.

    Args:
        poster: a JPEG.
        note: what to do next.
    """
    more: list[ContentBlock] = list(links(task))
    if poster is not None:
        more.append(ImageContent(data=b64encode(poster).decode(), mime_type=MEDIA_TYPE))
    return answer({**task, "next": note} if note else task, more)


def contents(task: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a task has made."""
    for output in task.get("output", ()):
        yield from output["content"]


def links(task: Mapping[str, Any]) -> Iterator[ResourceLink]:
    """Signed links to what a task has made; they need no key and work for a while."""
    for number, content in enumerate(contents(task)):
        if "url" in content:
            media_type, suffix = KINDS.get(content["type"], ("application/octet-stream", "bin"))
            marked = ", with a watermark" if content.get("watermark") else ""
            yield ResourceLink(
                uri=content["url"],
                name=f"{task['id']}-{number}.{suffix}",
                description=f"{content['type']} made by {task['model']}{marked}",
                mime_type=media_type,
            )


def refused(error: KirinApiError) -> CallToolResult:
    """A refusal of the API, as an error of the tool: every problem with its parameter."""
    lines = [f"{each['param']}: {each['message']}" for each in error.problems]
    if lines:
        head = f"{error.code}: nothing was made; correct these parameters and call again"
    else:
        head, lines = str(error), [ADVICE[error.status]] if error.status in ADVICE else []
    details = {"status": error.status, "code": error.code, "errors": error.problems}
    return failure("\n".join([head, *lines]), details)


def misused(error: InvalidParameters) -> CallToolResult:
    """Arguments that a tool does not take, as its error."""
    lines = [f"{each.param}: {each.message}" for each in error.problems]
    return failure("\n".join([f"{error.code}: correct these arguments", *lines]))


def failure(text: str, details: Mapping[str, Any] | None = None) -> CallToolResult:
    """An error of a tool that the agent can act on."""
    return CallToolResult(
        content=[TextContent(text=text)],
        structured_content=dict(details) if details else None,
        is_error=True,
    )
