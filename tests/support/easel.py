"""The motion brush as a hand uses it, and what its strokes must cover."""

from __future__ import annotations

import json
from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect

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
    """The brush with a picture that lies on its side, and a brush of :data:`SIZE`."""
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
    """The grey values of a picture in base64."""
    image = Image.open(BytesIO(b64decode(text)))
    assert image.mode == "L"
    return np.asarray(image)


def sent(page: Page) -> dict[str, Any]:
    """Send the form, and give the parameters that went over the wire."""
    with page.expect_request("**/model/v1/generation") as caught:
        page.get_by_role("button", name="Generate", exact=True).click()
    params: dict[str, Any] = json.loads(caught.value.post_data or "")["input"][0]["params"]
    return params
