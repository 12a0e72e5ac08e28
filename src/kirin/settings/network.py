"""Settings of the address that the API listens on, and of who may come there."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

from pydantic import AnyHttpUrl, Field, field_validator

from kirin.settings.lists import split_list
from kirin.settings.requests import RequestSettings

ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
"""An origin: scheme, host, port; no path, and no wildcard either."""

NOBODY = "none"
"""The list of trusted proxies that is empty on purpose."""


class NetworkSettings(RequestSettings):
    """Where the API listens, under which addresses it is known, and whom it believes."""

    host: str = Field("127.0.0.1", description="Address that the API listens on.")
    open: bool = Field(
        False,
        description="Whether a server that costs nothing (`KIRIN_BILLING=free`) may listen on an "
        "address that other machines can reach. Without it, and without `KIRIN_CATALOGUE_KEY`, "
        "it does not start there: everybody who reaches it reads the catalogue, and whoever has "
        "a key makes as many videos as its limits allow.",
    )
    catalogue_key: bool = Field(
        False,
        description="Whether reading the models, their specs and contracts takes an API key (with "
        "the scope `read`), too. Health and the OpenAPI documents, which say what any such server "
        "says, stay open.",
    )
    port: int = Field(8000, ge=0, le=65535, description="Port of the API; 0 takes a free one.")
    public_url: AnyHttpUrl | None = Field(
        None,
        description="Base URL under which clients reach the server, if it is behind a proxy; "
        "result links start with it. By default that is each request's own Host header. If it has "
        "a path, the proxy may take that off or pass it on.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1,::1",
        description="Comma-separated addresses and networks of proxies whose `X-Forwarded-For` "
        "and `X-Forwarded-Proto` are trusted; `none` trusts nobody's.",
    )
    cors_origins: str = Field(
        "",
        description="Comma-separated origins of web pages that may call the API from a browser, "
        "such as `https://app.example.com`; by default none.",
    )
    dialects: str = Field(
        "",
        description="Comma-separated names of the [dialects](dialects/README.md) that the server "
        "speaks beside its own API; by default all, and `none` for none.",
    )
    connections: int = Field(
        1000,
        ge=1,
        le=100_000,
        description="Open connections of one API process. Any more close the one that has been "
        "idle longest, and get 503 if none is idle.",
    )
    keep_alive_seconds: float = Field(
        75,
        gt=0,
        le=3600,
        description="How long an idle connection stays open for a further request. Set it longer "
        "than the same setting of a proxy in front of the server.",
    )

    @field_validator("port", mode="before")
    @classmethod
    def _no_service_link(cls, port: object) -> object:
        if isinstance(port, str) and port.startswith(("tcp://", "udp://")):
            raise ValueError(
                "this comes from a Kubernetes Service named 'kirin': set enableServiceLinks: "
                "false in the pod, or set KIRIN_PORT there"
            )
        return port

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, text: str) -> str:
        if text.strip().lower() == NOBODY:
            return ""
        for entry in split_list(text):
            try:
                ip_network(entry)
            except ValueError:
                raise ValueError(f"{entry!r} is not an address or network") from None
        return text

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, text: str) -> str:
        for entry in split_list(text):
            if not ORIGIN.fullmatch(entry):
                raise ValueError(f"{entry!r} is not an origin such as https://app.example.com")
        return text

    @property
    def cors(self) -> tuple[str, ...]:
        """``cors_origins``, taken apart."""
        return split_list(self.cors_origins)

    @property
    def spoken_dialects(self) -> tuple[str, ...]:
        """``dialects``, taken apart; empty for all."""
        return split_list(self.dialects)

    @property
    def base_url(self) -> str:
        """URL under which clients reach this server, as far as it knows; no trailing slash."""
        return str(self.public_url or self.own_url).rstrip("/")

    @property
    def reachable(self) -> bool:
        """Whether other machines may reach the address that the API listens on."""
        if self.host.lower() == "localhost":
            return False
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return True

    @property
    def own_url(self) -> str:
        """URL of the address that the API listens on."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"
