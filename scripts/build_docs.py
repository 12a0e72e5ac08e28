"""Builds the documentation as a site: ``docs/`` to ``build/site``.

python scripts/build_docs.py               builds it
python scripts/build_docs.py --to FOLDER   builds it there

Beside each page lies the Markdown that it was made from, and at the root ``llms.txt``, which lists
these, and ``llms-full.txt``, which has all of them. Needs the dependency group ``docs``.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from diagrams import as_pictures

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CLIPS = ROOT / "web" / "src" / "clips"
LOGO = ROOT / "web" / "src" / "kirin.svg"
BUILD = ROOT / "build"

FROM_OUTSIDE = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "CODE_OF_CONDUCT.md": "conduct.md",
    "SECURITY.md": "security/policy.md",
    "clients/python/README.md": "clients/python.md",
    "clients/typescript/README.md": "clients/typescript.md",
    "examples/plugin/README.md": "howto/plugin.md",
}
"""Pages elsewhere in the repository, and where they are on the site; some may not be there."""

FENCE = re.compile(r"^( *)(`{3,}).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
ENOUGH = 60
"""How long a summary is at least, in characters, where the page says that much."""

CLIPS_HERE = "<!-- clips -->"


@dataclass
class Page:
    """A page of the site.

    Attributes:
        source: its file in the repository.
        path: where it is on the site, such as ``howto/send-files.md``.
        section: of the navigation, as ``llms.txt`` has it.
        text: Markdown, with links that lead to other pages of the site.
    """

    source: Path
    path: Path
    section: str = ""
    text: str = field(default="", repr=False)

    @property
    def title(self) -> str:
        """Its first heading."""
        found = re.search(r"^# (.+)$", self.text, re.MULTILINE)
        return plain(found[1]) if found else self.path.stem

    @property
    def summary(self) -> str:
        """The first sentence below the heading, and as many more as one that is short needs."""
        body = re.split(r"^# .+$", FENCE.sub("", self.text), maxsplit=1, flags=re.MULTILINE)[-1]
        for paragraph in re.sub(r"<[^>]+>", "", body).split("\n\n"):
            words = plain(" ".join(paragraph.split()))
            if words and not words.startswith(("#", "|", "![", "- ", "Date:")):
                told = ""
                for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", words):
                    told = f"{told} {sentence}".strip()
                    if len(told) >= ENOUGH:
                        break
                return told.rstrip(":")
        return ""


def plain(text: str) -> str:
    """Markdown of one line without its marks.

    >>> plain("See [the *list*](x.md) of `codes`")
    'See the list of codes'
    """
    return re.sub(r"(?<!\w)[*_]+|[*_]+(?!\w)|`", "", LINK.sub(r"\1", text)).strip()


def outside_fences(text: str, change: Any) -> str:
    """Text of which everything but blocks of code was changed."""
    parts, end = [], 0
    for fence in FENCE.finditer(text):
        parts += [change(text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, change(text[end:])])


def find_pages() -> dict[Path, Page]:
    """Every page, by its file."""
    pages = [Page(path, path.relative_to(DOCS)) for path in sorted(DOCS.rglob("*.md"))]
    pages += [Page(ROOT / name, Path(to)) for name, to in FROM_OUTSIDE.items()]
    return {page.source: page for page in pages if page.source.exists()}


def read(pages: dict[Path, Page]) -> None:
    """Read all pages; a link to another file of the repository becomes its name."""

    def lead(page: Page, link: re.Match[str]) -> str:
        words, target = link.groups()
        if "://" in target or target.startswith(("#", "mailto:")):
            return link[0]
        path, hash_, anchor = target.partition("#")
        there = (page.source.parent / path).resolve()
        if other := pages.get(there):
            to = os.path.relpath(other.path, page.path.parent)
        elif there.is_file() and DOCS in there.parents:
            to = os.path.relpath(there.relative_to(DOCS), page.path.parent)
        elif there.exists() and ROOT in there.parents:
            return words if words.startswith("`") else f"{words} (`{there.relative_to(ROOT)}`)"
        else:
            raise SystemExit(f"{page.source.relative_to(ROOT)}: {target} leads nowhere")
        return f"[{words}]({to}{hash_}{anchor})"

    for page in pages.values():
        text = page.source.read_text("utf-8")
        page.text = outside_fences(
            text, lambda part, page=page: LINK.sub(lambda link: lead(page, link), part)
        )


def navigate(config: list[Any], pages: dict[Path, Page]) -> list[Any]:
    """The navigation of ``mkdocs.yml`` with each pattern replaced by the pages that it fits.

    Raises:
        SystemExit: a page is not in it, or twice, or does not exist.
    """
    by_path = {str(page.path): page for page in pages.values()}
    left = dict(by_path)

    def walk(entries: list[Any], section: str) -> Iterator[Any]:
        for entry in entries:
            if isinstance(entry, dict):
                ((title, below),) = entry.items()
                if isinstance(below, list):
                    yield {title: list(walk(below, section or title))}
                else:
                    yield {title: take(below, section or title)}
            elif "*" in entry:
                names = [name for name in left if Path(name).match(entry)]
                yield from [take(name, section) for name in sorted(names)]
            elif entry in by_path:
                yield take(entry, section)
            elif entry not in FROM_OUTSIDE.values():
                raise SystemExit(f"mkdocs.yml: there is no page {entry}")

    def take(name: str, section: str) -> str:
        if name not in left:
            raise SystemExit(f"mkdocs.yml: {name} is there twice, or no page")
        left.pop(name).section = section
        return name

    found = list(walk(config, ""))
    if left:
        raise SystemExit(f"mkdocs.yml: no entry for {', '.join(left)}")
    return found


def clips() -> str:
    """The moving pictures of the first page, from those that the console ships."""
    shown = []
    for clip in json.loads((CLIPS / "clips.json").read_text("utf-8")):
        name, params = clip["name"], clip["params"]
        words = params.get("prompt") or " / ".join(
            shot["prompt"] for shot in params["multi_prompt"]
        )
        shown.append(
            f'<figure><video src="clips/{name}.mp4" poster="clips/{name}.webp" width="640" '
            f'height="360" muted loop playsinline preload="none" tabindex="0" '
            f'aria-label="{html.escape(clip["title"])}"></video>'
            f"<figcaption><b>{html.escape(clip['kind'])}</b>{html.escape(words)}</figcaption>"
            "</figure>"
        )
    return f'<div class="clips">{"".join(shown)}</div>'


def lay_out(pages: dict[Path, Page], stage: Path) -> None:
    """Write what the generator reads: pages, pictures, clips."""
    shutil.copytree(DOCS, stage, ignore=shutil.ignore_patterns("*.md", "diagrams"))
    shutil.copy(LOGO, stage / "assets")
    (stage / "clips").mkdir()
    for kind in ("*.mp4", "*.webp"):
        for path in CLIPS.glob(kind):
            shutil.copy(path, stage / "clips")
    for page in pages.values():
        to = stage / page.path
        to.parent.mkdir(parents=True, exist_ok=True)
        text = as_pictures(page.text)
        if CLIPS_HERE in text:  # the first page, which has room for them
            text = f"---\nhide: [navigation, toc]\n---\n{text.replace(CLIPS_HERE, clips())}"
        to.write_text(text, "utf-8")


def generate(config: dict[str, Any], stage: Path, site: Path) -> None:
    """Have the site made, without a warning."""
    file = stage.parent / "mkdocs.yml"
    config = {**config, "docs_dir": stage.name, "site_dir": "site"}
    file.write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), "utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(  # noqa: S603  the interpreter that runs this
        [*command, "--config-file", str(file)], capture_output=True, text=True, check=False
    )
    told = re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr)
    if done.returncode or "No issues found" not in told:
        raise SystemExit(told)
    shutil.rmtree(site, ignore_errors=True)
    site.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(stage.parent / "site", site)


def add_twins(pages: dict[Path, Page], site: Path) -> None:
    """Write each page's Markdown beside it, and have the page say so."""
    for page in pages.values():
        (site / page.path).write_text(page.text.replace(CLIPS_HERE, ""), "utf-8")
        made = site / page.path.with_name(
            "index.html" if page.path.name == "README.md" else f"{page.path.stem}.html"
        )
        text = made.read_text("utf-8")
        name = page.path.name
        link = f'<link rel="alternate" type="text/markdown" href="{name}"></head>'
        button = f'<a class="twin" href="{name}" title="This page as Markdown">Markdown</a>'
        text = text.replace("</head>", link, 1)
        text = re.sub(r"(<article[^>]*>)", rf"\1{button}", text, count=1)
        made.write_text(text, "utf-8")


