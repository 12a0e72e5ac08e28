"""``kirin models``: what there is to generate with."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from kirin.catalogue.card import Card
from kirin.catalogue.registry import installed
from kirin.catalogue.spec import describe
from kirin.cli.output import Json, out, plain_errors, print_json, print_table


def models(
    id: Annotated[str | None, typer.Argument(help="Show all that this model takes.")] = None,
    as_json: Json = False,
) -> None:
    """List the models, or show one with its parameters and rules."""
    with plain_errors(as_json):
        catalogue = installed()
        if id is not None:
            card = catalogue.get(id)
            if as_json:
                print_json(facts(card))
            else:
                show(card)
            return
        if as_json:
            print_json({"models": [summary(card) for card in catalogue]})
            return
        table = Table("model", "type", "what it does", box=None)
        for card in catalogue:
            table.add_row(card.id, card.type, card.description)
        print_table(table)


def summary(card: Card) -> dict[str, Any]:
    """A model in a line, for programs."""
    return {"id": card.id, "name": card.name, "type": card.type, "description": card.description}


def facts(card: Card) -> dict[str, Any]:
    """A model's parameters and rules, for programs."""
    rules = [condition.message for condition in card.conditions]
    return {**summary(card), "parameters": describe(card.parameters, ""), "rules": rules}


def show(card: Card) -> None:
    """Print a model's parameters and rules."""
    out.print(f"[bold]{card.id}[/bold]  {card.name}\n{card.description}\n")
    table = Table("parameter", "type", "", "what it does", box=None)
    for entry in flat(describe(card.parameters, "")):
        facts = [f"{k} {v}" for k, v in entry["constraints"].items()]
        needed = ["required"] if entry["required"] else []
        table.add_row(entry["path"], entry["type"], ", ".join(needed + facts), entry["description"])
    print_table(table)
    for condition in card.conditions:
        out.print(f"  - {condition.message}")


def flat(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parameters and their children in one list."""
    return [below for entry in entries for below in (entry, *flat(entry["children"]))]
