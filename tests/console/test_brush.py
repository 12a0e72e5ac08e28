"""The motion brush: what is painted is what reaches the server, pixel by pixel."""

from __future__ import annotations

from base64 import b64decode

import numpy as np
from playwright.sync_api import expect

from support.console import Site, Window
from support.easel import HEIGHT, WIDTH, covered, open_brush, picture_of, sent


def test_painted_masks_reach_the_server_pixel_by_pixel(window: Window, site: Site) -> None:
    page = window.page
    easel = open_brush(page)
    one = easel.drag((200, 150), (300, 200), (220, 300))
    page.keyboard.press("t")
    route = easel.drag((240, 220), (400, 180), (560, 260))
    page.keyboard.press("2")
    page.keyboard.press("b")
    two = easel.drag((500, 400), (580, 420))
    page.keyboard.press("e")
    erased = easel.drag((580, 420), (600, 420))
    page.keyboard.press("t")
    easel.drag((520, 400), (520, 300))
    page.keyboard.press("0")
    page.keyboard.press("b")
    still = easel.drag((80, 80), (80, 400))
    page.get_by_role("button", name="Use in the form").click()
    expect(page.get_by_role("button", name="Paint on")).to_be_visible()
    params = sent(page)
    window.cancel()

    first, second = params["dynamic_masks"]
    for text, wanted in (
        (first["mask"], covered(one)),
        (second["mask"], covered(two) & ~covered(erased)),
        (params["static_mask"], covered(still)),
    ):
        mask = picture_of(text)
        assert mask.shape == (HEIGHT, WIDTH)
        assert set(np.unique(mask)) == {0, 255}
        # A millionth of a pixel may put a centre on either side of the brush's edge.
        assert ((mask == 255) != wanted).sum() <= 2
    points = [(point["x"], point["y"]) for point in first["trajectories"]]
    assert np.allclose(points, [(x, HEIGHT - y) for x, y in route], atol=0.06)
    # What the server has kept is what was sent.
    kept = [
        path.read_bytes()
        for path in (site.data / "storage" / "inputs").rglob("*")
        if path.is_file()
    ]
    assert b64decode(first["mask"]) in kept


def test_painting_needs_no_server_and_survives_a_reload(window: Window) -> None:
    page = window.page
    easel = open_brush(page)
    window.settle()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    window.context.set_offline(True)
    easel.drag((100, 100), (200, 200))
    page.keyboard.press("t")
    easel.drag((150, 150), (300, 150))
    expect(page.get_by_text("kept in this browser")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Draw a path for mask 1.")).to_be_visible()
    page.keyboard.press("Control+Shift+z")
    expect(page.get_by_text("path of 2 points")).to_be_visible()
    page.wait_for_timeout(600)
    assert [url for url in asked if not url.startswith(("blob:", "data:"))] == []
    window.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("painted · path of 2 points")).to_be_visible()


def test_everything_can_be_done_by_keyboard(window: Window) -> None:
    page = window.page
    open_brush(page)
    page.keyboard.press("3")
    page.keyboard.press("Space")
    expect(page.get_by_text("Draw a path for mask 3.")).to_be_visible()
    page.keyboard.press("t")
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text("painted · path of 2 points")).to_be_visible()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("button", name="Stop the preview")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Use in the form")).to_be_enabled()
