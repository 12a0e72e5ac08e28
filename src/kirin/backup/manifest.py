"""What an archive has, with the digest of each part."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kirin.errors import KirinError

FORMAT: Final = 1
NAME: Final = "manifest.json"
"""The last member: an archive without it was not finished."""

TABLES: Final = "tables/"
FILES: Final = "files/"

Digest = Field(pattern=r"^[0-9a-f]{64}$")


class ArchivePart(BaseModel):
    """One member of the archive.

    Attributes:
        size: bytes, as they are in the archive.
        sha256: of these bytes, lower-case hex.
        rows: of a table; ``None`` for a file.
    """

    model_config = ConfigDict(frozen=True)

    size: int = Field(ge=0)
    sha256: str = Digest
    rows: int | None = Field(default=None, ge=0)


class Manifest(BaseModel):
    """All of an archive.

    Attributes:
        kirin: version of the program that made it.
        revision: of the tables.
        created_at: when the snapshot of the tables was taken, Unix milliseconds.
        tables: by name.
        files: by storage key.
        gone: keys of files that were removed while the archive was made: their tasks expired, or
            somebody removed them.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = FORMAT
    kirin: str
    revision: str
    created_at: int
    tables: dict[str, ArchivePart]
    files: dict[str, ArchivePart]
    gone: list[str] = []

    @property
    def parts(self) -> dict[str, ArchivePart]:
        """Every part by the name of its member."""
        tables = {f"{TABLES}{name}.jsonl.gz": part for name, part in self.tables.items()}
        return tables | {f"{FILES}{key}": part for key, part in self.files.items()}


def parse_manifest(text: bytes) -> Manifest:
    """The manifest of an archive.

    Raises:
        KirinError: it is none, or of a format that this version does not know.
    """
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise KirinError(
            f"the archive's manifest is not readable: {where}: {first['msg']}"
        ) from None
