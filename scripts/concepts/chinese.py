"""Writes the table of Chinese words: what each is drawn as."""

from __future__ import annotations

import lzma
import re
import tomllib
from pathlib import Path

from concepts.figures import whole
from concepts.names import Named

_HAN = re.compile(r"[\u3400-\u9fff]{2,}")


def write_chinese(named: dict[str, Named], kinds: dict[str, str], path: Path) -> None:
    """One line per word, tabs between: word, concept, how, distance. Sorted, compressed."""
    table = tomllib.loads((Path(__file__).parent / "chinese.toml").read_text())
    entries: dict[str, tuple[str, str]] = {}
    for concept, names in named.items():
        if kinds[concept] != "symbol" and _HAN.fullmatch(names.chinese):
            entries.setdefault(names.chinese, (concept, "name"))
    for tag in table["tags"]["words"].split():
        concept = next(
            name
            for name, names in named.items()
            if tag in names.chinese_tags and kinds[name] not in ("symbol", "person")
        )
        entries.setdefault(tag, (concept, "tag"))
    entries |= dict.fromkeys(table["none"]["things"].split(), ("", ""))
    by_hand: dict[str, tuple[str, str]] = {}
    entries |= {
        word: (concept, "hypernym")
        for concept, text in table["near"].items()
        for word in text.split()
    }
    for concept, text in table["words"].items():
        if concept not in kinds:
            raise SystemExit(f"chinese.toml: no such concept: {concept}")
        for word in text.split():
            if by_hand.get(word, (concept,))[0] != concept:
                raise SystemExit(f"chinese.toml: {word} is {by_hand[word][0]} and {concept}")
            by_hand[word] = (concept, "name")
    entries |= by_hand
    for word in table["abstract"]["words"].split():
        entries.pop(word, None)
    lines = [
        f"{word}\t{whole(concept, kinds)}\t{how}\t{int(how == 'hypernym')}"
        for word, (concept, how) in sorted(entries.items())
    ]
    path.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))
