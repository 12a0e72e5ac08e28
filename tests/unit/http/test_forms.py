"""Forms with a file: parsed as they arrive, wherever they are cut."""

from __future__ import annotations

from io import BytesIO

import pytest

from kirin.errors import BodyTooLarge, InvalidParameters, MalformedBody
from kirin.http.files.forms import FileForm, SentFile

HEAD = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
CONTENT = b"\r\n--edg\r\n--\x00\xff" * 20
FORM = HEAD + CONTENT + b"\r\n--edge--\r\n"


@pytest.mark.parametrize("size", [1, 2, 7, 50, len(FORM)])
def test_a_form_in_pieces(size: int) -> None:
    file = BytesIO()
    form = FileForm(b"edge", len(CONTENT), file)
    for at in range(0, len(FORM), size):
        form.feed(FORM[at : at + size])
    assert form.end() == SentFile("file", "a")
    assert file.getvalue() == CONTENT


def test_a_file_is_counted_as_it_arrives() -> None:
    form = FileForm(b"edge", len(CONTENT) - 1, BytesIO())
    with pytest.raises(BodyTooLarge, match="larger than"):
        form.feed(FORM)


def test_a_second_file_is_refused_before_it_arrives() -> None:
    form = FileForm(b"edge", 1000, BytesIO())
    form.feed(HEAD + b"a\r\n")
    with pytest.raises(InvalidParameters, match="more than one file"):
        form.feed(HEAD)


def test_a_form_without_an_end() -> None:
    form = FileForm(b"edge", 1000, BytesIO())
    form.feed(HEAD + b"a")
    with pytest.raises(MalformedBody, match="ends before"):
        form.end()


@pytest.mark.parametrize("boundary", [b"", b"x" * 5000])
def test_a_boundary_that_is_none(boundary: bytes) -> None:
    with pytest.raises(MalformedBody):
        FileForm(boundary, 1000, BytesIO())


def test_headers_of_a_part_have_an_end() -> None:
    form = FileForm(b"edge", 1000, BytesIO())
    with pytest.raises(MalformedBody):
        form.feed(b"--edge\r\nX: " + b"x" * 100_000)
