"""``kirin weights``: optional networks that give the default engine better eyes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from kirin.cli.environment import Data, load_settings
from kirin.cli.output import Json, err, out, plain_errors, print_json, print_table, tell
from kirin.vision.networks.optional import OPTIONAL_NETWORKS, OptionalNetwork
from kirin.vision.networks.store import FetchedWeights, NetworkStore, find_network

Id = Annotated[str, typer.Argument(help="As 'kirin weights list' shows it.")]

weights = typer.Typer(
    help="Optional networks for better depth, outlines and fills: list, add, remove.",
    no_args_is_help=True,
)


@weights.command("list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """List the optional networks, with their licences, and which are installed."""
    with plain_errors(as_json):
        store = _store(data)
        if as_json:
            print_json({"networks": [_listed(each, store) for each in OPTIONAL_NETWORKS.values()]})
            return
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
    as_json: Json = False,
) -> None:
    """Fetch the weights of a network, and record their source, licence, size and sha256."""
    from kirin.vision.networks.hub import fetch

    with plain_errors(as_json):
        network, store = find_network(id), _store(data)
        if from_:
            fetched = FetchedWeights(from_, "file", "", network.licence)
            record = store.add(network, fetched, accept_change=accept_change)
        else:
            source = f"{network.name}, {network.licence}, from {network.url}"
            (err if as_json else out).print(source, soft_wrap=True)
            store.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=store.folder) as folder:
                fetched = fetch(network, Path(folder), revision)
                record = store.add(network, fetched, accept_change=accept_change)
        tell(
            as_json,
            lambda: record,
            f"installed: {record.size / 1e6:.0f} MB, sha256 {record.sha256}; "
            "workers use it from their next start",
        )


@weights.command("remove")
def remove(id: Id, data: Data = None, as_json: Json = False) -> None:
    """Delete the weights of a network."""
    with plain_errors(as_json):
        network = find_network(id)
        removed = _store(data).remove(network)
        text = f"{network.id} {'removed' if removed else 'is not installed'}"
        tell(as_json, lambda: {"id": network.id, "removed": removed}, text)


def _listed(network: OptionalNetwork, store: NetworkStore) -> dict[str, Any]:
    told = {"id": network.id, "name": network.name, "improves": network.improves}
    return {**told, "licence": network.licence, "installed": store.installed(network)}


def _store(data: Path | None) -> NetworkStore:
    return NetworkStore(load_settings(data_dir=data).network_dir)
