"""The routes and types of ``clients/typescript``: made of the Python client's and the document.

What a method is called, how its request is made and read, and what is said of it stands in
``kirin_client/routes``; the types are those of the OpenAPI document.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from typescript_words import NOTE, Told, camel, comment, prose

from kirin.http.protocols.kirin_models import GENERATION_REQUEST
from kirin_client import requests
from kirin_client.operations import Listing, Operation
from kirin_client.requests import Request
from kirin_client.routes import AdminRoutes, Routes

Schema = Mapping[str, Any]

SIMPLE = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}

SAMPLES: Mapping[str, Any] = {
    "params": {"sample": 1},
    "metadata": {},
    "parameters": {},
    "limits": {},
    "vary": {},
    "requests": [],
    "task_ids": [],
    "wait": 5,
    "file": b"x",
}
"""What methods are called with, to see what becomes of it."""

KEY = "idempotency_key"

RESERVED = {"delete"}
"""Names that no function can have; they are given when it is exported."""


def files(document: Schema) -> Iterator[tuple[str, str]]:
    """Every file, by its name in ``clients/typescript/src``."""
    yield "models.ts", models(document)
    rooms = {kind.__name__: kind for kind in Routes.__bases__}
    names = []
    for name, kind in rooms.items():
        file = camel(re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Routes")).lower())
        file = {"task": "tasks", "batch": "batches", "quote": "quotes", "file": "files"}.get(
            file, file
        )
        names.append(file)
        yield f"routes/{file}.ts", room(kind, document)
    yield "routes/admin.ts", room(AdminRoutes, document)
    yield (
        "routes/index.ts",
        "".join(
            [
                comment(f"Every route but the administration's.\n\n{NOTE}") + "\n\n",
                *(f'export * from "./{each}.js";\n' for each in sorted(names)),
            ]
        ),
    )
    yield "routes/listings.ts", listings(sorted(zip(names, rooms.values(), strict=True)))


def models(document: Schema) -> str:
    """A name for each schema but those of single models."""
    schemas = document["components"]["schemas"]
    single = {each["$ref"].rpartition("/")[2] for each in schemas[GENERATION_REQUEST]["oneOf"]}
    lines = [
        comment(f"Requests and answers of the API.\n\n{NOTE}"),
        'import type { components } from "./schema.js";',
        'import type { Open } from "./wire.js";\n',
        "/** Every schema of the OpenAPI document as it stands there, by its name. */",
        'export type Schemas = components["schemas"];\n',
    ]
    for name in sorted(schemas.keys() - single - {GENERATION_REQUEST}):
        if said := schemas[name].get("description"):
            lines.append(comment(said))
        lines.append(f'export type {name} = Open<Schemas["{name}"]>;')
    return "\n".join(lines) + "\n"


def room(kind: type, document: Schema) -> str:
    """The functions of one module of ``kirin_client/routes``."""
    found = [(name, each) for name, each in vars(kind).items() if isinstance(each, Operation)]
    bodies = [function(name, each, document) for name, each in found]
    text = "\n".join(bodies)
    head = [comment(f"{prose(inspect.getdoc(kind) or '')}\n\n{NOTE}")]
    helpers = [
        each
        for each in ("content", "contentIfAny", "data", "json", "text")
        if re.search(rf", {each}[,<]", text)
    ]
    if "file: Sendable" in text:
        head.append('import type { Sendable } from "../bodies.js";')
    if "Schemas[" in text:
        head.append('import type { Schemas } from "../models.js";')
    used = sorted(set(re.findall(r"\b(?:json|data)<(\w+)>", text)) - {"GenerationRequest"})
    if used:
        head.append(f'import type {{ {", ".join(used)} }} from "../models.js";')
    head.append(
        f"import {{ type CallOptions, describe, {', '.join(helpers)}, type Request }} "
        'from "../requests.js";'
    )
    wired = [each for each in ("GenerationRequest", "Params") if re.search(rf"\b{each}\b", text)]
    if wired:
        head.append(f'import type {{ {", ".join(wired)} }} from "../wire.js";')
    renamed = [camel(name) for name, _ in found if name in RESERVED]
    tail = f"\nexport {{ {', '.join(f'{each}_ as {each}' for each in renamed)} }};\n"
    return "\n".join(head) + "\n\n" + text + (tail if renamed else "")


def listings(rooms: Sequence[tuple[str, type]]) -> str:
    """What goes through all pages."""
    lines = [
        comment(f"Listings, whose pages are asked for one by one.\n\n{NOTE}"),
        'import * as admin from "./admin.js";',
        'import * as routes from "./index.js";\n',
    ]
    for title, prefix, kinds in (
        ("LISTINGS", "routes", [kind for _, kind in rooms]),
        ("ADMIN_LISTINGS", "admin", [AdminRoutes]),
    ):
        lines.append(f"export const {title} = {{")
        for kind in kinds:
            for name, each in vars(kind).items():
                if isinstance(each, Listing):
                    page = camel(each._page.__name__)
                    lines.append(comment(prose(each.__doc__ or ""), "  "))
                    lines.append(
                        f'  {camel(name)}: {{ page: {prefix}.{page}, items: "{items_of(each)}" }},'
                    )
        lines.append("} as const;\n")
    return "\n".join(lines)


def items_of(listing: Listing[..., Any, Any]) -> str:
    """Which member of a page has its items."""

    class Probe:
        def __getattr__(self, name: str) -> str:
            return name

    name = listing._items(Probe())  # type: ignore[arg-type]
    assert isinstance(name, str)  # noqa: S101  it is what the probe said
    return name


def function(name: str, operation: Operation[..., Any], document: Schema) -> str:
    """The function that describes one route."""
    signature = list(inspect.signature(operation.describe).parameters.values())[1:]
    asked: Request[Any] = operation.describe(
        None, **{each.name: SAMPLES.get(each.name, f"<{each.name}>") for each in signature}
    )
    described = document["paths"][asked.route][asked.method.lower()]
    types = dict(types_of(asked, described, document))
    told = Told(inspect.getdoc(operation.describe) or "")
    needed = [each for each in signature if each.default is inspect.Parameter.empty]
    others = [each for each in signature if each.default is not inspect.Parameter.empty]
    lines = [told.comment([each.name for each in needed])]
    written = f"{camel(name)}_" if name in RESERVED else camel(name)
    opening = f"{'' if name in RESERVED else 'export '}function {written}("
    lines.append(opening)
    lines += [f"  {camel(each.name)}: {types[each.name].type}," for each in needed]
    if others:
        lines.append("  options: {")
        for each in others:
            if said := told.arguments.get(each.name) or types[each.name].said:
                lines.append(comment(said[0].upper() + said[1:], "    "))
            lines.append(f"    {camel(each.name)}?: {types[each.name].type} | undefined;")
        lines.append("  } & CallOptions = {},")
    else:
        lines.append("  options: CallOptions = {},")
    reader = reading(asked, described)
    lines.append(f"): Request<{reader[1]}> {{")
    path = re.findall(r"{(\w+)}", asked.route)
    lines.append(
        f'  return describe("{asked.method}", "{asked.route}", '
        f"[{', '.join(map(camel, path))}], {reader[0]}, options{more(asked, signature)});"
    )
    lines.append("}\n")
    return "\n".join(lines)


def more(asked: Request[Any], signature: Sequence[inspect.Parameter]) -> str:
    """The further members of a request."""
    names = {each.name for each in signature}
    needed = {each.name for each in signature if each.default is inspect.Parameter.empty}

    def value(name: str) -> str:
        return camel(name) if name in needed else f"options.{camel(name)}"

    def member(name: str, given: Any) -> str:
        if name in names:
            return f"{name}: {value(name)}" if name not in needed or name != camel(name) else name
        return f"{name}: {json.dumps(given)}"

    found = []
    if asked.query:
        found.append(braced("query", [member(name, its) for name, its in asked.query.items()]))
    if asked.body == SAMPLES["params"]:
        found.append("body: params")
    elif asked.body is not None:
        members = [
            "input: [{ params }]" if name == "input" else member(name, its)
            for name, its in asked.body.items()
        ]
        found.append(braced("body", members))
    if asked.content is not None:
        found.append("file")
        if "multipart" in asked.headers["Content-Type"]:
            found.append("form: true")
    if asked.keyed:
        found.append(f'key: options.{camel(KEY)} ?? ""')
    if asked.repeatable != (asked.method == "GET"):
        # It may depend on what was given.
        on = [name for name in ("reference",) if name in names]
        found.append(f"repeatable: {f'options.{on[0]} !== undefined' if on else 'true'}")
    if asked.patience:
        waits = "wait" in names and asked.patience == SAMPLES["wait"]
        found.append(
            "patience: (options.wait ?? 0) * 1000"
            if waits
            else f"patience: {int(asked.patience * 1000)}"
        )
    return ", {\n    " + ",\n    ".join(found) + ",\n  }" if found else ""


def braced(name: str, members: Sequence[str]) -> str:
    """An object, one member a line if there are many."""
    line = f"{name}: {{ {', '.join(members)} }}"
    if len(line) < 80:
        return line
    return f"{name}: {{\n" + "".join(f"      {each},\n" for each in members) + "    }"


@dataclass(frozen=True)
class Argument:
    """What the document tells of an argument."""

    type: str
    said: str = ""


def types_of(
    asked: Request[Any], described: Schema, document: Schema
) -> Iterator[tuple[str, Argument]]:
    """The type of each argument, by its name on the wire."""
    for each in described.get("parameters", ()):
        yield each["name"], Argument(type_of(each["schema"]), each.get("description", ""))
    again = "Makes a repetition count once; made if not given."
    yield KEY, Argument("string", again)
    yield "file", Argument("Sendable")
    yield "params", Argument("Params")
    content = described.get("requestBody", {}).get("content", {}).get("application/json")
    schema = content["schema"] if content else {}
    schemas = document["components"]["schemas"]
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if "oneOf" in schema:  # one for each model, which have these in common
        schema = schemas[schema["oneOf"][0]["$ref"].rpartition("/")[2]]
        yield "model", Argument("string")
    if asked.body is None:
        return
    for name, its in schema.get("properties", {}).items():
        if name not in ("model", "input"):
            yield name, Argument(type_of(its), its.get("description", ""))


def reading(asked: Request[Any], described: Schema) -> tuple[str, str]:
    """What reads the answer, and what it gives."""
    read = asked.read
    if isinstance(read, partial):
        reader = "data" if read.func is requests._enveloped else "json"
        return f"{reader}<{read.args[0].__name__}>", read.args[0].__name__
    if read is requests.json_object:
        schema = described["responses"]["200"]["content"]["application/json"]["schema"]
        name = schema["$ref"].rpartition("/")[2]
        return f"json<{name}>", name
    known = {
        requests.text: ("text", "string"),
        requests.content: ("content", "Uint8Array<ArrayBuffer>"),
        requests.content_if_any: ("contentIfAny", "Uint8Array<ArrayBuffer> | null"),
    }
    return known[read]


def type_of(schema: Schema) -> str:
    """The TypeScript type of a value.

    Raises:
        ValueError: the schema has a form that is not known here.
    """
    match schema:
        case {"$ref": str(reference)}:
            found = f'Schemas["{reference.rpartition("/")[2]}"]'
        case {"const": value}:
            found = json.dumps(value)
        case {"enum": values}:
            found = " | ".join(map(json.dumps, values))
        case {"anyOf": kinds}:
            found = " | ".join(dict.fromkeys(map(type_of, kinds)))
        case {"type": "array", "items": items}:
            inner = type_of(items)
            found = f"({inner})[]" if " " in inner else f"{inner}[]"
        case {"type": "object", "additionalProperties": dict(values)}:
            found = f"Record<string, {type_of(values)}>"
        case {"type": "object"}:
            found = "Record<string, unknown>"
        case {"type": str(kind)} if kind in SIMPLE:
            found = SIMPLE[kind]
        case _ if "type" not in schema:
            found = "unknown"
        case _:
            raise ValueError(f"no TypeScript type is known for {schema}")
    return found
