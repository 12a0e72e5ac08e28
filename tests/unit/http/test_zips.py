"""Archives that are written while they are sent."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from kirin.http.files import zips
from kirin.http.files.zips import ZipEntry, safe_stem, unlike, zip_chunks, zip_size


def entry(path: Path, name: str, size: int | None = None, at: int = 1_700_000_000_000) -> ZipEntry:
    return ZipEntry(name, path.stat().st_size if size is None else size, at, lambda: path)


def test_the_length_is_known_before(tmp_path: Path) -> None:
    big, empty = tmp_path / "big", tmp_path / "empty"
    big.write_bytes(bytes(range(256)) * 3000)
    empty.write_bytes(b"")
    entries = [entry(big, "a lake.mp4"), entry(empty, "\u96e8.mp4"), entry(big, "c.mp4", at=0)]
    chunks = list(zip_chunks(entries))
    assert max(map(len, chunks)) < 2 * zips.CHUNK  # never a file as a whole
    data = b"".join(chunks)
    assert len(data) == zip_size(entries)
    with zipfile.ZipFile(BytesIO(data)) as opened:
        assert opened.namelist() == ["a lake.mp4", "\u96e8.mp4", "c.mp4"]
        assert opened.read("c.mp4") == big.read_bytes()
        assert opened.getinfo("c.mp4").date_time == (1980, 1, 1, 0, 0, 0)


def test_the_length_is_known_where_places_need_more_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As beyond 2 GiB.
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 4000)
    file = tmp_path / "file"
    file.write_bytes(bytes(1500))
    entries = [entry(file, f"{n}.mp4") for n in range(6)]
    data = b"".join(zip_chunks(entries))
    assert len(data) == zip_size(entries)
    with zipfile.ZipFile(BytesIO(data)) as opened:
        assert (opened.testzip(), len(opened.namelist())) == (None, 6)


def test_a_file_that_vanished_ends_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    gone = ZipEntry("b", 1, 0, lambda: tmp_path / "b")
    with pytest.raises(FileNotFoundError):
        list(zip_chunks([entry(tmp_path / "a", "a"), gone]))


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("../../etc/passwd", "etc passwd"), ("C:\\x", "C x"), ("a\0b\nc", "a b c"),
        ("...", ""), (" lake. ", "lake"), ("con", "_con"), ("LPT1.mp4", "_LPT1.mp4"),
        ("console", "console"), ("\u202egpj.exe", "gpj.exe"), ("e\u0301", "\u00e9"),
        ("\u732b" * 99, "\u732b" * 53), ("-rf", "-rf"),
    ],
)  # fmt: skip
def test_names_are_safe_on_every_system(text: str, stem: str) -> None:
    assert safe_stem(text) == stem


def test_names_differ_where_capitals_do_not_count() -> None:
    given = [("a", ".mp4"), ("A", ".mp4"), ("a (2)", ".mp4"), ("a", ".mp4"), ("b", ".mp4")]
    assert unlike(given) == ["a.mp4", "A (2).mp4", "a (2) (2).mp4", "a (3).mp4", "b.mp4"]
