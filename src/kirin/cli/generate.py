"""``kirin generate``: from parameters to a video file."""

from __future__ import annotations

import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kirin.cli.completions import complete_model, complete_parameter
from kirin.cli.connection import Key, ServerOrPrivate, server_or_private
from kirin.cli.exits import Misused
from kirin.cli.output import Json, err, out, plain_errors, print_json
from kirin.cli.progress import watch_task
from kirin.cli.values import parse, sent
from kirin.client import Kirin
from kirin_client import KirinError as ClientError
from kirin_client import Task


class YesNo(StrEnum):
    """An answer to an option."""

    YES = "yes"
    NO = "no"


class Interrupt(StrEnum):
    """What Ctrl-C does to the task."""

    LEAVE = "leave"
    CANCEL = "cancel"


def generate(
    model: Annotated[
        str,
        typer.Argument(help="Model id; 'kirin models' lists them.", autocompletion=complete_model),
    ],
    params: Annotated[
        list[str],
        typer.Option(
            "-p",
            "--param",
            help="A parameter as NAME=VALUE, repeatable. @FILE as the value of a picture or "
            "video sends that file, of a text its content; - reads a text from standard input; "
            'objects and lists are JSON, in which "@FILE" sends a picture or video too.',
            show_default=False,
            autocompletion=complete_parameter,
        ),
    ] = [],  # noqa: B006  typer copies it
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")] = Path(
        "out.mp4"
    ),
    wait: Annotated[
        YesNo,
        typer.Option(help="Whether to wait for the video and save it; 'no' prints the task's id."),
    ] = YesNo.YES,
    seed: Annotated[
        int | None,
        typer.Option(
            help="From 0 to 2147483647. The same request with the same seed gives the same video, "
            "and the one that is there already where the server keeps it; by chance if not given.",
            show_default=False,
        ),
    ] = None,
    cache: Annotated[
        YesNo, typer.Option(help="Whether a video that is there already will do.")
    ] = YesNo.YES,
    on_interrupt: Annotated[
        Interrupt,
        typer.Option(help="What Ctrl-C does to the task on a named server: let it go on, or end."),
    ] = Interrupt.LEAVE,
    server: ServerOrPrivate = None,
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Make a video and save it, with live progress.

    The file's name is printed to standard output, everything else to standard error.

    Example: kirin generate kirin_v1_i2v -p image=@photo.jpg -p prompt="slow push in" -o out.mp4
    """
    with plain_errors(as_json):
        if wait is YesNo.NO and not server:
            raise Misused(
                "--wait=no needs --server (or KIRIN_SERVER): a private server ends with the command"
            )
        if wait is YesNo.YES:
            check_writable(output)
        values = dict(parse(model, text) for text in params)
        with server_or_private(server, key) as where, Kirin(*where) as kirin:
            again = None if cache is YesNo.YES else False
            id = kirin.create(model, sent(kirin, values), seed=seed, cache=again).id
            if wait is YesNo.NO:
                _tell_task(kirin.task(id), as_json)
                return
            try:
                done = watch_task(kirin, id, label=model)
                saved = save(kirin, done, output)
            except KeyboardInterrupt:
                interrupted(kirin, id, on_interrupt, private=not server)
                raise
        if as_json:
            print_json({"task": done.to_dict(), "files": [str(path) for path in saved]})
            return
        for path in saved[1:]:
            err.print(f"watermarked copy: {path}", soft_wrap=True, markup=False)
        out.print(str(output), soft_wrap=True, markup=False)


def check_writable(output: Path) -> None:
    """Look whether a file can be written, before a task is made that costs something.

    Raises:
        OSError: it can't.
    """
    if output.is_dir():
        raise IsADirectoryError(f"{output} is a folder: name a file to save the video in")
    if not output.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {output.parent} to save the video in")
    try:
        with tempfile.TemporaryFile(dir=output.parent):
            pass
    except OSError as error:
        why = error.strerror or error
        raise OSError(f"nothing can be written to the folder {output.parent}: {why}") from None


def save(kirin: Kirin, done: Task, output: Path) -> list[Path]:
    """Save the video, and beside it the watermarked copy if there is one."""
    files = [kirin.download(done, output)]
    if any(each.watermark for made in done.output or () for each in made.content):
        second = output.with_stem(f"{output.stem}-watermarked")
        files.append(kirin.download(done, second, watermarked=True))
    return files


def interrupted(kirin: Kirin, id: str, choice: Interrupt, *, private: bool) -> None:
    """End the task of a command that was interrupted, or say how to go on with it."""
    if private:  # it ends with its server
        err.print("interrupted: the private server ends, and the task with it")
        return
    if choice is Interrupt.LEAVE:
        err.print(f"interrupted: the task goes on; 'kirin tasks watch {id}' follows it")
        return
    try:
        kirin.with_options(timeout=5).cancel(id)
        err.print(f"interrupted: the task {id} is cancelled")
    except ClientError as error:
        err.print(f"interrupted: the task {id} could not be cancelled: {error}", markup=False)


def _tell_task(task: Task, as_json: bool) -> None:
    if as_json:
        print_json({"task": task.to_dict()})
    else:
        out.print(task.id, soft_wrap=True, markup=False)