def llms(pages: dict[Path, Page], nav: list[Any], about: str) -> str:
    """What ``llms.txt`` says: each page in the order of the navigation, with what it is about."""
    by_path = {str(page.path): page for page in pages.values()}
    lines, section = [f"# Kirin\n\n> {about}\n"], ""
    for page in (by_path[name] for name in names_in(nav)):
        if page.section != section:
            section = page.section
            lines.append(f"\n## {section}\n")
        about_it = f": {page.summary}" if page.summary else ""
        lines.append(f"- [{page.title}]({page.path}){about_it}")
    return "\n".join(lines) + "\n"


def names_in(nav: list[Any]) -> Iterator[str]:
    """The pages of a navigation, in its order."""
    for entry in nav:
        below = next(iter(entry.values())) if isinstance(entry, dict) else entry
        yield from names_in(below) if isinstance(below, list) else [below]


def build(site: Path) -> int:
    """Build the site.

    Returns:
        How many pages it has.
    """
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    pages = find_pages()
    read(pages)
    config["nav"] = navigate(config["nav"], pages)
    work = BUILD / f"docs-{os.getpid()}"
    try:
        lay_out(pages, work / "docs")
        generate(config, work / "docs", site)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    add_twins(pages, site)
    (site / "llms.txt").write_text(llms(pages, config["nav"], config["site_description"]), "utf-8")
    by_path = {str(page.path): page for page in pages.values()}
    whole = (f"<!-- {name} -->\n{by_path[name].text}" for name in names_in(config["nav"]))
    (site / "llms-full.txt").write_text("\n".join(whole), "utf-8")
    return len(pages)


def main() -> None:
    """Build it and say what came of it."""
    parser = argparse.ArgumentParser(description="Builds the documentation as a site.")
    parser.add_argument("--to", type=Path, default=BUILD / "site", help="folder of the site")
    site = parser.parse_args().to.resolve()
    count = build(site)
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    sys.stdout.write(f"{count} pages, {size / 1e6:.1f} MB: {site / 'index.html'}\n")


if __name__ == "__main__":
    main()
