"""What is in ``deploy/`` fits the program: as far as reading it can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from kirin.cli import app
from kirin.settings import Settings

DEPLOY = Path(__file__).parent.parent / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
MANIFESTS = sorted(DEPLOY.glob("kubernetes/*.yaml"))

KEYS = {
    "Unit": {"Description", "After", "Wants", "Documentation"},
    "Service": {
        "Type",
        "Environment",
        "EnvironmentFile",
        "ExecStart",
        "Restart",
        "RestartSec",
        "TimeoutStopSec",
        "DynamicUser",
        "StateDirectory",
        "NoNewPrivileges",
        "ProtectSystem",
        "ProtectHome",
        "PrivateTmp",
    },
    "Install": {"WantedBy"},
}
"""systemd's own words, as far as they are used here."""

VERSIONS = {
    "ConfigMap": "v1",
    "Secret": "v1",
    "Service": "v1",
    "Deployment": "apps/v1",
    "Job": "batch/v1",
}
"""Kubernetes' kinds, and the version that each is of."""


def by_name(paths: list[Path]) -> Any:
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.name)


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def manifests() -> Iterator[dict[str, Any]]:
    for path in MANIFESTS:
        yield from yaml.safe_load_all(path.read_text())


def containers() -> Iterator[dict[str, Any]]:
    for manifest in manifests():
        if "template" in manifest.get("spec", {}):
            yield from manifest["spec"]["template"]["spec"]["containers"]


def images() -> Iterator[str]:
    yield from (service["image"] for service in compose()["services"].values())
    yield from (container["image"] for container in containers())
    yield from re.findall(r"^FROM (\S+)", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)


def accepts(words: list[str]) -> None:
    """Let the command line read a command; it ends the test where it is none."""
    root = get_command(app)
    command = root.commands[words[0]]  # type: ignore[attr-defined]
    command.make_context(words[0], words[1:])


@by_name(FILES)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    known = {f"KIRIN_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bKIRIN_[A-Z_]+", path.read_text())) <= known


def test_images_have_a_registry_and_a_version() -> None:
    found = list(images())
    assert len(found) > 8
    for image in found:
        assert re.fullmatch(r"[\w.-]+\.?[\w.-]*/[\w./-]+:[\w.-]+", image), image
        assert not image.endswith(":latest")


def test_the_services_of_compose_wait_for_services_that_there_are() -> None:
    services = compose()["services"]
    assert {"api", "worker", "migrate", "postgres", "minio", "bucket"} == set(services)
    assert services["worker"]["deploy"]["replicas"] == 2
    for service in services.values():
        for name, wish in service.get("depends_on", {}).items():
            if wish["condition"] == "service_healthy":
                assert "healthcheck" in services[name]
            else:
                assert services[name]["restart"] == "no"


def test_every_variable_of_compose_is_in_the_example() -> None:
    needed = set(re.findall(r"(?<!\$)\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    given = re.findall(r"^(\w+)=", (DEPLOY / "example.env").read_text(), re.MULTILINE)
    assert needed == set(given)


def test_every_command_that_is_started_is_one() -> None:
    services = compose()["services"]
    for name in ("api", "worker", "migrate"):
        accepts(services[name]["command"])
    for container in containers():
        accepts(container["args"])
    for unit in UNITS:
        (line,) = re.findall(r"^ExecStart=\S+/kirin (.*)$", unit.read_text(), re.MULTILINE)
        accepts(line.split())


@by_name(UNITS)
def test_units_speak_systemds_language(path: Path) -> None:
    section = ""
    for line in path.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            assert section in KEYS
        elif line and not line.startswith("#"):
            key, equals, value = line.partition("=")
            assert equals
            assert value
            assert key in KEYS[section], line
    assert f"/var/lib/{state_directory(path)}" in path.read_text()


def state_directory(path: Path) -> str:
    (name,) = re.findall(r"^StateDirectory=(.*)$", path.read_text(), re.MULTILINE)
    return name


def test_manifests_fit_together() -> None:
    found = list(manifests())
    names = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in found}
    assert len(names) == len(found)
    for manifest in found:
        assert manifest["apiVersion"] == VERSIONS[manifest["kind"]]
        spec = manifest.get("spec", {})
        if manifest["kind"] == "Deployment":
            labels = spec["template"]["metadata"]["labels"]
            assert spec["selector"]["matchLabels"].items() <= labels.items()
        if manifest["kind"] == "Service":
            assert ("Deployment", spec["selector"]["app"]) in names
    for container in containers():
        for source in container["envFrom"]:
            ((kind, reference),) = source.items()
            wanted = {"configMapRef": "ConfigMap", "secretRef": "Secret"}[kind]
            assert (wanted, reference["name"]) in names


def test_workers_have_time_to_go() -> None:
    """Longer than the default patience and the handing back together."""
    patience = Settings.model_fields["stop_seconds"].default + 10
    assert int(compose()["services"]["worker"]["stop_grace_period"].removesuffix("s")) > patience
    for manifest in manifests():
        if manifest["metadata"]["name"] == "kirin-worker":
            pod = manifest["spec"]["template"]["spec"]
            assert pod["terminationGracePeriodSeconds"] > patience
