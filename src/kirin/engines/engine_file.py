"""The engine file: remote engines, and which model goes to which engine, in TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, Self, Union, cast, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    create_model,
)

from kirin.engines.base import RemoteEngine
from kirin.engines.remote.backoff import Backoff
from kirin.engines.router import Route
from kirin.engines.servers.api import SERVER_APIS
from kirin.engines.servers.capabilities import ModelCapabilities, ServerCapability
from kirin.engines.servers.engine import ServersEngine
from kirin.engines.upstream.dialect import Dialect
from kirin.engines.upstream.engine import UpstreamEngine
from kirin.engines.upstream.fal import FalDialect
from kirin.engines.upstream.kirin import KirinDialect
from kirin.engines.upstream.kling import KlingDialect
from kirin.engines.upstream.kling_new import NewKlingDialect
from kirin.engines.upstream.nameless import NamelessDialect
from kirin.engines.upstream.openai import OpenAIDialect
from kirin.engines.upstream.openrouter import OpenRouterDialect
from kirin.engines.upstream.params import MODELS
from kirin.engines.upstream.replicate import ReplicateDialect
from kirin.engines.upstream.veo import VeoDialect
from kirin.errors import KirinError
from kirin.media.egress import EgressPolicy
from kirin.media.outgoing import Outgoing
from kirin.plugins.registry import PluginRegistry


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValueError("must be http://HOST or https://HOST, without credentials")
    return text.rstrip("/")


POOLED: Final = (*MODELS, "kirin_duration_extension")
"""What a pool is given by itself: it renders from a picture what makes a video longer."""


def _known_model(model: str) -> str:
    if model not in POOLED:
        raise ValueError(f"unknown model; available: {', '.join(POOLED)}")
    return model


BaseUrl = Annotated[str, AfterValidator(_base_url)]
Model = Annotated[str, AfterValidator(_known_model)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _RemoteEntry(_Table):
    """What all remote engines have.

    Attributes:
        models: ids of the Kirin models that it serves.
        poll_seconds: longest time between two polls of a task.
        most_minutes: how long one task may take.
    """

    models: tuple[Model, ...] = tuple(MODELS)
    poll_seconds: float = Field(10, ge=0.05, le=300)
    most_minutes: float = Field(60, gt=0, le=1440)

    @property
    def backoff(self) -> Backoff:
        return Backoff(first=min(1.0, self.poll_seconds), longest=self.poll_seconds)


class Provider(_RemoteEntry):
    """One that is spoken to in a dialect; those of plug-ins are subclasses of it.

    A subclass has ``kind: Literal["name"]``, whatever fields it needs, and :meth:`dialect`.

    Attributes:
        url: where its API is.
        names: its names of Kirin models, where they differ.
    """

    url: BaseUrl
    names: dict[Model, str] = {}

    def dialect(self) -> Dialect:
        """How the provider is called."""
        raise NotImplementedError

    def engine(
        self, name: str, allow: Sequence[str], can_link: bool, outgoing: Outgoing
    ) -> RemoteEngine:
        """The engine.

        Args:
            name: its name in the file.
            allow: hosts that results may be downloaded from although their addresses are private.
            can_link: whether others can fetch files from this server.
            outgoing: certificate authorities and proxy.
        """
        host = urlsplit(self.url).hostname or ""
        return UpstreamEngine(
            name,
            self.url,
            self.dialect(),
            models=self.models,
            egress=EgressPolicy((*allow, host), outgoing=outgoing),
            can_link=can_link,
            backoff=self.backoff,
            max_seconds=60 * self.most_minutes,
        )


class KirinProvider(Provider):
    """Another server of this API."""

    kind: Literal["kirin"]
    key: SecretStr

    def dialect(self) -> Dialect:
        return KirinDialect(self.key.get_secret_value(), self.names)


class KlingProvider(Provider):
    """Kling's own API."""

    kind: Literal["kling"]
    url: BaseUrl = "https://api-singapore.klingai.com"
    access_key: SecretStr
    secret_key: SecretStr

    def dialect(self) -> Dialect:
        access, secret = self.access_key, self.secret_key
        return KlingDialect(access.get_secret_value(), secret.get_secret_value(), self.names)


