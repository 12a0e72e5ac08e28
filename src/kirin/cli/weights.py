"""``kirin weights``: optional networks that give the default engine better eyes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kirin.cli.environment import Data, load_settings
from kirin.cli.output import out, plain_errors, print_table
from kirin.vision.networks.optional import OPTIONAL_NETWORKS
from kirin.vision.networks.store import FetchedWeights, NetworkStore, find_network

Id = Annotated[str, typer.Argument(help="As 'kirin weights list' shows it.")]

weights = typer.Typer(
    help="Optional networks for better depth, outlines and fills: list, add, remove.",
    no_args_is_help=True,
)


@weights.command("list")
def list_(data: Data = None) -> None:
    """List the optional networks, with their licences, and which are installed."""
    with plain_errors():
        store = _store(data)
        table = Table("network", "what", "licence", "source", "state", box=None)
        for network in OPTIONAL_NETWORKS.values():
            record = store.installed(network)
            state = "not installed"
            if record:
                size = f"{record.size / 1e6:.0f} MB"
                state = f"installed {record.added[:10]}, {size}, sha256 {record.sha256}"
            what = f"{network.name}: {network.improves}"
            licence = record.licence if record else network.licence
            table.add_row(
                network.id, what, licence, record.source if record else network.url, state
            )
        print_table(table)


@weights.command("add")
def add(
    id: Id,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="Install this file, instead of downloading it from the Hugging Face Hub.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    revision: Annotated[
        str | None, typer.Option(help="Commit or branch of the source; by default its newest.")
    ] = None,
    accept_change: Annotated[
        bool,
        typer.Option(
            "--accept-change", help="Take other bytes than those that were fetched first."
        ),
    ] = False,
    data: Data = None,
) -> None:
    """Fetch the weights of a network, and record their source, licence, size and sha256."""
    from kirin.vision.networks.hub import fetch

    with plain_errors():
        network, store = find_network(id), _store(data)
        if from_:
            fetched = FetchedWeights(from_, "file", "", network.licence)
            record = store.add(network, fetched, accept_change=accept_change)
        else:
            out.print(f"{network.name}, {network.licence}, from {network.url}", soft_wrap=True)
            store.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=store.folder) as folder:
                fetched = fetch(network, Path(folder), revision)
                record = store.add(network, fetched, accept_change=accept_change)
        out.print(
            f"installed: {record.size / 1e6:.0f} MB, sha256 {escape(record.sha256)}; "
            "workers use it from their next start",
            soft_wrap=True,
        )


@weights.command("remove")
def remove(id: Id, data: Data = None) -> None:
    """Delete the weights of a network."""
    with plain_errors():
        network = find_network(id)
        removed = _store(data).remove(network)
        out.print(f"{network.id} {'removed' if removed else 'is not installed'}")


def _store(data: Path | None) -> NetworkStore:
    return NetworkStore(load_settings(data_dir=data).network_dir)
