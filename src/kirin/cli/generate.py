"""``kirin generate``: from parameters to a video file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from kirin.catalogue.references import Picture
from kirin.catalogue.registry import built_in
from kirin.cli.connection import Key, connect
from kirin.cli.output import err, out, plain_errors
from kirin.cli.progress import watch_task
from kirin.client import Kirin, LocalServer
from kirin.client.client import picture
from kirin.errors import KirinError


def generate(
    model: Annotated[str, typer.Argument(help="Model id; 'kirin models' lists them.")],
    params: Annotated[
        list[str],
        typer.Option(
            "-p",
            "--param",
            help="A parameter as NAME=VALUE, repeatable. @FILE as the value of a picture sends "
            "that file, of a text its content; objects and lists are JSON, in which "
            '"@FILE" sends a picture too.',
            show_default=False,
        ),
    ] = [],  # noqa: B006  typer copies it
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")] = Path(
        "out.mp4"
    ),
    server: Annotated[
        str | None,
        typer.Option(
            "--server",
            envvar="KIRIN_SERVER",
            help="Base URL of a running server; without one, a private server runs meanwhile.",
            show_default=False,
        ),
    ] = None,
    key: Key = "",
) -> None:
    """Make a video and save it, with live progress.

    Example: kirin generate kirin_v1_i2v -p image=@photo.jpg -p prompt="slow push in" -o out.mp4
    """
    with plain_errors():
        if not output.parent.is_dir():
            raise KirinError(f"there is no folder {output.parent} to save the video in")
        values = dict(parse(model, text) for text in params)
        with client(server, key) as kirin:
            task = kirin.create(model, values)
            done = watch_task(kirin, task["id"], label=model)
            kirin.download(done, output)
            marked = any(c.get("watermark") for o in done["output"] for c in o["content"])
            if marked:
                second = output.with_stem(f"{output.stem}-watermarked")
                kirin.download(done, second, watermarked=True)
                err.print(f"watermarked copy: {second}", soft_wrap=True, markup=False)
        out.print(str(output), soft_wrap=True, markup=False)


@contextmanager
def client(server: str | None, key: str) -> Iterator[Kirin]:
    """A client of the named server, or of a private one."""
    if server is not None:
        with connect(server, key) as kirin:
            yield kirin
        return
    with LocalServer(settings={"KIRIN_LOG_LEVEL": "WARNING"}) as local, local.client() as kirin:
        yield kirin


def parse(model: str, text: str) -> tuple[str, Any]:
    """Name and value of one ``-p`` option.

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
        if isinstance(kind, Picture):
            return name, picture(path)
        return name, path.read_text("utf-8")
    if kind is None or kind.type == "string":
        return name, value
    try:
        return name, with_pictures(json.loads(value))
    except json.JSONDecodeError:
        return name, value  # the server says what is wrong with it


def with_pictures(value: Any) -> Any:
    """A JSON value in which each text ``@FILE`` has become the picture in that file."""
    if isinstance(value, dict):
        return {name: with_pictures(item) for name, item in value.items()}
    if isinstance(value, list):
        return [with_pictures(item) for item in value]
    if isinstance(value, str) and value.startswith("@"):
        return picture(Path(value[1:]))
    return value