class NewKlingProvider(Provider):
    """Kling's own API in its new standard."""

    kind: Literal["kling_new"]
    url: BaseUrl = "https://api-singapore.klingai.com"
    key: SecretStr

    def dialect(self) -> Dialect:
        return NewKlingDialect(self.key.get_secret_value(), self.names)


class _NamelessProvider(Provider):
    """A provider in whose API a task has no id of ours.

    Attributes:
        native_params: whether it takes the parameters of Kirin models under their own names.
        idempotent: whether it makes one task of requests with the same ``Idempotency-Key``.
    """

    key: SecretStr = SecretStr("")
    native_params: bool = False
    idempotent: bool = False

    scheme: ClassVar[str] = "Bearer"
    client: ClassVar[type[NamelessDialect]]

    def dialect(self) -> Dialect:
        key = self.key.get_secret_value()
        authorization = f"{self.scheme} {key}" if key else ""
        # Every subclass of the base is a whole dialect; the base alone is none.
        return cast(
            Dialect,
            self.client(
                authorization,
                self.names,
                native_params=self.native_params,
                idempotent=self.idempotent,
            ),
        )


class OpenAIProvider(_NamelessProvider):
    """A server of the API of OpenAI videos; its base URL ends in ``/v1``, as the SDKs have it."""

    kind: Literal["openai"]
    client = OpenAIDialect


class FalProvider(_NamelessProvider):
    """A server of the queue of fal."""

    kind: Literal["fal"]
    url: BaseUrl = "https://queue.fal.run"
    scheme = "Key"
    client = FalDialect


class ReplicateProvider(_NamelessProvider):
    """A server of Replicate's API; its base URL ends in ``/v1``."""

    kind: Literal["replicate"]
    url: BaseUrl = "https://api.replicate.com/v1"
    client = ReplicateDialect


class OpenRouterProvider(_NamelessProvider):
    """A server of OpenRouter's API for videos; its base URL ends in ``/api/v1``."""

    kind: Literal["openrouter"]
    url: BaseUrl = "https://openrouter.ai/api/v1"
    client = OpenRouterDialect


class VeoProvider(_NamelessProvider):
    """A server of Veo in the Gemini API; its base URL ends in ``/v1beta``."""

    kind: Literal["veo"]
    url: BaseUrl = "https://generativelanguage.googleapis.com/v1beta"
    client = VeoDialect


def provider_problem(name: str, provider: object) -> str | None:
    """What is wrong with the provider of a plug-in.

    Args:
        name: under which it is registered.
    """
    if not (isinstance(provider, type) and issubclass(provider, Provider)):
        return f"it must be a subclass of {Provider.__module__}.Provider, not {provider!r}"
    kind = provider.model_fields.get("kind")
    if kind is None or get_args(kind.annotation) != (name,):
        return f'it must have a field kind: Literal["{name}"]'
    if provider.dialect is Provider.dialect:
        return "it must have a method dialect(), which returns how the provider is called"
    return None


class ServerPool(_RemoteEntry):
    """Inference servers that all run one open model; its fields are ``ModelCapabilities``'."""

    kind: Literal["vllm-omni", "sglang"]
    models: tuple[Model, ...] = POOLED
    urls: tuple[BaseUrl, ...] = Field(min_length=1)
    key: SecretStr | None = None
    takes: frozenset[ServerCapability] = Field(min_length=1)
    fps: int = Field(ge=1, le=120)
    frame_step: int = Field(4, ge=1, le=64)
    side_step: int = Field(16, ge=2, le=128)
    most_pixels: int = Field(1280 * 720, ge=64 * 64)
    most_seconds: float = Field(5, gt=0, le=600)
    most_characters: int = Field(1500, ge=1)
    guidance: tuple[float, float] | None = None

    def engine(
        self,
        name: str,
        allow: Sequence[str],  # noqa: ARG002  as providers
        can_link: bool,  # noqa: ARG002
        outgoing: Outgoing,
    ) -> RemoteEngine:
        """The engine; its servers get all files in the request."""
        return ServersEngine(
            name,
            self.urls,
            SERVER_APIS[self.kind],
            ModelCapabilities(
                supports=self.takes,
                fps=self.fps,
                frame_step=self.frame_step,
                side_step=self.side_step,
                max_pixels=self.most_pixels,
                max_seconds=self.most_seconds,
                max_characters=self.most_characters,
                guidance=self.guidance,
            ),
            key=self.key.get_secret_value() if self.key else None,
            outgoing=outgoing,
            models=self.models,
            backoff=self.backoff,
            max_seconds=60 * self.most_minutes,
        )


