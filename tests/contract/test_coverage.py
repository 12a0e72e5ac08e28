"""No rule without a proof: the contract's page, the tests and the cards name the same rules."""

from __future__ import annotations

import ast
import gc
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Parameter

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "contract.md").read_text("utf-8")
RULES = set(re.findall(r"^\| ([A-Z0-9]+-\d+) \|", PAGE, re.MULTILINE))
FAMILIES = "|".join(sorted({rule.partition("-")[0] for rule in RULES}))
NAMED = re.compile(rf"(?<![\w-])(?:{FAMILIES})-\d+(?![\w-])")


def nodes(path: Path) -> Iterator[ast.AST]:
    """Everything that a module's syntax tree has."""
    gc.disable()  # Python 3.11 miscounts its recursion if it collects while it makes a tree
    tree = ast.parse(path.read_text("utf-8"))
    gc.enable()
    return ast.walk(tree)


@cache
def words(path: Path) -> tuple[tuple[int, str], ...]:
    """Line and text of each comment and docstring of a module."""
    return tuple(_words(path))


def _words(path: Path) -> Iterator[tuple[int, str]]:
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    for node in nodes(path):
        documented = ast.FunctionDef | ast.ClassDef | ast.Module
        if isinstance(node, documented) and ast.get_docstring(node):
            yield node.body[0].lineno, ast.get_docstring(node) or ""


def proofs() -> dict[str, set[str]]:
    """The tests that name each rule, in a comment or their docstring."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        said = words(path)
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                inside = (t for line, t in said if first <= line <= (node.end_lineno or first))
                for rule in NAMED.findall("\n".join(inside)):
                    found.setdefault(rule, set()).add(f"{path.name}::{node.name}")
    return found


def test_the_page_has_rules() -> None:
    assert len(RULES) > 50
    assert {"W-1", "C-10", "T2V-5", "I2V-8", "MUL-3", "V3-8", "MC-9", "EL-5"} <= RULES


def test_every_rule_is_proved_by_a_test_that_names_it() -> None:
    unproved = sorted(RULES - proofs().keys())
    assert unproved == [], f"no test names {', '.join(unproved)}"


def test_every_rule_that_tests_name_is_on_the_page() -> None:
    unknown = {
        f"{path.relative_to(ROOT)}:{line}: {rule}"
        for path in (ROOT / "tests").rglob("*.py")
        for line, text in words(path)
        for rule in NAMED.findall(text)
        if rule not in RULES
    }
    assert unknown == set()


def test_every_rule_that_the_code_names_is_on_the_page() -> None:
    unknown = {
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for path in (ROOT / "src").rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if NAMED.fullmatch(node.value) and node.value not in RULES
    }
    assert unknown == set()


def test_everything_that_a_card_asks_for_has_a_rule_of_the_page(card: Card) -> None:
    def without(parameters: tuple[Parameter, ...], prefix: str) -> Iterator[str]:
        for parameter in parameters:
            if not parameter.rules or not set(parameter.rules) <= RULES:
                yield f"{prefix}{parameter.name}: {parameter.rules}"
            yield from without(parameter.children(), f"{prefix}{parameter.name}.")

    conditions = [
        f"{condition.message}: {condition.rules}"
        for condition in card.conditions
        if not condition.rules or not set(condition.rules) <= RULES
    ]
    assert [*without(card.parameters, ""), *conditions] == []
