"""How well prompts are read and shown: ``python bench/prompts.py``.

Reads the suite of prompts (tests/prompts) and prints, by category and by language, how much of
what a human says they name is in the cast, the scene and the camera's direction; then each fault
in a line, and the words that are missing most often. ``--render DIR`` films prompts (640x360,
2 s), measures in the decoded frames whether what should move does, and draws contact sheets.
``--alike`` tells how alike the layouts of different prompts' pictures are. ``--only`` picks
prompts by their numbers, categories or words, separated by commas.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from kirin.prompt.reader import read_intent
from prompt_films import likeness, write_films
from support.prompt_suite import PromptRecord, Suite, is_chinese
from support.prompt_verdicts import Mark, Measure, judge, judge_direction, strangers

COMMON = 25
"""How many of the most common missing words to print."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--render", type=Path, metavar="DIR", help="film prompts to this folder")
    parser.add_argument("--alike", action="store_true", help="compare pictures of all prompts")
    parser.add_argument("--only", default="", help="numbers, categories or words; with commas")
    wanted = parser.parse_args()
    suite = Suite.load()
    prompts = pick(suite.prompts, wanted.only)
    if wanted.render:
        print(write_films(prompts, wanted.render))
    elif wanted.alike:
        mean, close = likeness([record.text for record in prompts])
        print(f"{len(prompts)} prompts: mean correlation of layouts {mean:.2f} (at most 0.35),")
        print(f"above 0.8 in {close:.1%} of all pairs (at most 3%)")
    else:
        found = [mark for record in prompts for mark in judge(record)]
        found += [] if wanted.only else [judge_direction(one) for one in suite.directions]
        print_table(found)
        print_faults(found)
        print_words(prompts)


def pick(prompts: Sequence[PromptRecord], only: str) -> list[PromptRecord]:
    """Prompts whose number (from 0), category or text holds any of the comma-separated words."""
    words = [word.strip().casefold() for word in only.split(",") if word.strip()]

    def meant(number: int, record: PromptRecord) -> bool:
        return any(
            word in (str(number), record.category)
            or (not word.isdigit() and word in record.text.casefold())
            for word in words
        )

    return [one for number, one in enumerate(prompts) if not words or meant(number, one)]


def print_table(found: Iterable[Mark]) -> None:
    """Print the share of right marks of each measure, in each category and in all."""
    by_row: dict[str, dict[Measure, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for mark in found:
        language = "CHINESE" if is_chinese(mark.text) else "ENGLISH"
        rows = [mark.category]
        if not mark.category.startswith("direction"):
            rows += [language, "TOTAL"]
        for row in rows:
            by_row[row][mark.measure].append(mark.right)
    totals: list[str] = [row for row in ("ENGLISH", "CHINESE", "TOTAL") if row in by_row]
    rows = [row for row in by_row if row not in totals and row != "chinese"] + totals
    print(" " * 13 + "".join(f"{heading(measure):>10}" for measure in Measure))
    for row in rows:
        cells = [by_row[row].get(measure, []) for measure in Measure]
        print(f"{row:<13}" + "".join(f"{cell(marks):>10}" for marks in cells))


def heading(measure: Measure) -> str:
    """A short name for the head of a column."""
    short = {"drawn or missing": "or told", "verbs or missing": "or told", "nouns drawn": "nouns"}
    return short.get(measure.value, measure.value)


def cell(marks: Sequence[bool]) -> str:
    """The share of right ones, and of how many."""
    return f"{sum(marks) / len(marks):.0%}/{len(marks)}" if marks else "-"


def print_faults(found: Iterable[Mark]) -> None:
    """Print what is wrong, a line each, by measure."""
    for measure in Measure:
        wrong = [mark for mark in found if mark.measure == measure and not mark.right]
        if wrong:
            print(f"\n{measure}: {len(wrong)} wrong")
        for mark in wrong:
            print(f"  {mark.text[:70]} | wanted {mark.wanted} | {mark.got}")


def print_words(prompts: Iterable[PromptRecord]) -> None:
    """Print which words are listed as missing most often, and what is drawn though not named."""
    missing: Counter[str] = Counter()
    unnamed = []
    for record in prompts:
        intent = read_intent(record.text, record.negative)
        missing.update(f"{one.word} ({one.kind})" for one in set(intent.cast.missing))
        for member in strangers(record, intent):
            told = ", guessed" if member.guessed else ""
            unnamed.append(f"  {record.text[:70]} | {member.word}={member.concept}{told}")
    print("\nmissing most often:", ", ".join(f"{w} {n}" for w, n in missing.most_common(COMMON)))
    print(f"\ndrawn though nobody says that it is named: {len(unnamed)}")
    print("\n".join(unnamed))


if __name__ == "__main__":
    main()