Entry = Provider | ServerPool
"""A table of ``engines``; its ``kind`` says which class it is of."""

PROVIDERS: Final[Mapping[str, type[Entry]]] = {
    "kirin": KirinProvider,
    "kling": KlingProvider,
    "kling_new": NewKlingProvider,
    "openai": OpenAIProvider,
    "fal": FalProvider,
    "replicate": ReplicateProvider,
    "openrouter": OpenRouterProvider,
    "veo": VeoProvider,
    "vllm-omni": ServerPool,
    "sglang": ServerPool,
}

REGISTRY: Final = PluginRegistry(
    group="kirin.providers", kind="provider", own=PROVIDERS, check=provider_problem
)
"""They and those of plug-ins, by ``kind``."""


def _entries() -> Any:
    """The type of the entries of an engine file in this installation."""
    known = dict.fromkeys((*PROVIDERS.values(), *REGISTRY.plugins().values()))
    return Annotated[Union[tuple(known)], Field(discriminator="kind")]  # noqa: UP007  made as it runs


Weight = Annotated[float, Field(gt=0, le=1e6)]


class EngineFile(_Table):
    """The content of an engine file.

    Attributes:
        engines: remote engines, by the name that ``KIRIN_ENGINES`` uses.
        routes: by model, groups of engines, the preferred group first; a group is the name of an
            engine or a table of names and weights.
    """

    engines: dict[str, Entry] = {}
    routes: dict[Model, tuple[str | dict[str, Weight], ...]] = {}

    @classmethod
    def read(cls, file: Path, local: Collection[str]) -> Self:
        """Read a file.

        Args:
            file: in TOML.
            local: names of the engines that need no entry.

        Raises:
            KirinError: it cannot be read or is invalid; the message lists everything that is
                wrong, without values, since some are secret.
        """
        try:
            given = tomllib.loads(file.read_text("utf-8"))
            entries: Any = dict.__class_getitem__((str, _entries()))
            form = create_model("EngineFile", __base__=cls, engines=(entries, {}))
            found = form.model_validate(given)
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
                for each in error.errors(include_input=False, include_url=False)
            )
            raise KirinError(f"KIRIN_ENGINE_FILE: {file}: {problems}") from None
        except (OSError, ValueError) as error:  # a TOML error names its line
            raise KirinError(f"KIRIN_ENGINE_FILE: {file}: {error}") from None
        if duplicates := sorted(set(local) & set(found.engines)):
            message = f"engines.{duplicates[0]}: the name of a local engine; choose another"
            raise KirinError(f"KIRIN_ENGINE_FILE: {file}: {message}")
        known = {*local, *found.engines}
        routed = {name for route in found.route_table.values() for group in route for name in group}
        if unknown := sorted(routed - known):
            message = (
                f"routes: unknown engine {unknown[0]!r}; available: {', '.join(sorted(known))}"
            )
            raise KirinError(f"KIRIN_ENGINE_FILE: {file}: {message}")
        return found

    @property
    def route_table(self) -> dict[str, Route]:
        """The routes, as the router takes them."""
        return {
            model: [{group: 1.0} if isinstance(group, str) else group for group in groups]
            for model, groups in self.routes.items()
        }
