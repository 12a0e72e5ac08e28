"""Routes of the console: its page at every address that it has, its files, its first key."""

from __future__ import annotations

import re
import secrets
from inspect import isawaitable

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from kirin.console.build import INDEX, BuiltFile, read_build
from kirin.console.welcome import Welcome
from kirin.errors import InvalidKey, NotFound
from kirin.http.bodies import parse_object, read_body
from kirin.http.responses import secret_response

PAGES = (
    "/",
    "/play",
    "/play/{rest:path}",
    "/brush",
    "/brush/{rest:path}",
    "/storyboard",
    "/motion",
    "/subjects",
    "/gallery",
    "/gallery/{rest:path}",
    "/webhooks",
    "/usage",
    "/keys",
    "/operator",
    "/operator/{rest:path}",
    "/reference",
    "/reference/{rest:path}",
)
"""Where the page answers; all other addresses stay those of the API."""

ASSETS = "assets"
WELCOME = "/console/welcome"

MOST_BYTES = 1024
SECONDS = 10.0
"""Limits of the body that brings a code."""

NONCE_BYTES = 18

IMMUTABLE = "public, max-age=31536000, immutable"
"""How long browsers may keep files whose names carry a hash of what is in them."""

ONE_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
"""A Range header that asks for one part from a known beginning."""

PLACEHOLDER = b"made-by-the-server"
"""What stands in the built page for its nonce."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        # The component library writes the theme's variables into a style element.
        "style-src 'self' 'nonce-{nonce}'",
        # Files that somebody chooses are seen before they are sent.
        "img-src 'self' blob: data:",
        "media-src 'self' blob: data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    # For whatever is no page of the console; opened alone, it needs nothing.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

NOT_BUILT = (
    b"<!doctype html><title>Kirin</title><h1>The console is not built</h1>"
    b"<p>The API works without it. In a checkout, <code>make console</code> builds it; "
    b"wheels carry it.</p>"
)


def console_routes(
    welcome: Welcome | None = None, built: dict[str, BuiltFile] | None = None
) -> APIRouter:
    """The routes of the console.

    Args:
        welcome: the first key, while nobody has signed in with it.
        built: files of the console; those of this installation if ``None``.
    """
    files = read_build() if built is None else built
    router = APIRouter()

    async def page() -> Response:
        return page_answer(files)

    async def asset(request: Request, name: str) -> Response:
        found = files.get(f"{ASSETS}/{name}")
        if found is None:
            raise NotFound
        return file_answer(found, request)

    async def sign_in(request: Request) -> Response:
        code = parse_object(await read_body(request, MOST_BYTES, SECONDS)).get("code")
        key = welcome.take(code) if welcome and isinstance(code, str) else None
        if key is None:
            raise InvalidKey(
                "this link was used already or is too old: sign in with an API key "
                "('kirin keys create' makes one)"
            )
        return secret_response({"key": key})

    for path in PAGES:
        router.add_api_route(path, page, methods=["GET", "HEAD"])
    router.add_api_route(f"/{ASSETS}/{{name}}", asset, methods=["GET", "HEAD"])
    router.add_api_route(WELCOME, sign_in, methods=["POST"])
    return router


def add_unknown_page(app: FastAPI, built: dict[str, BuiltFile] | None = None) -> None:
    """Show browsers the page, which says so, at addresses where there is nothing.

    Programs, which do not ask for HTML, get the error that they would have got before.

    Args:
        built: as :func:`console_routes` has it.
    """
    files = read_build() if built is None else built
    answer = app.exception_handlers[HTTPException]

    async def unknown(request: Request, error: Exception) -> Response:
        if INDEX in files and is_unknown(error) and wants_page(request):
            return page_answer(files, 404)
        told = answer(request, error)
        return await told if isawaitable(told) else told

    app.add_exception_handler(HTTPException, unknown)


def is_unknown(error: Exception) -> bool:
    """Whether no route was found for a request."""
    return isinstance(error, HTTPException) and error.status_code == 404


def wants_page(request: Request) -> bool:
    """Whether a request is that of a browser for a page."""
    return request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")


def page_answer(files: dict[str, BuiltFile], status: int = 200) -> Response:
    """The page of the console, with a nonce of its own."""
    if INDEX not in files:
        return Response(NOT_BUILT, 503, HEADERS, "text/html; charset=utf-8")
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    headers = {
        **HEADERS,
        "Cache-Control": "no-cache",
        "Content-Security-Policy": POLICY.format(nonce=nonce),
    }
    text = files[INDEX].plain.replace(PLACEHOLDER, nonce.encode())
    return Response(text, status, headers, files[INDEX].media_type)


def file_answer(file: BuiltFile, request: Request) -> Response:
    """A file that never changes, in the best coding that the browser takes; of videos, a part."""
    headers = {**HEADERS, "Cache-Control": IMMUTABLE}
    if file.media_type.startswith("video/"):
        return video_answer(file, request, headers)
    coding, data = file.best(request.headers.get("Accept-Encoding", ""))
    headers["Vary"] = "Accept-Encoding"
    if coding is not None:
        headers["Content-Encoding"] = coding
    return Response(data, 200, headers, file.media_type)


def video_answer(file: BuiltFile, request: Request, headers: dict[str, str]) -> Response:
    """A video, or the one range of it that was asked for: some browsers play nothing else.

    Any other Range header is ignored, as it may be (RFC 9110, section 14.2).
    """
    headers["Accept-Ranges"] = "bytes"
    data = file.plain
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    first, last = int(asked[1]) if asked else 0, int(asked[2] or len(data)) if asked else 0
    if asked is None or first >= len(data) or last < first:
        return Response(data, 200, headers, file.media_type)
    part = data[first : last + 1]
    headers["Content-Range"] = f"bytes {first}-{first + len(part) - 1}/{len(data)}"
    return Response(part, 206, headers, file.media_type)
