"""Writes the types of the wire from the OpenAPI document: ``make types`` runs it.

python scripts/write_wire_types.py            writes clients/python/src/kirin_client/models.py, and
                                              types and routes of clients/typescript/src
python scripts/write_wire_types.py --check    tells which of them are out of date instead
python scripts/write_wire_types.py --document prints the OpenAPI document
"""

from __future__ import annotations

import json
import keyword
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import node
import typescript_client
from build_console import WEB

from kirin.catalogue.registry import built_in
from kirin.http.openapi import openapi
from kirin.http.protocols.kirin_models import GENERATION_REQUEST

ROOT = Path(__file__).resolve().parent.parent
TYPESCRIPT = ROOT / "clients" / "typescript" / "src"
PYTHON = ROOT / "clients" / "python" / "src" / "kirin_client" / "models.py"

Schema = Mapping[str, Any]

HEADER = '''"""Requests and answers of the API, written by scripts/write_wire_types.py.

Do not change this file: change the models of the routes, and run ``make types``.
"""

from __future__ import annotations

import builtins
from typing import Any, Literal

from pydantic import SkipValidation

from kirin_client.wire_model import WireModel

'''

SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def typescript(document: Schema) -> str:
    """Declarations for TypeScript, by openapi-typescript."""
    node.install(WEB)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        source.write_text(json.dumps(document))
        options = ["--default-non-nullable=false"]
        node.npm(
            WEB,
            ["run", "--silent", "types", "--", str(source), "--output", str(target), *options],
            quiet=True,
        )
        return target.read_text("utf-8")


def python(document: Schema) -> str:
    """Declarations for Python, formatted."""
    text = HEADER + "\n\n".join(declarations(document["components"]["schemas"]))
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(PYTHON), "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def declarations(schemas: Schema) -> Iterator[str]:
    """A declaration for each schema but those of single models, which the cards describe."""
    models = {each["$ref"].rpartition("/")[2] for each in schemas[GENERATION_REQUEST]["oneOf"]}
    for name in sorted(schemas.keys() - models):
        schema = schemas[name]
        if "properties" in schema:
            yield record(name, schema)
        else:
            # Of a request, only the model says more.
            kind = "dict[str, Any]" if name == GENERATION_REQUEST else type_of(schema)
            yield f"{name} = {kind}"


def record(name: str, schema: Schema) -> str:
    """The declaration of an object."""
    lines = [f"class {name}(WireModel):"]
    if description := schema.get("description"):
        lines.append(f'    """{description}"""\n')
    required = schema.get("required", ())
    for member, its in schema["properties"].items():
        if not member.isidentifier() or keyword.iskeyword(member):
            raise ValueError(f"{name}.{member} is no name in Python")
        kind = type_of(its)
        if "list" in schema["properties"]:  # in this class, the name is a member's
            kind = kind.replace("list[", "builtins.list[")
        lines.append(f"    {member}: {kind if member in required else f'{optional(kind)} = None'}")
        if said := its.get("description"):
            lines.append(f'    """{said[0].upper()}{said[1:].rstrip(".")}."""')
    return "\n".join(lines) + "\n"


def optional(kind: str) -> str:
    """A type, or ``None``."""
    return kind if kind.endswith(" | None") or kind == "Any" else f"{kind} | None"


def type_of(schema: Schema) -> str:
    """The type of a value.

    Raises:
        ValueError: the schema has a form that is not known here.
    """
    match schema:
        case {"$ref": str(reference)}:
            found = reference.rpartition("/")[2]
        case {"const": value}:
            found = f"SkipValidation[Literal[{value!r}]]"
        case {"enum": values}:
            # Words that a newer server has added must not make an answer unreadable.
            found = f"SkipValidation[Literal[{', '.join(map(repr, values))}]]"
        case {"anyOf": kinds}:
            found = " | ".join(dict.fromkeys(map(type_of, kinds)))
        case {"type": "array", "items": items}:
            found = f"list[{type_of(items)}]"
        case {"type": "object", "additionalProperties": dict(values)}:
            found = f"dict[str, {type_of(values)}]"
        case {"type": "object"}:
            found = "dict[str, Any]"
        case {"type": str(kind)} if kind in SIMPLE:
            found = SIMPLE[kind]
        case _ if "type" not in schema:
            found = "Any"
        case _:
            raise ValueError(f"no Python type is known for {schema}")
    return found


def main() -> None:
    """Write the files, or compare them.

    Raises:
        SystemExit: with ``--check``, a file is out of date.
    """
    document = openapi(built_in())
    if "--document" in sys.argv[1:]:
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
        return
    stale = []
    written = {PYTHON: python(document), TYPESCRIPT / "schema.ts": typescript(document)}
    for name, text in typescript_client.files(document):
        written[TYPESCRIPT / name] = text
    for path, text in written.items():
        if "--check" not in sys.argv[1:]:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            stale.append(str(path.relative_to(ROOT)))
    if stale:
        raise SystemExit(f"out of date: {', '.join(stale)}; run 'make types'")


if __name__ == "__main__":
    main()
