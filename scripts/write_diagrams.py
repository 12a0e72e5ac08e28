"""Draws the diagrams of the documentation, once for each that was changed.

python scripts/write_diagrams.py mermaid.min.js

The script is ``dist/mermaid.min.js`` of the npm package ``mermaid`` (12.3.0, MIT), which draws in
a browser: Debian's chromium, driven by Playwright. Colours are those of the page that shows the
picture, light or dark.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from diagrams import BLOCK, FOLDER, picture_of
from playwright.sync_api import Page, sync_playwright

DOCS = FOLDER.parent
COLORS = {"#010101": "--kirin-line", "#020202": "--kirin-box", "#030303": "--kirin-text"}
"""What Mermaid is told to draw with, and the variables of the site's style in place of it."""

DRAW = """
async ([text, name]) => {
  mermaid.initialize({
    startOnLoad: false, theme: "base", htmlLabels: false, flowchart: {htmlLabels: false},
    fontFamily: "sans-serif",
    themeVariables: {
      primaryColor: "#020202", primaryBorderColor: "#010101", primaryTextColor: "#030303",
      lineColor: "#010101", textColor: "#030303", mainBkg: "#020202", fontSize: "15px",
      transitionColor: "#010101", transitionLabelColor: "#030303", stateLabelColor: "#030303",
      stateBkg: "#020202", specialStateColor: "#010101", labelBackgroundColor: "transparent",
      edgeLabelBackground: "transparent",
    },
  });
  return (await mermaid.render(name, text)).svg;
}
"""


def draw(browser: Page, diagram: str, name: str) -> str:
    """A diagram as SVG that takes its colours from the page around it."""
    svg: str = browser.evaluate(DRAW, [diagram, f"d{name}"])
    for color, variable in COLORS.items():
        red = int(color[1:3], 16)
        svg = re.sub(rf"{color}|rgb\({red}, {red}, {red}\)", f"var({variable})", svg, flags=re.I)
    # Words of a state begin at the left of its box otherwise; the site's style centres them.
    svg = re.sub(r'(class="label" style="" transform="translate\()-[\d.]+,', r"\g<1>0,", svg)
    return re.sub(r">\s+<", "><", svg)


def main() -> None:
    """Draw what is missing, and remove what no page has."""
    script = Path(sys.argv[1]).read_text("utf-8")
    pages = [path.read_text("utf-8") for path in sorted(DOCS.rglob("*.md"))]
    diagrams = [block[1] for page in pages for block in BLOCK.finditer(page)]
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.set_content("<body></body>")
        page.add_script_tag(content=script)
        for diagram in diagrams:
            path = picture_of(diagram)
            path.write_text(draw(page, diagram, path.stem) + "\n", "utf-8")
        browser.close()
    kept = {picture_of(diagram) for diagram in diagrams}
    for path in set(FOLDER.glob("*.svg")) - kept:
        path.unlink()


if __name__ == "__main__":
    main()
