"""Writes the reference pages in ``docs/`` from the code they describe.

python scripts/write_reference.py           writes them
python scripts/write_reference.py --check   fails if one is not up to date
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer
from pages import DOCS, write
from pydantic_core import PydanticUndefined

from kirin import errors
from kirin.catalogue.card import Card
from kirin.catalogue.codes import CANCELLED, WAITED_TOO_LONG
from kirin.catalogue.markdown import table
from kirin.catalogue.page import model_page
from kirin.catalogue.registry import built_in
from kirin.cli import app
from kirin.cli.exits import MEANINGS
from kirin.cli.lazy import LazyCommand
from kirin.errors import ApiError
from kirin.http.protocols.kirin import GENERATION
from kirin.settings import Settings
from kirin.settings.diffusion import DiffusionSettings
from kirin.settings.requests import RequestSettings

MADE = "<!-- Made by scripts/write_reference.py; do not edit. -->\n"

PROBLEMS = {
    "aspect": "The picture is too long for its width, or too wide for its height.",
    "broken_image": "The picture is damaged or cut off.",
    "broken_sound": "The sound is damaged or cut off.",
    "broken_video": "The video is damaged or cut off.",
    "data_url": "Base64 was sent with a `data:` prefix; send what follows the comma.",
    "duplicate_key": "A JSON object of the body has this key more than once.",
    "empty": "The picture has no bytes.",
    "file_changed": "The file of the server's disk is being written to.",
    "file_gone": "The link is good, but the file that it led to was removed; or there is no such "
    "file on the server's disk.",
    "file_inputs_off": "The server reads no files of its own disk.",
    "file_refused": "It is no file that may be read: not under an allowed folder, a link, "
    "or not a regular file.",
    "invalid_header": "The header has characters or a length that it does not take.",
    "invalid_text": "The text has a NUL or half of a surrogate pair, or a name has a line break or "
    "another character that URLs and logs cannot carry.",
    "link_over": "The link is one of this server's own whose time is over.",
    "malformed_url": "The URL is not well-formed.",
    "not_a_sound": "The bytes are no mp3, wav or m4a, whatever their name says.",
    "not_a_url": "A URL of http or https is expected here.",
    "not_a_video": "The bytes are neither mp4 nor mov, whatever their name says.",
    "not_an_image": "The bytes are neither JPEG nor PNG, whatever their name says.",
    "not_an_option": "The value is not one of those that are allowed.",
    "not_base64": "The text is neither a URL nor well-formed base64.",
    "not_fetched": "What the URL leads to could not be had; the message says why.",
    "not_finite": "The number is infinite or no number.",
    "not_in_this_combination": "The parameter does not go with another one that was given.",
    "not_media": "The bytes are no JPEG, PNG, mp4, mov, mp3, wav or m4a.",
    "not_public": "The URL leads to an address that this server does not connect to.",
    "no_video": "The task is of a model that makes no video.",
    "not_valid": "The cursor is none that this server gave out.",
    "out_of_range": "The number is too small or too large.",
    "repeated": "Two entries of the list have the same value where each needs its own.",
    "required": "The parameter is missing.",
    "result_expired": "The task's video has expired.",
    "scheme": "The URL is of another scheme than http or https.",
    "task_failed": "The task failed, so that it has no video.",
    "task_unfinished": "The task has not ended yet.",
    "too_complex": "The picture is stored in more pieces than any real one.",
    "too_large": "A side of the picture has too many pixels.",
    "too_long": "The text has too many characters, the object too many bytes, or the video too "
    "many seconds.",
    "too_many_bytes": "The file is too large.",
    "too_many_pixels": "The picture has more pixels than can be decoded.",
    "too_short": "The text is empty.",
    "too_small": "A side of the picture has too few pixels.",
    "no_faces": "The search named by the session has found no faces.",
    "session_over": "The session is over: they last 24 hours.",
    "session_unfinished": "The session still looks for faces.",
    "unknown_face": "The session has no such face.",
    "unknown_session": "The account has no such session.",
    "unknown_element": "The account has no such element, or it is of a kind that does not apply.",
    "unknown_parameter": "The model, or the list that was asked for, has no such parameter.",
    "unknown_subject": "The prompt calls a subject that the list does not have.",
    "unknown_task": "The account has no task of that id.",
    "unreadable_sound": "The server failed to read the sound, with which nothing may be wrong.",
    "unreadable_video": "The server failed to read the video, which may be sound.",
    "unsupported": "No engine that is set up on this server can do this.",
    "unsupported_codec": "The video's codec, which the message names, cannot be decoded here.",
    "unsupported_jpeg": "The JPEG is of a kind that browsers do not show either.",
    "userinfo": "The URL carries a user name or password.",
    "wrong_aspect": "A mask has another shape than its picture.",
    "wrong_count": "The list has too few or too many entries.",
    "wrong_form": "`input` is not a list of exactly one object with `params`.",
    "wrong_size": "The masks have different sizes.",
    "wrong_model": "The task is of a model whose videos do not apply here.",
    "wrong_sum": "Numbers that must add up to another one do not.",
    "wrong_type": "The value has the wrong JSON type.",
}
"""What each code in ``errors[].code`` means; a test compares it with the code."""


def settings_page() -> str:
    """Every setting."""

    def rows() -> Iterator[tuple[str, ...]]:
        # What requests may ask for comes late, and the diffusion engine last: few have one.
        fields = Settings.model_fields.items()
        bases = DiffusionSettings.model_fields, RequestSettings.model_fields
        for name, field in sorted(fields, key=lambda it: [it[0] in base for base in bases]):
            default = field.default
            shown = "" if default in (None, PydanticUndefined) else f"`{default}`"
            if name == "data_dir":
                shown = "`~/.local/share/kirin`"
            if name == "weights_dir":
                shown = "`~/.cache/huggingface/hub`"
            yield f"`KIRIN_{name.upper()}`", shown, field.description or ""

    return (
        f"{MADE}# Settings\n\nEnvironment variables, overridden by the options of a command. An "
        "empty variable counts as unset. `kirin serve`, `api`, `worker` and `doctor` report "
        "variables that look like settings and are none.\n\n"
        + table(("variable", "default", "meaning"), rows())
        + "\nThe client commands (`kirin generate`, `kirin tasks`) read `KIRIN_SERVER` and "
        "`KIRIN_API_KEY`.\n"
    )


def api_errors(kind: type[ApiError] = ApiError) -> Iterator[type[ApiError]]:
    """An error and all below it."""
    yield kind
    for below in kind.__subclasses__():
        yield from api_errors(below)


def errors_page() -> str:
    """Every error code."""
    kinds = sorted(api_errors(), key=lambda kind: (kind.status, kind.code))
    whole = ((f"`{kind.code}`", str(kind.status), inspect.getdoc(kind) or "") for kind in kinds)
    problems = ((f"`{code}`", meaning) for code, meaning in sorted(PROBLEMS.items()))
    ways = tuple(errors.FailureKind)
    by_model = ((f"`{card.id}`", *(f"`{card.codes[way]}`" for way in ways)) for card in built_in())
    return (
        f"{MADE}# Errors\n\nEvery error is JSON: `code`, `message`, `request_id`, and for bad "
        "parameters `errors`, a list of all that is wrong, each with `param` (a JSON path), "
        "`code`, `message` and `rules` (ids of [the contract](contract.md)).\n\n"
        "## Answers\n\n"
        + table(("code", "status", "meaning"), whole)
        + "\n## What is wrong with a parameter\n\n"
        + table(("code", "meaning"), problems)
        + "\n## Failed tasks\n\n"
        "A task that fails while it runs has a code of its model in `error.code`, and costs "
        f"nothing. A task that was cancelled has `{CANCELLED}`, one whose pictures were refused "
        f"by moderation, which its request asked for, `{errors.ContentRefused.code}`, one that no "
        f"worker has begun within `KIRIN_QUEUE_SECONDS` `{WAITED_TOO_LONG}`.\n\n"
        + table(("model", *ways), by_model)
    )


def models_page() -> str:
    """Every model in a line."""
    rows = (
        (
            f"[`{card.id}`](reference/{card.id}.md)",
            ", ".join(card.input_modalities),
            _least(card),
            card.description,
        )
        for card in built_in()
    )
    return (
        f"{MADE}# Models\n\nEach has a page with its parameters, rules, prices and an example; "
        "`kirin models ID` prints the same. Wherever a model is named, `kling_` means `kirin_`.\n\n"
        + table(("model", "from", "price from", "what it makes"), rows)
    )


def _least(card: Card) -> str:
    """The lowest of a model's rates, and what it pays for."""
    unit = card.price.unit
    pays_for = "" if unit is None else f" for {unit} s" if unit > 1 else " a second"
    return f"{min(card.price.rates.values())} USD{pays_for}"


