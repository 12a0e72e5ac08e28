"""``kirin generate``: from parameters to a video file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from kirin.catalogue.references import MediaParameter
from kirin.catalogue.registry import built_in
from kirin.cli.connection import Key, ServerOrPrivate, server_or_private
from kirin.cli.output import err, out, plain_errors
from kirin.cli.progress import watch_task
from kirin.client import Kirin
from kirin.errors import KirinError
from kirin.media.sniff import media_type
from kirin_client import picture


def generate(
    model: Annotated[str, typer.Argument(help="Model id; 'kirin models' lists them.")],
    params: Annotated[
        list[str],
        typer.Option(
            "-p",
            "--param",
            help="A parameter as NAME=VALUE, repeatable. @FILE as the value of a picture or "
            "video sends that file, of a text its content; objects and lists are JSON, in which "
            '"@FILE" sends a picture or video too.',
            show_default=False,
        ),
    ] = [],  # noqa: B006  typer copies it
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")] = Path(
        "out.mp4"
    ),
    server: ServerOrPrivate = None,
    key: Key = "",
) -> None:
    """Make a video and save it, with live progress.

    Example: kirin generate kirin_v1_i2v -p image=@photo.jpg -p prompt="slow push in" -o out.mp4
    """
    with plain_errors():
        if not output.parent.is_dir():
            raise KirinError(f"there is no folder {output.parent} to save the video in")
        values = dict(parse(model, text) for text in params)
        with server_or_private(server, key) as where, Kirin(*where) as kirin:
            task = kirin.create(model, sent(kirin, values))
            done = watch_task(kirin, task["id"], label=model)
            kirin.download(done, output)
            marked = any(c.get("watermark") for o in done["output"] for c in o["content"])
            if marked:
                second = output.with_stem(f"{output.stem}-watermarked")
                kirin.download(done, second, watermarked=True)
                err.print(f"watermarked copy: {second}", soft_wrap=True, markup=False)
        out.print(str(output), soft_wrap=True, markup=False)


def parse(model: str, text: str) -> tuple[str, Any]:
    """Name and value of one ``-p`` option; a video file is its path, to be sent when there is a
    server.

    Raises:
        KirinError: it is not NAME=VALUE, or its file can't be read.
    """
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise KirinError(f"'{text[:60]}' is not NAME=VALUE")
    kinds = {parameter.name: parameter for parameter in built_in().get(model).parameters}
    kind = kinds.get(name)
    if value.startswith("@"):
        path = Path(value[1:])
        if isinstance(kind, MediaParameter):
            return name, medium(path)
        return name, path.read_text("utf-8")
    if kind is None or kind.type == "string":
        return name, value
    try:
        return name, with_files(json.loads(value))
    except json.JSONDecodeError:
        return name, value  # the server says what is wrong with it


def medium(path: Path) -> str | Path:
    """A picture as a request carries it, or the path of a video."""
    return path if media_type(path).startswith("video/") else picture(path)


def with_files(value: Any) -> Any:
    """A JSON value in which each text ``@FILE`` has become what :func:`medium` makes of it."""

    def replaced(item: Any) -> Any:
        if isinstance(item, str) and item.startswith("@"):
            return medium(Path(item[1:]))
        return item

    return mapped(value, replaced)


def sent(kirin: Kirin, values: dict[str, Any]) -> Any:
    """Parameters in which each path of a video has become a link to it on the server."""
    return mapped(
        values, lambda item: kirin.upload(item)["url"] if isinstance(item, Path) else item
    )


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """A JSON value with another one in place of each text, number and the like."""
    if isinstance(value, dict):
        return {name: mapped(item, change) for name, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    return change(value)
