"""The motion brush: what is painted is what reaches the server, pixel by pixel."""

from __future__ import annotations

import json
from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect

from support.console import Site, Window
from support.pictures import ramp, saved

WIDTH, HEIGHT = 640, 480
SIZE = 40
"""The brush's diameter in pixels of the picture."""

ROTATED = 6
"""EXIF orientation of a picture that is stored lying on its side."""

Spot = tuple[float, float]


class Easel:
    """The drawing surface, with positions in pixels of the picture."""

    def __init__(self, page: Page) -> None:
        self.page = page
        surface = page.get_by_role("application")
        expect(surface).to_be_visible()
        box = surface.bounding_box()
        assert box is not None
        self.scale = min((box["width"] - 24) / WIDTH, (box["height"] - 24) / HEIGHT)
        self.left = box["x"] + (box["width"] - WIDTH * self.scale) / 2
        self.top = box["y"] + (box["height"] - HEIGHT * self.scale) / 2

    def spot(self, x: float, y: float) -> tuple[int, int]:
        """A whole pixel of the screen near a place of the picture."""
        return round(self.left + x * self.scale), round(self.top + y * self.scale)

    def seen(self, x: int, y: int) -> Spot:
        """Where a pixel of the screen is on the picture."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def drag(self, *spots: Spot) -> list[Spot]:
        """Draw with the mouse; gives where it really was."""
        passed = [self.spot(*spot) for spot in spots]
        self.page.mouse.move(*passed[0])
        self.page.mouse.down()
        for spot in passed[1:]:
            self.page.mouse.move(*spot)
        self.page.mouse.up()
        return [self.seen(*spot) for spot in passed]


def open_brush(page: Page) -> Easel:
    exif = Image.Exif()
    exif[0x0112] = ROTATED
    lying = ramp(WIDTH, HEIGHT).transpose(Image.Transpose.ROTATE_90)
    picture = saved(lying, "JPEG", quality=95, exif=exif)
    page.goto("/brush")
    chooser = page.locator("[data-param=image] input[type=file]")
    chooser.set_input_files({"name": "exif.jpg", "mimeType": "image/jpeg", "buffer": picture})
    expect(page.get_by_text(f"{WIDTH} × {HEIGHT}")).to_be_visible()
    size = page.get_by_role("slider", name="Size of the brush")
    size.focus()
    for _ in range(abs(SIZE - int(size.get_attribute("aria-valuenow") or 0))):
        now = int(size.get_attribute("aria-valuenow") or 0)
        size.press("ArrowRight" if now < SIZE else "ArrowLeft")
    page.get_by_role("application").focus()
    return Easel(page)


def covered(path: list[Spot]) -> NDArray[np.bool_]:
    """The pixels whose centres are within the brush, computed another way than the console's."""
    x, y = np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)
    found = np.zeros((HEIGHT, WIDTH), bool)
    for (ax, ay), (bx, by) in zip(path, path[1:] or path, strict=False):
        way = np.array([bx - ax, by - ay])
        length = float(way @ way)
        along = ((x - ax) * way[0] + (y - ay) * way[1]) / length if length else np.zeros_like(x)
        along = np.clip(along, 0, 1)
        found |= np.hypot(x - ax - along * way[0], y - ay - along * way[1]) <= SIZE / 2
    return found


def picture_of(text: str) -> NDArray[np.uint8]:
    image = Image.open(BytesIO(b64decode(text)))
    assert image.mode == "L"
    return np.asarray(image)


def sent(window: Window) -> dict[str, Any]:
    """Send the form, and give the parameters that went over the wire."""
    page = window.page
    with page.expect_request("**/model/v1/generation") as caught:
        page.get_by_role("button", name="Generate").click()
    params: dict[str, Any] = json.loads(caught.value.post_data or "")["input"][0]["params"]
    return params


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
    params = sent(window)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled")).to_be_visible()

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
    page.wait_for_load_state("networkidle")
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