def cli_page() -> str:
    """Every command, as its own help has it."""
    root = typer.main.get_command(app)
    statuses = ((f"`{int(status)}`", meaning) for status, meaning in MEANINGS.items())
    parts = [
        f"{MADE}# The command line\n\nResults go to standard output, progress and errors to "
        "standard error. With `--json`, results are one JSON value, and an error is one line, "
        '`{"error": {"message", "exit_status", "code", "hint", "problems", "request_id"}}`, of '
        "which only the first two are always there.\n\n## Exit status\n\n"
        + table(("status", "meaning"), statuses)
    ]

    def write(command: Any, path: str) -> None:
        command = command.load() if isinstance(command, LazyCommand) else command
        parts.append(f"\n## `{path}`\n\n{inspect.cleandoc(command.help or '')}\n")
        options = [p for p in command.params if p.name != "help"]
        if options:
            rows = (
                (
                    ", ".join(f"`{o}`" for o in p.opts)
                    if p.param_type_name == "option"
                    else f"`{p.name.upper()}`",
                    getattr(p, "help", "") or "",
                )
                for p in options
            )
            parts.append("\n" + table(("option", "meaning"), rows))
        for name, below in sorted(getattr(command, "commands", {}).items()):
            write(below, f"{path} {name}")

    write(root, "kirin")
    return "".join(parts)


def pages() -> dict[Path, Callable[[], str]]:
    """Every page and what makes it."""
    made: dict[Path, Callable[[], str]] = {
        DOCS / "settings.md": settings_page,
        DOCS / "errors.md": errors_page,
        DOCS / "cli.md": cli_page,
        DOCS / "models.md": models_page,
    }
    endpoint = f"$KIRIN_SERVER{GENERATION}"
    for card in built_in():
        made[DOCS / "reference" / f"{card.id}.md"] = lambda card=card: (
            MADE + model_page(card, endpoint)
        )
    return made


if __name__ == "__main__":
    write(pages())
