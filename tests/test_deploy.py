"""What is in ``deploy/`` fits the program: as far as reading it can tell."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import ValidationError, validate
from typer.main import get_command

from kirin import __version__
from kirin.app import App
from kirin.cli import app
from kirin.clock import now_ms
from kirin.http.operations.metrics import Backlog, Metrics
from kirin.http.operations.storage_metrics import StorageGauges
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
        "CPUWeight",
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
    # The others are stages of its own.
    yield from re.findall(r"^FROM (\S+/\S+)", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)


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


def chart() -> Path:
    return DEPLOY / "helm" / "kirin"


def values(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((chart() / "values.yaml").read_text())
    return {**found, **changes}


SCHEMA: dict[str, Any] = json.loads((DEPLOY / "helm" / "kirin" / "values.schema.json").read_text())


def test_the_charts_values_are_what_its_schema_takes() -> None:
    validate(values(), SCHEMA)
    assert values().keys() == SCHEMA["properties"].keys() - {"global"}


@pytest.mark.parametrize(
    "changes",
    [
        {"image": {"repository": "kirin", "tag": "latest"}},
        {"settings": {"KIRIN_BOOTSTRAP_KEY": "a secret"}},
        {"settings": {"engines": "animatic"}},
        {"workers": [{"name": "cpu", "slot": 1}]},
        {"scaler": {"kind": "cron"}},
        {"worker": {}},
    ],
    ids=str,
)
def test_the_charts_schema_refuses(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        validate(values(**changes), SCHEMA)


def test_every_value_of_the_chart_is_used() -> None:
    """Helm itself reads the templates in `make lint-packages`."""
    text = "".join(path.read_text() for path in (chart() / "templates").iterdir())
    used = {path.split(".")[0] for path in re.findall(r"\.Values\.([\w.]+)", text)}
    assert used == values().keys()
    pool = values()["workers"][0]
    for name in pool:
        assert f".{name}" in text, name
    for name in pool["autoscaling"]:
        assert (
            f".autoscaling.{name}" in text
            or f'"kirin.unfinished" .{name}' in text
            or (name == "engine" and ".engine | quote" in text)
        )


def test_the_chart_is_of_this_version() -> None:
    told = yaml.safe_load((chart() / "Chart.yaml").read_text())
    cited = yaml.safe_load((DEPLOY.parent / "CITATION.cff").read_text())
    assert told["appVersion"] == told["version"] == cited["version"] == __version__


def test_the_chart_sets_the_same_alarms() -> None:
    alarms = (DEPLOY / "prometheus" / "alerts.yaml").read_text()
    assert (chart() / "alerts.yaml").read_text() == alarms


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The names of all series that a server has, with their labels."""
    with closing(App.open(Settings(data_dir=tmp_path_factory.mktemp("metrics")))) as app:
        registry = Metrics(app.database, now_ms, app.storage, {})._registry
        found = {
            name: set(labels)
            for collector, names in registry._collector_to_names.items()
            for name in names
            for labels in [getattr(collector, "_labelnames", ())]
        }
        gauges = {family.name for family in Backlog(app.database, now_ms).collect()}
        storage = StorageGauges(app.storage)
        storage.measure()
        stored = {family.name for family in storage.collect()}
    return (
        found | {name: {"engine", "stage"} for name in gauges} | {name: {"kind"} for name in stored}
    )


def expressions() -> Iterator[str]:
    """Everything that Prometheus is asked by an alarm, a panel or a scaler."""
    alarms = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text())
    for group in alarms["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    board = json.loads((DEPLOY / "grafana" / "kirin.json").read_text())
    for panel in board["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    yield from (each["definition"] for each in board["templating"]["list"] if "definition" in each)
    yield (chart() / "templates" / "_helpers.tpl").read_text().partition('"kirin.unfinished"')[2]
    yield (DEPLOY / "prometheus" / "adapter.yaml").read_text().partition("metricsQuery")[2]


def test_alarms_panels_and_scalers_ask_for_metrics_that_there_are(
    metrics: dict[str, set[str]],
) -> None:
    asked = list(expressions())
    assert len(asked) > 20
    for expression in asked:
        names = set(re.findall(r"\bkirin_[a-z_]+", expression))
        assert names, expression
        assert names <= metrics.keys(), expression
        for name, matchers in re.findall(r"\b(kirin_[a-z_]+)\{([^}]*)\}", expression):
            known = {"instance", *metrics[name]}
            if name.endswith("_bucket"):
                known.add("le")
            assert set(re.findall(r'(\w+)\s*[=!]~?"', matchers)) <= known, expression


def test_the_dashboard_can_be_imported() -> None:
    """What Grafana needs to import it: ids that differ, panels in the grid, one data source."""
    board = json.loads((DEPLOY / "grafana" / "kirin.json").read_text())
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    sources = [target["datasource"]["uid"] for p in panels for target in p.get("targets", ())]
    assert set(sources) == {"${datasource}"}
    assert "datasource" in {variable["name"] for variable in board["templating"]["list"]}
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not cells & taken
        taken |= cells


def test_nothing_in_the_image_is_root_or_writes_outside_its_volumes() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    stages = re.findall(r"^FROM (\S+) AS (\w[\w-]*)", text, re.MULTILINE)
    assert [name for _, name in stages] == ["build", "build-gpu", "base", "gpu", "cpu"]
    base = text.partition("AS base")[2].partition("AS gpu")[0]
    for line in ("USER 10001", "VOLUME /data", "HEALTHCHECK", 'ENTRYPOINT ["kirin"]'):
        assert line in base
    assert "USER" not in text.partition("AS gpu")[2]
    for name, service in compose()["services"].items():
        if name in {"api", "worker", "migrate"}:
            assert service["read_only"]
            assert service["tmpfs"] == ["/tmp"]  # noqa: S108  of the container
            assert service["cap_drop"] == ["ALL"]


WORKFLOWS = sorted((DEPLOY.parent / ".github" / "workflows").glob("*.yml"))


@by_name(WORKFLOWS)
def test_workflows_have_no_more_rights_than_they_name(path: Path) -> None:
    """zizmor and actionlint read the rest in `make lint-packages`."""
    flow = yaml.safe_load(path.read_text())
    assert flow["permissions"] == {}
    for name, job in flow["jobs"].items():
        assert "permissions" in job, name
        for step in job.get("steps", ()):
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False


def test_every_target_that_a_workflow_makes_is_in_the_makefile() -> None:
    rules = set(re.findall(r"^([\w./$()-]+):(?!=)", (DEPLOY.parent / "Makefile").read_text(), re.M))
    rules.add(".venv/.development")  # written $(VENV)/.development
    for path in WORKFLOWS:
        for line in re.findall(r"run: make (.*)$", path.read_text(), re.MULTILINE):
            assert set(line.split()) <= rules, line


def test_the_matrix_has_every_python_that_the_package_names() -> None:
    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())["project"]
    named = [c.rpartition(" ")[2] for c in project["classifiers"] if re.search(r":: 3\.\d+$", c)]
    (ci,) = [path for path in WORKFLOWS if path.stem == "ci"]
    matrix = yaml.safe_load(ci.read_text())["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == named == ["3.11", "3.12", "3.13", "3.14"]
    assert matrix["database"] == ["sqlite", "postgresql"]
