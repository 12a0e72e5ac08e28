"""What docstrings of the Python client tell, in the words of the one in TypeScript."""

from __future__ import annotations

import re
from collections.abc import Sequence

NOTE = """\
Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
and of the Python client, and run `make types`."""

PARTS = re.compile(r"^(Args|Raises):$", re.MULTILINE)

OTHERWISE = {"file": "a File or another Blob, bytes, a stream, or a `file` of `./node`."}
"""Arguments that are of other kinds here."""


class Told:
    """What a docstring tells, taken apart.

    Attributes:
        arguments: what is said of each.
    """

    def __init__(self, text: str) -> None:
        """Take apart the text of a docstring."""
        parts = PARTS.split(text)
        sections = dict(zip(parts[1::2], parts[2::2], strict=True))
        self.text = prose(parts[0].strip())
        told = entries(sections.get("Args", ""))
        self.arguments = {name: OTHERWISE.get(name, said) for name, said in told.items()}
        self.raises = entries(sections.get("Raises", ""))

    def comment(self, needed: Sequence[str]) -> str:
        """As a comment of TypeScript, with these arguments."""
        tags = [
            f"@param {camel(name)} {self.arguments[name]}"
            for name in needed
            if name in self.arguments
        ]
        tags += [f"@throws {{{name}}} {said}" for name, said in self.raises.items()]
        return comment(self.text + ("\n\n" + "\n".join(tags) if tags else ""))


def entries(text: str) -> dict[str, str]:
    """What a section says of each name."""
    found: dict[str, str] = {}
    for item in re.split(r"\n(?=    \w+: )", text.rstrip()):
        name, colon, said = item.strip().partition(":")
        if colon:
            found[name] = prose(" ".join(said.split()))
    return found


def prose(text: str) -> str:
    """Words with names as TypeScript has them."""
    text = text.replace("``None``", "`null`").replace("``False``", "`false`")
    text = re.sub(r"``([a-z_]+)``", lambda found: f"`{camel(found[1])}`", text)
    text = re.sub(
        r"``(\w+)\((.*?)\)``",
        lambda found: f"`{camel(found[1])}({{ {found[2].replace('=', ': ')} }})`",
        text,
    )
    return text.replace("``", "`")


def comment(text: str, indent: str = "") -> str:
    """A comment of TypeScript."""
    lines = text.replace("*/", "* /").strip().split("\n")
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */"
    return "\n".join(
        [f"{indent}/**", *(f"{indent} * {each}".rstrip() for each in lines), f"{indent} */"]
    )


def camel(name: str) -> str:
    """A name of Python as TypeScript has it."""
    first, *rest = name.split("_")
    return first + "".join(each.title() for each in rest)
