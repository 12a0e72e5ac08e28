"""The engine file: machines elsewhere that make videos, and which model goes where, in TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from kirin.engines.base import Carrier
from kirin.engines.remote.waiting import Rhythm
from kirin.engines.router import Route
from kirin.engines.servers.ability import Ability, Gift
from kirin.engines.servers.engine import ServersEngine
from kirin.engines.servers.wire import WIRES
from kirin.engines.upstream.engine import UpstreamEngine
from kirin.engines.upstream.family import FORMS
from kirin.engines.upstream.kirin import KirinDialect
from kirin.engines.upstream.kling import KlingDialect
from kirin.engines.upstream.order import Dialect
from kirin.errors import KirinError
from kirin.media.guard import Guard


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValueError("it takes http://HOST or https://HOST, without a user")
    return text.rstrip("/")


def _known(model: str) -> str:
    if model not in FORMS:
        raise ValueError(f"no such model; there are {', '.join(FORMS)}")
    return model


BaseUrl = Annotated[str, AfterValidator(_base_url)]
Model = Annotated[str, AfterValidator(_known)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Elsewhere(_Table):
    """What all machines elsewhere have.

    Attributes:
        models: the Kirin models that are made there.
        poll_seconds: longest time between two questions after a task.
        most_minutes: how long one task may take there.
    """

    models: tuple[Model, ...] = tuple(FORMS)
    poll_seconds: float = Field(10, ge=0.05, le=300)
    most_minutes: float = Field(60, gt=0, le=1440)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(first=min(1.0, self.poll_seconds), longest=self.poll_seconds)


class _Provider(_Elsewhere):
    url: BaseUrl
    names: dict[Model, str] = {}

    def dialect(self) -> Dialect:
        raise NotImplementedError

    def engine(self, name: str, allow: Sequence[str], linked: bool) -> Carrier:
        host = urlsplit(self.url).hostname or ""
        return UpstreamEngine(
            name,
            self.url,
            self.dialect(),
            models=self.models,
            guard=Guard(allow=(*allow, host)),
            linked=linked,
            rhythm=self.rhythm,
            most_seconds=60 * self.most_minutes,
        )


class KirinProvider(_Provider):
    """Another server of this API."""

    kind: Literal["kirin"]
    key: SecretStr

    def dialect(self) -> Dialect:
        return KirinDialect(self.key.get_secret_value(), self.names)


class KlingProvider(_Provider):
    """Kling's own API."""

    kind: Literal["kling"]
    url: BaseUrl = "https://api-singapore.klingai.com"
    access_key: SecretStr
    secret_key: SecretStr

    def dialect(self) -> Dialect:
        access, secret = self.access_key, self.secret_key
        return KlingDialect(access.get_secret_value(), secret.get_secret_value(), self.names)


class Pool(_Elsewhere):
    """Inference servers that all serve one open model; what it can do as in ``Ability``."""

    kind: Literal["vllm-omni", "sglang"]
    urls: tuple[BaseUrl, ...] = Field(min_length=1)
    key: SecretStr | None = None
    takes: frozenset[Gift] = Field(min_length=1)
    fps: int = Field(ge=1, le=120)
    frame_step: int = Field(4, ge=1, le=64)
    side_step: int = Field(16, ge=2, le=128)
    most_pixels: int = Field(1280 * 720, ge=64 * 64)
    most_seconds: float = Field(5, gt=0, le=600)
    most_characters: int = Field(1500, ge=1)
    guidance: tuple[float, float] | None = None

    def engine(self, name: str, allow: Sequence[str], linked: bool) -> Carrier:  # noqa: ARG002  as providers
        return ServersEngine(
            name,
            self.urls,
            WIRES[self.kind],
            Ability(
                takes=self.takes,
                fps=self.fps,
                frame_step=self.frame_step,
                side_step=self.side_step,
                most_pixels=self.most_pixels,
                most_seconds=self.most_seconds,
                most_characters=self.most_characters,
                guidance=self.guidance,
            ),
            key=self.key.get_secret_value() if self.key else None,
            models=self.models,
            rhythm=self.rhythm,
            most_seconds=60 * self.most_minutes,
        )


Entry = Annotated[KirinProvider | KlingProvider | Pool, Field(discriminator="kind")]
Weight = Annotated[float, Field(gt=0, le=1e6)]


class EngineFile(_Table):
    """An engine file's content.

    Attributes:
        engines: machines elsewhere, by the name that ``KIRIN_ENGINES`` calls them.
        routes: by model, groups of engines, the preferred group first; a group is one engine's
            name or a table of names and weights.
    """

    engines: dict[str, Entry] = {}
    routes: dict[Model, tuple[str | dict[str, Weight], ...]] = {}

    @classmethod
    def read(cls, file: Path, built_in: Collection[str]) -> Self:
        """Read a file.

        Args:
            file: in TOML.
            built_in: names of the engines that need no entry.

        Raises:
            KirinError: it cannot be read or is wrong; the message names all that is wrong, and
                none of its values, since some are secret.
        """
        try:
            given = tomllib.loads(file.read_text("utf-8"))
            found = cls.model_validate(given)
        except ValidationError as error:
            wrong = "; ".join(
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
                for each in error.errors(include_input=False, include_url=False)
            )
            raise KirinError(f"KIRIN_ENGINE_FILE: {file}: {wrong}") from None
        except (OSError, ValueError) as error:  # broken TOML says its line
            raise KirinError(f"KIRIN_ENGINE_FILE: {file}: {error}") from None
        names = {*built_in, *found.engines}
        twice = sorted(set(built_in) & set(found.engines))
        unknown = sorted(
            {n for route in found.route_table.values() for g in route for n in g} - names
        )
        if twice:
            raise KirinError(f"KIRIN_ENGINE_FILE: {file}: {twice[0]} is an engine of its own here")
        if unknown:
            there = ", ".join(sorted(names))
            raise KirinError(
                f"KIRIN_ENGINE_FILE: {file}: routes name {unknown[0]!r}; there are {there}"
            )
        return found

    @property
    def route_table(self) -> dict[str, Route]:
        """The routes, as the router takes them."""
        return {
            model: [{group: 1.0} if isinstance(group, str) else group for group in groups]
            for model, groups in self.routes.items()
        }
