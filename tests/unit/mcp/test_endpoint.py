"""What the address costs a process whose agents never come."""

from __future__ import annotations

import subprocess
import sys

from typer.testing import CliRunner

from kirin.cli import app
from kirin.cli.exits import ExitStatus
from kirin.mcp.argument_schema import schema_of
from kirin.mcp.arguments import ListTasksArguments, LocalUploadArguments


def test_the_package_of_the_protocol_is_not_loaded_before_the_first_message() -> None:
    program = "import kirin.mcp.endpoint, sys; print('mcp' in sys.modules)"
    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=240, check=True
    )
    assert done.stdout.strip() == "False"


def test_a_process_that_an_agent_starts_loads_nothing_of_the_server() -> None:
    server = ("fastapi", "sqlalchemy", "av", "numpy")
    program = f"import kirin.mcp.stdio, sys; print(*(n for n in {server} if n in sys.modules))"
    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=240, check=True
    )
    assert done.stdout.split() == []


def test_a_server_without_a_key_is_refused_before_anything_is_served() -> None:
    done = CliRunner().invoke(app, ["mcp", "--server", "http://127.0.0.1:9"])
    assert (done.exit_code, "KIRIN_API_KEY" in done.output) == (ExitStatus.KEY, True)


def test_schemas_say_what_there_is_and_no_more() -> None:
    shown = schema_of(ListTasksArguments)["properties"]
    assert shown["limit"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "default": 10,
        "description": "how many",
    }
    assert shown["status"] == {
        "type": "string",
        "enum": ["in_progress", "completed", "failed"],
    }
    assert schema_of(LocalUploadArguments)["required"] == []
