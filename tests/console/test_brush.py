"""The motion brush: what is painted is what reaches the server, pixel by pixel."""

from __future__ import annotations

import json
from base64 import b64decode

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from support.cards import CARDS
from support.console import Site, Window
from support.easel import HEIGHT, WIDTH, Easel, covered, open_brush, picture_of, sent
from support.pictures import saved
from support.waiting import until


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
    page.get_by_role("button", name="Use in the form", exact=True).click()
    expect(page.get_by_role("button", name="Paint on", exact=True)).to_be_visible()
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
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    easel = open_brush(page)
    # The rest of the models is read when the page is idle.
    window.look_until(lambda: sum(url.endswith("/spec") for url in asked) == len(CARDS))
    window.settle()
    asked.clear()
    window.context.set_offline(True)
    easel.drag((100, 100), (200, 200))
    page.keyboard.press("t")
    easel.drag((150, 150), (300, 150))
    expect(page.get_by_text("kept in this browser")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Draw a path for mask 1.")).to_be_visible()
    page.keyboard.press("Control+Shift+z")
    expect(page.get_by_text("path of 2 points")).to_be_visible()
    # Whatever painting asks for has been asked for when it is kept.
    expect(page.get_by_text("kept in this browser")).to_be_visible()
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
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_role("button", name="Stop the preview")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Use in the form", exact=True)).to_be_enabled()


def chosen_path(page: Page, words: str) -> None:
    expect(page.locator(".mask[data-chosen]")).to_contain_text(words)


def test_a_video_is_made_where_it_was_painted(window: Window) -> None:
    page = window.page
    easel = open_brush(page)
    expect(page.get_by_role("button", name="Generate", exact=True)).to_be_disabled()
    easel.drag((100, 100), (200, 200))
    page.keyboard.press("t")
    easel.drag((150, 150), (300, 150))
    page.locator("[data-param=prompt] textarea").first.fill("The ramp slides away")
    # A letter that is typed is no tool.
    page.keyboard.type("b")
    chosen_path(page, "painted · path of 2 points")
    with page.expect_request("**/model/v1/generation") as caught:
        page.keyboard.press("Control+Enter")
    params = json.loads(caught.value.post_data or "")["input"][0]["params"]
    assert params["prompt"] == "The ramp slides awayb"
    assert [len(mask["trajectories"]) for mask in params["dynamic_masks"]] == [2]
    result = page.get_by_role("region", name="Result")
    expect(result).to_be_visible()
    window.cancel()
    page.get_by_role("button", name="Back to the picture").click()
    expect(result).to_have_count(0)
    chosen_path(page, "painted · path of 2 points")
    page.get_by_role("button", name="Show the result").click()
    expect(result).to_be_visible()


def test_what_the_server_refuses_is_told_in_the_brush(window: Window) -> None:
    page = window.page
    easel = open_brush(page)
    easel.drag((100, 100), (200, 200))
    page.keyboard.press("t")
    easel.drag((150, 150), (300, 150))
    refused = {
        "code": "invalid_request",
        "message": "no",
        "errors": [{"param": "dynamic_masks[0].mask", "code": "x", "message": "too odd a mask"}],
    }
    page.route("**/model/v1/generation", lambda route: route.fulfill(status=400, json=refused))
    page.get_by_role("button", name="Generate", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("too odd a mask")
    expect(page.get_by_role("application")).to_be_visible()
    window.trouble("400")


def test_points_of_a_path_are_dragged_put_and_taken(window: Window) -> None:
    page = window.page
    easel = open_brush(page)
    easel.drag((80, 200), (120, 200))
    page.keyboard.press("t")
    easel.drag((100, 200), (300, 200))
    chosen_path(page, "path of 2 points")
    # A point on the line, taken along; the last one, moved.
    easel.drag((200, 200), (200, 300))
    chosen_path(page, "path of 3 points")
    easel.drag((300, 200), (400, 100))
    chosen_path(page, "path of 3 points")
    page.mouse.dblclick(*easel.spot(200, 300))
    chosen_path(page, "path of 2 points")
    page.keyboard.press("Control+z")
    chosen_path(page, "path of 3 points")
    with page.expect_request("**/model/v1/generation") as caught:
        page.get_by_role("button", name="Generate", exact=True).click()
    params = json.loads(caught.value.post_data or "")["input"][0]["params"]
    points = [(p["x"], HEIGHT - p["y"]) for p in params["dynamic_masks"][0]["trajectories"]]
    assert np.allclose(points, [(100, 200), (200, 300), (400, 100)], atol=1.5)
    window.cancel()


def test_a_click_selects_the_thing_under_it(window: Window) -> None:
    page = window.page
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    disc = np.hypot(x - 220, y - 240) < 90
    picture = np.full((HEIGHT, WIDTH, 3), (70, 110, 160), np.uint8)
    picture[disc] = (200, 50, 40)
    noise = np.random.default_rng(1).normal(0, 3, picture.shape)
    noisy = np.clip(picture + noise, 0, 255).astype(np.uint8)
    page.goto("/brush")
    page.locator("[data-param=image] input[type=file]").set_input_files(
        {"name": "disc.png", "mimeType": "image/png", "buffer": saved(Image.fromarray(noisy))}
    )
    easel = Easel(page)
    page.get_by_role("application").focus()
    page.keyboard.press("w")
    page.mouse.click(*easel.spot(200, 250))
    chosen_path(page, "painted")
    # Another tolerance selects anew, and is still one step.
    slider = page.get_by_role("slider", name="How different its colours may be")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "25")
    expect(page.locator(".studio-view")).to_have_attribute("aria-busy", "false")
    page.keyboard.press("Control+z")
    expect(page.locator(".mask[data-chosen]")).not_to_contain_text("painted")
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("t")
    easel.drag((220, 240), (400, 240))
    with page.expect_request("**/model/v1/generation") as caught:
        page.get_by_role("button", name="Generate", exact=True).click()
    params = json.loads(caught.value.post_data or "")["input"][0]["params"]
    mask = picture_of(params["dynamic_masks"][0]["mask"]) == 255
    assert (mask & disc).sum() / (mask | disc).sum() > 0.98
    window.cancel()


def test_two_fingers_zoom_and_paint_nothing(browser: Browser, site: Site) -> None:
    window = Window(browser, site, has_touch=True)
    page = window.page
    easel = open_brush(page)
    touch = window.context.new_cdp_session(page)

    def fingers(kind: str, *spots: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(spots)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def brush_width() -> float:
        page.mouse.move(*easel.spot(50, 50))
        cursor = page.locator(".brush-cursor")
        expect(cursor).to_be_visible()
        return float(cursor.evaluate("cursor => cursor.offsetWidth"))

    before = brush_width()
    x, y = easel.spot(WIDTH / 2, HEIGHT / 2)
    fingers("touchStart", (x - 40, y))
    fingers("touchMove", (x - 60, y))
    fingers("touchStart", (x - 60, y), (x + 60, y))
    for wide in (80, 100, 120):
        fingers("touchMove", (x - wide, y), (x + wide, y))
    fingers("touchEnd", (x - 120, y))
    fingers("touchMove", (x - 20, y))
    fingers("touchEnd")
    until(lambda: abs(brush_width() / before - 2) < 0.1)
    expect(page.get_by_text("painted")).to_have_count(0)
    # One finger alone paints.
    fingers("touchStart", (x, y))
    fingers("touchMove", (x + 30, y))
    fingers("touchEnd")
    chosen_path(page, "painted")
    window.context.close()
    assert window.troubles == []


def test_keys_are_told_and_the_page_is_sound(window: Window) -> None:
    page = window.page
    open_brush(page)
    assert window.severe() == []
    expect(page.locator("h1")).to_have_count(1)
    page.keyboard.press("?")
    legend = page.get_by_role("dialog", name="Keys")
    expect(legend).to_contain_text("Smart select")
    assert window.severe() == []
    # Keys of the page rest while it is open.
    page.keyboard.press("e")
    page.keyboard.press("Escape")
    expect(legend).to_have_count(0)
    expect(page.get_by_role("button", name="Brush", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
